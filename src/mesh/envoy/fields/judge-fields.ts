/**
 * What Envoy refuses of a bootstrap as it reads it, before anything in it means something: fields that its messages do not have, values it
 * cannot take, two fields of which one may be set (protobuf's JSON reader), and limits that the API annotates (protoc-gen-validate). What
 * stands behind an `@type` that the table does not know is not judged. Beside the verdict: the same tree with every value as it is meant
 * (a single value where a list belongs is a list of one, `lb_policy: 3` is a name), under the names it was written with.
 */
import { parseGoDuration } from "#base";
import type { Finding } from "../../diagnostics/finding.ts";
import type { Path } from "../../document/node-path.ts";
import { nearWord } from "../../fixes/near-word.ts";
import { renameKey, replaceValue } from "../../fixes/replace-text.ts";
import { isObject } from "../../resource/json-value.ts";
import { brokenLimit, emptyLimit } from "./field-limits.ts";
import { type EnvoyField, type EnvoyMessage, isEnum, isMessage, messageBehind, shorthandOf, wrongType } from "./field-table.ts";
import { foundKind, isWrapper, type ReadValue, readEnum, readScalar, type ValueFault, type WrittenText } from "./field-value.ts";

export interface FieldVerdict {
  findings: readonly Finding[];
  /** A copy where anything is meant otherwise than it is written. */
  value: unknown;
}

/** Envoy stops at the first; that many are shown. */
const findingsAtMost = 20;
/** Of an enumeration's names. */
const namesAtMost = 12;

interface Judging {
  written: WrittenText;
  findings: Finding[];
}

export function judgeFields(message: EnvoyMessage, value: unknown, path: Path, written: WrittenText): FieldVerdict {
  const judging: Judging = { written, findings: [] };
  const meant = readMessage(judging, message, value, path);
  return { findings: judging.findings.slice(0, findingsAtMost), value: meant };
}

function report({ findings }: Judging, finding: Finding): void {
  findings.push(finding);
}

function readMessage(judging: Judging, message: EnvoyMessage, value: unknown, path: Path, behindType = false): unknown {
  if (value === null) return value;
  if (!isObject(value)) {
    report(judging, {
      code: "MESH1907",
      path,
      params: { field: nameAt(path), expected: `object (${message.name})`, found: foundKind(value) },
    });
    return value;
  }
  const before = judging.findings.length;
  const meant: Record<string, unknown> = {};
  const set = new Map<string, string>();
  for (const [name, below] of Object.entries(value)) {
    const own = [...path, name];
    meant[name] = below;
    if (behindType && name === "@type") continue;
    const field = message.fields.get(name);
    if (field === undefined) {
      reportUnknown(judging, message, value, own);
      continue;
    }
    if (below === null) continue;
    if (field.group !== undefined) {
      const other = field.group.names.map((each) => set.get(each)).find((each) => each !== undefined);
      if (other !== undefined)
        report(judging, {
          code: "MESH1910",
          path: own,
          params: { fields: `${other}, ${name}`, message: message.name },
          part: "key",
        });
    }
    set.set(field.name, name);
    meant[name] = readField(judging, message, field, below, own);
  }
  // What cannot be read is measured by no rule.
  if (judging.findings.length === before) judgeLimits(judging, message, set, meant, path);
  return meant;
}

function nameAt(path: Path): string {
  return String(path.findLast((step) => typeof step === "string") ?? "");
}

/** The field that was meant, in the spelling of the one written, if it is not there already. */
function reportUnknown(judging: Judging, message: EnvoyMessage, owner: Readonly<Record<string, unknown>>, path: Path): void {
  const field = String(path.at(-1));
  const free = [...message.fields].filter(([, { name }]) => owner[name] === undefined).map(([name]) => name);
  const inCamel = /[A-Z]/.test(field);
  const near = nearWord(
    field,
    free.filter((name) => (inCamel ? !name.includes("_") : !/[A-Z]/.test(name))),
  );
  const unknown = { path, part: "key" } as const;
  if (near === undefined) report(judging, { ...unknown, code: "MESH1905", params: { field, message: message.name } });
  else {
    const trial: Judging = { written: judging.written, findings: [] };
    readField(trial, message, message.fields.get(near) as EnvoyField, owner[field], path);
    const fix: Finding["fix"] = (resource) => renameKey(resource, path, near);
    const params = { field, message: message.name, near };
    report(judging, { ...unknown, code: "MESH1906", params, ...(trial.findings.length === 0 ? { fix } : {}) });
  }
}

function readField(judging: Judging, message: EnvoyMessage, field: EnvoyField, value: unknown, path: Path): unknown {
  switch (field.repeated) {
    case "no":
      return readOne(judging, field, value, path);
    case "list":
      return readList(judging, field, value, path);
    case "map":
      if (!isObject(value)) {
        report(judging, {
          code: "MESH1907",
          path,
          params: { field: field.name, expected: `object (${message.name})`, found: foundKind(value) },
        });
        return value;
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, readEntry(judging, field, each, [...path, key])]),
      );
  }
}

/** A null is the empty value. */
function readEntry(judging: Judging, field: EnvoyField, value: unknown, path: Path): unknown {
  if (value !== null) return readOne(judging, field, value, path);
  return isMessage(field.type) || field.type === "@" ? readOne(judging, field, {}, path) : value;
}

/** A single value counts as a list of one, and lists in lists as one list; a null is the empty value. */
function readList(judging: Judging, field: EnvoyField, value: unknown, path: Path): unknown[] {
  if (!Array.isArray(value)) return [readOne(judging, field, value, path)];
  return value.flatMap((each, index) => {
    if (each === null && isMessage(field.type)) return [readMessage(judging, field.type, {}, [...path, index])];
    if (each === null) return [field.type === "" ? "" : each];
    return Array.isArray(each)
      ? readList(judging, field, each, [...path, index])
      : [readOne(judging, field, each, [...path, index])];
  });
}

