/**
 * The API server's structural verdict: unknown fields at every depth, types, required fields, enums, patterns and limits.
 * CEL rules are checked per kind elsewhere. Wording is ours, facts are those of the real CRDs.
 */
import type { Finding } from "../diagnostics/finding.ts";
import type { Path } from "../document/node-path.ts";
import { isObject, type JsonObject } from "../resource/json-value.ts";
import { nodeAt } from "./schema.ts";
import type { SchemaNode } from "./schema-table.ts";

const maxFindings = 100;
const patterns = new Map<string, RegExp>();
const quantity = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?\d+)?$/;
const moment = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function checkSchema(object: JsonObject, schema: SchemaNode): Finding[] {
  const findings: Finding[] = [];
  check(object, schema, [], findings);
  return findings.length > maxFindings ? findings.slice(0, maxFindings) : findings;
}

/** A part of an object, by its own schema. */
export function checkValue(value: unknown, schema: SchemaNode): Finding[] {
  const findings: Finding[] = [];
  check(value, schema, [], findings);
  return findings;
}

function check(value: unknown, schema: SchemaNode, path: Path, findings: Finding[]): void {
  if (schema.type === "any") return;
  if (value === null && (schema.nullable || schema.zeroIsAbsent)) return;
  const type = typeOf(value);
  if (type !== schema.type && !isAmong(type, schema.type)) {
    // `off`, `y` and `1.20` are what the text means without quotes.
    const unquoted = schema.type === "string" && (type === "boolean" || type === "integer" || type === "number");
    const expected = unquoted ? 'string ("…")' : (typeNames[schema.type] ?? schema.type);
    findings.push({ code: "MESH1102", path, params: { expected, found: type } });
    return;
  }
  if (value === "" && schema.zeroIsAbsent) return;
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) {
    findings.push({ code: "MESH1104", path, params: { value: String(value), allowed: schema.enum.join(", ") } });
  }
  if (typeof value === "string") checkText(value, schema, path, findings);
  else if (typeof value === "number") checkNumber(value, schema, path, findings);
  else if (Array.isArray(value)) checkList(value, schema, path, findings);
  else if (isObject(value)) checkObject(value, schema, path, findings);
}

/** What is said of types that have no word of their own. */
const typeNames: Readonly<Record<string, string>> = { intOrString: "integer or string", quantity: "quantity (500m, 128Mi)" };

function isAmong(type: string, wanted: SchemaNode["type"]): boolean {
  if (wanted === "number") return type === "integer";
  if (wanted === "intOrString") return type === "integer" || type === "string";
  return wanted === "quantity" && (type === "integer" || type === "number" || type === "string");
}

function checkText(value: string, schema: SchemaNode, path: Path, findings: Finding[]): void {
  const isMisread =
    (schema.format === "byte" && !isBase64(schema.zeroIsAbsent ? value.replace(/[\r\n]/g, "") : value)) ||
    (schema.format === "date-time" && schema.zeroIsAbsent && !moment.test(value)) ||
    (schema.type === "quantity" && !quantity.test(value.trim()));
  if (isMisread) {
    const expected = typeNames[schema.type] ?? (schema.format === "byte" ? "base64" : "2026-01-31T12:00:00Z");
    findings.push({ code: "MESH1102", path, params: { expected, found: shorten(value) } });
  }
  if (schema.pattern && !compiled(schema.pattern).test(value)) {
    findings.push({ code: "MESH1105", path, params: { value: shorten(value), pattern: schema.pattern } });
  }
  const length = schema.minLength !== undefined || schema.maxLength !== undefined ? [...value].length : 0;
  checkSize(length, schema.minLength, schema.maxLength, path, findings);
}

export function isBase64(value: string): boolean {
  return base64.test(value);
}

