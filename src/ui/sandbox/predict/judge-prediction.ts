/** Whether a prediction was right. Pure; what was computed comes from the engine. */
import type { RunPlan } from "#scenario";

export type PredictionQuestion = RunPlan["goal"]["predict"]["questions"][number];

export type MetricUnit = "percent" | "ms" | "number";

const shareMetrics: ReadonlySet<string> = new Set(["share", "errorRate", "flagShare", "plaintextShare"]);
const durationMetrics: ReadonlySet<string> = new Set(["p50Ms", "p90Ms", "p95Ms", "p99Ms", "meanMs", "timeOf"]);
/** A right number may be off by this share of what was computed, where the experiment names no tolerance. */
const relativeTolerance = 0.1;
/** The same where nothing came out: what one would still call none. */
const nearZero: Readonly<Record<MetricUnit, number>> = { percent: 0.005, ms: 0.5, number: 0.5 };

export function unitOf(metric: string): MetricUnit {
  return shareMetrics.has(metric) ? "percent" : durationMetrics.has(metric) ? "ms" : "number";
}

/** As typed, with a decimal point or comma; a share is typed in percent. @returns undefined for what is no number */
export function readPrediction(text: string, unit: MetricUnit): number | undefined {
  const typed = text
    .trim()
    .replace(/\s*(%|ms|мс)$/, "")
    .replace(",", ".");
  if (!/^-?\d+(\.\d+)?$/.test(typed)) return undefined;
  return unit === "percent" ? Number(typed) / 100 : Number(typed);
}

export function isRight({ metric, choices, tolerance }: PredictionQuestion, predicted: number, measured: number): boolean {
  if (choices) return nearest(choices, measured) === predicted;
  const allowed = tolerance ?? (measured === 0 ? nearZero[unitOf(metric)] : relativeTolerance * Math.abs(measured));
  return Math.abs(predicted - measured) <= allowed + 1e-9;
}

/** Of the answers to choose from, the one that came out. */
function nearest(choices: readonly number[], measured: number): number | undefined {
  return choices.toSorted((a, b) => Math.abs(a - measured) - Math.abs(b - measured))[0];
}
