/**
 * One value as protobuf's JSON reader takes it in Envoy 1.40 (asked of it: test/oracle/envoy-live/field-cases.ts), and what it stands for.
 * Text is never made of numbers or booleans; numbers and booleans may be quoted; of an enumeration names in any case, and numbers.
 */
import type { Path } from "../../document/node-path.ts";
import type { EnvoyEnum } from "./field-table.ts";

export type ValueFault =
  | { type: "kind"; expected: string; found: string }
  | { type: "duration"; value: string }
  | { type: "enum"; value: string; allowed: EnvoyEnum };

export type ReadValue = { ok: true; value: unknown } | { ok: false; fault: ValueFault };

/** How the text itself was written, where YAML's meaning depends on it. */
export interface WrittenText {
  /** The value as it stands in the text. */
  textOf(path: Path): string;
  /** Numbers are what they are. */
  isJson: boolean;
  /** Some may be written in a way that Envoy takes for text. */
  hasOddNumbers: boolean;
}

interface NumberRange {
  name: string;
  min: number;
  max: number;
}

/** By letter of the table; a wrapper (google.protobuf.UInt32Value) takes what its value takes. */
const integers: Readonly<Record<string, NumberRange>> = {
  u: { name: "uint32", min: 0, max: 2 ** 32 - 1 },
  i: { name: "int32", min: -(2 ** 31), max: 2 ** 31 - 1 },
  U: { name: "uint64", min: 0, max: 2 ** 64 },
  I: { name: "int64", min: -(2 ** 63), max: 2 ** 63 },
};
const sameAs: Readonly<Record<string, string>> = { w: "u", j: "i", W: "U", J: "I", S: "", B: "b", D: "d", Y: "y" };

/** Whether an unset field of the kind differs from one that is zero, and may also be written as `{ value: … }`. */
export function isWrapper(kind: string): boolean {
  return kind in sameAs;
}

export function wrapped(kind: string): string {
  return sameAs[kind] ?? kind;
}

/** In quotes; also of base 16. */
const numeral = /^[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)$/i;
const hexadecimal = /^0x[\da-f]+$/i;
const noNumber = /^\s*[-+]?(?:inf|infinity|nan)\s*$/i;
const enumNumber = /^\s*[-+]?\d+\s*$/;
const duration = /^-?(\d+)(?:\.\d{1,9})?s$/;
const longestSeconds = 315_576_000_000;
const truths: ReadonlyMap<string, boolean> = new Map([
  ...["true", "t", "yes", "y", "1"].map((word) => [word, true] as const),
  ...["false", "f", "no", "n", "0"].map((word) => [word, false] as const),
]);

export function foundKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "object" ? "object" : typeof value === "string" ? `"${short(value)}"` : String(value);
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const took = (value: unknown): ReadValue => ({ ok: true, value });
const wrong = (expected: string, value: unknown): ReadValue => ({
  ok: false,
  fault: { type: "kind", expected, found: foundKind(value) },
});

/** @param kind a letter of the table, not null and no wrapper's `{ value: … }` */
export function readScalar(kind: string, value: unknown, path: Path, written: WrittenText): ReadValue {
  const own = wrapped(kind);
  switch (own) {
    case "":
    case "m":
    case "t":
      return readText(asEnvoyTakes(value, path, written));
    case "b":
      return readFlag(value);
    case "s":
      return readDuration(value);
    case "y":
      return typeof value === "string" && isBytes(value) ? took(value) : wrong("base64", value);
    case "d":
      return readDouble(written.hasOddNumbers ? asEnvoyTakes(value, path, written) : value);
    case "o":
    case "e":
      return isTree(value) ? took(value) : wrong("object", value);
    case "l":
      return Array.isArray(value) ? took(value) : wrong("list", value);
    case "v":
      return took(value);
    default:
      return readInteger(integers[own] as NumberRange, written.hasOddNumbers ? asEnvoyTakes(value, path, written) : value);
  }
}

/** Of base 10, 16 or (with a zero in front) 8. */
const wholeNumber = /^[-+]?(?:0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i;

/**
 * Of a number in YAML: Envoy makes a number of a whole one that fits into 32 bits and text of every other one (`parseYamlNode`): `1.5`, `1.0`,
 * `1_000` and `0b11` are text, `5` and `+5` are not.
 */
function asEnvoyTakes(value: unknown, path: Path, { isJson, textOf }: WrittenText): unknown {
  if (typeof value !== "number" || isJson) return value;
  const text = textOf(path);
  // Written elsewhere, or with a tag.
  if (/^[*&!]/.test(text)) return value;
  if (!wholeNumber.test(text)) return text;
  return Math.abs(value + 0.5) < 2 ** 31 ? value : String(value);
}

function isTree(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Of either alphabet; padded in full, or not at all. */
function isBytes(text: string): boolean {
  const [, letters = "", padding = ""] = /^([\w+/-]*)(={0,2})$/.exec(text) ?? [text, "-"];
  return letters.length % 4 !== 1 && letters !== "-" && (padding === "" || (letters.length + padding.length) % 4 === 0);
}

function readText(value: unknown): ReadValue {
  return typeof value === "string" ? took(value) : wrong("string", value);
}

function readFlag(value: unknown): ReadValue {
  if (typeof value === "boolean") return took(value);
  const meant = typeof value === "string" ? truths.get(value.toLowerCase()) : undefined;
  return meant === undefined ? wrong("boolean", value) : took(meant);
}

function readDuration(value: unknown): ReadValue {
  const text = typeof value === "string" ? value : "";
  const seconds = duration.exec(text)?.[1];
  return seconds === undefined || Number(seconds) > longestSeconds
    ? { ok: false, fault: { type: "duration", value: foundKind(value) } }
    : took(value);
}

function quoted(text: string): number {
  return numeral.test(text) || hexadecimal.test(text) ? Number(text) : Number.NaN;
}

function readDouble(value: unknown): ReadValue {
  if (typeof value === "number") return took(value);
  if (typeof value !== "string") return wrong("number", value);
  if (noNumber.test(value)) return took(/nan/i.test(value) ? Number.NaN : value.includes("-") ? -Infinity : Infinity);
  const amount = quoted(value.trim());
  return Number.isNaN(amount) ? wrong("number", value) : took(amount);
}

function readInteger({ name, min, max }: NumberRange, value: unknown): ReadValue {
  const amount = typeof value === "number" ? value : typeof value === "string" ? quoted(value) : Number.NaN;
  return Number.isInteger(amount) && amount >= min && amount <= max ? took(amount) : wrong(name, value);
}

export function readEnum(allowed: EnvoyEnum, found: unknown, path: Path, written: WrittenText): ReadValue {
  const value = asEnvoyTakes(found, path, written);
  if (typeof value === "string") {
    const wanted = value.toUpperCase();
    for (const name of allowed.numbers.keys()) if (name === value || name.toUpperCase() === wanted) return took(name);
    if (!enumNumber.test(value)) return { ok: false, fault: { type: "enum", value, allowed } };
  }
  const read = readInteger(integers.i as NumberRange, typeof value === "string" ? Number(value) : value);
  if (!read.ok) return { ok: false, fault: { type: "kind", expected: allowed.name, found: foundKind(value) } };
  for (const [name, number] of allowed.numbers) if (number === read.value) return took(name);
  return took(read.value);
}
