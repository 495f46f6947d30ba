/**
 * A value of a resource together with where it stands, so that a check can walk down and still name the place. Reads as
 * protobuf does: absent and null are the same, snake_case spellings count.
 */
import { parseGoDuration } from "#base";
import type { Path } from "../document/node-path.ts";
import { isObject } from "./json-value.ts";

export interface Field {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Field | undefined;
}

const nothing: readonly Field[] = [];

export function rootField(value: unknown, key = "spec"): Field {
  return { value, key, parent: undefined };
}

export function child(field: Field, name: string): Field {
  const { value } = field;
  if (!isObject(value)) return { value: undefined, key: name, parent: field };
  const own = value[name];
  if (own !== undefined) return { value: own, key: name, parent: field };
  const snake = otherSpelling(name);
  const other = snake === name ? undefined : value[snake];
  return { value: other, key: other === undefined ? name : snake, parent: field };
}

/** Of names that stand in the code, never of the text's: there are few. */
const spellings = new Map<string, string>();

function otherSpelling(name: string): string {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const spelling = snakeCase(name);
  spellings.set(name, spelling);
  return spelling;
}

/** Several steps at once. */
export function at(field: Field, ...names: string[]): Field {
  return names.reduce(child, field);
}

export function items(field: Field): readonly Field[] {
  if (!Array.isArray(field.value)) return nothing;
  return field.value.map((value, key) => ({ value, key, parent: field }));
}

export function entries(field: Field): readonly Field[] {
  if (!isObject(field.value)) return nothing;
  return Object.entries(field.value).map(([key, value]) => ({ value, key, parent: field }));
}

/** An empty list is as good as none: protobuf cannot tell them apart. */
export function isSet(field: Field): boolean {
  const { value } = field;
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** How many items or entries. */
export function sizeOf(field: Field): number {
  if (Array.isArray(field.value)) return field.value.length;
  return isObject(field.value) ? Object.keys(field.value).length : 0;
}

export function text(field: Field): string {
  return typeof field.value === "string" ? field.value : "";
}

export function texts(field: Field): string[] {
  return items(field).map(text);
}

export function number(field: Field): number {
  if (typeof field.value === "number") return field.value;
  return typeof field.value === "string" && field.value !== "" && !Number.isNaN(Number(field.value)) ? Number(field.value) : 0;
}

export function flag(field: Field): boolean {
  return field.value === true;
}

/** Milliseconds; undefined where the text is no duration. */
export function durationMs(field: Field): number | undefined {
  return parseGoDuration(text(field));
}

export function pathOf(field: Field): Path {
  const path: (string | number)[] = [];
  for (let each: Field | undefined = field; each; each = each.parent) path.unshift(each.key);
  return path;
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
