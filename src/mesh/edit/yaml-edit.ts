/**
 * Sets or removes one value in YAML text and leaves every other byte as it was: comments, quotes, spaces, the other documents.
 * An edit is one replaced stretch; where the text is written in a way that an edit could not keep (anchors, merges, errors), there
 * is none and the reader is sent to the text.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { type ValuePath, valueAt } from "#base";

interface TextEdit {
  from: number;
  to: number;
  insert: string;
}

/** What forms do to a text. `root`: what stays when the value is removed, even if nothing is left in it. */
export type YamlEdit =
  | { type: "set"; document: number; path: ValuePath; value: unknown }
  | { type: "remove"; document: number; path: ValuePath; root: ValuePath }
  /** A document of its own behind what stands there. */
  | { type: "append"; object: unknown };

export interface YamlPart {
  /** Index among all documents of the text, empty ones included. */
  index: number;
  /** As a reader of YAML 1.2 sees it; {} where it is no object. */
  object: Readonly<Record<string, unknown>>;
  /** Its text has no errors. */
  editable: boolean;
}

export function readParts(text: string): YamlPart[] {
  return documentsOf(text).map((document, index) => {
    const value = document.errors.length === 0 && !text.includes("<<:") ? plain(document) : undefined;
    const object = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
    return { index, object, editable: value !== undefined };
  });
}

/** @returns the whole new text; null where it must be edited by hand */
export function editText(text: string, edit: YamlEdit): string | null {
  switch (edit.type) {
    case "set":
      return setValue(text, edit.document, edit.path, edit.value);
    case "remove":
      return removeValue(text, edit.document, edit.path, edit.root);
    case "append": {
      const written = stringify(edit.object, { lineWidth: 0, indentSeq: false });
      return text.trim() === "" ? written : `${text.trimEnd()}\n---\n${written}`;
    }
  }
}

/** @returns undefined where it cannot be read without errors or unfolds without bound (aliases of aliases) */
function plain(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** @returns the whole new text; null where the value cannot be set there without touching more. */
export function setValue(text: string, document: number, path: ValuePath, value: unknown): string | null {
  return checked(
    text,
    document,
    (root) => setEdit(text, root, path, value),
    (object) => setIn(object, path, value),
  );
}

/** Removes a value, and what around it would be left empty, but nothing above `root`. */
export function removeValue(text: string, document: number, path: ValuePath, root: ValuePath): string | null {
  return checked(
    text,
    document,
    (top) => removeEdit(text, top, path, root),
    (object) => removeIn(object, path, root),
  );
}

function applyEdit(text: string, { from, to, insert }: TextEdit): string {
  return text.slice(0, from) + insert + text.slice(to);
}

function documentsOf(text: string): Document.Parsed[] {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: "silent" });
  return Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
}

