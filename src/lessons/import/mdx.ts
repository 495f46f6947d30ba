/**
 * Markdown → MDX that always compiles. Markdown is parsed as Markdown (a "{" or "<" is a character there), then written by
 * an MDX-aware printer, which escapes what MDX would read as an expression, a tag or an import.
 */
import type { Html, Nodes, Parents, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { mdxFromMarkdown, mdxToMarkdown } from "mdast-util-mdx";
import { toMarkdown, type Unsafe } from "mdast-util-to-markdown";
import { gfm } from "micromark-extension-gfm";
import { mdxjs } from "micromark-extension-mdxjs";

/** A line that begins with "import" or "export" would be read as JavaScript: its first letter is printed as a reference. */
const moduleWords: Unsafe[] = [
  { atBreak: true, character: "i", after: "mport", inConstruct: "phrasing" },
  { atBreak: true, character: "e", after: "xport", inConstruct: "phrasing" },
];

export function parseMarkdown(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Throws (with line and column) on text that MDX refuses: how the importer checks its own output. */
export function parseMdx(mdx: string): Root {
  return fromMarkdown(mdx, { extensions: [gfm(), mdxjs()], mdastExtensions: [gfmFromMarkdown(), mdxFromMarkdown()] });
}

/** @param onHtml told about each piece of HTML that becomes plain text. */
export function markdownToMdx(markdown: string, onHtml: (html: string) => void): string {
  const tree = parseMarkdown(markdown);
  mend(tree, onHtml);
  return toMarkdown(tree, {
    extensions: [gfmToMarkdown(), mdxToMarkdown(), { unsafe: moduleWords }],
    bullet: "-",
    rule: "-",
    resourceLink: true,
    fences: true,
  });
}

/** HTML becomes what MDX can hold: comments go, line breaks stay, everything else is shown as text. */
function mend(parent: Parents, onHtml: (html: string) => void): void {
  const children: RootContent[] = [];
  for (const node of parent.children as RootContent[]) {
    if (node.type !== "html") {
      if ("children" in node) mend(node as Parents, onHtml);
      children.push(node);
    } else if (!/^<!--[\s\S]*-->$/.test(node.value.trim())) {
      children.push(htmlAsText(node, parent, onHtml));
    }
  }
  (parent as { children: RootContent[] }).children = children;
}

function htmlAsText(node: Html, parent: Parents, onHtml: (html: string) => void): RootContent {
  if (/^<br\s*\/?>$/i.test(node.value.trim())) return { type: "break" };
  onHtml(node.value);
  const text = { type: "text" as const, value: node.value };
  const inline = parent.type === "paragraph" || parent.type === "heading" || parent.type === "tableCell" || "url" in parent;
  return inline ? text : { type: "paragraph", children: [text] };
}

/** Walks a tree in document order. */
export function visit(node: Nodes, enter: (node: Nodes) => void): void {
  enter(node);
  if ("children" in node) for (const child of node.children) visit(child as Nodes, enter);
}