function readOne(judging: Judging, field: EnvoyField, value: unknown, path: Path): unknown {
  const { type } = field;
  if (isMessage(type)) return readMessage(judging, type, value, path);
  if (isEnum(type)) return took(judging, field, readEnum(type, value, path, judging.written), value, path);
  if (type === "@") return readAny(judging, field, value, path);
  const shorthand = isObject(value) ? shorthandOf(type) : undefined;
  if (shorthand !== undefined) {
    const read = readMessage(judging, shorthand, value, path) as Record<string, unknown>;
    if (type === "s") return `${Number(read.seconds ?? 0) + Number(read.nanos ?? 0) / 1e9}s`;
    return read.value ?? (isWrapper(type) ? zeros[type] : undefined);
  }
  return took(judging, field, readScalar(type, value, path, judging.written), value, path);
}

/** Of wrappers: what `{}` stands for. */
const zeros: Readonly<Record<string, unknown>> = { w: 0, j: 0, W: 0, J: 0, D: 0, S: "", Y: "", B: false };

function took(judging: Judging, field: EnvoyField, read: ReadValue, value: unknown, path: Path): unknown {
  if (read.ok) return read.value;
  report(judging, { path, ...faultOf(field.name, read.fault, path) });
  return value;
}

function faultOf(field: string, fault: ValueFault, path: Path): Pick<Finding, "code" | "params" | "fix"> {
  switch (fault.type) {
    case "kind":
      return { code: "MESH1907", params: { field, expected: fault.expected, found: fault.found } };
    case "duration": {
      const seconds = inSeconds(fault.value);
      const fix: Finding["fix"] = (resource) => replaceValue(resource, path, `${seconds}s`);
      return { code: "MESH1908", params: { field, value: fault.value }, ...(seconds === undefined ? {} : { fix }) };
    }
    case "enum": {
      const names = [...fault.allowed.numbers.keys()];
      const near = nearWord(fault.value, names);
      const first = near === undefined ? names.slice(0, namesAtMost) : [near];
      const allowed = `${first.join(", ")}${names.length > first.length ? ", …" : ""}`;
      const fix: Finding["fix"] = (resource) => replaceValue(resource, path, near as string);
      return { code: "MESH1909", params: { field, value: fault.value, allowed }, ...(near === undefined ? {} : { fix }) };
    }
  }
}

/** What somebody means who writes 100ms, 1m30s or 5: plain digits in seconds. */
function inSeconds(found: string): number | undefined {
  const text = found.replaceAll('"', "");
  const ms = parseGoDuration(/^\d+$/.test(text) ? `${text}s` : text);
  return ms === undefined || ms < 0 || /e/.test(String(ms / 1000)) ? undefined : ms / 1000;
}

/** google.protobuf.Any: an object that says by `@type` what it is. */
function readAny(judging: Judging, field: EnvoyField, value: unknown, path: Path): unknown {
  if (!isObject(value)) {
    report(judging, {
      code: "MESH1907",
      path,
      params: { field: field.name, expected: 'object ("@type")', found: foundKind(value) },
    });
    return value;
  }
  const url = value["@type"];
  if (url === undefined) {
    if (/^typed_/.test(field.name) && field.name !== "typed_filter_metadata")
      report(judging, { code: "MESH1916", path, params: { field: field.name } });
    return value;
  }
  const own = [...path, "@type"];
  if (typeof url !== "string" || !/[^/]\/[^/]/.test(url)) {
    report(judging, {
      code: "MESH1907",
      path: own,
      params: { field: "@type", expected: "type.googleapis.com/…", found: foundKind(url) },
    });
    return value;
  }
  const wrong = wrongType(url);
  if (wrong !== undefined) {
    const { near } = wrong;
    if (near === undefined) report(judging, { code: "MESH1918", path: own, params: { type: url } });
    else report(judging, { code: "MESH1919", path: own, params: { type: url, near } });
    return value;
  }
  const message = messageBehind(url);
  return message === undefined ? value : readMessage(judging, message, value, path, true);
}

function judgeLimits(
  judging: Judging,
  message: EnvoyMessage,
  set: ReadonlyMap<string, string>,
  meant: Readonly<Record<string, unknown>>,
  path: Path,
): void {
  for (const { names, required } of message.groups) {
    if (names.includes("typed_config") && !names.some((name) => set.has(name)) && meant[set.get("is_optional") ?? ""] !== true)
      report(judging, { code: "MESH1916", path, params: { field: String(meant.name ?? message.name) } });
    if (required && !names.some((name) => set.has(name))) {
      report(judging, { code: "MESH1911", path, params: { message: message.name, fields: names.join(", ") } });
    }
  }
  // Its first name is none of a status.
  if (message.name === "HttpStatus" && (meant.code ?? "Empty") === "Empty")
    report(judging, { code: "MESH1911", path, params: { message: message.name, fields: "code" } });
  for (const field of new Set(message.fields.values())) {
    if (field.limits === "") continue;
    const writtenAs = set.get(field.name);
    const broken = writtenAs === undefined ? emptyLimit(field) : brokenLimit(field, meant[writtenAs]);
    if (broken === undefined) continue;
    const place = writtenAs === undefined ? path : [...path, writtenAs, ...broken.below];
    report(judging, { code: broken.code, path: place, params: { ...broken.params, field: field.name, message: message.name } });
  }
}
