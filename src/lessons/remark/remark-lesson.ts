/**
 * The remark plugin of the lessons: facts for citations, pictures for diagrams, files for experiments, numbers of
 * runs, the card summary, the questions of the interview bank. Components are given texts only; whatever is missing stops the build with file and line.
 */
import { loadFacts } from "../facts.ts";
import { resolveCites } from "./cites.ts";
import { fillExperiments } from "./experiments.ts";
import { componentNamespace, lessonContext } from "./lesson-context.ts";
import { linkTerms } from "./link-terms.ts";
import { mapCards } from "./map-cards.ts";
import { fillMeasured } from "./measured-numbers.ts";
import { nameChoices } from "./name-choices.ts";
import { offerCards } from "./offer-cards.ts";
import { offerDrills } from "./offer-drills.ts";
import { offerLinks } from "./offer-links.ts";
import { offerQuestions } from "./offer-questions.ts";
import { placeDiagrams } from "./place-diagrams.ts";
import { importNode, type TreeNode } from "./tree.ts";

interface LessonFile {
  path?: string;
  data?: { astro?: { frontmatter?: Readonly<Record<string, unknown>> } };
}

/** @param options.content another content folder than the project's, for tests. */
export function remarkLesson(options: { content?: string } = {}) {
  return (root: TreeNode, file: LessonFile): void => {
    const context = lessonContext(file.path, options.content);
    if (!context) return;
    resolveCites(root, context, loadFacts(context.content));
    nameChoices(root);
    fillExperiments(root, context);
    fillMeasured(root, context);
    // A draft is not published: its diagrams wait as code until its author has finished them.
    const isDraft = file.data?.astro?.frontmatter?.draft === true;
    const added =
      mapCards(root, context) +
      (isDraft ? 0 : placeDiagrams(root, context)) +
      offerCards(root, context) +
      offerDrills(root, context) +
      offerQuestions(root, context) +
      offerLinks(root, context) +
      linkTerms(root, context);
    if (added > 0) root.children?.unshift(importNode(componentNamespace, "#lesson"));
  };
}
