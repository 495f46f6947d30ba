/** Repairs of what a schema refuses: a name or a value that is one slip away, a value that only wants quotes or none. */
import { parseGoDuration } from "#base";
import type { TextFix } from "../diagnostics/diagnostic.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Path } from "../document/node-path.ts";
import { camelCase } from "../resource/field.ts";
import { isObject, type JsonObject } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";
import { durationFields } from "../schema/check-proto.ts";
import { checkSchema, checkValue } from "../schema/check-schema.ts";
import { kindsOf, nodeAt, schemaOf, servedVersions } from "../schema/schema.ts";
import type { SchemaNode } from "../schema/schema-table.ts";
import { nearWord } from "./near-word.ts";
import { renameKey, replaceValue, replaceWithLiteral, surround } from "./replace-text.ts";

type Fix = (finding: Finding, resource: Resource) => TextFix | undefined;

export const schemaFixes: Readonly<Record<string, Fix>> = {
  MESH1101: renameField,
  MESH1102: retype,
  MESH1104: replaceAllowed,
  MESH1112: serveVersion,
  MESH1114: replaceKind,
  MESH1120: addUnit,
  MESH1200: renameField,
  MESH1201: retype,
  MESH1202: replaceAllowed,
  MESH1203: addUnit,
};

function valueAt(resource: Resource, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : isObject(value) ? value[step] : undefined),
    resource.object,
  );
}

function nodeOf(resource: Resource, path: Path): SchemaNode | undefined {
  let node = schemaOf(resource);
  for (const step of path) {
    const row: number | undefined = typeof step === "number" ? node?.items : (node?.properties?.[step] ?? node?.values);
    node = row === undefined ? undefined : nodeAt(row);
  }
  return node;
}

/** The new name must take the value as it is: `port` is no name for a list of ports. */
function renameField({ path }: Finding, resource: Resource): TextFix | undefined {
  const written = String(path.at(-1));
  const owner = path.slice(0, -1);
  const properties = nodeOf(resource, owner)?.properties;
  const siblings = valueAt(resource, owner);
  if (!properties || !isObject(siblings)) return undefined;
  const name = nearWord(
    written,
    Object.keys(properties).filter((each) => siblings[each] === undefined),
  );
  if (name === undefined || checkValue(siblings[written], nodeAt(properties[name]!)).length > 0) return undefined;
  return renameKey(resource, path, name);
}

function replaceAllowed({ path }: Finding, resource: Resource): TextFix | undefined {
  const value = valueAt(resource, path);
  const allowed = nodeOf(resource, path)?.enum;
  const word = typeof value === "string" && allowed ? nearWord(value, allowed) : undefined;
  return word === undefined || word === value ? undefined : replaceValue(resource, path, word);
}

function retype({ path }: Finding, resource: Resource): TextFix | undefined {
  const value = valueAt(resource, path);
  const node = nodeOf(resource, path);
  if (!node) return undefined;
  const takes = (candidate: unknown): boolean => checkValue(candidate, node).length === 0;
  if (typeof value === "string") {
    const isNumber = /^-?(?:0|[1-9]\d*)$/.test(value) && (node.type === "integer" || node.type === "number");
    if (isNumber && takes(Number(value))) return replaceWithLiteral(resource, path, value);
    if (node.type === "boolean" && /^(?:true|false)$/i.test(value))
      return replaceWithLiteral(resource, path, value.toLowerCase());
    const isPlain = /^[\w.*/-]+$/.test(value);
    if (node.type === "array" && isPlain && takes([value])) return surround(resource, path, "[", "]");
  }
  if (node.type !== "string" || (typeof value !== "number" && typeof value !== "boolean")) return undefined;
  if (isDuration(path)) {
    return typeof value === "number" && value > 0 ? surround(resource, path, "", "s") : undefined;
  }
  return takes(String(value)) ? surround(resource, path, '"', '"') : undefined;
}

function isDuration(path: Path): boolean {
  return durationFields.has(camelCase(String(path.at(-1))));
}

const unitNames: Readonly<Record<string, string>> = { millis: "ms", sec: "s", second: "s", min: "m", minute: "m", hour: "h" };

/** "5" and "5 sec" are seconds to everybody but Go. */
function addUnit({ path }: Finding, resource: Resource): TextFix | undefined {
  const value = valueAt(resource, path);
  if (typeof value !== "string" || !isDuration(path)) return undefined;
  const [, amount, unit = "s"] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)?\s*$/.exec(value) ?? [];
  const short = unit.toLowerCase();
  const known = unitNames[short.replace(/s$/, "")] ?? short;
  const repaired = `${amount}${known}`;
  const ms = parseGoDuration(repaired);
  return amount === undefined || ms === undefined || ms < 1 ? undefined : replaceWithLiteral(resource, path, repaired);
}

function serveVersion(_: Finding, resource: Resource): TextFix | undefined {
  const served = servedVersions(resource);
  const version = served.includes("v1") ? "v1" : served.length === 1 ? served[0] : undefined;
  if (version === undefined) return undefined;
  const apiVersion = resource.group === "" ? version : `${resource.group}/${version}`;
  const schema = schemaOf({ apiVersion, kind: resource.kind });
  if (!schema || checkSchema(resource.object as JsonObject, schema).length > 0) return undefined;
  return replaceValue(resource, ["apiVersion"], apiVersion);
}

function replaceKind(_: Finding, resource: Resource): TextFix | undefined {
  const kind = nearWord(resource.kind, kindsOf(resource.apiVersion));
  const schema = kind === undefined ? undefined : schemaOf({ apiVersion: resource.apiVersion, kind });
  if (kind === undefined || !schema || checkSchema(resource.object as JsonObject, schema).length > 0) return undefined;
  return replaceValue(resource, ["kind"], kind);
}
