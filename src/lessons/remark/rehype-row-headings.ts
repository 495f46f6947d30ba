/**
 * A table whose first heading is empty is read along its rows: the corner is no heading, the first cell of each row is one
 * (https://www.w3.org/WAI/tutorials/tables/two-headers/).
 */
import { type TreeNode, textOf, walk } from "./tree.ts";

export function rehypeRowHeadings() {
  return (root: TreeNode): void => {
    walk(root, (node) => {
      if (node.tagName === "table") markRowHeadings(node);
    });
  };
}

function markRowHeadings(table: TreeNode): void {
  const [top, ...rows] = elements(table, "thead", "tbody").flatMap((part) => elements(part, "tr"));
  const corner = top && elements(top, "th")[0];
  if (!corner || textOf(corner).trim() !== "") return;
  corner.tagName = "td";
  for (const row of rows) {
    const [first] = elements(row, "td");
    if (!first) continue;
    first.tagName = "th";
    first.properties = { ...first.properties, scope: "row" };
  }
}

function elements(parent: TreeNode, ...names: string[]): TreeNode[] {
  return (parent.children ?? []).filter(({ tagName }) => tagName !== undefined && names.includes(tagName));
}
