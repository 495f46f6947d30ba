/**
 * The limits that Envoy's API annotates its fields with (protoc-gen-validate), as the table writes them: "!" has to be there (of an
 * enumeration: has to be one of its names), "+" not empty, comparisons with a number (seconds, characters, entries), "#" a header's name,
 * "$" its value, "~" either without the strict rules, "?" unless empty, "%" each entry once, "^" true alone, "=" one of these words, "&" left: refused unless a runtime key allows it;
 * behind "," the same for the entries of a list.
 */
import { type EnvoyField, isEnum, isMessage } from "./field-table.ts";
import { isWrapper, wrapped } from "./field-value.ts";

export interface BrokenLimit {
  code: "MESH1911" | "MESH1912" | "MESH1913" | "MESH1914" | "MESH1915" | "MESH1917" | "MESH1921";
  params: Readonly<Record<string, string | number>>;
  /** The entry of a list. */
  below: readonly (string | number)[];
}

const headerName = /^:?[0-9a-zA-Z!#$%&'*+.^_|~-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about
const headerValue = /^[^\0-\x08\x0a-\x1f\x7f]*$/;
const looseHeader = /^[^\0\n\r]*$/;

/** Of a field that is not set. One of a oneof is not asked then. */
export function emptyLimit(field: EnvoyField): BrokenLimit | undefined {
  if (field.group !== undefined) return undefined;
  const { type, repeated, limits } = field;
  const [own = ""] = limits.split(",");
  if (repeated !== "no") return brokenSize(own, 0, []);
  if (isEnum(type)) return undefined;
  const isUnset = isMessage(type) || isWrapper(type) || type === "s" || type === "@" || type === "o";
  if (isUnset) return own.includes("!") ? { code: "MESH1911", params: { fields: field.name }, below: [] } : undefined;
  return type === "" || type === "y" ? brokenText(own, "", []) : type === "b" ? undefined : brokenNumber(own, 0, "", []);
}

/** @param value as it is meant (judge-fields.ts) */
export function brokenLimit(field: EnvoyField, value: unknown): BrokenLimit | undefined {
  const [own = "", ofEntries = ""] = field.limits.split(",");
  if (own.includes("&")) return { code: "MESH1917", params: {}, below: [] };
  if (field.repeated === "no") return brokenValue(field, own, value, []);
  const entries = Object.entries(value as object);
  const broken = brokenSize(own, entries.length, []) ?? (own.includes("%") ? repeatedEntry(entries) : undefined);
  if (broken !== undefined || ofEntries === "" || field.repeated === "map") return broken;
  for (const [key, each] of entries) {
    const found = each === null ? undefined : brokenValue(field, ofEntries, each, [Number(key)]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The second of two that are alike. */
function repeatedEntry(entries: readonly [string, unknown][]): BrokenLimit | undefined {
  const second = entries.find(([, one], at) => entries.findIndex(([, other]) => other === one) < at);
  return second && { code: "MESH1921", params: { value: String(second[1]) }, below: [Number(second[0])] };
}

type Below = BrokenLimit["below"];

function brokenValue({ type }: EnvoyField, limits: string, value: unknown, below: Below): BrokenLimit | undefined {
  if (isEnum(type)) {
    const isKnown = typeof value === "string";
    return limits.includes("!") && !isKnown
      ? { code: "MESH1912", params: { value: String(value), limit: type.name }, below }
      : undefined;
  }
  if (isMessage(type)) return undefined;
  switch (wrapped(type)) {
    case "":
    case "y":
      return brokenText(limits, String(value), below);
    case "b":
      return limits.includes("^") && value !== true
        ? { code: "MESH1912", params: { value: "false", limit: "true" }, below }
        : undefined;
    case "s":
      return brokenNumber(limits, Number(String(value).slice(0, -1)), "s", below);
    default:
      return typeof value === "number" ? brokenNumber(limits, value, "", below) : undefined;
  }
}

function brokenText(limits: string, text: string, below: Below): BrokenLimit | undefined {
  if (text === "" && limits.includes("?")) return undefined;
  const size = brokenSize(limits, text.length, below);
  if (size !== undefined) return size;
  const words = /=([a-zA-Z][^,]*)/.exec(limits)?.[1];
  if (words !== undefined && !words.split("|").includes(text))
    return { code: "MESH1912", params: { value: JSON.stringify(text), limit: words.replaceAll("|", ", ") }, below };
  const allowed = limits.includes("#")
    ? headerName
    : limits.includes("$")
      ? headerValue
      : limits.includes("~")
        ? looseHeader
        : undefined;
  return allowed === undefined || allowed.test(text) ? undefined : { code: "MESH1915", params: { value: text }, below };
}

function brokenSize(limits: string, size: number, below: Below): BrokenLimit | undefined {
  if (limits.includes("+") && size === 0) return { code: "MESH1913", params: {}, below };
  const broken = brokenComparison(limits, size);
  return broken === undefined ? undefined : { code: "MESH1914", params: { size, limit: broken }, below };
}

function brokenNumber(limits: string, value: number, unit: string, below: Below): BrokenLimit | undefined {
  const broken = brokenComparison(limits, value);
  return broken === undefined
    ? undefined
    : { code: "MESH1912", params: { value: `${value}${unit}`, limit: `${broken}${unit}` }, below };
}

const shown: Readonly<Record<string, string>> = { ">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ " };

function brokenComparison(limits: string, value: number): string | undefined {
  for (const [, sign = "", text = ""] of limits.matchAll(/([<>]=?)([-\d.e+]+)/g)) {
    const limit = Number(text);
    const holds = sign === ">" ? value > limit : sign === ">=" ? value >= limit : sign === "<" ? value < limit : value <= limit;
    if (!holds) return `${shown[sign]}${limit}`;
  }
  return undefined;
}
