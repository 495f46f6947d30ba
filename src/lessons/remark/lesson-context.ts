/** What a plugin needs to know about the page it works on. */
import { relative } from "node:path";
import { isLanguage, type Language } from "#i18n";
import { contentFolder } from "../content-folder.ts";

export interface LessonContext {
  language: Language;
  /** "<module>/<lesson>". */
  path: string;
  /** As messages name it: "content/en/<module>/<lesson>.mdx". */
  file: string;
  content: string;
}

/** The name under which a page's own components are imported beside what its author imported. */
export const componentNamespace = "MeshwiseLesson";

/** @returns undefined for a file that is no lesson. */
export function lessonContext(file: string | undefined, content: string = contentFolder): LessonContext | undefined {
  if (!file) return undefined;
  const inside = relative(content, file).replaceAll("\\", "/");
  const [language, ...rest] = inside.split("/");
  if (!isLanguage(language) || !inside.endsWith(".mdx")) return undefined;
  return { language, path: rest.join("/").slice(0, -".mdx".length), file: `content/${inside}`, content };
}
