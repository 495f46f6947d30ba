/** What may be written at a cursor: kinds and versions, fields of the schema, allowed values, names from the other documents. */
import { readResources } from "../resource/read-resources.ts";
import type { MeshFile, Resource } from "../resource/resource.ts";
import { schemaKinds } from "../schema/schema.ts";
import type { Completion, CompletionAnswer } from "./assist-api.ts";
import { type CursorPlace, cursorPlace } from "./cursor-place.ts";
import { namesFor } from "./known-names.ts";
import { childShape, type KindShapes, type Shape, shapeAt, shapeOfKind } from "./shape.ts";

/**
 * @param file the name of the file the cursor stands in @param offset UTF-16 units
 * @returns null where nothing can be said
 */
export function completeAt(
  files: readonly MeshFile[],
  file: string,
  offset: number,
  extra: KindShapes = {},
): CompletionAnswer | null {
  const text = files.find(({ name }) => name === file)?.text;
  if (text === undefined) return null;
  const place = cursorPlace(text, offset);
  if (!place) return null;
  const options = optionsAt(place, extra, () => resourcesWithoutLine(files, file, text, offset));
  if (options.length === 0) return null;
  const path = place.path.filter((step) => typeof step === "string");
  return { from: place.from, to: place.to, kind: place.kind, path, options };
}

/** The line that is being typed rarely parses: without it the rest of its document does. */
function resourcesWithoutLine(files: readonly MeshFile[], file: string, text: string, offset: number): Resource[] {
  const from = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const rest = text.slice(0, from) + (end < 0 ? "" : text.slice(end));
  const as = (own: string) => readResources(files.map((one) => (one.name === file ? { ...one, text: own } : one))).resources;
  const whole = as(text);
  const without = as(rest);
  return without.length > whole.length ? without : whole;
}

function optionsAt(place: CursorPlace, extra: KindShapes, resources: () => readonly Resource[]): Completion[] {
  const { kind, apiVersion, path } = place;
  if (path.length === 0 && place.slot === "field") return rootFields(place, extra);
  if (path.length === 1 && place.slot === "value" && path[0] === "kind") return kindsFor(apiVersion, extra);
  if (path.length === 1 && place.slot === "value" && path[0] === "apiVersion") return versionsFor(kind, extra);
  const root = shapeOfKind(apiVersion, kind, extra);
  const shape = shapeAt(root, path);
  // A list of texts looks like a list of objects until a colon is written: the schema knows.
  if (place.slot === "field" && shape?.properties) return fieldsOf(shape, place);
  const values = shape?.enum ?? (shape?.type === "boolean" ? ["true", "false"] : []);
  const names = values.length > 0 ? [] : namesFor({ kind, path, siblings: place.siblings, resources: resources() });
  return [...values.map((value) => plain(String(value), "value")), ...names.map((name) => plain(name, "name"))];
}

function plain(label: string, sort: Completion["sort"]): Completion {
  return { label, insert: label, sort, type: "", required: false };
}

function fieldsOf(shape: Shape, place: CursorPlace): Completion[] {
  const taken = new Set(Object.keys(place.siblings));
  const excluded = new Set(
    [shape.atMostOne ?? [], ...(shape.atMostOneGroups ?? [])].filter((group) => group.some((name) => taken.has(name))).flat(),
  );
  return Object.keys(shape.properties ?? {})
    .filter((name) => !taken.has(name) && !excluded.has(name) && !name.includes("_"))
    .map((name) => fieldOption(name, childShape(shape, name), shape.required?.includes(name) ?? false, place))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

function fieldOption(name: string, shape: Shape | undefined, required: boolean, place: CursorPlace): Completion {
  const type = shape?.type ?? "any";
  return { label: name, insert: name + (place.hasColon ? "" : tailOf(shape, place)), sort: "field", type, required };
}

/** What follows a field's name: room for what it holds. */
function tailOf(shape: Shape | undefined, { flow, column }: CursorPlace): string {
  const hasParts = shape?.type === "object" || shape?.type === "array";
  if (flow || !hasParts) return ": ";
  const indent = `:\n${" ".repeat(column + 2)}`;
  return shape.type === "array" ? `${indent}- ` : indent;
}

function rootFields(place: CursorPlace, extra: KindShapes): Completion[] {
  const shape = shapeOfKind(place.apiVersion, place.kind, extra) ?? {
    type: "object",
    required: ["apiVersion", "kind"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: { type: "object" },
    },
  };
  const fields = fieldsOf(shape, place);
  if (!place.blank) return fields;
  // Nothing stands there yet: a kind's name makes a whole head.
  const heads = allKinds(extra).map(
    ({ apiVersion, kind }): Completion => ({
      ...plain(kind, "kind"),
      insert: `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: `,
    }),
  );
  return [...fields, ...heads];
}

function kindsFor(apiVersion: string, extra: KindShapes): Completion[] {
  const kinds = everyVersion(extra).filter((one) => apiVersion === "" || one.apiVersion === apiVersion);
  return [...new Set(kinds.map(({ kind }) => kind))].map((kind) => plain(kind, "kind"));
}

function versionsFor(kind: string, extra: KindShapes): Completion[] {
  const versions = everyVersion(extra).filter((one) => kind === "" || one.kind === kind);
  return [...new Set(versions.map(({ apiVersion }) => apiVersion))].map((apiVersion) => plain(apiVersion, "kind"));
}

interface KindName {
  apiVersion: string;
  kind: string;
}

/** Stable versions first. */
function everyVersion(extra: KindShapes): KindName[] {
  const names = [...Object.keys(extra), ...schemaKinds].map((name) => {
    const cut = name.lastIndexOf("/");
    return { apiVersion: name.slice(0, cut), kind: name.slice(cut + 1) };
  });
  return names.sort((a, b) => rank(a.apiVersion) - rank(b.apiVersion));
}

function allKinds(extra: KindShapes): KindName[] {
  const kinds = new Map<string, KindName>();
  for (const one of everyVersion(extra)) {
    const key = `${one.apiVersion.split("/")[0]} ${one.kind}`;
    if (!kinds.has(key)) kinds.set(key, one);
  }
  return [...kinds.values()];
}

function rank(apiVersion: string): number {
  return apiVersion.includes("alpha") ? 2 : apiVersion.includes("beta") ? 1 : 0;
}
