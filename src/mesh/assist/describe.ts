/** What a field is: its place, type and limits from the schema, what holds without it, whether the simulation takes part. */
import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { notSimulated } from "../diagnostics/not-simulated.ts";
import type { Path } from "../document/node-path.ts";
import { parseYamlStream } from "../document/yaml-document.ts";
import { objectOf, textOf } from "../resource/json-value.ts";
import type { MeshFile } from "../resource/resource.ts";
import type { FieldDescription } from "./assist-api.ts";
import { defaultOf } from "./field-defaults.ts";
import { childShape, type KindShapes, type Shape, shapeAt, shapeOfKind } from "./shape.ts";

/** @returns null outside fields that are known */
export function describeAt(
  files: readonly MeshFile[],
  file: string,
  offset: number,
  extra: KindShapes = {},
): FieldDescription | null {
  const text = files.find(({ name }) => name === file)?.text ?? "";
  return describeIn(text, offset, extra) ?? describeIn(text, firstWordOfLine(text, offset), extra);
}

/** Beside the words of a line the line's own field is meant. */
function firstWordOfLine(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return start + (/^[ ]*(?:- +)*/.exec(text.slice(start))?.[0].length ?? 0);
}

function describeIn(text: string, offset: number, extra: KindShapes): FieldDescription | null {
  for (const { document, offset: start } of parseYamlStream(text)) {
    const found = document.node && fieldAt(document.node, offset - start, []);
    if (!found) continue;
    const head = objectOf(document.value);
    const described = describeField(textOf(head.apiVersion), textOf(head.kind), found.path, extra);
    return described ? { ...described, from: found.from + start, to: found.to + start } : null;
  }
  return null;
}

interface FieldPlace {
  path: Path;
  from: number;
  to: number;
}

/** The innermost field whose name or whose own text is under the cursor. */
function fieldAt(node: Node | null, at: number, path: Path): FieldPlace | undefined {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = fieldAt(item as Node, at, [...path, index]);
      if (found) return found;
    }
    return undefined;
  }
  if (!isMap(node)) return isScalar(node) && within(node, at) ? placeOf(node, path) : undefined;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const below = [...path, String(key.source ?? key.value)];
    if (within(key, at)) return placeOf(key, below);
    const found = isAlias(value) ? undefined : fieldAt(value as Node | null, at, below);
    if (found) return found;
  }
  return undefined;
}

function within(node: Node, at: number): boolean {
  return node.range != null && node.range[0] <= at && at <= node.range[1];
}

function placeOf(node: Node, path: Path): FieldPlace {
  return { path, from: node.range?.[0] ?? 0, to: node.range?.[1] ?? 0 };
}

function describeField(
  apiVersion: string,
  kind: string,
  path: Path,
  extra: KindShapes,
): Omit<FieldDescription, "from" | "to"> | undefined {
  const root = shapeOfKind(apiVersion, kind, extra);
  const shape = shapeAt(root, path);
  if (!shape) return undefined;
  const lastName = path.findLastIndex((step) => typeof step === "string");
  const owner = shapeAt(root, path.slice(0, lastName));
  const name = String(path[lastName] ?? "");
  const names = path.filter((step) => typeof step === "string");
  const item = childShape(shape, 0) ?? (shape.properties ? undefined : childShape(shape, ""));
  return {
    apiVersion,
    kind,
    path: names,
    type: shape.type,
    itemType: item?.type ?? "",
    required: lastName === path.length - 1 && (owner?.required?.includes(name) ?? false),
    allowed: (shape.enum ?? []).map(String),
    atMostOneOf: rivals(owner, name),
    limits: limitsOf(shape),
    default: defaultOf(kind, names),
    simulated: isSimulated(apiVersion, kind, names),
  };
}

function rivals(owner: Shape | undefined, name: string): string[] {
  const groups = [owner?.atMostOne ?? [], ...(owner?.atMostOneGroups ?? [])];
  return groups.find((group) => group.includes(name))?.filter((other) => other !== name) ?? [];
}

const limitNames = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"] as const;
/** What a 32-bit number can hold is no limit a reader cares about. */
const largest = 4_294_967_295;

function limitsOf(shape: Shape): FieldDescription["limits"] {
  const known = limitNames.filter((name) => shape[name] !== undefined && shape[name] !== largest);
  return Object.fromEntries(known.map((name) => [name, shape[name]]));
}

function isSimulated(apiVersion: string, kind: string, names: readonly string[]): boolean {
  let table = notSimulated[`${apiVersion.split("/")[0]}/${kind}`];
  for (const name of names) {
    const below = table?.[name];
    if (below === undefined) return true;
    if (below === true) return false;
    table = below;
  }
  return true;
}
