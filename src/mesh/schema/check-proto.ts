/**
 * How `istioctl validate` and the webhook read a resource: as protobuf JSON, before any rule is asked. Names may be camelCase
 * or snake_case, numbers may be quoted, null means absent; it stops at the first thing it cannot read.
 */
import { parseGoDuration } from "#base";
import type { Finding } from "../diagnostics/finding.ts";
import type { Path } from "../document/node-path.ts";
import { camelCase, snakeCase } from "../resource/field.ts";
import { isObject, type JsonObject } from "../resource/json-value.ts";
import { isBase64 } from "./check-schema.ts";
import { nodeAt } from "./schema.ts";
import type { SchemaNode } from "./schema-table.ts";

/** Fields that are google.protobuf.Duration in Istio's API. */
export const durationFields: ReadonlySet<string> = new Set([
  "backoff",
  "baseEjectionTime",
  "connectTimeout",
  "duration",
  "exponentialDelay",
  "fixedDelay",
  "idleTimeout",
  "interval",
  "maxAge",
  "maxConnectionDuration",
  "perTryTimeout",
  "reportingInterval",
  "time",
  "timeout",
  "ttl",
  "warmupDurationSecs",
]);

/** The first thing that is no protobuf JSON of this kind, or undefined. `spec` only: the rest is Kubernetes'. */
export function checkProto(object: JsonObject, schema: SchemaNode): Finding | undefined {
  const row = schema.properties?.spec;
  return row === undefined ? undefined : read(object.spec, nodeAt(row), ["spec"]);
}

function read(value: unknown, schema: SchemaNode, path: Path): Finding | undefined {
  if (value === null || value === undefined || schema.type === "any") return undefined;
  switch (schema.type) {
    case "object":
      return readObject(value, schema, path);
    case "array":
      return readList(value, schema, path);
    case "string":
      return readText(value, schema, path);
    case "boolean":
      return typeof value === "boolean" ? undefined : wrongType(value, "boolean", path);
    default:
      return readNumber(value, schema, path);
  }
}

function readObject(value: unknown, schema: SchemaNode, path: Path): Finding | undefined {
  if (!isObject(value)) return wrongType(value, "object", path);
  if (schema.open) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const row = schema.values ?? propertyRow(schema, name);
    if (row === undefined) return { code: "MESH1200", path: [...path, name], part: "key", params: { field: name } };
    const found = read(each, nodeAt(row), [...path, name]);
    if (found) return found;
  }
  return undefined;
}

function propertyRow(schema: SchemaNode, name: string): number | undefined {
  const { properties } = schema;
  return properties?.[name] ?? properties?.[camelCase(name)] ?? properties?.[snakeCase(name)];
}

function readList(value: unknown, schema: SchemaNode, path: Path): Finding | undefined {
  if (!Array.isArray(value)) return wrongType(value, "array", path);
  const item = schema.items === undefined ? undefined : nodeAt(schema.items);
  for (let index = 0; item && index < value.length; index++) {
    const found = read(value[index], item, [...path, index]);
    if (found) return found;
  }
  return undefined;
}

function readText(value: unknown, schema: SchemaNode, path: Path): Finding | undefined {
  if (schema.enum && typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31 ? undefined : wrongType(value, "int32", path);
  }
  if (typeof value !== "string") return wrongType(value, "string", path);
  if (schema.enum && !schema.enum.includes(value)) {
    return { code: "MESH1202", path, params: { value, allowed: schema.enum.join(", ") } };
  }
  if (schema.format === "byte" && !isBase64(value))
    return { code: "MESH1201", path, params: { expected: "base64", found: value } };
  const name = path.at(-1);
  if (typeof name === "string" && durationFields.has(camelCase(name)) && parseGoDuration(value) === undefined) {
    return { code: "MESH1203", path, params: { value } };
  }
  return undefined;
}

function readNumber(value: unknown, schema: SchemaNode, path: Path): Finding | undefined {
  const amount = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof amount !== "number" || Number.isNaN(amount)) return wrongType(value, schema.type, path);
  if (schema.type === "integer" && !Number.isInteger(amount)) return wrongType(value, "integer", path);
  // Unsigned fields cannot even be read when negative.
  if (schema.type === "integer" && schema.maximum === 4_294_967_295 && (amount < 0 || amount > 4_294_967_295)) {
    return { code: "MESH1201", path, params: { expected: "uint32", found: amount } };
  }
  if (schema.format === "int32" && Math.abs(amount + 0.5) > 2 ** 31) {
    return { code: "MESH1201", path, params: { expected: "int32", found: amount } };
  }
  return undefined;
}

function wrongType(value: unknown, expected: string, path: Path): Finding {
  const found = Array.isArray(value) ? "array" : typeof value;
  return { code: "MESH1201", path, params: { expected, found } };
}
