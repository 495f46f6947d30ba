/**
 * The first four parameters, the stability after the first rating, found from how each card's first item went; with too
 * few reviews for one rating, from those of the others (fsrs-rs 6.6.2, parameter_initialization.rs).
 */
import { default_w, INIT_S_MAX, S_MIN } from "ts-fsrs";

/** What is known of all cards of one first rating that were seen again after as many days. */
export interface FirstInterval {
  rating: number;
  deltaDays: number;
  remembered: number;
  count: number;
}

/** For each rating (0 is Again), undefined where no card had it. */
export type ByRating = readonly (number | undefined)[];

const ratings = [1, 2, 3, 4] as const;
/** How far a stability lies between those of its neighbours, on a logarithmic scale: Hard, then Good. */
const [hardShare, goodShare] = [0.41, 0.54];

/** @param averageRecall share of all items that were remembered: what a rating with few reviews is smoothed with */
export function initialStabilities(intervals: readonly FirstInterval[], averageRecall: number): ByRating {
  return ratings.map((rating) => {
    const of = intervals.filter((interval) => interval.rating === rating).sort((a, b) => a.deltaDays - b.deltaDays);
    return of.length === 0 ? undefined : Math.fround(bestStability(of, averageRecall, Math.fround(default_w[rating - 1]!)));
  });
}

/** How many cards had each first rating. */
export function countsByRating(intervals: readonly FirstInterval[]): ByRating {
  return ratings.map((rating) => {
    const of = intervals.filter((interval) => interval.rating === rating);
    return of.length === 0 ? undefined : of.reduce((sum, { count }) => sum + count, 0);
  });
}

/** Least cross entropy on the default forgetting curve, drawn a little towards the default; by ternary search. */
function bestStability(intervals: readonly FirstInterval[], averageRecall: number, usual: number): number {
  const decay = -Math.fround(default_w[20]!);
  const factor = 0.9 ** (1 / decay) - 1;
  const loss = (stability: number) => {
    let sum = Math.abs(stability - usual) / 16;
    for (const { deltaDays, remembered, count } of intervals) {
      const recall = (remembered + averageRecall) / (count + 1);
      const predicted = ((deltaDays / stability) * factor + 1) ** decay;
      sum -= count * (recall * Math.log(predicted) + (1 - recall) * Math.log(1 - predicted));
    }
    return sum;
  };
  let low = S_MIN;
  let high: number = INIT_S_MAX;
  for (let i = 0; i < 1000 && high - low > Number.EPSILON; i++) {
    const third = (high - low) / 3;
    if (loss(low + third) < loss(high - third)) high -= third;
    else low += third;
  }
  return (low + high) / 2;
}

/**
 * All four: a better rating never less stable than a worse one (that of more cards holds), gaps filled from the neighbours.
 * @param counts of the ratings that are known; at least one
 */
export function filledStabilities(stabilities: ByRating, counts: ByRating): number[] {
  const known = stabilities.map((stability, i) => (counts[i] === undefined ? undefined : stability));
  for (const [low, high] of [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 2],
    [1, 3],
    [0, 3],
  ] as const) {
    const [lower, higher] = [known[low], known[high]];
    if (lower === undefined || higher === undefined || lower <= higher) continue;
    if (counts[low]! > counts[high]!) known[high] = lower;
    else known[low] = higher;
  }
  return filled(known).map((value) => Math.fround(Math.min(INIT_S_MAX, Math.max(S_MIN, value))));
}

/**
 * On a logarithmic scale Hard lies `hardShare` of the way down from Good to Again, and Good `goodShare` of the way up from
 * Hard to Easy: two equations for four values, so that two known ones give the others; one known scales the defaults.
 */
function filled(known: ByRating): number[] {
  const places = ratings.map((rating) => rating - 1).filter((i) => known[i] !== undefined);
  if (places.length === 1) {
    const scale = known[places[0]!]! / default_w[places[0]!]!;
    return default_w.slice(0, 4).map((value) => value * scale);
  }
  let [again, hard, good, easy] = known.map((value) => (value === undefined ? undefined : Math.log(value)));
  const [a, b] = [hardShare, goodShare];
  if (hard === undefined && good === undefined) {
    const whole = a + b - a * b;
    hard = (again! * a + easy! * (b - a * b)) / whole;
    good = (again! * (a - a * b) + easy! * b) / whole;
  }
  if (hard === undefined) hard = again === undefined ? (good! - b * easy!) / (1 - b) : a * again + (1 - a) * good!;
  if (good === undefined) good = easy === undefined ? (hard - a * again!) / (1 - a) : (1 - b) * hard + b * easy;
  again ??= (hard - (1 - a) * good) / a;
  easy ??= (good - (1 - b) * hard) / b;
  return [again, hard, good, easy].map(Math.exp);
}
