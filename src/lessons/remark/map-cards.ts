/**
 * Ties each paragraph to the lesson's cards that ask about it: those whose source is a fact that the paragraph cites. The recall map
 * reads the names from the page.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { attributeOf, isJsx, jsxElement, type TreeNode, walk } from "./tree.ts";

function cardsBySource({ content, language, path }: LessonContext): ReadonlyMap<string, string[]> {
  const file = join(content, language, `${path}.cards.yaml`);
  const bySource = new Map<string, string[]>();
  if (!existsSync(file)) return bySource;
  const { cards } = (parse(readFileSync(file, "utf8")) ?? {}) as { cards?: { slug?: unknown; source?: unknown }[] };
  for (const { slug, source } of cards ?? []) {
    if (typeof slug === "string" && typeof source === "string") bySource.set(source, [...(bySource.get(source) ?? []), slug]);
  }
  return bySource;
}

/** @returns how many paragraphs have cards */
export function mapCards(root: TreeNode, context: LessonContext): number {
  const bySource = cardsBySource(context);
  let count = 0;
  walk(root, (node) => {
    if (node.type !== "paragraph") return;
    const slugs = new Set<string>();
    walk(node, (inside) => {
      if (isJsx(inside, "Cite")) for (const slug of bySource.get(attributeOf(inside, "id") ?? "") ?? []) slugs.add(slug);
    });
    if (slugs.size === 0) return;
    count += 1;
    node.data = { ...node.data, hProperties: { dataCards: [...slugs].join(" ") } };
  });
  if (count > 0) root.children?.unshift(jsxElement(`${componentNamespace}.RecallMap`, { path: context.path }));
  return count;
}
