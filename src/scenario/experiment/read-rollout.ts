/**
 * Reads spec.rollout: a canary that is moved by itself. Names and defaults follow Flagger's canary analysis
 * (https://docs.flagger.app/usage/how-it-works#canary-analysis); ours are flat, as one canary is all a run has.
 */
import type { Path, RolloutPlan } from "./experiment.ts";
import {
  type Fields,
  type Reading,
  readDurationMs,
  readFields,
  readInteger,
  readList,
  readNonEmptyString,
  readNumber,
  report,
  required,
} from "./field-reader.ts";

const intervalMs = 60_000;
const known = [
  "virtualService",
  "namespace",
  "canary",
  "subset",
  "start",
  "interval",
  "stepWeight",
  "stepWeights",
  "maxWeight",
  "threshold",
  "successRate",
  "p99",
];

export function readRollout(reading: Reading, path: Path, value: unknown): RolloutPlan | undefined {
  const fields = readFields(reading, path, value, known);
  if (!fields) return undefined;
  const name = (field: string) =>
    required(reading, path, fields, field) ? readNonEmptyString(reading, [...path, field], fields[field]) : undefined;
  const duration = (field: string, fallback: number) =>
    fields[field] === undefined ? fallback : (readDurationMs(reading, [...path, field], fields[field]) ?? fallback);
  const virtualService = name("virtualService");
  const canary = name("canary");
  const weights = readWeights(reading, path, fields);
  const interval = duration("interval", intervalMs);
  if (interval <= 0) report(reading, [...path, "interval"], "MESH1511", { expected: "> 0" });
  if (virtualService === undefined || canary === undefined || !weights || interval <= 0) return undefined;
  return {
    virtualService,
    namespace:
      fields.namespace === undefined ? null : (readNonEmptyString(reading, [...path, "namespace"], fields.namespace) ?? null),
    canary,
    subset: fields.subset === undefined ? null : (readNonEmptyString(reading, [...path, "subset"], fields.subset) ?? null),
    startMs: duration("start", interval),
    intervalMs: interval,
    weights,
    threshold: fields.threshold === undefined ? 5 : (readInteger(reading, [...path, "threshold"], fields.threshold, 1) ?? 5),
    minSuccessRate:
      fields.successRate === undefined
        ? 0.99
        : (readNumber(reading, [...path, "successRate"], fields.successRate, 0, 100) ?? 99) / 100,
    maxP99Ms: fields.p99 === undefined ? null : duration("p99", 0),
    path,
  };
}

/** Every weight that is tried, rising: by `stepWeight` up to `maxWeight`, or as `stepWeights` lists them. */
function readWeights(reading: Reading, path: Path, fields: Fields): number[] | undefined {
  if (fields.stepWeights !== undefined) {
    for (const other of ["stepWeight", "maxWeight"]) {
      if (fields[other] !== undefined)
        report(reading, [...path, other], "MESH1505", { fields: `stepWeights, ${other}`, found: `stepWeights, ${other}` });
    }
    const at = [...path, "stepWeights"];
    const weights = readList(reading, at, fields.stepWeights, (one, place) => readInteger(reading, place, one, 1, 100));
    const rising = weights.length > 0 && weights.every((one, index) => index === 0 || one > (weights[index - 1] ?? 0));
    if (rising) return weights;
    if (Array.isArray(fields.stepWeights)) report(reading, at, "MESH1511", { expected: "1 < … < 100" });
    return undefined;
  }
  const step = fields.stepWeight === undefined ? 10 : readInteger(reading, [...path, "stepWeight"], fields.stepWeight, 1, 100);
  const most = fields.maxWeight === undefined ? 50 : readInteger(reading, [...path, "maxWeight"], fields.maxWeight, 1, 100);
  if (step === undefined || most === undefined) return undefined;
  // As Flagger: the last step may pass the largest weight (fluxcd/flagger#189), never 100.
  return Array.from({ length: Math.ceil(most / step) }, (_, index) => Math.min(100, (index + 1) * step));
}
