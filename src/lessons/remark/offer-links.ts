/** Adds at a lesson's end the exhibits of the museum about its subject. The page adds the calculators that compute its numbers. */
import { loadMuseum, topicsOf } from "../museum/museum.ts";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, putBeforeSources, type TreeNode } from "./tree.ts";

export function offerLinks(root: TreeNode, { content, language, path }: LessonContext): number {
  const lesson = path.split("/").at(-1) ?? "";
  const topics = topicsOf(lesson);
  const exhibits = topics.length === 0 ? [] : loadMuseum(content).filter(({ topic }) => topics.includes(topic));
  const shown = exhibits.map(({ id, texts }) => ({ id, title: texts[language].title }));
  putBeforeSources(root, jsxElement(`${componentNamespace}.LessonLinks`, { lesson, exhibits: JSON.stringify(shown) }));
  return 1;
}
