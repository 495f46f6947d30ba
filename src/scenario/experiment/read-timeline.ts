/** Reads spec.timeline: what is applied, deleted, scaled or broken, and when. Names are resolved later, against the workloads. */
import type { Path, TimelineEntry } from "./experiment.ts";
import {
  exactlyOne,
  type Fields,
  type Reading,
  readBoolean,
  readDurationMs,
  readFields,
  readInteger,
  readNonEmptyString,
  readNumber,
  report,
  required,
} from "./field-reader.ts";
import { readErrors } from "./read-behaviour.ts";
import { readDelay } from "./read-control-plane.ts";
import { readTrafficEdit } from "./read-traffic.ts";
import { maxReplicas } from "./read-workload.ts";

type Action = TimelineEntry extends infer Entry ? (Entry extends TimelineEntry ? Omit<Entry, "atMs" | "path"> : never) : never;

/** How long the endpoints keep a crashed pod when `removedAfter` is not given. */
const removedAfterDefaultMs = 1000;

export function readTimelineEntry(reading: Reading, path: Path, value: unknown): TimelineEntry | undefined {
  const actions = ["apply", "delete", "scale", "fault", "traffic"];
  const fields = readFields(reading, path, value, ["at", ...actions]);
  if (!fields) return undefined;
  const atMs = required(reading, path, fields, "at") ? readDurationMs(reading, [...path, "at"], fields.at) : undefined;
  const name = exactlyOne(reading, path, fields, actions);
  if (name === undefined) return undefined;
  const action = readAction(reading, [...path, name], name, fields[name]);
  return atMs === undefined || !action ? undefined : ({ atMs, path, ...action } as TimelineEntry);
}

function readAction(reading: Reading, path: Path, name: string, value: unknown): Action | undefined {
  if (name === "apply") {
    const text = readNonEmptyString(reading, path, value);
    return text === undefined ? undefined : { type: "apply", text };
  }
  if (name === "delete") {
    const fields = readFields(reading, path, value, ["kind", "name", "namespace"]);
    if (!fields) return undefined;
    const kind = readRequiredName(reading, path, fields, "kind");
    const resource = readRequiredName(reading, path, fields, "name");
    const namespace =
      fields.namespace === undefined ? "default" : readNonEmptyString(reading, [...path, "namespace"], fields.namespace);
    return kind && resource && namespace ? { type: "delete", kind, name: resource, namespace } : undefined;
  }
  if (name === "scale") {
    const fields = readFields(reading, path, value, ["workload", "replicas"]);
    if (!fields) return undefined;
    const workload = readRequiredName(reading, path, fields, "workload");
    if (!required(reading, path, fields, "replicas")) return undefined;
    const replicas = readInteger(reading, [...path, "replicas"], fields.replicas, 0, maxReplicas);
    return workload === undefined || replicas === undefined ? undefined : { type: "scale", workload, replicas };
  }
  return name === "traffic" ? readTrafficChange(reading, path, value) : readFault(reading, path, value);
}

function readTrafficChange(reading: Reading, path: Path, value: unknown): Action | undefined {
  const edit = readTrafficEdit(reading, path, value);
  return edit && { type: "traffic", ...edit };
}

const faults = [
  "crash",
  "recover",
  "slow",
  "errors",
  "partition",
  "controlPlaneDown",
  "caDown",
  "expireCertificates",
  "cpu",
  "pushDelay",
] as const;

