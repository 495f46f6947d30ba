/**
 * A parsed YAML tree → plain JavaScript values, as go-yaml would hand them to the API server. Aliases share their target's
 * value but are counted, so that a YAML bomb ends as a diagnostic; duplicate keys and keys that are no text are reported.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import { resolvePlainScalar } from "./plain-scalar.ts";

export interface DocumentProblem {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** Relative to the document's piece of text. */
  readonly from: number;
  readonly to: number;
}

interface Reading {
  readonly piece: string;
  readonly problems: DocumentProblem[];
  /** Anchored values by name, with their size when aliases are opened; undefined while still being read. */
  readonly anchors: Map<string, { value: unknown; size: number } | undefined>;
  /** Nodes read so far, opened aliases included. */
  size: number;
  fromAliases: number;
  refused: boolean;
}

const maxDepth = 400;
const maxFromAliases = 100_000;
const maxProblems = 50;

export interface DocumentValue {
  value: unknown;
  problems: DocumentProblem[];
  /** The value could not be read as a whole: too deep, or aliases without end. */
  refused: boolean;
}

export function readValue(root: ParsedNode, piece: string): DocumentValue {
  const reading: Reading = {
    piece,
    problems: [],
    anchors: new Map(),
    size: 0,
    fromAliases: 0,
    refused: false,
  };
  const value = read(root, reading, 0);
  return { value, problems: reading.problems, refused: reading.refused };
}

function read(node: Node | null, reading: Reading, depth: number): unknown {
  if (reading.refused || node === null) return null;
  reading.size++;
  if (isScalar(node)) return keepAnchor(node, scalarValue(node), reading, 1);
  if (isAlias(node)) return readAlias(node, reading);
  const bare = isMap(node) ? colonEndedText(node, reading.piece) : undefined;
  if (bare !== undefined) return bare;
  if (depth > maxDepth) return refuse(reading, "MESH1002", node);
  const before = reading.size;
  const anchor = (node as Node & { anchor?: string }).anchor;
  if (anchor) reading.anchors.set(anchor, undefined);
  let value: unknown = null;
  if (isSeq(node)) value = node.items.map((item) => read(item as Node | null, reading, depth + 1));
  else if (isMap(node)) value = readMap(node, reading, depth);
  return keepAnchor(node, value, reading, reading.size - before + 1);
}

/** `[2001:db8::]`: YAML 1.2 reads a map with an empty value, go-yaml reads text. */
function colonEndedText(map: YAMLMap, piece: string): string | undefined {
  if (!map.flow || map.items.length !== 1 || !map.range || piece[map.range[0]] === "{") return undefined;
  const text = piece.slice(map.range[0], map.range[1]).trimEnd();
  return text.endsWith(":") && !/\s/.test(text) ? text : undefined;
}

function readAlias(alias: Alias, reading: Reading): unknown {
  if (!reading.anchors.has(alias.source)) return report(reading, "MESH1006", { anchor: alias.source }, alias);
  const known = reading.anchors.get(alias.source);
  // An alias inside its own anchor has no end either.
  if (!known) return refuse(reading, "MESH1005", alias);
  reading.size += known.size;
  reading.fromAliases += known.size;
  if (reading.fromAliases > maxFromAliases) return refuse(reading, "MESH1005", alias);
  return known.value;
}

function readMap(map: YAMLMap, reading: Reading, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const merges: unknown[] = [];
  const seen = new Set<string>();
  for (const pair of map.items) {
    const keyNode = pair.key as Node | null;
    const key = keyText(keyNode, reading);
    if (key === undefined) continue;
    if (key === "<<" && isScalar(keyNode) && keyNode.type === "PLAIN") {
      merges.push(read(pair.value as Node | null, reading, depth + 1));
      continue;
    }
    if (seen.has(key)) report(reading, "MESH1007", { key }, keyNode!);
    seen.add(key);
    setOwn(object, key, read(pair.value as Node | null, reading, depth + 1));
  }
  for (const merge of merges.flat()) {
    if (typeof merge !== "object" || merge === null) continue;
    for (const [key, value] of Object.entries(merge)) {
      if (seen.has(key)) continue;
      seen.add(key);
      setOwn(object, key, value);
    }
  }
  return object;
}

/** `__proto__` is a key like any other. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

function keyText(key: Node | null, reading: Reading): string | undefined {
  if (isAlias(key)) {
    const value = readAlias(key, reading);
    return typeof value === "string" ? value : undefined;
  }
  if (!isScalar(key)) {
    if (key) report(reading, "MESH1008", {}, key);
    return undefined;
  }
  const value = scalarValue(key);
  if (key.type === "PLAIN" && key.source === "<<") return "<<";
  return value === null ? "null" : String(value);
}

function scalarValue(node: Scalar): unknown {
  const source = typeof node.source === "string" ? node.source : String(node.value ?? "");
  if (node.type !== "PLAIN") {
    const text = typeof node.value === "string" ? node.value : source;
    return node.tag === "tag:yaml.org,2002:int" || node.tag === "tag:yaml.org,2002:float" ? resolvePlainScalar(text) : text;
  }
  return node.tag === "tag:yaml.org,2002:str" || node.tag === "!" ? source : resolvePlainScalar(source);
}

function keepAnchor(node: Node & { anchor?: string }, value: unknown, reading: Reading, size: number): unknown {
  if (node.anchor) reading.anchors.set(node.anchor, { value, size });
  return value;
}

function report(reading: Reading, code: string, params: DocumentProblem["params"], node: Node): null {
  if (reading.problems.length < maxProblems) {
    const [from, to] = node.range ?? [0, 0];
    const lineEnd = reading.piece.indexOf("\n", from);
    reading.problems.push({ code, params, from, to: lineEnd < 0 ? to : Math.min(to, lineEnd) });
  }
  return null;
}

function refuse(reading: Reading, code: string, node: Node): null {
  report(reading, code, {}, node);
  reading.refused = true;
  return null;
}
