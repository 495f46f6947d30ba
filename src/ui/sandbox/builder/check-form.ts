/**
 * One line of a goal as a form: which fields each metric takes (contracts.md 1, as src/scenario/goal has them; a test holds the two
 * together), and the way from what is typed to what YAML says and back.
 */
import { readPrediction, unitOf } from "../predict/judge-prediction.ts";
import type { Check } from "./builder-draft.ts";

export type CheckField = "of" | "replica" | "from" | "to" | "traffic" | "status" | "flag" | "event" | "nth" | "cycle";

const caller = ["from", "to", "traffic"] as const;
const either = ["of", ...caller] as const;

/** In the order in which they are offered. */
export const metricFields = {
  share: ["of", "traffic"],
  errorRate: caller,
  flagCount: ["flag", ...caller],
  flagShare: ["flag", ...caller],
  statusCount: ["status", ...caller],
  p50Ms: caller,
  p90Ms: caller,
  p95Ms: caller,
  p99Ms: caller,
  meanMs: caller,
  attempts: caller,
  attemptsPerRequest: caller,
  requests: either,
  rps: either,
  plaintextShare: either,
  replicasUsed: ["of", "traffic"],
  deniedCount: ["of", "traffic"],
  shadowRequests: ["of", "traffic"],
  ejections: ["of", "replica", "from"],
  ejectedNow: ["of", "replica", "from"],
  timeOf: ["event", "nth", "of", "traffic"],
  sequence: ["cycle", "traffic"],
  tracesPerRequest: ["traffic"],
  memoryMb: ["of"],
  vcpu: ["of"],
} as const satisfies Readonly<Record<string, readonly CheckField[]>>;

export type Metric = keyof typeof metricFields;
export type CheckKind = Metric | "probe" | "config";

export const events = ["eject", "uneject", "firstRequest", "firstError", "lastError", "recovered"] as const;
export const bounds = ["atMost", "atLeast", "between", "equals"] as const;
export type BoundName = (typeof bounds)[number];

const probeFields = ["from", "request", "status", "flag"] as const;
const configFields = ["kind", "name", "namespace", "path", "equals"] as const;
/** Without these a line says nothing. */
const needed: readonly string[] = ["flag", "status", "event", "cycle", "request", "kind", "name", "path", "equals"];
const needsOf: readonly string[] = ["share", "replicasUsed", "deniedCount", "shadowRequests"];

/** As typed. */
export interface CheckForm {
  kind: CheckKind;
  bound: BoundName;
  low: string;
  high: string;
  fields: Readonly<Record<string, string>>;
}

export const emptyForm: CheckForm = { kind: "errorRate", bound: "atMost", low: "", high: "", fields: {} };

export function fieldsOf(kind: CheckKind): readonly string[] {
  return kind === "probe" ? probeFields : kind === "config" ? configFields : metricFields[kind];
}

export type ReadCheck = { ok: true; check: Check } | { ok: false; field: string };

/** @param asked a question has no bound */
export function readCheck(form: CheckForm, asked: "bound" | "question"): ReadCheck {
  const { kind } = form;
  const read: Record<string, unknown> = {};
  for (const field of fieldsOf(kind)) {
    const typed = (form.fields[field] ?? "").trim();
    if (typed === "") {
      const optional = kind === "probe" && field === "status" ? Boolean(form.fields.flag?.trim()) : !isNeeded(kind, field);
      if (!optional) return { ok: false, field };
      continue;
    }
    const value = readField(kind, field, typed);
    if (value === undefined) return { ok: false, field };
    read[field] = value;
  }
  if (kind === "probe" || kind === "config") return { ok: true, check: { [kind]: read } };
  if (asked === "question") return { ok: true, check: { metric: kind, ...read } };
  const unit = unitOf(kind);
  const [low, high] = [readPrediction(form.low, unit), readPrediction(form.high, unit)];
  if (low === undefined) return { ok: false, field: "low" };
  if (form.bound !== "between") return { ok: true, check: { metric: kind, ...read, [form.bound]: rounded(low) } };
  if (high === undefined || high < low) return { ok: false, field: "high" };
  return { ok: true, check: { metric: kind, ...read, between: [rounded(low), rounded(high)] } };
}

function isNeeded(kind: CheckKind, field: string): boolean {
  if (kind === "probe") return field !== "flag";
  return (needed.includes(field) && !(kind !== "config" && field === "name")) || (field === "of" && needsOf.includes(kind));
}

function readField(kind: CheckKind, field: string, typed: string): unknown {
  if (field === "cycle") return typed.split(/[\s,]+/).filter(Boolean);
  if (field === "equals" && kind === "config") return scalar(typed);
  if (!["replica", "status", "nth"].includes(field)) return typed;
  return /^\d{1,6}$/.test(typed) ? Number(typed) : undefined;
}

/** `true`, `3`, `"3"`, `[1, 2]` as JSON has them; anything else is text. */
function scalar(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** A share was typed in percent: 5 % is 0.05, not 0.05000000000000001. */
function rounded(value: number): number {
  return Number(value.toPrecision(10));
}

/** To change a line; null for one that the form does not have (`answer`, a window). */
export function formOf(check: Check): CheckForm | null {
  const nested = check.probe ?? check.config;
  if (typeof nested === "object" && nested !== null) {
    const kind = check.probe ? "probe" : "config";
    const fields = nested as Readonly<Record<string, unknown>>;
    if (Object.keys(fields).some((field) => !fieldsOf(kind).includes(field))) return null;
    return { ...emptyForm, kind, fields: typedFields(kind, fields) };
  }
  const { metric, tolerance, window, choices, ...rest } = check;
  if (typeof metric !== "string" || !(metric in metricFields)) return null;
  if (tolerance !== undefined || window !== undefined || choices !== undefined) return null;
  const kind = metric as Metric;
  const bound = bounds.find((name) => rest[name] !== undefined);
  const value = bound && rest[bound];
  const [low, high] = Array.isArray(value) ? value : [value, undefined];
  const fields = Object.fromEntries(Object.entries(rest).filter(([field]) => field !== bound));
  if (Object.keys(fields).some((field) => !fieldsOf(kind).includes(field))) return null;
  const shown = (one: unknown) => (typeof one !== "number" ? "" : String(rounded(unitOf(kind) === "percent" ? one * 100 : one)));
  return { kind, bound: bound ?? "atMost", low: shown(low), high: shown(high), fields: typedFields(kind, fields) };
}

function typedFields(kind: CheckKind, fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const typed = (field: string, value: unknown) => {
    if (Array.isArray(value) && field === "cycle") return value.join(", ");
    if (kind === "config" && field === "equals" && typeof value === "string" && scalar(value) === value) return value;
    return typeof value === "string" && field !== "equals" ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, typed(field, value)]));
}

/** As a result's check is laid out (GoalCheck), for its words. */
export function flatCheck(check: Check): Check & { metric: string } {
  for (const kind of ["probe", "config"] as const) {
    const fields = check[kind];
    if (typeof fields === "object" && fields !== null) return { metric: kind, ...fields };
  }
  return { metric: "answer" in check ? "answer" : "", ...check };
}
