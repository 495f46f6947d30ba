/**
 * YAML text → documents that keep their places. A stream is cut at its `---` lines and each piece is parsed alone, so that
 * after a keystroke only the changed document is parsed again. Never throws; knows no Kubernetes.
 */
import { type Document, isMap, type ParsedNode, parseAllDocuments, type YAMLError } from "yaml";
import { readBlockText } from "./block-reader.ts";
import { type DocumentProblem, readValue } from "./document-value.ts";
import { createPieceCache } from "./piece-cache.ts";
import { findTemplateBraces } from "./template-braces.ts";

export interface YamlDocument {
  /** The parsed tree; null for an empty document. Offsets are relative to the piece. */
  readonly node: ParsedNode | null;
  /** Plain JavaScript values as Kubernetes would read them. */
  readonly value: unknown;
  /** Syntax errors, duplicate keys, aliases without end; offsets relative to the piece. */
  readonly problems: readonly DocumentProblem[];
  /** True when the text is not YAML: its value is a guess and no verdict about its content would be honest. */
  readonly broken: boolean;
}

/** A document and where its piece starts in the file. */
export interface PlacedDocument {
  readonly document: YamlDocument;
  readonly offset: number;
}

const maxProblems = 20;
const loneReturn = /\r(?!\n)/g;
const cache = createPieceCache<readonly YamlDocument[]>();

/** Before texts of this many characters are read as one configuration. */
export const makeRoomForStreams = cache.makeRoom;

/** Every document of the stream in order; empty documents are left out. */
export function parseYamlStream(written: string): PlacedDocument[] {
  // A carriage return alone ends a line as well (YAML 1.2.2, 5.4); the package does not know it.
  const text = written.replace(loneReturn, "\n");
  const placed: PlacedDocument[] = [];
  for (const [from, to] of splitStream(text)) {
    for (const document of parsePiece(text.slice(from, to))) placed.push({ document, offset: from });
  }
  return placed;
}

/** `---` at the start of a line ends a document even inside a block scalar (YAML 1.2.2, 9.1.3); directives forbid the shortcut. */
function splitStream(text: string): [from: number, to: number][] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.startsWith("%", start) || text.includes("\n%")) return [[start, text.length]];
  const pieces: [number, number][] = [];
  let from = start;
  for (let at = text.startsWith("---", start) ? start : nextMark(text, start); at >= 0; at = nextMark(text, at)) {
    if (!isSpaceOrEnd(text, at + 3)) continue;
    if (at > from) pieces.push([from, at]);
    from = at;
  }
  pieces.push([from, text.length]);
  return pieces;
}

/** Where the next line that begins with `---` starts, or -1. */
function nextMark(text: string, after: number): number {
  const found = text.indexOf("\n---", after);
  return found < 0 ? -1 : found + 1;
}

function isSpaceOrEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at >= text.length || code === 32 || code === 9 || code === 10 || code === 13;
}

function parsePiece(piece: string): readonly YamlDocument[] {
  const known = cache.get(piece);
  if (known) return known;
  const documents = parseUncached(piece);
  cache.set(piece, documents);
  return documents;
}

function parseUncached(piece: string): YamlDocument[] {
  const plain = readBlockText(piece);
  if (plain) {
    const { value, problems, refused } = readValue(plain, piece);
    return [{ node: plain, value, problems, broken: refused }];
  }
  let parsed: Document.Parsed[];
  try {
    // Scalars are resolved by us (plain-scalar.ts) and duplicate keys found by us: the package's own check is quadratic.
    const result = parseAllDocuments(piece, { schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    parsed = Array.isArray(result) ? (result as Document.Parsed[]) : [];
  } catch {
    // Only nesting too deep for the stack ends here.
    return [broken([{ code: "MESH1002", params: {}, from: 0, to: firstLineEnd(piece) }])];
  }
  const documents: YamlDocument[] = [];
  for (const document of parsed) {
    const read = readDocument(document, piece);
    if (read) documents.push(read);
  }
  return documents;
}

function readDocument(document: Document.Parsed, piece: string): YamlDocument | undefined {
  const node = document.contents as ParsedNode | null;
  const template = findTemplateBraces(piece, node, document.errors.length > 0);
  if (template) return broken([template]);
  if (document.errors.length > 0) return broken(syntaxProblems(document.errors, piece), node);
  if (node === null || (!isMap(node) && node.range[0] === node.range[1])) return undefined;
  const { value, problems, refused } = readValue(node, piece);
  if (value === null && problems.length === 0) return undefined;
  return { node, value, problems, broken: refused };
}

/** The package's error codes that deserve a sentence of their own; the rest are plain syntax errors. */
const codeOfError: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "MESH1003",
  BAD_INDENT: "MESH1015",
  MISSING_CHAR: "MESH1016",
  BLOCK_IN_FLOW: "MESH1017",
  BLOCK_AS_IMPLICIT_KEY: "MESH1018",
  MULTILINE_IMPLICIT_KEY: "MESH1018",
};

function syntaxProblems(errors: readonly YAMLError[], piece: string): DocumentProblem[] {
  const tooDeep = errors.find((error) => error.message.includes("call stack"));
  if (tooDeep) return [{ code: "MESH1002", params: {}, from: tooDeep.pos[0], to: tooDeep.pos[1] }];
  // What is missing at the end is shown where the text ends, not on the empty line after it.
  const last = Math.max(0, piece.trimEnd().length - 1);
  return errors.slice(0, maxProblems).map((error) => {
    const from = Math.min(error.pos[0], last);
    const to = Math.max(from + 1, Math.min(error.pos[1], lineEndAfter(piece, from)));
    return { code: codeOfError[error.code] ?? "MESH1001", params: {}, from, to };
  });
}

function broken(problems: DocumentProblem[], node: ParsedNode | null = null): YamlDocument {
  return { node, value: undefined, problems, broken: true };
}

function firstLineEnd(piece: string): number {
  return lineEndAfter(piece, 0);
}

function lineEndAfter(piece: string, offset: number): number {
  const end = piece.indexOf("\n", offset);
  return end < 0 ? piece.length : end;
}
