/**
 * Reads traffic.profile: how the rate changes with time, as steps and ramps or as a day that repeats. It becomes straight pieces, so that
 * the engine needs no sine.
 */
import type { RatePiece } from "#engine";
import type { Path } from "./experiment.ts";
import { type Reading, readDurationMs, readFields, readList, report, required } from "./field-reader.ts";
import { readRate } from "./read-rate.ts";

/** (1 − cos) / 2 at 24 equal steps of a turn: the hours of a day from trough to peak and back. Written out, as cosines differ by machine. */
const hours = [
  0, 0.0170371, 0.0669873, 0.1464466, 0.25, 0.3705905, 0.5, 0.6294095, 0.75, 0.8535534, 0.9330127, 0.9829629, 1, 0.9829629,
  0.9330127, 0.8535534, 0.75, 0.6294095, 0.5, 0.3705905, 0.25, 0.1464466, 0.0669873, 0.0170371,
];
/** As many days as a run may need; after them the rate stays. */
const days = 400;

/** @param perSecond the entry's own rate: where the profile begins, and a day's trough */
export function readProfile(reading: Reading, path: Path, value: unknown, perSecond: number): RatePiece[] | undefined {
  if (Array.isArray(value)) return readSteps(reading, path, value, perSecond);
  const fields = readFields(reading, path, value, ["diurnal"]);
  if (!fields || !required(reading, path, fields, "diurnal")) return undefined;
  const at = [...path, "diurnal"];
  const day = readFields(reading, at, fields.diurnal, ["period", "peak"]);
  if (!day || !required(reading, at, day, "period") || !required(reading, at, day, "peak")) return undefined;
  const periodMs = readDurationMs(reading, [...at, "period"], day.period);
  const peak = readRate(reading, [...at, "peak"], day.peak);
  if (periodMs === undefined || peak === undefined) return undefined;
  if (periodMs === 0) {
    report(reading, [...at, "period"], "MESH1511", { expected: "> 0" });
    return undefined;
  }
  return diurnal(perSecond, peak, periodMs);
}

function diurnal(trough: number, peak: number, periodMs: number): RatePiece[] {
  const pieces: RatePiece[] = [];
  const rateAt = (hour: number) => trough + (peak - trough) * (hours[hour % hours.length] as number);
  const pieceMs = periodMs / hours.length;
  for (let hour = 0; hour < days * hours.length; hour++) {
    const toMs = hour === days * hours.length - 1 ? Infinity : (hour + 1) * pieceMs;
    pieces.push({ fromMs: hour * pieceMs, toMs, fromPerSecond: rateAt(hour), toPerSecond: rateAt(hour + 1) });
  }
  return pieces;
}

/** `[{ at: 10s, rate: 400/s }, { at: 20s, rate: 100/s, ramp: 5s }]`: a step, then a fall over five seconds. */
function readSteps(reading: Reading, path: Path, value: unknown, perSecond: number): RatePiece[] | undefined {
  const steps = readList(reading, path, value, (one, at) => {
    const fields = readFields(reading, at, one, ["at", "rate", "ramp"]);
    if (!fields || !required(reading, at, fields, "at") || !required(reading, at, fields, "rate")) return undefined;
    const atMs = readDurationMs(reading, [...at, "at"], fields.at);
    const rate = readRate(reading, [...at, "rate"], fields.rate, 0);
    const rampMs = fields.ramp === undefined ? 0 : readDurationMs(reading, [...at, "ramp"], fields.ramp);
    return atMs === undefined || rate === undefined || rampMs === undefined ? undefined : { atMs, rate, rampMs };
  });
  const pieces: RatePiece[] = [];
  let nowMs = 0;
  let rate = perSecond;
  for (const [index, step] of steps.entries()) {
    if (step.atMs < nowMs) {
      report(reading, [...path, index, "at"], "MESH1511", { expected: `≥ ${nowMs / 1000}s` });
      return undefined;
    }
    if (step.atMs > nowMs) pieces.push({ fromMs: nowMs, toMs: step.atMs, fromPerSecond: rate, toPerSecond: rate });
    nowMs = step.atMs + step.rampMs;
    if (step.rampMs > 0) pieces.push({ fromMs: step.atMs, toMs: nowMs, fromPerSecond: rate, toPerSecond: step.rate });
    rate = step.rate;
  }
  pieces.push({ fromMs: nowMs, toMs: Infinity, fromPerSecond: rate, toPerSecond: rate });
  return pieces;
}
