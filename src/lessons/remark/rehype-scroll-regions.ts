/**
 * Wide tables scroll inside a box of their own instead of widening the page. The box is a named region with a tab stop,
 * so that a keyboard reaches what is out of sight. Code blocks get theirs from Expressive Code.
 */
import { createTranslator } from "#i18n";
import { lessonContext } from "./lesson-context.ts";
import { type TreeNode, textOf } from "./tree.ts";

export function rehypeScrollRegions(options: { content?: string } = {}) {
  return (root: TreeNode, file: { path?: string }): void => {
    const context = lessonContext(file.path, options.content);
    if (!context) return;
    const t = createTranslator(context.language);
    const taken = new Map<string, number>();
    let heading = "";
    const visit = (parent: TreeNode): void => {
      parent.children = (parent.children ?? []).map((node) => {
        if (/^h[1-6]$/.test(node.tagName ?? "")) heading = textOf(node).trim();
        if (node.tagName !== "table") {
          visit(node);
          return node;
        }
        const nth = (taken.get(heading) ?? 0) + 1;
        taken.set(heading, nth);
        const label = t("lesson:region.table", { title: nth > 1 ? `${heading} (${nth})` : heading });
        return {
          type: "element",
          tagName: "div",
          properties: { className: ["mw-table"], tabIndex: 0, role: "region", ariaLabel: label },
          children: [node],
        };
      });
    };
    visit(root);
  };
}