function checkNumber(value: number, schema: SchemaNode, path: Path, findings: Finding[]): void {
  // In a CRD `format: int32` is a note to readers: only limits that are spelled out are asked.
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (schema.zeroIsAbsent && schema.format === "int32" && Math.abs(value + 0.5) > 2 ** 31) {
    findings.push({ code: "MESH1102", path, params: { expected: "int32", found: value } });
  }
  if (value < minimum || value > maximum) {
    const code = maximum === Infinity ? "MESH1107" : "MESH1106";
    findings.push({ code, path, params: { value, minimum, maximum } });
  }
}

function checkSize(size: number, least: number | undefined, most: number | undefined, path: Path, findings: Finding[]): void {
  if (least !== undefined && size < least) findings.push({ code: "MESH1108", path, params: { size, least } });
  if (most !== undefined && size > most) findings.push({ code: "MESH1109", path, params: { size, most } });
}

const noFields: JsonObject = {};

function checkList(value: readonly unknown[], schema: SchemaNode, path: Path, findings: Finding[]): void {
  checkSize(value.length, schema.minItems, schema.maxItems, path, findings);
  const item = schema.items === undefined ? undefined : nodeAt(schema.items);
  for (let index = 0; item && index < value.length && findings.length < maxFindings; index++) {
    // An item that is not written yet is an empty one to Go.
    const isBlank = value[index] === null && item.zeroIsAbsent && item.type === "object";
    check(isBlank ? noFields : value[index], item, [...path, index], findings);
  }
  if (schema.listKeys) checkDistinct(value, schema.listKeys, path, findings);
}

function checkDistinct(value: readonly unknown[], keys: readonly string[], path: Path, findings: Finding[]): void {
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const identity = JSON.stringify(keys.length === 0 ? item : keys.map((key) => (isObject(item) ? item[key] : undefined)));
    if (seen.has(identity)) {
      findings.push({ code: "MESH1110", path: [...path, index], params: { keys: keys.join(", ") } });
    }
    seen.add(identity);
  });
}

function checkObject(value: JsonObject, schema: SchemaNode, path: Path, findings: Finding[]): void {
  const names = Object.keys(value);
  checkSize(names.length, schema.minProperties, schema.maxProperties, path, findings);
  for (const name of schema.required ?? []) {
    const isMissing = value[name] === undefined || (schema.zeroIsAbsent && (value[name] === null || value[name] === ""));
    if (isMissing) findings.push({ code: "MESH1103", path: [...path, name], part: "key", params: { field: name } });
  }
  for (const group of [schema.atMostOne, ...(schema.atMostOneGroups ?? [])]) {
    const present = group?.filter((name) => value[name] !== undefined) ?? [];
    if (present.length > 1) {
      findings.push({ code: "MESH1111", path: [...path, present[1]!], part: "key", params: { fields: present.join(", ") } });
    }
  }
  const { properties, values } = schema;
  if (schema.open) return;
  for (const name of names) {
    if (findings.length >= maxFindings) return;
    const row = properties?.[name] ?? values;
    if (row === undefined) findings.push({ code: "MESH1101", path: [...path, name], part: "key", params: { field: name } });
    else if (!isPlain(value[name], nodeAt(row))) check(value[name], nodeAt(row), [...path, name], findings);
  }
}

/** Most fields are texts and flags of which nothing is asked: they need no path. */
function isPlain(value: unknown, schema: SchemaNode): boolean {
  if (schema.type === "boolean") return typeof value === "boolean";
  if (schema.type !== "string" || typeof value !== "string" || schema.enum || schema.pattern || schema.format) return false;
  return schema.minLength === undefined && schema.maxLength === undefined;
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** CRD patterns are RE2; those in the table mean the same to JavaScript. */
function compiled(pattern: string): RegExp {
  let regex = patterns.get(pattern);
  if (!regex) {
    regex = new RegExp(pattern, "u");
    patterns.set(pattern, regex);
  }
  return regex;
}

function shorten(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}…` : value;
}
