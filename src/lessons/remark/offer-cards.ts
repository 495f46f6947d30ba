/** Adds the summary of a lesson's cards before its list of sources. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, putBeforeSources, type TreeNode } from "./tree.ts";

/** How many cards the lesson's file holds; 0 without a file. What is wrong in it the card layer says. */
function countCards(context: Pick<LessonContext, "content" | "language" | "path">): number {
  const file = join(context.content, context.language, `${context.path}.cards.yaml`);
  if (!existsSync(file)) return 0;
  const cards = (parse(readFileSync(file, "utf8")) as { cards?: unknown } | null)?.cards;
  return Array.isArray(cards) ? cards.length : 0;
}

export function offerCards(root: TreeNode, context: LessonContext): number {
  const count = countCards(context);
  if (count === 0) return 0;
  const lesson = context.path.split("/").at(-1) ?? "";
  putBeforeSources(root, jsxElement(`${componentNamespace}.LessonCards`, { lesson, count: String(count) }));
  return count;
}
