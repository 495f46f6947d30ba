/** Numbers the citations of a page in order of first mention and hands its `<Sources />` the facts behind them. */
import type { Fact } from "../facts.ts";
import type { LessonContext } from "./lesson-context.ts";
import { attributeOf, giveAttributes, isJsx, type TreeNode, walk } from "./tree.ts";

/** @throws with file and line for an id that is no fact, or when citations have no list to lead to. */
export function resolveCites(root: TreeNode, context: LessonContext, facts: ReadonlyMap<string, Fact>): void {
  const numbers = new Map<string, number>();
  const occurrences = new Map<string, number>();
  const lists: TreeNode[] = [];
  walk(root, (node, parent) => {
    if (isJsx(node, "Sources")) lists.push(node);
    if (!isJsx(node, "Cite")) return;
    const before = parent.children?.[parent.children.indexOf(node) - 1];
    // Authors write a space before the tag; the number hugs the word it supports and never starts a line.
    if (before?.type === "text" && before.value) before.value = before.value.trimEnd();
    const place = `${context.file}:${node.position?.start.line ?? 1}`;
    const id = attributeOf(node, "id") ?? "";
    const fact = facts.get(id);
    if (!fact) throw new Error(`${place}: <Cite id="${id}" />: content/facts.yaml has no fact of that id`);
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    const occurrence = (occurrences.get(id) ?? 0) + 1;
    occurrences.set(id, occurrence);
    giveAttributes(node, {
      number: String(number),
      occurrence: String(occurrence),
      title: fact.sources.map((source) => source.title).join("; "),
    });
  });
  if (numbers.size > 0 && lists.length !== 1) {
    throw new Error(`${context.file}: a page with citations needs one <Sources />, this one has ${lists.length}`);
  }
  const items = [...numbers.keys()].map((id) => {
    const fact = facts.get(id)!;
    const { sources, version, checked, confidence } = fact;
    return { id, statement: fact[context.language], sources, version, checked, confidence };
  });
  for (const list of lists) giveAttributes(list, { items: JSON.stringify(items) });
}
