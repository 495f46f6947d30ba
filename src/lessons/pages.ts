/** The lesson pages that exist: content/<language>/<module>/<lesson>.mdx. Reads names only. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Language, languages } from "#i18n";
import { contentFolder } from "./content-folder.ts";

export interface LessonPage {
  language: Language;
  /** "<module>/<lesson>": the same in every language. */
  path: string;
  file: string;
}

export function listPages(content: string = contentFolder): LessonPage[] {
  return languages.flatMap((language) => {
    const folder = join(content, language);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".mdx") && !name.startsWith("interview"))
      .sort()
      .map((name) => ({ language, path: name.replaceAll("\\", "/").slice(0, -".mdx".length), file: join(folder, name) }));
  });
}
