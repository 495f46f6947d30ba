/**
 * Reads the plain block style in which resources are nearly always written, many times faster than a whole YAML parser: maps,
 * lists, one-line scalars, one-line flow lists. It makes the same nodes as the `yaml` package and answers undefined at the first
 * thing it is not sure of (tabs, anchors, tags, block scalars, text over several lines, any error): then the package reads it.
 */
import { Pair, type ParsedNode, Scalar, YAMLMap, YAMLSeq } from "yaml";

/** A line with something to read on it; `at` moves right when a list item's content is read as a block of its own. */
interface Line {
  /** Offset of what is still to be read. */
  at: number;
  /** Column of `at`. */
  indent: number;
  /** Offset of the line break, or of the end of the text. */
  end: number;
}

interface Reading {
  readonly text: string;
  readonly lines: readonly Line[];
  /** The line being read. */
  now: number;
}

/** Thrown and caught here alone: the package reads the text instead. */
const unsure = Symbol("unsure");

const maxDepth = 60;
const plainKey = /[A-Za-z0-9_][A-Za-z0-9_./-]*:(?=[ \n]|$)/y;
/** Signs with a meaning of their own at the start of a plain scalar; `-` is asked apart. */
const indicators = new Set("[]{}#&*!|>'\"%@`,?:");
/** Whatever holds one of these is left to the package. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unusual = /[\t\r\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\{\{|^%|^\.\.\./m;

/** @param piece one document, with its leading `---` line or without. */
export function readBlockText(piece: string): ParsedNode | undefined {
  if (unusual.test(piece)) return undefined;
  const lines = findLines(piece);
  if (lines === undefined || lines.length === 0) return undefined;
  const reading: Reading = { text: piece, lines, now: 0 };
  try {
    const root = readBlock(reading, lines[0]!.indent, 0);
    return reading.now === lines.length ? (root as ParsedNode) : undefined;
  } catch (thrown) {
    if (thrown === unsure) return undefined;
    throw thrown;
  }
}

/** Lines without the blank ones and those of comments alone; undefined where the document's mark carries more than itself. */
function findLines(text: string): Line[] | undefined {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    let at = start;
    while (at < end && text.charCodeAt(at) === 32) at++;
    if (start === 0 && text.startsWith("---")) {
      if (!isRestEmpty(text, 3, end)) return undefined;
    } else if (at < end && text.charCodeAt(at) !== 35) lines.push({ at, indent: at - start, end });
    start = end + 1;
  }
  return lines;
}

function readBlock(reading: Reading, indent: number, depth: number): YAMLMap | YAMLSeq {
  if (depth > maxDepth) throw unsure;
  return isItem(reading, reading.lines[reading.now]!) ? readList(reading, indent, depth) : readMap(reading, indent, depth);
}

function readMap(reading: Reading, indent: number, depth: number): YAMLMap {
  const map = new YAMLMap();
  const start = reading.lines[reading.now]!.at;
  let end = start;
  for (let line = currentLine(reading); line && line.indent === indent; line = currentLine(reading)) {
    if (isItem(reading, line)) throw unsure;
    const keyEnd = keyEndAt(reading.text, line.at);
    if (keyEnd < 0) throw unsure;
    const key = scalar("PLAIN", reading.text.slice(line.at, keyEnd), line.at, keyEnd, keyEnd);
    const value = readAfterMark(reading, line, keyEnd + 1, indent, depth, true);
    map.items.push(new Pair(key, value));
    end = value.range![2];
  }
  if ((currentLine(reading)?.indent ?? 0) > indent) throw unsure;
  map.range = [start, end, end];
  return map;
}

function readList(reading: Reading, indent: number, depth: number): YAMLSeq {
  const list = new YAMLSeq();
  const start = reading.lines[reading.now]!.at;
  let end = start;
  for (let line = currentLine(reading); line && line.indent === indent && isItem(reading, line); line = currentLine(reading)) {
    const item = readItem(reading, line, indent, depth);
    list.items.push(item);
    end = item.range![2];
  }
  if ((currentLine(reading)?.indent ?? 0) > indent) throw unsure;
  list.range = [start, end, end];
  return list;
}

function readItem(reading: Reading, line: Line, indent: number, depth: number): YAMLMap | YAMLSeq | Scalar {
  const at = skipSpaces(reading.text, line.at + 1, line.end);
  const isBlock = at < line.end && (keyEndAt(reading.text, at) >= 0 || isMark(reading.text, at, line.end));
  if (!isBlock) return readAfterMark(reading, line, line.at + 1, indent, depth, false);
  // `- key: value` opens a map whose column is the key's.
  line.indent += at - line.at;
  line.at = at;
  return readBlock(reading, line.indent, depth + 1);
}

/** What follows `key:` or `-`: on the same line, or as a block on the lines below. */
function readAfterMark(
  reading: Reading,
  line: Line,
  mark: number,
  indent: number,
  depth: number,
  isMapValue: boolean,
): YAMLMap | YAMLSeq | Scalar {
  const { text } = reading;
  const at = skipSpaces(text, mark, line.end);
  reading.now++;
  const next = currentLine(reading);
  if (at < line.end && text.charCodeAt(at) !== 35) {
    // Deeper lines would go on with this scalar.
    if (next && next.indent > indent) throw unsure;
    return readInline(text, at, line.end);
  }
  // A comment, or spaces, and then nothing: where an empty value stands is the package's to say.
  const isEmpty = mark === line.end;
  if (next && (next.indent > indent || (isMapValue && next.indent === indent && isItem(reading, next)))) {
    return readBlock(reading, next.indent, depth + 1);
  }
  if (!isEmpty) throw unsure;
  return scalar("PLAIN", "", mark, mark, mark);
}