/** The edit is taken only when reading its result gives exactly what was wanted. */
function checked(
  text: string,
  index: number,
  edit: (root: Document.Parsed) => TextEdit | null,
  wanted: (object: unknown) => unknown,
): string | null {
  const before = documentsOf(text);
  const document = before[index];
  if (!document || document.errors.length > 0 || text.includes("<<:") || plain(document) === undefined) return null;
  const made = edit(document);
  if (!made) return null;
  const result = applyEdit(text, made);
  const after = documentsOf(result);
  const isRight =
    after.length === before.length &&
    after.every((one, at) => one.errors.length === 0 || at !== index) &&
    after.every((one, at) => at === index || same(plain(one), before[at] && plain(before[at]))) &&
    same(after[index] && plain(after[index]), wanted(plain(document)));
  return isRight ? result : null;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function setIn(object: unknown, path: ValuePath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const empty: unknown = typeof step === "number" ? [] : {};
  const holder = (typeof object === "object" && object !== null ? structuredClone(object) : empty) as Record<
    string | number,
    unknown
  >;
  holder[step] = setIn(holder[step], rest, value);
  return holder;
}

function removeIn(object: unknown, path: ValuePath, root: ValuePath): unknown {
  const target = toRemove(object, path, root);
  const copy = structuredClone(object);
  const holder = valueAt(copy, target.slice(0, -1));
  const last = target.at(-1);
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (typeof holder === "object" && holder !== null && last !== undefined) delete (holder as Record<string, unknown>)[last];
  return copy;
}

/** The highest thing that would be empty without this value, below `root`. */
function toRemove(object: unknown, path: ValuePath, root: ValuePath): ValuePath {
  let target = path;
  while (target.length - 1 > root.length && sizeOf(valueAt(object, target.slice(0, -1))) === 1) target = target.slice(0, -1);
  return target;
}

function sizeOf(value: unknown): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

type Holder = YAMLMap.Parsed | YAMLSeq.Parsed;

function holderAt(document: Document.Parsed, path: ValuePath): Holder | null {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(node) || isSeq(node) ? (node as Holder) : null;
}

function setEdit(text: string, document: Document.Parsed, path: ValuePath, value: unknown): TextEdit | null {
  const at: unknown = document.getIn(path, true);
  if (at !== undefined) {
    const node = at as { range?: [number, number, number] } | null;
    if (isAlias(at) || !node?.range) return null;
    if (isScalar(at) && node.range[0] === node.range[1]) return fillEmpty(text, document, path, value);
    if (!isScalar(at)) return replaceList(text, at, value);
    return { from: node.range[0], to: node.range[1], insert: flowText(value) };
  }
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const here = path.slice(0, depth);
    const holder = holderAt(document, here);
    const rest = path.slice(depth);
    if (holder) return append(text, holder, rest[0] as string | number, nest(rest.slice(1), value));
    const node: unknown = document.getIn(here, true);
    if (node === undefined) continue;
    // `key:` with nothing behind it holds what is to come.
    return isScalar(node) && node.range?.[0] === node.range?.[1] ? fillEmpty(text, document, here, nest(rest, value)) : null;
  }
  return null;
}

/** A list of plain values is written anew on one line; what holds comments or parts of its own is left to the text. */
function replaceList(text: string, node: unknown, value: unknown): TextEdit | null {
  if (!isSeq(node) || !Array.isArray(value) || !node.items.every((item) => isScalar(item))) return null;
  const start = node.range?.[0];
  const end = node.flow ? node.range?.[1] : endOf(node);
  if (start == null || end == null || text.slice(start, end).includes("#")) return null;
  if (node.flow) return { from: start, to: end, insert: flowText(value) };
  const colon = text.lastIndexOf(":", start);
  return text.slice(colon + 1, start).trim() === "" ? { from: colon + 1, to: end, insert: ` ${flowText(value)}` } : null;
}

function nest(path: ValuePath, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }), value);
}

/** Behind a key that has no value yet. */
function fillEmpty(text: string, document: Document.Parsed, path: ValuePath, value: unknown): TextEdit | null {
  const holder = holderAt(document, path.slice(0, -1));
  if (!isMap(holder)) return null;
  const pair = holder.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  const key = pair?.key as { range?: [number, number, number] } | undefined;
  if (!key?.range) return null;
  const colon = text.indexOf(":", key.range[1]);
  const insert =
    typeof value === "object" && value !== null && !holder.flow
      ? blockText(value, columnOf(text, key.range[0]) + 2)
      : ` ${flowText(value)}`;
  return { from: colon + 1, to: colon + 1, insert };
}

function append(text: string, holder: Holder, step: string | number, value: unknown): TextEdit | null {
  const last = holder.items.at(-1);
  if (typeof step === "number" && (!isSeq(holder) || step !== holder.items.length)) return null;
  if (typeof step === "string" && !isMap(holder)) return null;
  const written = typeof step === "number" ? flowText(value) : `${flowText(step)}: ${flowText(value)}`;
  const range = holder.range as [number, number, number];
  if (holder.flow) {
    if (last === undefined) {
      const [open, close] = isMap(holder) ? ["{ ", " }"] : ["[", "]"];
      return { from: range[0], to: range[1], insert: `${open}${written}${close}` };
    }
    const end = endOf(last);
    return end === null ? null : { from: end, to: end, insert: `, ${written}` };
  }
  const first = holder.items[0];
  const start = first === undefined ? null : startOf(first);
  const end = last === undefined ? null : endOf(last);
  if (start === null || end === null) return null;
  // A block list's items are seen behind their dashes.
  const column = isSeq(holder) ? columnOf(text, text.lastIndexOf("-", start)) : columnOf(text, start);
  const indent = " ".repeat(column);
  const from = lineEnd(text, end);
  const lead = from > 0 && text[from - 1] === "\n" ? "" : "\n";
  const tail = lead === "" ? "\n" : "";
  const line = isSeq(holder) ? `- ${itemText(value, column + 2)}` : `${flowText(step)}:${blockOrInline(value, column + 2)}`;
  return { from, to: from, insert: `${lead}${indent}${line}${tail}` };
}