function readFault(reading: Reading, path: Path, value: unknown): Action | undefined {
  const written = value === "controlPlaneDown" || value === "caDown" ? { [value]: true } : value;
  const fields = readFields(reading, path, written, [...faults, "replica", "removedAfter"]);
  const name = fields && exactlyOne(reading, path, fields, faults);
  if (!fields || !name) return undefined;
  const at = [...path, name];
  for (const [field, owners] of [
    ["replica", ["crash", "recover"]],
    ["removedAfter", ["crash"]],
  ] as const) {
    if (fields[field] !== undefined && !(owners as readonly string[]).includes(name)) {
      report(reading, [...path, field], "MESH1513", { field, owner: owners.join(", ") }, { part: "key" });
    }
  }
  switch (name) {
    case "crash":
    case "recover": {
      const workload = readNonEmptyString(reading, at, fields[name]);
      const replica = readReplica(reading, path, fields);
      if (workload === undefined) return undefined;
      if (name === "recover") return { type: "recover", workload, replica };
      const removedAfterMs =
        fields.removedAfter === undefined
          ? removedAfterDefaultMs
          : (readDurationMs(reading, [...path, "removedAfter"], fields.removedAfter) ?? removedAfterDefaultMs);
      return { type: "crash", workload, replica, removedAfterMs };
    }
    case "expireCertificates": {
      const workload = readNonEmptyString(reading, at, fields[name]);
      return workload === undefined ? undefined : { type: "expireCertificates", workload };
    }
    case "controlPlaneDown":
    case "caDown": {
      const down = isBare(fields[name]) ? true : readBoolean(reading, at, fields[name]);
      if (down === undefined) return undefined;
      return { type: name === "caDown" ? "certificateAuthority" : "controlPlane", up: !down };
    }
    case "pushDelay": {
      const delay = readDelay(reading, at, fields[name]);
      const ended = delay.type === "constant" && delay.ms === 0;
      return { type: "pushDelay", delay: ended ? null : delay };
    }
    case "partition":
      return readPartition(reading, at, fields[name]);
    case "errors":
      return readErrorsFault(reading, at, fields[name]);
    default:
      return readSlowdown(reading, at, name, fields[name]);
  }
}

/** `caDown:` and `caDown: {}` say no more than the word. */
function isBare(value: unknown): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && Object.keys(value ?? {}).length === 0);
}

function readPartition(reading: Reading, path: Path, value: unknown): Action | undefined {
  const fields = readFields(reading, path, value, ["from", "to", "active"]);
  if (!fields) return undefined;
  const from = readRequiredName(reading, path, fields, "from");
  const to = readRequiredName(reading, path, fields, "to");
  const active = fields.active === undefined ? true : readBoolean(reading, [...path, "active"], fields.active);
  return from && to && active !== undefined ? { type: "partition", from, to, active } : undefined;
}

/** `{ workload, replica, rate, status | reset, serviceTime }` or with `pattern`; rate 0 ends it. */
function readErrorsFault(reading: Reading, path: Path, value: unknown): Action | undefined {
  const fields = readFields(reading, path, value, [
    "workload",
    "replica",
    "rate",
    "status",
    "reset",
    "pattern",
    "serviceTime",
    "response",
  ]);
  if (!fields) return undefined;
  const workload = readRequiredName(reading, path, fields, "workload");
  const { workload: _workload, replica: _replica, ...shape } = fields;
  const errors = readErrors(reading, path, shape);
  if (workload === undefined || errors === null) return undefined;
  const ended = errors.type === "rate" && errors.rate === 0;
  return { type: "errors", workload, replica: readReplica(reading, path, fields), errors: ended ? null : errors };
}

function readSlowdown(reading: Reading, path: Path, name: string, value: unknown): Action | undefined {
  const fields = readFields(reading, path, value, ["workload", "replica", "factor"]);
  if (!fields) return undefined;
  const workload = readRequiredName(reading, path, fields, "workload");
  if (!required(reading, path, fields, "factor")) return undefined;
  const factor = readNumber(reading, [...path, "factor"], fields.factor, 0);
  if (workload === undefined || factor === undefined) return undefined;
  if (name === "cpu" && factor === 0) {
    report(reading, [...path, "factor"], "MESH1511", { expected: "> 0" });
    return undefined;
  }
  return { type: name === "cpu" ? "cpu" : "slow", workload, replica: readReplica(reading, path, fields), factor };
}

function readReplica(reading: Reading, path: Path, fields: Fields): number | null {
  return fields.replica === undefined
    ? null
    : (readInteger(reading, [...path, "replica"], fields.replica, 0, maxReplicas - 1) ?? null);
}

function readRequiredName(reading: Reading, path: Path, fields: Fields, name: string): string | undefined {
  return required(reading, path, fields, name) ? readNonEmptyString(reading, [...path, name], fields[name]) : undefined;
}
