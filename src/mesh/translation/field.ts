/**
 * A place inside a resource: the value there, and the path that leads back to the YAML line. Readers are lenient, as
 * protobuf's JSON mapping is ("80" is a number); whether a value is right is judged elsewhere. Never throws.
 */
import { parseGoDuration } from "#base";
import type { ConfigSource } from "#engine";
import type { Resource } from "../resource/resource.ts";

export type Path = readonly (string | number)[];

export interface Field {
  resource: Resource;
  path: Path;
  value: unknown;
}

/** A resource made from another one (Gateway API → Istio) says where each of its fields was really written. */
export interface DerivedResource extends Resource {
  originOf(path: Path): { resource: Resource; path: Path };
}

export function specOf(resource: Resource): Field {
  return { resource, path: ["spec"], value: resource.spec };
}

/** @returns the field below, or undefined where a step is absent or null. */
export function at(field: Field | undefined, ...keys: Path): Field | undefined {
  if (!field) return undefined;
  let value = field.value;
  for (const key of keys) {
    if (value === null || typeof value !== "object") return undefined;
    if (Array.isArray(value) !== (typeof key === "number")) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value === undefined || value === null ? undefined : { resource: field.resource, path: [...field.path, ...keys], value };
}

/** Like `at`, but a key written with the value null (`{}` in protobuf) counts as present. */
export function atOrNull(field: Field | undefined, key: string): Field | undefined {
  if (!field || !isRecord(field.value) || !(key in field.value)) return undefined;
  return { resource: field.resource, path: [...field.path, key], value: field.value[key] };
}

export function items(field: Field | undefined, ...keys: Path): Field[] {
  const list = at(field, ...keys);
  if (!list || !Array.isArray(list.value)) return [];
  return list.value.flatMap((value: unknown, index) =>
    value === null || value === undefined ? [] : [{ resource: list.resource, path: [...list.path, index], value }],
  );
}

export function entries(field: Field | undefined, ...keys: Path): [string, Field][] {
  const map = keys.length === 0 ? field : at(field, ...keys);
  if (!map || !isRecord(map.value)) return [];
  return Object.keys(map.value).map((key) => [key, atOrNull(map, key)!]);
}

export function text(field: Field | undefined, ...keys: Path): string | undefined {
  const found = keys.length === 0 ? field : at(field, ...keys);
  return found === undefined ? undefined : asText(found.value);
}

export function number(field: Field | undefined, ...keys: Path): number | undefined {
  const value = keys.length === 0 ? field?.value : at(field, ...keys)?.value;
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return undefined;
}

export function flag(field: Field | undefined, ...keys: Path): boolean | undefined {
  const value = at(field, ...keys)?.value;
  return typeof value === "boolean" ? value : undefined;
}

/** @returns milliseconds. */
export function durationMs(field: Field | undefined, ...keys: Path): number | undefined {
  const written = text(field, ...keys);
  return written === undefined ? undefined : parseGoDuration(written);
}

export function texts(field: Field | undefined, ...keys: Path): string[] {
  return items(field, ...keys).flatMap((item) => asText(item.value) ?? []);
}

export function textMap(field: Field | undefined, ...keys: Path): Record<string, string> {
  return Object.fromEntries(entries(field, ...keys).map(([key, entry]) => [key, asText(entry.value) ?? ""]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

const known = new WeakMap<Resource, Map<string, ConfigSource>>();

/** The same place always gives the same object, so that route tables of many proxies share it. */
export function sourceOf(field: Field): ConfigSource {
  return sourceAt(field.resource, field.path);
}

function sourceAt(resource: Resource, path: Path): ConfigSource {
  if ("originOf" in resource) {
    const origin = (resource as DerivedResource).originOf(path);
    return sourceAt(origin.resource, origin.path);
  }
  let places = known.get(resource);
  if (!places) {
    places = new Map();
    known.set(resource, places);
  }
  const written = formatPath(path);
  const seen = places.get(written);
  if (seen) return seen;
  const range = resource.rangeOf(path);
  const source: ConfigSource = {
    kind: resource.kind,
    name: resource.name,
    namespace: resource.namespace,
    path: written,
    file: resource.file,
    line: range.line,
    column: range.column,
  };
  places.set(written, source);
  return source;
}

/** ["spec", "http", 0, "route"] → "spec.http[0].route". */
export function formatPath(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}
