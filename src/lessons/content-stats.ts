/** How much there is of everything a learner meets, as a whole and for each domain of the exam. Counts what is published. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Language, languages } from "#i18n";
import { contentFolder } from "./content-folder.ts";
import { isPublished, loadCurriculum } from "./curriculum.ts";
import { loadDrills } from "./drills/drills.ts";
import { loadExamDomains } from "./exam-domains.ts";
import { loadFacts } from "./facts.ts";
import { loadInterviewBank } from "./interview/interview-bank.ts";
import { levelsOfLesson } from "./lesson-levels.ts";
import { loadMuseum } from "./museum/museum.ts";

export interface DomainStats {
  id: string;
  /** Share of the exam, 0 … 1. */
  weight: number;
  lessons: number;
  levels: number;
  /** In one language. */
  cards: number;
  questions: number;
}

export interface ContentStats {
  lessons: number;
  cards: Record<Language, number>;
  levels: number;
  /** Lessons that embed a level. */
  lessonsWithLevel: number;
  /** Levels that a lesson embeds. */
  embeddedLevels: number;
  questions: number;
  designs: number;
  exhibits: number;
  drills: number;
  facts: number;
  domains: DomainStats[];
}

/** @throws as the loaders of what it counts */
export function contentStats(folder: string = contentFolder): ContentStats {
  const lessons = loadCurriculum(folder)
    .modules.flatMap((module) => module.lessons.map(({ slug }) => ({ slug, path: `${module.slug}/${slug}` })))
    .filter(({ path }) => isPublished(path, folder));
  const bank = loadInterviewBank(folder);
  const cardsOf = (language: Language, path: string): number => {
    const file = join(folder, language, `${path}.cards.yaml`);
    if (!existsSync(file)) return 0;
    return ((parse(readFileSync(file, "utf8")) as { cards?: unknown[] } | null)?.cards ?? []).length;
  };
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    lessons: lessons.length,
    cards: Object.fromEntries(
      languages.map((language) => [language, sum(lessons.map(({ path }) => cardsOf(language, path)))]),
    ) as Record<Language, number>,
    levels: readdirSync(join(folder, "scenarios")).length,
    lessonsWithLevel: lessons.filter(({ path }) => levelsOfLesson(path, folder).length > 0).length,
    embeddedLevels: new Set(lessons.flatMap(({ path }) => levelsOfLesson(path, folder))).size,
    questions: bank.questions.length,
    designs: bank.designs.length,
    exhibits: loadMuseum(folder).length,
    drills: loadDrills(folder).length,
    facts: loadFacts(folder).size,
    domains: loadExamDomains(folder).map((domain) => {
      const own = lessons.filter(({ slug }) => domain.lessons.includes(slug));
      return {
        id: domain.id,
        weight: domain.weight,
        lessons: own.length,
        levels: new Set(own.flatMap(({ path }) => levelsOfLesson(path, folder))).size,
        cards: sum(own.map(({ path }) => cardsOf("en", path))),
        questions: bank.questions.filter(({ exam }) => exam.includes(domain.id)).length,
      };
    }),
  };
}
