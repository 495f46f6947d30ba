/**
 * What a learner reads outside the lessons: the interview bank, levels, drills and exhibits, each with the code it is about, the facts it
 * names and the lessons and levels it leads to, which may say its numbers for it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Language, languages } from "#i18n";
import { outlinePage } from "../checks/page-outline.ts";
import { loadDrills } from "../drills/drills.ts";
import { loadInterviewBank } from "../interview/interview-bank.ts";
import { lessonsOf, loadMuseum } from "../museum/museum.ts";
import type { LessonPage } from "../pages.ts";
import { readScenario } from "../remark/experiments.ts";
import type { ClaimRoom } from "./claim-list.ts";
import { withoutComments } from "./grounds.ts";

export interface OutsideText {
  room: Exclude<ClaimRoom, "lessons">;
  id: string;
  language: Language;
  /** Beneath the project's root. */
  file: string;
  /** Each text with the path of its field: "ladder.mid.adds". */
  fields: readonly (readonly [field: string, text: string])[];
  /** Documents it is about, as YAML. */
  code: string;
  facts: readonly string[];
  /** "<module>/<lesson>". */
  lessons: readonly string[];
  levels: readonly string[];
}

/** Everything a level's folder holds: its world and each answer that the suite runs. */
export function levelCode(id: string, content: string): string {
  const folder = join(content, "scenarios", id);
  return readdirSync(folder)
    .map((name) => withoutComments(readFileSync(join(folder, name), "utf8")))
    .join("\n");
}

function fieldsOf(value: unknown, path: string[] = []): [string, string][] {
  if (typeof value === "string") return path.at(-1) === "slug" ? [] : [[path.join("."), value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => fieldsOf(entry, [...path, key]));
}

/** @param pages the lessons there are */
export function outsideTexts(pages: readonly LessonPage[], content: string): OutsideText[] {
  const paths = [...new Set(pages.map(({ path }) => path))];
  const pathsOf = (slugs: readonly string[]) => paths.filter((path) => slugs.includes(path.slice(path.lastIndexOf("/") + 1)));
  const bank = loadInterviewBank(content);
  const [drills, exhibits] = [loadDrills(content), loadMuseum(content)];
  const levels = new Map<string, Set<string>>();
  for (const { path, file } of pages)
    for (const id of outlinePage(readFileSync(file, "utf8")).experiments)
      levels.set(id, new Set([...(levels.get(id) ?? []), path]));

  return languages.flatMap((language): OutsideText[] => [
    ...bank.questions.map((question) => ({
      room: "questions" as const,
      id: question.slug,
      language,
      file: `content/${language}/interview/${question.module}.yaml`,
      fields: fieldsOf(bank.texts[language].get(question.slug)),
      code: "",
      facts: question.facts,
      lessons: pathsOf(question.lessons),
      levels: question.levels,
    })),
    ...bank.designs.map((design) => ({
      room: "designs" as const,
      id: design.slug,
      language,
      file: `content/${language}/interview/designs.yaml`,
      fields: fieldsOf(bank.designTexts[language].get(design.slug)),
      code: "",
      facts: design.facts,
      lessons: pathsOf(design.lessons),
      levels: design.levels,
    })),
    ...[...levels].flatMap(([id, lessons]) => {
      const texts = readScenario(id, { content, language })?.texts;
      if (!texts) return [];
      return {
        room: "levels" as const,
        id,
        language,
        file: `content/${language}/scenarios/${id}.yaml`,
        fields: fieldsOf(texts),
        code: levelCode(id, content),
        facts: [],
        lessons: [...lessons],
        levels: [],
      };
    }),
    ...drills.map(({ id, faulty, fixed, cluster, lesson, texts }) => ({
      room: "drills" as const,
      id,
      language,
      file: `content/${language}/drills/${id}.yaml`,
      fields: fieldsOf(texts[language]),
      code: [faulty, fixed, cluster].map(withoutComments).join("\n"),
      facts: [],
      lessons: [lesson],
      levels: [],
    })),
    ...exhibits.map(({ id, experiment, topic, texts }) => ({
      room: "exhibits" as const,
      id,
      language,
      file: `content/${language}/museum/${id}.yaml`,
      fields: fieldsOf(texts[language]),
      code: withoutComments(experiment),
      facts: [],
      lessons: pathsOf(lessonsOf(topic)),
      levels: [],
    })),
  ]);
}