function readInline(text: string, at: number, lineEnd: number): YAMLSeq | YAMLMap | Scalar {
  const first = text[at]!;
  const nodeEnd = Math.min(lineEnd + 1, text.length);
  if (first === "[" || first === "{") {
    const node = readFlow(text, at, lineEnd, 0);
    if (!isRestEmpty(text, node.range![1], lineEnd)) throw unsure;
    node.range![2] = nodeEnd;
    return node;
  }
  if (first === '"' || first === "'") {
    const node = readQuoted(text, at, lineEnd);
    if (!isRestEmpty(text, node.range![1], lineEnd)) throw unsure;
    node.range![2] = nodeEnd;
    return node;
  }
  const comment = text.indexOf(" #", at);
  const end = trimEnd(text, at, comment >= 0 && comment < lineEnd ? comment : lineEnd);
  const source = text.slice(at, end);
  if (!isPlain(source) || source.includes(": ") || source.endsWith(":")) throw unsure;
  return scalar("PLAIN", source, at, end, nodeEnd);
}

function readFlow(text: string, at: number, lineEnd: number, depth: number): YAMLSeq | YAMLMap {
  if (depth > 8) throw unsure;
  const isList = text[at] === "[";
  const node = isList ? new YAMLSeq() : new YAMLMap();
  const close = isList ? "]" : "}";
  node.flow = true;
  let here = skipSpaces(text, at + 1, lineEnd);
  while (here < lineEnd && text[here] !== close) {
    if (isList) {
      const item = readFlowValue(text, here, lineEnd, depth);
      (node as YAMLSeq).items.push(item);
      here = item.range![1];
    } else {
      const keyEnd = keyEndAt(text, here);
      if (keyEnd < 0 || text[keyEnd + 1] !== " ") throw unsure;
      const key = scalar("PLAIN", text.slice(here, keyEnd), here, keyEnd, keyEnd);
      const value = readFlowValue(text, skipSpaces(text, keyEnd + 1, lineEnd), lineEnd, depth);
      (node as YAMLMap).items.push(new Pair(key, value));
      here = value.range![1];
    }
    here = skipSpaces(text, here, lineEnd);
    if (text[here] === close) break;
    if (text[here] !== ",") throw unsure;
    here = skipSpaces(text, here + 1, lineEnd);
    if (text[here] === close) throw unsure;
  }
  if (here >= lineEnd) throw unsure;
  node.range = [at, here + 1, here + 1];
  return node;
}

function readFlowValue(text: string, at: number, lineEnd: number, depth: number): YAMLSeq | YAMLMap | Scalar {
  const first = text[at];
  if (at >= lineEnd || first === undefined) throw unsure;
  if (first === "[" || first === "{") return readFlow(text, at, lineEnd, depth + 1);
  if (first === '"' || first === "'") return readQuoted(text, at, lineEnd);
  let end = at;
  while (end < lineEnd && !"[]{},#".includes(text[end]!)) end++;
  if (text[end] === "#") throw unsure;
  end = trimEnd(text, at, end);
  const source = text.slice(at, end);
  if (!isPlain(source) || /:(?: |$)|^-$/.test(source)) throw unsure;
  return scalar("PLAIN", source, at, end, end);
}

/** One line, nothing escaped. */
function readQuoted(text: string, at: number, lineEnd: number): Scalar {
  const sign = text[at]!;
  const close = text.indexOf(sign, at + 1);
  if (close < 0 || close >= lineEnd) throw unsure;
  const value = text.slice(at + 1, close);
  if (sign === '"' ? value.includes("\\") : text[close + 1] === "'") throw unsure;
  // A key or a second text behind the quotes is for the package.
  if (close + 1 < lineEnd && !" ,]}".includes(text[close + 1]!)) throw unsure;
  return scalar(sign === '"' ? "QUOTE_DOUBLE" : "QUOTE_SINGLE", value, at, close + 1, close + 1);
}

function isPlain(source: string): boolean {
  if (source === "" || indicators.has(source[0]!)) return false;
  return source[0] !== "-" || (source.length > 1 && source[1] !== " ");
}

function scalar(type: Scalar.Type, source: string, from: number, to: number, end: number): Scalar {
  const node = new Scalar(source);
  node.type = type;
  node.source = source;
  node.range = [from, to, end];
  return node;
}

function currentLine(reading: Reading): Line | undefined {
  return reading.lines[reading.now];
}

function isItem(reading: Reading, line: Line): boolean {
  return isMark(reading.text, line.at, line.end);
}

/** `-` with a space or nothing behind it. */
function isMark(text: string, at: number, end: number): boolean {
  return text.charCodeAt(at) === 45 && (at + 1 === end || text.charCodeAt(at + 1) === 32);
}

/** Offset of the colon behind a plain key, or -1. */
function keyEndAt(text: string, at: number): number {
  plainKey.lastIndex = at;
  return plainKey.test(text) ? plainKey.lastIndex - 1 : -1;
}

function skipSpaces(text: string, at: number, end: number): number {
  let here = at;
  while (here < end && text.charCodeAt(here) === 32) here++;
  return here;
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && text.charCodeAt(end - 1) === 32) end--;
  return end;
}

/** Nothing but spaces, or a comment behind at least one. */
function isRestEmpty(text: string, from: number, end: number): boolean {
  const at = skipSpaces(text, from, end);
  return at === end || (at > from && text.charCodeAt(at) === 35);
}
