/**
 * How well a learner knows what they know: the share of right predictions by stated confidence, and the Brier score (G. Brier 1950, its
 * form for one event: the mean of (confidence − outcome)²; 0 is best, always saying 50 % gives 0.25).
 */
import type { PredictionRow, ProgressRow } from "../progress/progress-row.ts";

/** What a learner may say of a prediction. */
export const confidences = [0.5, 0.6, 0.7, 0.8, 0.9, 0.99] as const;

export interface CalibrationBand {
  confidence: number;
  count: number;
  right: number;
}

export interface Calibration {
  count: number;
  /** null: nothing was predicted. */
  brier: number | null;
  /** Bands with at least one prediction, by confidence. */
  bands: readonly CalibrationBand[];
}

export function calibrationOf(rows: readonly ProgressRow[]): Calibration {
  const predictions = rows.filter((row): row is PredictionRow => row.kind === "prediction");
  const bands = new Map<number, CalibrationBand>();
  let squares = 0;
  for (const { confidence, right } of predictions) {
    const band = bands.get(confidence) ?? { confidence, count: 0, right: 0 };
    bands.set(confidence, { confidence, count: band.count + 1, right: band.right + (right ? 1 : 0) });
    squares += (confidence - (right ? 1 : 0)) ** 2;
  }
  return {
    count: predictions.length,
    brier: predictions.length === 0 ? null : squares / predictions.length,
    bands: [...bands.values()].sort((a, b) => a.confidence - b.confidence),
  };
}
