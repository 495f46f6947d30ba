/**
 * Each question of the interview bank is a card as well, which comes into practice when the learner asks for it: the
 * question, and on its back the answer of thirty seconds with the four rungs. Written as card files, so that everything
 * that holds for cards (pairs, revisions, Anki) holds for them.
 */
import { stringify } from "yaml";
import type { CardFileText } from "#cards";
import { languages } from "#i18n";
import { contentFolder } from "../content-folder.ts";
import { loadCurriculum } from "../curriculum.ts";
import { citesIn, replaceCites } from "./cites.ts";
import { loadInterviewBank, rungs } from "./interview-bank.ts";

/** The module, and with it the Anki deck, of all these cards. */
const interviewModule = "interview";

/** The slug of a question's card without its language. */
function questionCardSlug(question: string): string {
  return `interview-${question}`;
}

/** One file for each module of the curriculum that has questions and each language. */
export function interviewCardFiles(folder: string = contentFolder): CardFileText[] {
  const bank = loadInterviewBank(folder);
  const modules = loadCurriculum(folder).modules.map(({ slug }) => slug);
  return languages.flatMap((language) =>
    modules.flatMap((module): CardFileText[] => {
      const cards = bank.questions.flatMap((question) => {
        const text = bank.texts[language].get(question.slug);
        if (question.module !== module || !text) return [];
        const ladder = rungs.map((rung) => `- **${rung}**: ${text.ladder[rung].adds}`).join("\n");
        const [source = question.facts[0]] = citesIn(text.deep);
        return {
          slug: `${questionCardSlug(question.slug)}-${language}`,
          front: text.question,
          back: replaceCites(`${text.spoken}\n\n${ladder}`, () => ""),
          source,
          tags: ["interview", question.level, ...question.meshes],
        };
      });
      if (cards.length === 0) return [];
      const path = `${language}/${interviewModule}/${module}.cards.yaml`;
      return [{ path, text: stringify({ lesson: module, on_request: true, cards }) }];
    }),
  );
}

/** The "lessons" of these cards, in the curriculum's order. */
export function interviewLessons(folder: string = contentFolder) {
  const asked = new Set(loadInterviewBank(folder).questions.map(({ module }) => module));
  return loadCurriculum(folder)
    .modules.filter(({ slug }) => asked.has(slug))
    .map(({ slug, title }) => ({ slug, module: interviewModule, title }));
}
