/** What must hold for the interview bank as a whole: twins, sources, links that lead somewhere, an answer as long as it is spoken. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { languages } from "#i18n";
import { contentFolder } from "../content-folder.ts";
import { loadCurriculum } from "../curriculum.ts";
import { loadExamDomains } from "../exam-domains.ts";
import { loadFacts } from "../facts.ts";
import { citesIn } from "../interview/cites.ts";
import { loadInterviewBank } from "../interview/interview-bank.ts";

/** Words that somebody says in half a minute, unhurried and quick. */
const spokenWords = { atLeast: 30, atMost: 95 };

export function interviewFaults(content: string = contentFolder): string[] {
  const faults: string[] = [];
  const bank = loadInterviewBank(content);
  if (bank.questions.length + bank.designs.length === 0) return faults;
  const curriculum = loadCurriculum(content);
  const facts = loadFacts(content);
  const modules = new Set(curriculum.modules.map(({ slug }) => slug));
  const lessons = new Set(curriculum.modules.flatMap((module) => module.lessons.map(({ slug }) => slug)));
  const exam = new Set(loadExamDomains(content).map(({ id }) => id));
  const cards = cardSlugs(content, curriculum.modules);
  const known = (name: string, ids: readonly string[], isKnown: (id: string) => boolean, where: string) => {
    for (const id of ids) if (!isKnown(id)) faults.push(`${where}: there is no ${name} "${id}"`);
  };
  const hasLevel = (id: string) => existsSync(join(content, "scenarios", id));

  for (const [list, texts] of [
    [bank.questions, bank.texts],
    [bank.designs, bank.designTexts],
  ] as const) {
    const slugs = list.map(({ slug }) => slug);
    for (const slug of slugs.filter((one, index) => slugs.indexOf(one) !== index)) {
      faults.push(`content/interview.yaml: "${slug}" stands there twice`);
    }
    for (const language of languages) {
      for (const slug of slugs)
        if (!texts[language].has(slug)) faults.push(`content/${language}/interview: "${slug}" is missing`);
      for (const slug of texts[language].keys()) {
        if (!slugs.includes(slug)) faults.push(`content/${language}/interview: content/interview.yaml does not name "${slug}"`);
      }
    }
    for (const entry of list) {
      const where = `content/interview.yaml, ${entry.slug}`;
      known("lesson", entry.lessons, (id) => lessons.has(id), where);
      known("level", entry.levels, hasLevel, where);
      known("fact", entry.facts, (id) => facts.has(id), where);
      for (const language of languages) {
        const cited = citesIn(JSON.stringify(texts[language].get(entry.slug) ?? ""));
        known("fact among its own", cited, (id) => entry.facts.includes(id), `content/${language}/interview, ${entry.slug}`);
      }
    }
  }
  for (const question of bank.questions) {
    const where = `content/interview.yaml, ${question.slug}`;
    known("module", [question.module], (id) => modules.has(id), where);
    known("exam domain", question.exam, (id) => exam.has(id), where);
    known("card", question.cards, (id) => cards.has(id), where);
    for (const language of languages) {
      const words = bank.texts[language].get(question.slug)?.spoken.split(/\s+/).length;
      if (words !== undefined && (words < spokenWords.atLeast || words > spokenWords.atMost)) {
        faults.push(`content/${language}/interview, ${question.slug}: ${words} words are not spoken in 30 seconds`);
      }
    }
  }
  return faults;
}

/** Slugs of all cards without their language. */
function cardSlugs(
  content: string,
  modules: readonly { slug: string; lessons: readonly { slug: string }[] }[],
): ReadonlySet<string> {
  const files = languages.flatMap((language) =>
    modules.flatMap((module) => module.lessons.map(({ slug }) => join(content, language, module.slug, `${slug}.cards.yaml`))),
  );
  const cards = files.filter(existsSync).flatMap((file) => {
    const { cards = [] } = parse(readFileSync(file, "utf8")) as { cards?: { slug?: unknown }[] };
    return cards.map(({ slug }) => String(slug).replace(/-(?:en|ru)$/, ""));
  });
  return new Set(cards);
}
