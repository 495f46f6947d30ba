/** What must survive an import, counted on the way in and on the way out: nothing may be lost without a word. */
import type { Root } from "mdast";
import { visit } from "./mdx.ts";

export interface Inventory {
  headings: number;
  tables: number;
  tableCells: number;
  codeBlocks: number;
  diagrams: number;
  links: number;
}

export function countInventory(tree: Root): Inventory {
  const count: Inventory = { headings: 0, tables: 0, tableCells: 0, codeBlocks: 0, diagrams: 0, links: 0 };
  visit(tree, (node) => {
    if (node.type === "heading") count.headings += 1;
    else if (node.type === "table") count.tables += 1;
    else if (node.type === "tableCell") count.tableCells += 1;
    else if (node.type === "link") count.links += 1;
    else if (node.type === "code") count[node.lang === "mermaid" ? "diagrams" : "codeBlocks"] += 1;
  });
  return count;
}

/** Names of the counts that differ. */
export function differences(before: Inventory, after: Inventory): (keyof Inventory)[] {
  return (Object.keys(before) as (keyof Inventory)[]).filter((key) => before[key] !== after[key]);
}
