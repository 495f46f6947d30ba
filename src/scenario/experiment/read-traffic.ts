/** Reads one entry of spec.traffic: who calls what, how often, with which headers. */
import { mostUsers, type TrafficConfig } from "#engine";
import type { ExperimentTraffic, Path, TrafficEdit } from "./experiment.ts";
import {
  exactlyOne,
  type Fields,
  type Reading,
  readBoolean,
  readDurationMs,
  readFields,
  readInteger,
  readList,
  readNonEmptyString,
  readNumber,
  readOneOf,
  report,
  required,
} from "./field-reader.ts";
import { readMethod } from "./read-behaviour.ts";
import { readProfile } from "./read-profile.ts";
import { readRate } from "./read-rate.ts";
import { readHeaders, readTarget, usualMethod } from "./read-request.ts";

/** How often: of an entry, and of a change of it while it runs. */
const loadFields = ["rate", "arrivals", "profile", "users", "thinkTime", "burst"];

const knownFields = ["name", "from", "to", "method", "headers", ...loadFields, "timeout", "start", "duration", "requests"];

/** Of a burst. */
const mostAtOnce = 1_000_000;

const editFields = ["name", "from", "to", "method", "headers", ...loadFields, "timeout", "remove"];

/** `{ name: pay, rate: 400/s }`, `{ name: pay, headers: {…} }`, `{ name: pay, remove: true }`; a rate of 0/s silences an entry. */
export function readTrafficEdit(reading: Reading, path: Path, value: unknown): ({ name: string } & TrafficEdit) | undefined {
  const fields = readFields(reading, path, value, editFields);
  if (!fields) return undefined;
  const name = required(reading, path, fields, "name") ? readNonEmptyString(reading, [...path, "name"], fields.name) : undefined;
  const at = (field: string): Path => [...path, field];
  const remove = fields.remove === undefined ? false : readBoolean(reading, at("remove"), fields.remove);
  const others = Object.keys(fields).filter((field) => field !== "name" && field !== "remove");
  const misplaced = remove === true ? others : [];
  for (const field of misplaced) report(reading, at(field), "MESH1513", { field, owner: "remove: false" }, { part: "key" });
  if (name === undefined || remove === undefined || misplaced.length > 0) return undefined;
  if (remove) return { name, removed: true };
  const hasLoad = others.length === 0 || others.some((field) => loadFields.includes(field));
  const read = {
    load: hasLoad ? readLoad(reading, path, fields, 0) : undefined,
    from: fields.from === undefined ? undefined : readNonEmptyString(reading, at("from"), fields.from),
    to: fields.to === undefined ? undefined : readTarget(reading, at("to"), fields.to),
    method: fields.method === undefined ? undefined : readMethod(reading, at("method"), fields.method),
    headers: fields.headers === undefined ? undefined : readVariants(reading, at("headers"), fields.headers),
    timeoutMs: fields.timeout === undefined ? undefined : readDurationMs(reading, at("timeout"), fields.timeout),
  };
  const entries = Object.entries(read).filter(([, one]) => one !== undefined);
  // What was written and could not be read has its Diagnostic.
  return entries.length === 0 ? undefined : { name, ...(Object.fromEntries(entries) as TrafficEdit) };
}

export function readTraffic(reading: Reading, path: Path, value: unknown, index: number): ExperimentTraffic | undefined {
  const fields = readFields(reading, path, value, knownFields);
  if (!fields) return undefined;
  const complete = [required(reading, path, fields, "from"), required(reading, path, fields, "to")].every(Boolean);
  const load = readLoad(reading, path, fields);
  const duration = (name: string) =>
    fields[name] === undefined ? undefined : readDurationMs(reading, [...path, name], fields[name]);
  const from = fields.from === undefined ? undefined : readNonEmptyString(reading, [...path, "from"], fields.from);
  const target = fields.to === undefined ? undefined : readTarget(reading, [...path, "to"], fields.to);
  const method = fields.method === undefined ? usualMethod(target) : readMethod(reading, [...path, "method"], fields.method);
  const name = fields.name === undefined ? String(index) : readNonEmptyString(reading, [...path, "name"], fields.name);
  const entry = {
    timeoutMs: duration("timeout") ?? null,
    startMs: duration("start") ?? 0,
    durationMs: duration("duration") ?? null,
    requests: fields.requests === undefined ? null : (readInteger(reading, [...path, "requests"], fields.requests, 0) ?? null),
    path,
  };
  const headers =
    fields.headers === undefined ? [{ weight: 1, headers: {} }] : readVariants(reading, [...path, "headers"], fields.headers);
  if (!complete || !load || from === undefined || !target || method === undefined || name === undefined) return undefined;
  const variants = headers.map((variant) => ({
    weight: variant.weight,
    request: { method, ...target, headers: variant.headers },
  }));
  return { name, from, variants, load, ...entry };
}

/** @param leastRate 0 allows silence */
function readLoad(reading: Reading, path: Path, fields: Fields, leastRate?: number): TrafficConfig["load"] | undefined {
  const kind = exactlyOne(reading, path, fields, ["rate", "users", "burst"]);
  const misplaced = { arrivals: "rate", profile: "rate", thinkTime: "users" } as const;
  for (const [field, owner] of Object.entries(misplaced)) {
    if (fields[field] !== undefined && kind !== undefined && kind !== owner) {
      report(reading, [...path, field], "MESH1513", { field, owner }, { part: "key" });
    }
  }
  if (kind === "burst") {
    const size = readInteger(reading, [...path, "burst"], fields.burst, 1, mostAtOnce);
    return size === undefined ? undefined : { type: "burst", size };
  }
  if (kind === "users") {
    const users = readInteger(reading, [...path, "users"], fields.users, 1, mostUsers);
    const thinkTimeMs = fields.thinkTime === undefined ? 0 : readDurationMs(reading, [...path, "thinkTime"], fields.thinkTime);
    return users === undefined || thinkTimeMs === undefined ? undefined : { type: "users", users, thinkTimeMs };
  }
  if (kind !== "rate") return undefined;
  const perSecond = readRate(reading, [...path, "rate"], fields.rate, leastRate);
  const arrivals =
    fields.arrivals === undefined
      ? "poisson"
      : readOneOf(reading, [...path, "arrivals"], fields.arrivals, ["poisson", "constant"]);
  if (perSecond === undefined || arrivals === undefined) return undefined;
  const profile =
    fields.profile === undefined ? undefined : readProfile(reading, [...path, "profile"], fields.profile, perSecond);
  return { type: "rate", perSecond, arrivals, ...(profile ? { profile } : {}) };
}

/** `{ x-user: beta }` or `[{ weight: 9, headers: {…} }, …]`. */
function readVariants(reading: Reading, path: Path, value: unknown): { weight: number; headers: Record<string, string> }[] {
  if (!Array.isArray(value)) return [{ weight: 1, headers: readHeaders(reading, path, value) }];
  const variants = readList(reading, path, value, (element, at) => {
    const fields = readFields(reading, at, element, ["weight", "headers"]);
    if (!fields) return undefined;
    const weight = fields.weight === undefined ? 1 : readNumber(reading, [...at, "weight"], fields.weight, 0);
    const headers = fields.headers === undefined ? {} : readHeaders(reading, [...at, "headers"], fields.headers);
    return weight === undefined ? undefined : { weight, headers };
  });
  if (!variants.some((variant) => variant.weight > 0)) report(reading, path, "MESH1512");
  return variants;
}
