/** Reads spec.expect: metrics with selectors and bounds, probes, checks of the final documents, answers. */
import { refusesSelector } from "../goal/metric.ts";
import { metricDefinitions } from "../goal/metric-definitions.ts";
import type {
  Bound,
  Expectation,
  MeasuredMetric,
  MetricExpectation,
  MilestoneEvent,
  Path,
  PredictionQuestion,
  Selector,
} from "./experiment.ts";
import {
  exactlyOne,
  type Fields,
  type Reading,
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
import { parseRequestLine, readHeaders } from "./read-request.ts";

const selectorFields = ["of", "replica", "from", "to", "traffic", "window"];
const boundFields = ["equals", "atMost", "atLeast", "between"];
const extraFields = ["status", "flag", "event", "nth", "cycle"] as const;
const milestoneEvents: readonly MilestoneEvent[] = ["eject", "uneject", "firstRequest", "firstError", "lastError", "recovered"];

/** Everything that %RESPONSE_FLAGS% can print (Envoy 1.40, stream_info/utility.h). */
const envoyFlags =
  "LH UH UT LR UR UF UC UO NR DI FI RL UAEX RLSE DC URX SI IH DPE UMSDR RFCF NFCF DT UPE NC OM DF DO DR UDO".split(" ");

export function readExpectation(reading: Reading, path: Path, value: unknown): Expectation | undefined {
  const all = ["metric", ...selectorFields, ...extraFields, ...boundFields, "tolerance", "probe", "config", "answer"];
  const fields = readFields(reading, path, value, all);
  const kind = fields && exactlyOne(reading, path, fields, ["metric", "probe", "config", "answer"]);
  if (!fields || !kind) return undefined;
  if (kind === "metric") return readMetric(reading, path, fields);
  for (const field of Object.keys(fields)) {
    if (field !== kind && all.includes(field))
      report(reading, [...path, field], "MESH1513", { field, owner: "metric" }, { part: "key" });
  }
  const at = [...path, kind];
  if (kind === "probe") return readProbe(reading, path, at, fields.probe);
  if (kind === "config") return readConfigCheck(reading, path, at, fields.config);
  const answer = readFields(reading, at, fields.answer, ["name", "equals"]);
  if (!answer || !required(reading, at, answer, "equals")) return undefined;
  const name = answer.name === undefined ? "answer" : readNonEmptyString(reading, [...at, "name"], answer.name);
  return name === undefined ? undefined : { type: "answer", name, equals: answer.equals, path };
}

function readMetric(reading: Reading, path: Path, fields: Fields): MetricExpectation | undefined {
  const measured = readMeasured(reading, path, fields);
  const bound = readBound(reading, path, fields);
  return measured && bound ? { type: "metric", ...measured, bound } : undefined;
}

/** `{ metric: share, of: payments-v2 }`, with `choices` or a `tolerance` (spec.predict). */
export function readPrediction(reading: Reading, path: Path, value: unknown): PredictionQuestion | undefined {
  const all = ["metric", ...selectorFields, ...extraFields, "choices", "tolerance"];
  const fields = readFields(reading, path, value, all);
  if (!fields || !required(reading, path, fields, "metric")) return undefined;
  const measured = readMeasured(reading, path, fields);
  const choices =
    fields.choices === undefined
      ? null
      : readList(reading, [...path, "choices"], fields.choices, (one, at) => readNumber(reading, at, one));
  if (choices && new Set(choices).size < 2) report(reading, [...path, "choices"], "MESH1511", { expected: "≥ 2" });
  if (choices && fields.tolerance !== undefined)
    report(reading, [...path, "tolerance"], "MESH1515", { metric: "choices", field: "tolerance" }, { part: "key" });
  const tolerance =
    fields.tolerance === undefined ? null : (readNumber(reading, [...path, "tolerance"], fields.tolerance, 0) ?? null);
  return measured && { ...measured, choices, tolerance };
}

function readMeasured(reading: Reading, path: Path, fields: Fields): MeasuredMetric | undefined {
  const metric = readOneOf(reading, [...path, "metric"], fields.metric, Object.keys(metricDefinitions));
  if (metric === undefined) return undefined;
  const definition = metricDefinitions[metric];
  const selector = readSelector(reading, path, fields);
  if (definition) {
    for (const name of ["of", "replica", "from", "to", "traffic", "window"] as const) {
      if (fields[name] === undefined || !refusesSelector(definition, name, selector)) continue;
      report(reading, [...path, name], "MESH1515", { metric, field: name }, { part: "key" });
    }
    if (definition.side === "application" && !definition.ofOptional) required(reading, path, fields, "of");
    for (const name of definition.needs) required(reading, path, fields, name);
    for (const name of extraFields) {
      if (fields[name] !== undefined && ![...definition.needs, ...definition.takes].includes(name)) {
        report(reading, [...path, name], "MESH1515", { metric, field: name }, { part: "key" });
      }
    }
  }
  const expectation: MeasuredMetric = { metric, selector, path };
  if (fields.status !== undefined) expectation.status = readInteger(reading, [...path, "status"], fields.status, 0, 999);
  if (fields.flag !== undefined) expectation.flag = readOneOf(reading, [...path, "flag"], fields.flag, envoyFlags);
  if (fields.event !== undefined) expectation.event = readEvent(reading, path, fields);
  if (fields.nth !== undefined) expectation.nth = readInteger(reading, [...path, "nth"], fields.nth, 1);
  if (fields.cycle !== undefined) {
    expectation.cycle = readList(reading, [...path, "cycle"], fields.cycle, (name, at) => readNonEmptyString(reading, at, name));
    if (expectation.cycle.length === 0) report(reading, [...path, "cycle"], "MESH1512");
  }
  return expectation;
}

/** Ejections are told by host, what requests met by who sent them. */
function readEvent(reading: Reading, path: Path, fields: Fields): MilestoneEvent | undefined {
  const event = readOneOf(reading, [...path, "event"], fields.event, milestoneEvents);
  if (event === undefined) return undefined;
  const without = event === "eject" || event === "uneject" ? ["from", "to"] : event === "firstRequest" ? [] : ["of", "replica"];
  for (const field of without)
    if (fields[field] !== undefined)
      report(reading, [...path, field], "MESH1515", { metric: `timeOf ${event}`, field }, { part: "key" });
  return event;
}

function readSelector(reading: Reading, path: Path, fields: Fields): Selector {
  const selector: Selector = {};
  for (const name of ["of", "from", "to", "traffic"] as const) {
    if (fields[name] !== undefined) selector[name] = readNonEmptyString(reading, [...path, name], fields[name]);
  }
  if (fields.replica !== undefined) {
    selector.replica = readInteger(reading, [...path, "replica"], fields.replica, 0);
    if (fields.of === undefined)
      report(reading, [...path, "replica"], "MESH1513", { field: "replica", owner: "of" }, { part: "key" });
  }
  if (fields.window !== undefined) {
    const ends = readList(reading, [...path, "window"], fields.window, (end, at) => readDurationMs(reading, at, end));
    const [fromMs, toMs] = ends;
    if (ends.length === 2 && fromMs !== undefined && toMs !== undefined && fromMs < toMs) selector.window = { fromMs, toMs };
    else if (Array.isArray(fields.window)) report(reading, [...path, "window"], "MESH1511", { expected: "[from, to)" });
  }
  return selector;
}

function readBound(reading: Reading, path: Path, fields: Fields): Bound | undefined {
  const name = exactlyOne(reading, path, fields, boundFields) as "equals" | "atMost" | "atLeast" | "between" | undefined;
  const tolerance = fields.tolerance === undefined ? 0 : (readNumber(reading, [...path, "tolerance"], fields.tolerance, 0) ?? 0);
  if (name === undefined) return undefined;
  const at = [...path, name];
  if (name !== "between") {
    const value = readNumber(reading, at, fields[name]);
    return value === undefined ? undefined : { comparison: { type: name, value }, tolerance };
  }
  const ends = readList(reading, at, fields.between, (end, place) => readNumber(reading, place, end));
  const [low, high] = ends;
  if (ends.length === 2 && low !== undefined && high !== undefined && low <= high) {
    return { comparison: { type: "between", low, high }, tolerance };
  }
  if (Array.isArray(fields.between)) report(reading, at, "MESH1511", { expected: "[low, high]" });
  return undefined;
}

function readProbe(reading: Reading, path: Path, at: Path, value: unknown): Expectation | undefined {
  const fields = readFields(reading, at, value, ["from", "request", "headers", "status", "flag", "at"]);
  if (!fields) return undefined;
  const complete = [required(reading, at, fields, "from"), required(reading, at, fields, "request")].every(Boolean);
  if (fields.status === undefined && fields.flag === undefined) required(reading, at, fields, "status");
  const from = fields.from === undefined ? undefined : readNonEmptyString(reading, [...at, "from"], fields.from);
  const text = fields.request === undefined ? undefined : readNonEmptyString(reading, [...at, "request"], fields.request);
  const request = text === undefined ? undefined : parseRequestLine(text);
  if (text !== undefined && !request) report(reading, [...at, "request"], "MESH1510", { value: text });
  const headers = fields.headers === undefined ? {} : readHeaders(reading, [...at, "headers"], fields.headers);
  const status = fields.status === undefined ? undefined : readInteger(reading, [...at, "status"], fields.status, 0, 999);
  const flag = fields.flag === undefined ? undefined : readNonEmptyString(reading, [...at, "flag"], fields.flag);
  for (const one of flag?.split(",") ?? []) readOneOf(reading, [...at, "flag"], one, ["-", ...envoyFlags]);
  const atMs = fields.at === undefined ? null : (readDurationMs(reading, [...at, "at"], fields.at) ?? null);
  if (!complete || from === undefined || !request || text === undefined) return undefined;
  return { type: "probe", from, request: { ...request, headers }, text, atMs, status, flag, path };
}

function readConfigCheck(reading: Reading, path: Path, at: Path, value: unknown): Expectation | undefined {
  const fields = readFields(reading, at, value, ["kind", "name", "namespace", "path", "equals"]);
  if (!fields) return undefined;
  const [kind, name, fieldPath] = ["kind", "name", "path"].map((field) =>
    required(reading, at, fields, field) ? readNonEmptyString(reading, [...at, field], fields[field]) : undefined,
  );
  const namespace =
    fields.namespace === undefined ? undefined : readNonEmptyString(reading, [...at, "namespace"], fields.namespace);
  if (!required(reading, at, fields, "equals") || !kind || !name || !fieldPath) return undefined;
  return { type: "config", kind, name, namespace, fieldPath, equals: fields.equals, path };
}
