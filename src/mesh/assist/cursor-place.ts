/**
 * Where a cursor stands in YAML that is being typed: the document's kind, the path of fields, whether a field's name or its value
 * is wanted. A mark is put where the cursor stands and the text is parsed as far as it goes, so that block and flow style,
 * half-written lines and errors further down need no rules of their own.
 */
import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Path } from "../document/node-path.ts";

export interface CursorPlace {
  apiVersion: string;
  kind: string;
  /** Of the object that holds the field (slot "field"), or of the value itself (slot "value"). */
  path: Path;
  slot: "field" | "value";
  /** What is being replaced: the word at the cursor, offsets into the whole text. */
  from: number;
  to: number;
  word: string;
  /** Fields that stand beside it. */
  siblings: Readonly<Record<string, unknown>>;
  /** In `{ … }` or `[ … ]`: what is put in must stay on the line. */
  flow: boolean;
  /** 0-based column of the field; a child stands two further. */
  column: number;
  /** A colon follows already. */
  hasColon: boolean;
  /** Nothing else stands in the document. */
  blank: boolean;
}

const mark = "mw-cursor-mark";
const wordBefore = /[^\s,:{}[\]"'#&*!|>%@`]*(?::(?=\S)[^\s,{}[\]"']*)*$/;
const wordAfter = /^[^\s,:{}[\]"'#]*/;

/** @returns undefined where there is nothing to complete: comments, block texts, places no parser can read. */
export function cursorPlace(text: string, offset: number): CursorPlace | undefined {
  const bounds = documentAt(text, offset);
  const piece = text.slice(bounds.from, bounds.to);
  const at = offset - bounds.from;
  const lineStart = piece.lastIndexOf("\n", at - 1) + 1;
  const before = piece.slice(lineStart, at);
  if (/(?:^|\s)#/.test(before.replace(/(["']).*?\1/g, ""))) return undefined;
  const word = wordBefore.exec(before)?.[0] ?? "";
  const rest = wordAfter.exec(piece.slice(at))?.[0] ?? "";
  const from = at - word.length;
  const to = at + rest.length;
  const behind = piece.slice(to, endOfLine(piece, to));
  const hasColon = /^\s*:(?:\s|$)/.test(behind);
  const afterColon = /[^\s:]\s*:\s+["']?$/.test(piece.slice(lineStart, from)) || /:\s*["']$/.test(piece.slice(lineStart, from));
  const common = { from: from + bounds.from, to: to + bounds.from, word: word + rest, hasColon };
  const readings = afterColon ? (["value"] as const) : (["field", "value"] as const);
  for (const slot of readings) {
    const put = slot === "field" && !hasColon ? `${mark}: ` : mark;
    const found = find(piece.slice(0, from) + put + piece.slice(to), slot);
    if (found) return { ...common, ...found, column: columnOf(piece, lineStart, from) };
  }
  return undefined;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** The document around an offset, between its `---` lines. */
function documentAt(text: string, offset: number): { from: number; to: number } {
  let from = 0;
  for (const { index, 0: line } of text.matchAll(/^---(?:[ \t].*)?$/gm)) {
    if (index + line.length < offset) from = Math.min(index + line.length + 1, text.length);
    else if (index >= offset) return { from, to: index };
  }
  return { from, to: text.length };
}

/** Where a field of the same object would start: behind dashes. */
function columnOf(piece: string, lineStart: number, from: number): number {
  const lead = /^\s*(?:-\s+)*/.exec(piece.slice(lineStart, from))?.[0] ?? "";
  return lead.length;
}

type Found = Pick<CursorPlace, "apiVersion" | "kind" | "path" | "slot" | "siblings" | "flow" | "blank">;

function find(piece: string, slot: CursorPlace["slot"]): Found | undefined {
  const document = parseDocument(piece, { uniqueKeys: false, prettyErrors: false, logLevel: "silent", strict: false });
  const root = document.contents as Node | null;
  const hit = search(root, [], false);
  if (!hit || hit.slot !== slot) return undefined;
  const head = plain(root);
  const siblings = hit.holder ? plain(hit.holder) : {};
  delete siblings[mark];
  return {
    apiVersion: String(head.apiVersion ?? ""),
    kind: String(head.kind ?? ""),
    path: hit.path,
    slot,
    siblings,
    flow: hit.flow,
    blank: isMap(root) ? root.items.length === 1 && hit.path.length === 0 : isScalar(root),
  };
}

interface Hit {
  path: Path;
  slot: CursorPlace["slot"];
  holder: Node | null;
  flow: boolean;
}

function search(node: Node | null, path: Path, flow: boolean, holder: Node | null = null): Hit | undefined {
  if (isScalar(node)) {
    // A mark inside a longer text is inside a block of text: nobody's field.
    return String(node.source ?? node.value) === mark ? { path, slot: "value", holder, flow } : undefined;
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const hit = search(item as Node, [...path, index], flow || node.flow === true, holder);
      if (hit) return hit;
    }
  }
  if (!isMap(node)) return undefined;
  const isFlow = flow || node.flow === true;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.source ?? key.value) : "";
    if (name === mark) return { path, slot: "field", holder: node, flow: isFlow };
    const hit = search(value as Node | null, [...path, name], isFlow, node);
    if (hit) return hit;
  }
  return undefined;
}

function plain(node: Node | null): Record<string, unknown> {
  if (!isMap(node)) return {};
  const entries = node.items.flatMap(({ key, value }) =>
    isScalar(key) ? [[String(key.value), isScalar(value) ? value.value : {}] as const] : [],
  );
  return Object.fromEntries(entries);
}
