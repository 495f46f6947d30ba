/**
 * Which cards training leaves out: those whose first return came after an unusual number of days for their first rating
 * (fsrs-rs 6.6.2, dataset.rs, `compute_outlier_analysis`).
 */
import type { FirstInterval } from "./initial-stability.ts";
import type { TrainingHistory } from "./training-histories.ts";

/** Of each rating the rarest intervals go, up to this share and at least as many cards; of the rest, those of few cards. */
const sparedShare = 1 / 20;
const sparedCards = 20;
const fewCards = 6;
const [longestDays, longestEasyDays] = [100, 365];

/** @returns what the first return of each history was, and which histories remain with the intervals that are usual */
export function usualIntervals(histories: readonly TrainingHistory[]): {
  intervals: FirstInterval[];
  usual: TrainingHistory[];
} {
  const groups = Map.groupBy(histories, (history) => keyOf(firstReturn(history)));
  const all = [...groups].map(([key, of]): FirstInterval & { key: string } => {
    const { rating, deltaDays } = firstReturn(of[0]!);
    return { key, rating, deltaDays, count: of.length, remembered: of.filter((one) => firstReturn(one).remembered).length };
  });
  const intervals = [...Map.groupBy(all, ({ rating }) => rating).values()].flatMap(withoutRare);
  const kept = new Set(intervals.map(({ key }) => key));
  return { intervals, usual: histories.filter((history) => kept.has(keyOf(firstReturn(history)))) };
}

/** The first review on a later day, with the rating of the very first. */
function firstReturn({ reviews }: TrainingHistory): { rating: number; deltaDays: number; remembered: boolean } {
  const { rating, deltaDays } = reviews.find((review) => review.deltaDays > 0)!;
  return { rating: reviews[0]!.rating, deltaDays, remembered: rating > 1 };
}

function keyOf({ rating, deltaDays }: { rating: number; deltaDays: number }): string {
  return `${rating} ${deltaDays}`;
}

/** @param intervals of one rating */
function withoutRare<T extends FirstInterval>(intervals: readonly T[]): T[] {
  const total = intervals.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(sparedCards, Math.floor(total * sparedShare));
  let removed = 0;
  return intervals
    .toSorted((a, b) => a.count - b.count || a.deltaDays - b.deltaDays)
    .filter(({ rating, deltaDays, count }) => {
      if (removed + count >= most) return count >= fewCards && deltaDays <= (rating === 4 ? longestEasyDays : longestDays);
      removed += count;
      return false;
    });
}
