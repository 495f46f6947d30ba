/**
 * Everything that must hold for the content as a whole before a site is built from it. Pages marked `draft: true` are
 * left out. Returns sentences; who calls decides whether they stop the build.
 */
import { readFileSync } from "node:fs";
import { type Language, languages } from "#i18n";
import { claimFaults } from "../claims/claim-faults.ts";
import { measuredFaults } from "../claims/measured-values.ts";
import { sectionFaults } from "../claims/section-bindings.ts";
import { contentFolder } from "../content-folder.ts";
import { loadCurriculum } from "../curriculum.ts";
import { accessibleTexts, findDiagrams } from "../diagrams/diagram-source.ts";
import { diagramCommand, readDiagram, storedHashes } from "../diagrams/diagram-store.ts";
import { loadFacts } from "../facts.ts";
import { parseFrontmatter } from "../frontmatter.ts";
import { glossaryFaults } from "../glossary/glossary-faults.ts";
import { type LessonPage, listPages } from "../pages.ts";
import { readScenario } from "../remark/experiments.ts";
import { cardPairFaults } from "./card-pairs.ts";
import { interviewFaults } from "./interview-faults.ts";
import { pageFaults, parityFaults } from "./page-faults.ts";
import { outlinePage, type PageOutline } from "./page-outline.ts";

interface ReadPage extends LessonPage {
  name: string;
  title: string;
  text: string;
  outline: PageOutline;
}

function attempt<Value>(faults: string[], read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

export function contentFaults(content: string = contentFolder): string[] {
  const faults: string[] = [];
  const curriculum = attempt(faults, () => loadCurriculum(content));
  const facts = attempt(faults, () => loadFacts(content));
  const known = new Map<string, Readonly<Record<Language, string>>>(
    curriculum?.modules.flatMap((module) =>
      module.lessons.map((lesson) => [`${module.slug}/${lesson.slug}`, lesson.title] as const),
    ),
  );
  const usedDiagrams = new Set<string>();
  const pages: ReadPage[] = [];
  for (const page of listPages(content)) {
    const name = `content/${page.language}/${page.path}.mdx`;
    const text = readFileSync(page.file, "utf8");
    for (const diagram of findDiagrams(text)) usedDiagrams.add(diagram.hash);
    const head = attempt(faults, () => parseFrontmatter(text, name));
    if (head && !head.draft) pages.push({ ...page, name, title: head.title, text, outline: outlinePage(text) });
  }

  for (const page of pages) {
    const planned = known.get(page.path);
    if (curriculum && !planned) faults.push(`${page.name}: content/curriculum.yaml does not name "${page.path}"`);
    if (planned && planned[page.language] !== page.title) {
      faults.push(`${page.name}: its title is "${page.title}", in content/curriculum.yaml it is "${planned[page.language]}"`);
    }
    faults.push(...pageFaults(page.outline, page.name));
    for (const id of page.outline.cites)
      if (facts && !facts.has(id)) faults.push(`${page.name}: content/facts.yaml has no fact "${id}"`);
    for (const id of page.outline.experiments) {
      if (!readScenario(id, { content, language: page.language })) {
        faults.push(
          `${page.name}: experiment "${id}" needs content/scenarios/${id}/ and content/${page.language}/scenarios/${id}.yaml`,
        );
      }
    }
    for (const diagram of findDiagrams(page.text)) {
      const { title, description } = accessibleTexts(diagram.source);
      if (!title || !description) faults.push(`${page.name}:${diagram.line}: a diagram needs accTitle: and accDescr:`);
      else if (!readDiagram(diagram.hash, content)) {
        faults.push(`${page.name}:${diagram.line}: this diagram is not drawn yet, or changed since: run \`${diagramCommand}\``);
      }
    }
  }

  const [first, ...others] = languages;
  for (const path of new Set(pages.map((page) => page.path))) {
    const inFirst = pages.find((page) => page.path === path && page.language === first);
    for (const language of others) {
      const inOther = pages.find((page) => page.path === path && page.language === language);
      if (inFirst && inOther) faults.push(...parityFaults(inFirst.outline, inOther.outline, inFirst.name, inOther.name));
      else if (inFirst) faults.push(`content/${language}/${path}.mdx is missing or a draft, ${inFirst.name} is published`);
      else if (inOther) faults.push(`content/${first}/${path}.mdx is missing or a draft, ${inOther.name} is published`);
    }
    faults.push(...cardPairFaults(content, path));
  }

  if (facts) faults.push(...(attempt(faults, () => claimFaults(pages, facts, content)) ?? []));
  faults.push(...(attempt(faults, () => sectionFaults(pages)) ?? []));
  faults.push(...(attempt(faults, () => measuredFaults(content)) ?? []));
  faults.push(...(attempt(faults, () => glossaryFaults(content)) ?? []));
  faults.push(...(attempt(faults, () => interviewFaults(content)) ?? []));
  for (const hash of storedHashes(content)) {
    if (!usedDiagrams.has(hash)) faults.push(`content/diagrams/${hash}.svg is used by no lesson: run \`${diagramCommand}\``);
  }
  return faults;
}
