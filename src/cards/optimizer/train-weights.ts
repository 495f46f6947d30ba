/**
 * Personal FSRS parameters from a learner's own reviews, as Anki's "Optimize" finds them: the same items, batches in the
 * same order, the same optimizer (Anki's rslib/src/scheduler/fsrs/params.rs over fsrs-rs 6.6.2, training.rs). The published
 * packages of fsrs-rs keep the epoch with the smallest loss, Anki of today the last one, so they cannot agree with it.
 */
import { CLAMP_PARAMETERS, default_w } from "ts-fsrs";
import { chachaRandom, shuffledOrder } from "./chacha-random.ts";
import { countsByRating, filledStabilities, initialStabilities } from "./initial-stability.ts";
import { createLoss, type WeightedHistory } from "./memory-model.ts";
import { recencyWeight, type TrainingHistory, type TrainingItem, trainingItems } from "./training-histories.ts";
import { usualIntervals } from "./usual-intervals.ts";

/** Fewer items give the defaults; fewer than the second, only the initial stabilities. */
const [leastItems, leastItemsForAll] = [8, 64];
const epochs = 8;
/** Items in a batch; a card is never divided. */
const batchSize = 512;
const firstRate = 0.04;
const seed = 2023;
/** Items with more reviews than this are not learnt from. */
const longestHistory = 256;
/** How much each parameter differs among learners: what it is drawn back to the start with. */
const spreads = [
  6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
];

export interface TrainingOptions {
  /** How many relearning steps the deck has: with several, a lapse must leave less than there was. */
  relearningSteps: number;
  /** @param done share of the work, 0 … 1 */
  onProgress?: ((done: number) => void) | undefined;
}

/** @param histories in the order of their cards' ids @returns 21 parameters */
export function trainWeights(histories: readonly TrainingHistory[], { relearningSteps, onProgress }: TrainingOptions): number[] {
  const { intervals, usual } = usualIntervals(histories);
  const items = trainingItems(usual);
  if (items.length < leastItems) return [...default_w];
  const remembered = items.filter(({ history, review }) => usual[history]!.reviews[review]!.rating > 1).length;
  const counts = countsByRating(intervals);
  const stabilities = filledStabilities(initialStabilities(intervals, Math.fround(remembered / items.length)), counts);
  const start = [...stabilities, ...default_w.slice(4)];
  if (items.length === usual.length || items.length < leastItemsForAll) return start;
  const batches = batchesOf(weightedHistories(usual, items));
  const found = descend(Float64Array.from(start, Math.fround), batches, relearningSteps, onProgress);
  return [...filledStabilities(found.slice(0, 4), counts), ...found.slice(4)];
}

interface Batch {
  histories: WeightedHistory[];
  items: number;
}

/** Each history up to its last item that is short enough. */
function weightedHistories(histories: readonly TrainingHistory[], items: readonly TrainingItem[]): WeightedHistory[] {
  const weighted = histories.map(({ reviews }): WeightedHistory => {
    const last = reviews.findLastIndex(({ deltaDays }, i) => deltaDays > 0 && i < longestHistory);
    const used = reviews.slice(0, last + 1);
    return {
      ratings: Uint8Array.from(used, ({ rating }) => rating),
      deltaDays: Float64Array.from(used, ({ deltaDays }) => deltaDays),
      importance: new Float64Array(used.length),
    };
  });
  for (const [place, { history, review }] of items.entries()) {
    // Beyond the end of what is used this writes nothing.
    weighted[history]!.importance[review] = Math.fround(recencyWeight(place, items.length));
  }
  return weighted.filter(({ ratings }) => ratings.length > 0);
}

/** The shortest histories first, so that those of a batch are about as long. */
function batchesOf(histories: readonly WeightedHistory[]): Batch[] {
  const batches: Batch[] = [];
  for (const history of histories.toSorted((a, b) => a.ratings.length - b.ratings.length)) {
    const items = history.importance.filter((importance) => importance > 0).length;
    const last = batches.at(-1);
    if (last && last.items + items <= batchSize) {
      last.histories.push(history);
      last.items += items;
    } else batches.push({ histories: [history], items });
  }
  return batches;
}

/** Adam (Kingma and Ba, 2014) with a rate that falls along a cosine; the parameters are single precision, as in fsrs-rs. */
function descend(
  start: Float64Array,
  batches: readonly Batch[],
  relearningSteps: number,
  onProgress: TrainingOptions["onProgress"],
): number[] {
  const total = batches.reduce((sum, { items }) => sum + items, 0);
  const period = (Math.floor(total / batchSize) + 1) * epochs;
  const random = chachaRandom(seed);
  const addLoss = createLoss(longestHistory);
  const w = start.slice();
  const gradient = new Float64Array(w.length);
  const [mean, square] = [new Float64Array(w.length), new Float64Array(w.length)];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const place of shuffledOrder(batches.length, random)) {
      const { histories, items } = batches[place]!;
      const rate = (firstRate * (1 + Math.cos((Math.PI * step) / period))) / 2;
      step++;
      gradient.fill(0);
      addLoss(w, histories, gradient);
      for (let i = 0; i < w.length; i++) {
        const slope = gradient[i]! + ((2 * (w[i]! - start[i]!)) / spreads[i]! ** 2) * (items / total);
        mean[i] = 0.9 * mean[i]! + 0.1 * slope;
        square[i] = 0.999 * square[i]! + 0.001 * slope * slope;
        const direction = mean[i]! / (1 - 0.9 ** step) / (Math.sqrt(square[i]! / (1 - 0.999 ** step)) + 1e-8);
        w[i] = Math.fround(w[i]! - Math.fround(rate * direction));
      }
      clip(w, relearningSteps);
      onProgress?.(step / (epochs * batches.length));
    }
  }
  return [...w];
}

/** Into the bounds of fsrs-rs (parameter_clipper.rs). */
function clip(w: Float64Array, relearningSteps: number): void {
  const bounds = CLAMP_PARAMETERS(mostSameDay(w, relearningSteps), true);
  for (const [i, [least, most]] of bounds.entries()) w[i] = Math.fround(Math.min(most!, Math.max(least!, w[i]!)));
}

/** So that relearning on one day never leads beyond the stability before the lapse: of a card with D 1, S 1, R 0.7. */
function mostSameDay(w: Float64Array, relearningSteps: number): number {
  if (relearningSteps <= 1) return 2;
  const afterLapse = Math.log(w[11]!) + Math.log(2 ** w[13]! - 1) + w[14]! * 0.3;
  return Math.min(2, Math.sqrt(Math.max(0.01, -afterLapse / relearningSteps)));
}
