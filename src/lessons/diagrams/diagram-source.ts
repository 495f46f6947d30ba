/** Diagrams as a lesson writes them: finding the fences, their accessible title and description, their content hash. */
import { createHash } from "node:crypto";
import { mermaidConfig } from "./colour-roles.ts";

export interface DiagramSource {
  source: string;
  /** 1-based line of the fence in its file. */
  line: number;
  hash: string;
}

/** Raised when the way of drawing changes beyond `mermaidConfig`: every stored picture is stale then. */
const drawingVersion = 2;

/** Stable over machines: only the text and the way of drawing count, not the file it stands in. */
export function hashDiagram(source: string): string {
  const text = JSON.stringify([drawingVersion, mermaidConfig, source.trim()]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** All ```mermaid fences of a page, in order. */
export function findDiagrams(page: string): DiagramSource[] {
  const found: DiagramSource[] = [];
  for (const match of page.matchAll(/^( *)(`{3,}|~{3,})mermaid[^\n]*\n([\s\S]*?)^ *\2 *$/gm)) {
    const [, indent = "", , body = ""] = match;
    const source = body.replaceAll(new RegExp(`^ {0,${indent.length}}`, "gm"), "").trim();
    found.push({ source, line: page.slice(0, match.index).split("\n").length, hash: hashDiagram(source) });
  }
  return found;
}

/**
 * `accTitle:` and `accDescr:` (one line or a block in braces). Kinds whose grammar has no such lines (mindmap) write
 * them as comments: `%% accTitle: …`.
 */
export function accessibleTexts(source: string): { title: string; description: string } {
  const line = (name: string): string | undefined =>
    new RegExp(`^\\s*(?:%%\\s*)?${name}\\s*:\\s*(.+)$`, "m").exec(source)?.[1]?.trim();
  const block = /^\s*accDescr\s*\{([\s\S]*?)\}/m.exec(source)?.[1]?.trim().replaceAll(/\s+/g, " ");
  return { title: line("accTitle") ?? "", description: line("accDescr") ?? block ?? "" };
}
