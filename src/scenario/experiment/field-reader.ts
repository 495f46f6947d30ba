/**
 * Reads typed fields out of a parsed YAML object and reports what does not fit as Diagnostics with its place. Strict: an
 * object must name its known fields first, everything else is refused. It never throws and never guesses a value.
 */
import { parseGoDuration } from "#base";
import type { Diagnostic, Resource } from "#mesh";
import type { Path } from "./experiment.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface Reading {
  resource: Resource;
  diagnostics: Diagnostic[];
}

/** Adds a Diagnostic at a path of the document being read. */
export function report(
  reading: Reading,
  path: Path,
  code: string,
  params: Readonly<Record<string, string | number>> = {},
  options: { part?: "key" | "value"; severity?: Diagnostic["severity"] } = {},
): void {
  const { resource } = reading;
  const range = resource.rangeOf(path, options.part ?? "value");
  reading.diagnostics.push({
    code,
    severity: options.severity ?? "error",
    source: "meshwise",
    params: { ...params, path: formatPath(path) },
    file: resource.file,
    kind: resource.kind,
    name: resource.name,
    namespace: resource.namespace,
    path: formatPath(path),
    line: range.line,
    column: range.column,
    endLine: range.endLine,
    endColumn: range.endColumn,
  });
}

/** A value that does not fit, for a message: objects as JSON, text in quotes where nothing could be seen of it, no more than a line. */
export function written(value: unknown): string {
  const isVisible = typeof value === "string" && /^\P{Cc}+$/u.test(value) && value.trim() !== "";
  const text = isVisible || value === undefined ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** ["spec", "traffic", 0, "rate"] → "spec.traffic[0].rate". */
function formatPath(path: Path): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? part : `.${part}`;
  return text;
}

/** @returns the object with only known fields promised; undefined (and a Diagnostic) when it is none. */
export function readFields(reading: Reading, path: Path, value: unknown, known: readonly string[]): Fields | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(reading, path, "MESH1502", { expected: "object" });
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) report(reading, [...path, name], "MESH1501", { field: name }, { part: "key" });
  }
  return value as Fields;
}

/** Text, or what YAML takes for a number or a yes: a name may be `1` or `n`. */
export function readString(reading: Reading, path: Path, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return reading.resource.textOf?.(path) ?? String(value);
  report(reading, path, "MESH1502", { expected: "string" });
  return undefined;
}

export function readNonEmptyString(reading: Reading, path: Path, value: unknown): string | undefined {
  const text = readString(reading, path, value);
  if (text === "") report(reading, path, "MESH1512");
  return text === "" ? undefined : text;
}

export function readBoolean(reading: Reading, path: Path, value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  report(reading, path, "MESH1502", { expected: "boolean" });
  return undefined;
}

/** A finite number in [least, most]. */
export function readNumber(
  reading: Reading,
  path: Path,
  value: unknown,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    report(reading, path, "MESH1502", { expected: "number" });
    return undefined;
  }
  if (value < least || value > most) {
    report(reading, path, "MESH1511", { expected: most === Number.POSITIVE_INFINITY ? `≥ ${least}` : `${least}…${most}` });
    return undefined;
  }
  return value;
}

export function readInteger(
  reading: Reading,
  path: Path,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (!Number.isInteger(value)) {
    report(reading, path, "MESH1502", { expected: "integer" });
    return undefined;
  }
  // Above it numbers are not told apart, so nobody needs to hear of the limit before.
  const isCountable = (value as number) <= Number.MAX_SAFE_INTEGER;
  const unlimited = most === Number.MAX_SAFE_INTEGER && isCountable;
  return readNumber(reading, path, value, least, unlimited ? Number.POSITIVE_INFINITY : most);
}

/** A Go duration ≥ 0 in milliseconds; a bare 0 is Go's "0". */
export function readDurationMs(reading: Reading, path: Path, value: unknown): number | undefined {
  const text = value === 0 ? "0" : value;
  const ms = typeof text === "string" ? parseGoDuration(text) : undefined;
  if (ms !== undefined && ms >= 0) return ms;
  report(reading, path, "MESH1504", { value: JSON.stringify(value) ?? "" });
  return undefined;
}

export function readOneOf<Name extends string>(
  reading: Reading,
  path: Path,
  value: unknown,
  names: readonly Name[],
): Name | undefined {
  if (typeof value === "string" && (names as readonly string[]).includes(value)) return value as Name;
  report(reading, path, "MESH1506", { value: written(value), allowed: names.join(", ") });
  return undefined;
}

/** Each element through `readElement`; elements that do not fit are left out (they have their Diagnostic). */
export function readList<Element>(
  reading: Reading,
  path: Path,
  value: unknown,
  readElement: (value: unknown, path: Path, index: number) => Element | undefined,
): Element[] {
  if (!Array.isArray(value)) {
    report(reading, path, "MESH1502", { expected: "list" });
    return [];
  }
  const elements: Element[] = [];
  value.forEach((element, index) => {
    const read = readElement(element, [...path, index], index);
    if (read !== undefined) elements.push(read);
  });
  return elements;
}

export function readStringMap(reading: Reading, path: Path, value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(reading, path, "MESH1502", { expected: "object" });
    return undefined;
  }
  const map: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    const read = readString(reading, [...path, key], text);
    if (read !== undefined) map[key] = read;
  }
  return map;
}

/** A required field: reports its absence at the object that lacks it. */
export function required(reading: Reading, path: Path, fields: Fields, name: string): boolean {
  if (fields[name] !== undefined) return true;
  report(reading, path, "MESH1503", { field: name }, { part: "key" });
  return false;
}

/** @returns the one present name; reports none or several. */
export function exactlyOne(reading: Reading, path: Path, fields: Fields, names: readonly string[]): string | undefined {
  const present = names.filter((name) => fields[name] !== undefined);
  if (present.length === 1) return present[0];
  report(reading, path, "MESH1505", { fields: names.join(", "), found: present.join(", ") || "—" }, { part: "key" });
  return undefined;
}
