/** The levels that a lesson embeds, in the order of the page, and how many questions it asks; the same in every language. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { outlinePage } from "./checks/page-outline.ts";
import { contentFolder } from "./content-folder.ts";

/** @param path "<module>/<lesson>" of a published lesson */
export function levelsOfLesson(path: string, folder: string = contentFolder): string[] {
  return outlinePage(readFileSync(join(folder, "en", `${path}.mdx`), "utf8")).experiments;
}

/** @param path "<module>/<lesson>" of a published lesson */
export function questionsOfLesson(path: string, folder: string = contentFolder): number {
  return outlinePage(readFileSync(join(folder, "en", `${path}.mdx`), "utf8")).questions.length;
}