function removeEdit(text: string, document: Document.Parsed, path: ValuePath, root: ValuePath): TextEdit | null {
  const target = toRemove(plain(document), path, root);
  const holder = holderAt(document, target.slice(0, -1));
  const step = target.at(-1);
  if (!holder || step === undefined) return null;
  const index = isMap(holder)
    ? holder.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(step))
    : Number(step);
  const item = holder.items[index];
  const range = holder.range as [number, number, number];
  if (item === undefined) return null;
  const start = startOf(item);
  const end = endOf(item);
  if (start === null || end === null) return null;
  if (holder.items.length === 1) {
    const empty = isMap(holder) ? "{}" : "[]";
    if (holder.flow) return { from: range[0], to: range[1], insert: empty };
    const from = isSeq(holder) ? text.lastIndexOf("-", start) : start;
    const colon = text.lastIndexOf(":", from - 1);
    // Behind a key it stands on the key's line: braces on a line of their own could be indented too little.
    const isBehindKey = text.slice(colon + 1, from).trim() === "";
    return { from: isBehindKey ? colon + 1 : from, to: lineEnd(text, end), insert: isBehindKey ? ` ${empty}` : empty };
  }
  const next = holder.items[index + 1];
  const nextStart = next === undefined ? null : startOf(next);
  if (holder.flow) {
    if (nextStart !== null) return { from: start, to: nextStart, insert: "" };
    const before = endOf(holder.items[index - 1]);
    return before === null ? null : { from: before, to: end, insert: "" };
  }
  const head = isSeq(holder) ? text.lastIndexOf("-", start) : start;
  const isFirstOnLine = text.slice(text.lastIndexOf("\n", head - 1) + 1, head).trim() === "";
  if (!isFirstOnLine) {
    // The first field behind a dash: the next one takes its place.
    return nextStart === null ? null : { from: head, to: nextStart, insert: "" };
  }
  const lineStart = text.lastIndexOf("\n", head - 1) + 1;
  const lineStop = lineEnd(text, end);
  return { from: lineStart, to: text[lineStop] === "\n" ? lineStop + 1 : lineStop, insert: "" };
}

function startOf(item: unknown): number | null {
  const node = isPair(item) ? item.key : item;
  return (node as { range?: [number, number, number] } | null)?.range?.[0] ?? null;
}

function endOf(item: unknown): number | null {
  const node = isPair(item) ? ((item.value ?? item.key) as unknown) : item;
  const range = (node as { range?: [number, number, number] } | null)?.range;
  if (!range) return null;
  if (isScalar(node) && range[0] === range[1] && isPair(item)) {
    const key = (item.key as { range?: [number, number, number] }).range;
    return key ? Math.max(range[1], key[1] + 1) : range[1];
  }
  // A block collection's own range runs on over blank lines and comments: what counts is where its last part ends.
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1));
  return range[1];
}

function isPair(item: unknown): item is Pair {
  return typeof item === "object" && item !== null && "key" in item && "value" in item && !isScalar(item);
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

/** Behind a comment on the same line; a block text ends with its own line break. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** On one line, in braces where it has parts; quoted only where it must be. */
function flowText(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}

function blockOrInline(value: unknown, column: number): string {
  return typeof value === "object" && value !== null ? blockText(value, column) : ` ${flowText(value)}`;
}

/** On lines of their own, indented. */
function blockText(value: unknown, column: number): string {
  if (sizeOf(value) === 0) return ` ${flowText(value)}`;
  const indent = `\n${" ".repeat(column)}`;
  return `${indent}${stringify(value, { lineWidth: 0, indentSeq: false }).trimEnd().replaceAll("\n", indent)}`;
}

function itemText(value: unknown, column: number): string {
  return typeof value === "object" && value !== null && sizeOf(value) > 0
    ? blockText(value, column).trimStart()
    : flowText(value);
}
