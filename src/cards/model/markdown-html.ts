/**
 * Markdown of a card → small, safe HTML that Anki shows as the page does: paragraphs, lists, tables, code, emphasis,
 * links to http(s). Raw HTML becomes visible text; nothing executable can come out. Cloze markers are kept, in a cloze only.
 */
import type { Nodes, Parents, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { ankiSafeText } from "./anki-safe-text.ts";
import { type ClozeState, splitCloze } from "./cloze.ts";

export interface RenderedMarkdown {
  html: string;
  /** Constructs that a card cannot carry, as Markdown's node names with the line inside this text (from 1). */
  unsupported: { construct: string; line: number }[];
  /** True when a deletion was opened and not closed within its block. */
  openCloze: boolean;
  /** True when the text has a cloze marker. */
  hasCloze: boolean;
}

interface Printer {
  cloze: ClozeState | undefined;
  result: RenderedMarkdown;
}

/** Bare addresses stay text: linking them would swallow what follows (`}}` of a cloze, a YAML comma). */
const withoutBareLinks = { disable: { null: ["wwwAutolink", "protocolAutolink", "emailAutolink"] } };
const gfmNodes = gfmFromMarkdown().filter((extension) => !extension.transforms?.length);

/** @param cloze whether `{{c1::…}}` means a deletion here (the front of a cloze card). */
export function renderMarkdown(markdown: string, cloze: boolean): RenderedMarkdown {
  const root = fromMarkdown(markdown, { extensions: [gfm(), withoutBareLinks], mdastExtensions: gfmNodes });
  const printer: Printer = {
    cloze: cloze ? { openBraces: [] } : undefined,
    result: { html: "", unsupported: [], openCloze: false, hasCloze: /\{\{c[\d,]+::/.test(markdown) },
  };
  printer.result.html = root.children.map((block) => print(block, printer)).join("\n");
  if (printer.cloze && printer.cloze.openBraces.length > 0) printer.result.openCloze = true;
  return printer.result;
}

function print(node: Nodes, printer: Printer): string {
  switch (node.type) {
    case "paragraph":
      return `<p>${block(node, printer)}</p>`;
    case "heading":
      return `<p><strong>${block(node, printer)}</strong></p>`;
    case "blockquote":
      return `<blockquote>${lines(node, printer)}</blockquote>`;
    case "list": {
      const start = node.ordered && node.start !== null && node.start !== undefined && node.start !== 1;
      const tag = node.ordered ? "ol" : "ul";
      return `<${tag}${start ? ` start="${node.start}"` : ""}>${inner(node, printer)}</${tag}>`;
    }
    case "listItem": {
      const box = node.checked === true ? "☑ " : node.checked === false ? "☐ " : "";
      const [only, ...more] = node.children;
      const tight = only?.type === "paragraph" && (more.length === 0 || !node.spread);
      const rest = tight ? node.children.slice(1) : node.children;
      return `<li>${box}${tight ? block(only, printer) : ""}${rest.map((child) => print(child, printer)).join("")}</li>`;
    }
    case "code": {
      const language = /^[\w+-]+$/.test(node.lang ?? "") ? ` class="language-${node.lang}"` : "";
      return `<pre><code${language}>${closed(text(node.value, printer), printer)}</code></pre>`;
    }
    case "table":
      return table(node, printer);
    case "thematicBreak":
      return "<hr>";
    case "break":
      return "<br>";
    case "emphasis":
      return `<em>${inner(node, printer)}</em>`;
    case "strong":
      return `<strong>${inner(node, printer)}</strong>`;
    case "delete":
      return `<del>${inner(node, printer)}</del>`;
    case "inlineCode":
      return `<code>${text(node.value, printer)}</code>`;
    case "text":
    case "html":
      return text(node.value, printer);
    case "link": {
      const href = safeHref(node.url);
      // Inside Anki there is no page that a relative address could lead to; other schemes are not for cards.
      if (href === undefined) return inner(node, printer);
      return `<a href="${href}" rel="noopener">${inner(node, printer)}</a>`;
    }
    default:
      return refuse(node, node.type, printer);
  }
}

function inner(node: Parents, printer: Printer): string {
  return node.children.map((child) => print(child, printer)).join("");
}

function lines(node: Parents, printer: Printer): string {
  return node.children.map((child) => print(child, printer)).join("\n");
}

function block(node: Parents, printer: Printer): string {
  return closed(inner(node, printer), printer);
}

/** A deletion must not reach over the end of a block: the HTML would be torn. */
function closed(html: string, printer: Printer): string {
  if (printer.cloze && printer.cloze.openBraces.length > 0) {
    printer.result.openCloze = true;
    printer.cloze.openBraces = [];
  }
  return html;
}

function table(node: Table, printer: Printer): string {
  const rows = node.children.map((row, index) => {
    const tag = index === 0 ? "th" : "td";
    const cells = row.children.map((cell, column) => {
      const align = node.align?.[column];
      return `<${tag}${align ? ` align="${align}"` : ""}>${block(cell, printer)}</${tag}>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const [head, ...body] = rows;
  return `<table><thead>${head ?? ""}</thead><tbody>${body.join("")}</tbody></table>`;
}

function refuse(node: Nodes, construct: string, printer: Printer): string {
  printer.result.unsupported.push({ construct, line: node.position?.start.line ?? 1 });
  return "";
}

/** @returns the address for an attribute, or undefined when it is not http or https. */
function safeHref(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).href.replaceAll("{", "%7B").replaceAll("}", "%7D").replaceAll("&", "&amp;").replaceAll('"', "%22");
}

function text(value: string, printer: Printer): string {
  if (!printer.cloze) return ankiSafeText(value);
  const pieces = splitCloze(value, printer.cloze);
  return pieces
    .map((piece, index) => {
      if (piece.kind !== "literal") return piece.text;
      const beside = pieces[index + 1] !== undefined && /[{}]$/.test(piece.text) ? "<!-- -->" : "";
      return ankiSafeText(piece.text) + beside;
    })
    .join("");
}
