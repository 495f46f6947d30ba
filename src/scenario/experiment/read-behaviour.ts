/** Reads what an application does with a request: service time, concurrency, errors, calls; shorthand becomes full data. */
import type { BehaviourConfig, CallConfig, Distribution, ErrorBehaviour } from "#engine";
import { noDelay, type Path } from "./experiment.ts";
import {
  exactlyOne,
  type Reading,
  readBoolean,
  readDurationMs,
  readFields,
  readInteger,
  readList,
  readNumber,
  readOneOf,
  report,
  required,
  written,
} from "./field-reader.ts";
import { readTarget, usualMethod } from "./read-request.ts";
import { readResponse } from "./read-response.ts";

const behaviourFields = ["serviceTime", "concurrency", "cpu", "queue", "whenFull", "errors", "response", "calls"];

/** Serves at once, everything, without an error: what a workload does that says nothing about itself. */
export const idleBehaviour: BehaviourConfig = {
  serviceTime: noDelay,
  concurrency: null,
  queue: null,
  whenFull: "refuse",
  errors: null,
  calls: [],
};

/** `behaviour` with its `perReplica` overrides. */
export function readBehaviour(
  reading: Reading,
  path: Path,
  value: unknown,
): { behaviour: BehaviourConfig; perReplica: Record<number, Partial<BehaviourConfig>> } {
  const fields = readFields(reading, path, value, [...behaviourFields, "perReplica"]);
  if (!fields) return { behaviour: idleBehaviour, perReplica: {} };
  const perReplica: Record<number, Partial<BehaviourConfig>> = {};
  const overrides = fields.perReplica;
  if (overrides !== undefined) {
    const at = [...path, "perReplica"];
    const byIndex = readFields(reading, at, overrides, Object.keys((overrides as object | null) ?? {})) ?? {};
    for (const [index, override] of Object.entries(byIndex)) {
      if (!/^\d+$/.test(index)) {
        report(reading, [...at, index], "MESH1502", { expected: "integer" }, { part: "key" });
        continue;
      }
      const own = readFields(reading, [...at, index], override, behaviourFields);
      if (own) perReplica[Number(index)] = readOwnFields(reading, [...at, index], own);
    }
  }
  return { behaviour: { ...idleBehaviour, ...readOwnFields(reading, path, fields) }, perReplica };
}

function readOwnFields(reading: Reading, path: Path, fields: Readonly<Record<string, unknown>>): Partial<BehaviourConfig> {
  const behaviour: Partial<BehaviourConfig> = {};
  if (fields.serviceTime !== undefined) {
    behaviour.serviceTime = readDistribution(reading, [...path, "serviceTime"], fields.serviceTime) ?? noDelay;
  }
  if (fields.concurrency !== undefined) {
    behaviour.concurrency = readInteger(reading, [...path, "concurrency"], fields.concurrency, 1) ?? null;
  }
  if (fields.cpu !== undefined) behaviour.cpuCores = readNumber(reading, [...path, "cpu"], fields.cpu, 0.001);
  if (fields.queue !== undefined) behaviour.queue = readInteger(reading, [...path, "queue"], fields.queue, 0) ?? null;
  if (fields.whenFull !== undefined) behaviour.whenFull = readWhenFull(reading, [...path, "whenFull"], fields.whenFull);
  if (fields.errors !== undefined) behaviour.errors = readErrors(reading, [...path, "errors"], fields.errors);
  if (fields.response !== undefined) behaviour.response = readResponse(reading, [...path, "response"], fields.response);
  if (fields.calls !== undefined) behaviour.calls = readCalls(reading, [...path, "calls"], fields.calls);
  return behaviour;
}

function readWhenFull(reading: Reading, path: Path, value: unknown): "refuse" | number {
  if (typeof value === "number") return readInteger(reading, path, value, 200, 599) ?? "refuse";
  if (value !== "refuse") report(reading, path, "MESH1506", { value: written(value), allowed: "refuse, 200…599" });
  return "refuse";
}

/** `{ constant: 10ms }`, `{ exponential: 10ms }`, `{ uniform: [1ms, 9ms] }`, `{ lognormal: { median: 10ms, sigma: 0.5 } }`. */
export function readDistribution(reading: Reading, path: Path, value: unknown): Distribution | undefined {
  const names = ["constant", "exponential", "uniform", "lognormal"];
  const fields = readFields(reading, path, value, names);
  const name = fields && exactlyOne(reading, path, fields, names);
  if (!fields || !name) return undefined;
  const at = [...path, name];
  if (name === "uniform") {
    const ends = readList(reading, at, fields.uniform, (end, place) => readDurationMs(reading, place, end));
    const [minMs, maxMs] = ends;
    if (ends.length === 2 && minMs !== undefined && maxMs !== undefined && minMs <= maxMs)
      return { type: "uniform", minMs, maxMs };
    if (Array.isArray(fields.uniform)) report(reading, at, "MESH1511", { expected: "[min, max]" });
    return undefined;
  }
  if (name === "lognormal") {
    const shape = readFields(reading, at, fields.lognormal, ["median", "sigma"]);
    if (!shape || !required(reading, at, shape, "median") || !required(reading, at, shape, "sigma")) return undefined;
    const medianMs = readDurationMs(reading, [...at, "median"], shape.median);
    const sigma = readNumber(reading, [...at, "sigma"], shape.sigma, 0);
    return medianMs === undefined || sigma === undefined ? undefined : { type: "lognormal", medianMs, sigma };
  }
  const ms = readDurationMs(reading, at, fields[name]);
  if (ms === undefined) return undefined;
  return name === "exponential" ? { type: "exponential", meanMs: ms } : { type: "constant", ms };
}

