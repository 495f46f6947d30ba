/**
 * How well FSRS parameters predict a learner's reviews: log loss and the calibration error of Anki (RMSE over bins by
 * interval, number of reviews and lapses), both weighted towards the recent reviews, as fsrs-rs `evaluate` has it: within a
 * bin every review counts alike, and the bins by the weights of their reviews. The smaller, the better.
 */
import { assert } from "#base";
import { fillWeights } from "../scheduling/deck-options.ts";
import { createRecall } from "./memory-model.ts";
import { recencyWeight, type TrainingHistory, type TrainingReview, trainingItems } from "./training-histories.ts";

export interface Evaluation {
  logLoss: number;
  /** 0 … 1 */
  rmseBins: number;
  items: number;
}

export function evaluateWeights(weights: readonly number[], histories: readonly TrainingHistory[]): Evaluation {
  const w = fillWeights(weights);
  assert(w, "FSRS parameters are 17, 19 or 21 finite numbers");
  const recallOf = createRecall(Float64Array.from(w), Math.max(0, ...histories.map(({ reviews }) => reviews.length)));
  const recalls = histories.map(({ reviews }) => {
    const ratings = Uint8Array.from(reviews, ({ rating }) => rating);
    return recallOf({ ratings, deltaDays: Float64Array.from(reviews, ({ deltaDays }) => deltaDays) }).slice(0, reviews.length);
  });
  const items = trainingItems(histories);
  const bins = new Map<string, { predicted: number; remembered: number; count: number; weight: number }>();
  let loss = 0;
  let total = 0;
  for (const [place, { history, review }] of items.entries()) {
    const weight = recencyWeight(place, items.length);
    const { reviews } = histories[history]!;
    const recall = recalls[history]![review]!;
    const kept = Math.min(1 - 1e-7, Math.max(1e-7, recall));
    const remembered = reviews[review]!.rating > 1;
    loss -= weight * Math.log(remembered ? kept : 1 - kept);
    total += weight;
    const key = binOf(reviews.slice(0, review + 1));
    const bin = bins.get(key) ?? { predicted: 0, remembered: 0, count: 0, weight: 0 };
    bin.predicted += recall;
    bin.remembered += remembered ? 1 : 0;
    bin.count++;
    bin.weight += weight;
    bins.set(key, bin);
  }
  const squares = [...bins.values()].map(
    ({ predicted, remembered, count, weight }) => ((predicted - remembered) / count) ** 2 * weight,
  );
  return {
    logLoss: total === 0 ? 0 : loss / total,
    rmseBins: total === 0 ? 0 : Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / total),
    items: items.length,
  };
}

/** fsrs-rs `FSRSItem::r_matrix_index`: by interval, number of long-term reviews, and lapses after one. */
function binOf(reviews: readonly TrainingReview[]): string {
  const long = reviews.filter(({ deltaDays }) => deltaDays > 0);
  const lapses = long.slice(0, -1).filter(({ rating }) => rating === 1).length;
  const step = (value: number, first: number, base: number) => first * base ** Math.floor(Math.log(value) / Math.log(base));
  const days = Math.round(step(reviews.at(-1)!.deltaDays, 2.48, 3.62) * 100);
  const length = Math.round(step(long.length + 1, 1.99, 1.89));
  return `${days} ${length} ${lapses === 0 ? 0 : Math.round(step(lapses, 1.65, 1.73))}`;
}

/** Trained parameters are taken only when they are better by both measures' order: log loss first, never worse. */
export function isBetter(trained: Evaluation, current: Evaluation): boolean {
  return trained.logLoss < current.logLoss - 1e-9;
}
