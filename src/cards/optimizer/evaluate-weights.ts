/**
 * How well FSRS parameters predict a learner's reviews: log loss and the calibration error of Anki (RMSE over bins by
 * interval, number of reviews and lapses, as fsrs-rs has it). The smaller, the better.
 */
import { AnkiFsrs } from "../scheduling/anki-fsrs.ts";
import { defaultDeckOptions } from "../scheduling/deck-options.ts";
import type { TrainingItem } from "./training-items.ts";

export interface Evaluation {
  logLoss: number;
  /** 0 … 1 */
  rmseBins: number;
  items: number;
}

export function evaluateWeights(weights: readonly number[], items: readonly TrainingItem[]): Evaluation {
  const fsrs = new AnkiFsrs({ ...defaultDeckOptions, weights, fuzz: false });
  const bins = new Map<string, { predicted: number; remembered: number; count: number }>();
  let loss = 0;
  for (const { reviews } of items) {
    const last = reviews.at(-1)!;
    let state: ReturnType<typeof fsrs.next_state> | null = null;
    for (const { rating, deltaDays } of reviews.slice(0, -1)) state = fsrs.next_state(state, deltaDays, rating as 1 | 2 | 3 | 4);
    const recall = fsrs.forgetting_curve(last.deltaDays, state?.stability ?? 1);
    const kept = Math.min(1 - 1e-7, Math.max(1e-7, recall));
    const remembered = last.rating > 1;
    loss -= Math.log(remembered ? kept : 1 - kept);
    const key = binOf(reviews);
    const bin = bins.get(key) ?? { predicted: 0, remembered: 0, count: 0 };
    bin.predicted += recall;
    bin.remembered += remembered ? 1 : 0;
    bin.count++;
    bins.set(key, bin);
  }
  const squares = [...bins.values()].map(({ predicted, remembered, count }) => ((predicted - remembered) / count) ** 2 * count);
  const count = Math.max(1, items.length);
  return {
    logLoss: loss / count,
    rmseBins: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / count),
    items: items.length,
  };
}

/** fsrs-rs `FSRSItem::r_matrix_index`. */
function binOf(reviews: TrainingItem["reviews"]): string {
  const days = reviews.at(-1)!.deltaDays;
  const long = reviews.slice(1).filter(({ deltaDays }) => deltaDays > 0).length + 1;
  const lapses = reviews.slice(0, -1).filter(({ rating, deltaDays }, i) => rating === 1 && (i === 0 || deltaDays > 0)).length;
  const grade = (value: number, first: number, base: number) =>
    (first * base ** Math.floor(Math.log(value) / Math.log(base))).toFixed(2);
  return [grade(days, 2.48, 3.62), grade(long, 1.99, 1.89), lapses === 0 ? "0" : grade(lapses, 1.65, 1.73)].join(" ");
}

/** Trained parameters are taken only when they are better by both measures' order: log loss first, never worse. */
export function isBetter(trained: Evaluation, current: Evaluation): boolean {
  return trained.logLoss < current.logLoss - 1e-9;
}