/** `{ rate, status | reset, serviceTime }` or `{ pattern: [200, reset, 503], serviceTime }`. */
export function readErrors(reading: Reading, path: Path, value: unknown): ErrorBehaviour | null {
  const fields = readFields(reading, path, value, ["rate", "status", "reset", "pattern", "serviceTime", "response"]);
  const name = fields && exactlyOne(reading, path, fields, ["rate", "pattern"]);
  if (!fields || !name) return null;
  const serviceTime =
    fields.serviceTime === undefined ? null : (readDistribution(reading, [...path, "serviceTime"], fields.serviceTime) ?? null);
  const response = fields.response === undefined ? undefined : readResponse(reading, [...path, "response"], fields.response);
  const carried = response === undefined ? {} : { response };
  if (name === "pattern") {
    for (const other of ["status", "reset"]) {
      if (fields[other] !== undefined)
        report(reading, [...path, other], "MESH1505", { fields: `pattern, ${other}`, found: `pattern, ${other}` });
    }
    const outcomes = readList(reading, [...path, "pattern"], fields.pattern, (outcome, at) => readOutcome(reading, at, outcome));
    if (outcomes.length === 0) report(reading, [...path, "pattern"], "MESH1512");
    return outcomes.length === 0 ? null : { type: "pattern", outcomes, serviceTime, ...carried };
  }
  const rate = readNumber(reading, [...path, "rate"], fields.rate, 0, 1);
  if (rate === undefined) return null;
  return { type: "rate", rate, outcome: readRateOutcome(reading, path, fields), serviceTime, ...carried };
}

function readRateOutcome(reading: Reading, path: Path, fields: Readonly<Record<string, unknown>>): number | "reset" {
  const reset = fields.reset === undefined ? false : readBoolean(reading, [...path, "reset"], fields.reset);
  if (reset === true) {
    if (fields.status !== undefined) exactlyOne(reading, path, fields, ["status", "reset"]);
    return "reset";
  }
  return fields.status === undefined ? 503 : (readInteger(reading, [...path, "status"], fields.status, 200, 599) ?? 503);
}

function readOutcome(reading: Reading, path: Path, value: unknown): number | "reset" | undefined {
  if (typeof value === "number") return readInteger(reading, path, value, 200, 599);
  if (value === "reset") return value;
  report(reading, path, "MESH1506", { value: written(value), allowed: "200…599, reset" });
  return undefined;
}

/** Steps in order; a nested list is one step whose members run in parallel. */
function readCalls(reading: Reading, path: Path, value: unknown): CallConfig[][] {
  return readList(reading, path, value, (step, at) => {
    const calls = Array.isArray(step)
      ? readList(reading, at, step, (call, place) => readCall(reading, place, call))
      : [readCall(reading, at, step)].filter((call) => call !== undefined);
    return calls.length > 0 ? calls : undefined;
  });
}

function readCall(reading: Reading, path: Path, value: unknown): CallConfig | undefined {
  const fields = readFields(reading, path, value, ["to", "method", "timeout", "forwardHeaders", "onError"]);
  if (!fields || !required(reading, path, fields, "to")) return undefined;
  const target = readTarget(reading, [...path, "to"], fields.to);
  const written = fields.method === undefined ? undefined : readMethod(reading, [...path, "method"], fields.method);
  const method = written ?? usualMethod(target);
  const timeoutMs = fields.timeout === undefined ? null : (readDurationMs(reading, [...path, "timeout"], fields.timeout) ?? null);
  const forwardHeaders =
    fields.forwardHeaders === undefined
      ? false
      : (readBoolean(reading, [...path, "forwardHeaders"], fields.forwardHeaders) ?? false);
  const onError =
    fields.onError === undefined
      ? "fail"
      : (readOneOf(reading, [...path, "onError"], fields.onError, ["fail", "ignore"]) ?? "fail");
  return target && { request: { method, ...target, headers: {} }, timeoutMs, forwardHeaders, onError };
}

/** An HTTP method token: upper-case letters. */
export function readMethod(reading: Reading, path: Path, value: unknown): string | undefined {
  if (typeof value === "string" && /^[A-Z]+$/.test(value)) return value;
  report(reading, path, "MESH1506", { value: written(value), allowed: "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS" });
  return undefined;
}
