/**
 * The levels of the site in teaching order: each stands where its lesson uses it (`<Experiment id>`), with its par computed from its start
 * and its solutions. Node only.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Language } from "#i18n";
import { parOf } from "#scenario";
import { contentFolder } from "./content-folder.ts";
import { isPublished, loadCurriculum } from "./curriculum.ts";
import { levelsOfLesson } from "./lesson-levels.ts";

export interface ListedLevel {
  id: string;
  title: string;
  summary: string;
  module: string;
  lesson: { title: string; path: string };
  par: number;
  /** As written: content/<lang>/scenarios/<id>.yaml. */
  texts: Readonly<Record<string, unknown>>;
}

export function listLevels(language: Language, folder: string = contentFolder): ListedLevel[] {
  const seen = new Set<string>();
  return loadCurriculum(folder).modules.flatMap((module) =>
    module.lessons.flatMap((lesson) => {
      const path = `${module.slug}/${lesson.slug}`;
      if (!isPublished(path, folder)) return [];
      return levelsOfLesson(path, folder).flatMap((id) => {
        const texts = readTexts(id, language, folder);
        if (seen.has(id) || !texts) return [];
        seen.add(id);
        const { title = id, summary = "" } = texts as { title?: string; summary?: string };
        const place = {
          module: module.title[language],
          lesson: { title: lesson.title[language], path: `/${language}/${path}/` },
        };
        return [{ id, title, summary, ...place, par: parOfLevel(id, folder), texts }];
      });
    }),
  );
}

function readTexts(id: string, language: Language, folder: string): Record<string, unknown> | undefined {
  const file = join(folder, language, "scenarios", `${id}.yaml`);
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, unknown>) : undefined;
}

function parOfLevel(id: string, folder: string): number {
  const level = join(folder, "scenarios", id);
  const read = (name: string) => readFileSync(join(level, name), "utf8");
  const solutions = readdirSync(level).filter((name) => name.startsWith("solution"));
  return parOf(read("start.yaml"), solutions.map(read));
}
