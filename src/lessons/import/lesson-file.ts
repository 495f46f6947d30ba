/**
 * A note's section → the text of an MDX lesson. The note's own frontmatter is kept whole beneath `note:`; `import_hash` tells
 * a later import whether somebody has edited the file since.
 */
import { createHash } from "node:crypto";
import type { Nodes, Root } from "mdast";
import { stringify } from "yaml";
import { countInventory, differences, type Inventory } from "./inventory.ts";
import { markdownToMdx, parseMarkdown, parseMdx, visit } from "./mdx.ts";
import { lineOf, type Note, type NoteProblem, type NoteSection } from "./note.ts";
import { obsidianToMarkdown, type ResolveLink } from "./obsidian.ts";

export interface PrintedLesson {
  text: string;
  before: Inventory;
  after: Inventory;
  /** Depths of the headings in order, to compare two languages. */
  structure: string;
  problems: NoteProblem[];
}

export function printLesson(note: Note, section: NoteSection, resolve: ResolveLink): PrintedLesson {
  const { markdown, problems } = obsidianToMarkdown(section.markdown, { file: note.file, source: note.source, resolve });
  const body = markdownToMdx(markdown, (html) => {
    const line = lineOf(note.source, html.split("\n")[0] ?? html, section.line);
    problems.push({ severity: "warning", code: "htmlAsText", params: { html: html.slice(0, 40) }, file: note.file, line });
  });
  const source = parseMarkdown(markdown);
  const before = countInventory(source);
  const after = countInventory(parseMdx(body));
  for (const what of differences(before, after)) {
    const params = { what, before: before[what], after: after[what] };
    problems.push({ severity: "error", code: "countsDiffer", params, file: note.file, line: section.line });
  }
  const head = {
    title: note.title,
    description: summarize(source, section, note.title),
    draft: true,
    note: { file: note.stem, ...note.fields },
  };
  const structure = source.children.flatMap((node) => (node.type === "heading" ? [node.depth] : [])).join(" ");
  return { text: withHash(`---\n${stringify(head, { lineWidth: 0 })}---\n\n${body}`), before, after, structure, problems };
}

/** Adds `import_hash` over the rest of the file: the second line of a lesson, the first of a card file (as a comment). */
export function withHash(text: string): string {
  const hash = hashOf(withoutLinks(text));
  return text.startsWith("---\n") ? text.replace("---\n", `---\nimport_hash: ${hash}\n`) : `# import_hash: ${hash}\n${text}`;
}

/** True where a file is exactly what an import wrote: it may be replaced without losing anybody's work. */
export function isUntouched(text: string): boolean {
  const match = /^(?:---\n)?(?:# )?import_hash: ([0-9a-f]+)\n/.exec(text);
  const rest = text.replace(/(?:# )?import_hash: [0-9a-f]+\n/, "");
  // Files of earlier imports have a hash over all of it.
  return match !== null && (hashOf(withoutLinks(rest)) === match[1] || hashOf(rest) === match[1]);
}

/** What a sync with Anki writes into a file is nobody's edit. */
export function withoutLinks(text: string): string {
  return text.replace(/^[ -]*(?:anki_id|anki_guid|synced_at|synced_hash):.*\n/gm, "");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The question, or the first sentences of the text: what a list of lessons shows. 20 to 200 characters, as a page's head asks. */
function summarize(source: Root, section: NoteSection, title: string): string {
  const paragraphs = source.children.filter((node) => node.type === "paragraph").map(plainText);
  const text = [
    section.question ?? "",
    ...paragraphs,
    title,
    section.language === "ru" ? "Импортированная заметка." : "Imported note.",
  ]
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter((part) => part !== "")
    .join(" ");
  const sentence = /^.{20,}?[.!?:](?=\s|$)/.exec(text)?.[0] ?? text;
  return sentence.length > 200 ? `${sentence.slice(0, 199)}…` : sentence;
}

function plainText(node: Nodes): string {
  const parts: string[] = [];
  visit(node, (child) => {
    if (child.type === "text" || child.type === "inlineCode") parts.push(child.value);
  });
  return parts.join("");
}
