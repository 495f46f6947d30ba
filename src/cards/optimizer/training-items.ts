/**
 * Review histories as FSRS learns from them, cut as Anki cuts them (rslib/src/scheduler/fsrs/params.rs, training): a
 * card's reviews from its last beginning on, one item for each review that came on a later day than the one before,
 * in the order of the reviews. Cards whose learning is not in the log are left out.
 */
import { cardIdOf } from "../model/note.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import { type LogRow, type ReviewRow, standingRows } from "../scheduling/review-log.ts";

export interface TrainingReview {
  rating: number;
  /** Days since the review before; 0 for the first and on the same day. */
  deltaDays: number;
}

export interface TrainingItem {
  /** When its last review was, milliseconds since the epoch. */
  id: number;
  reviews: readonly TrainingReview[];
}

export function trainingItems(log: readonly LogRow[], clock: DayClock): TrainingItem[] {
  const items = [...Map.groupBy(log, cardIdOf).values()].flatMap((rows) => itemsOf(sinceLastBeginning(rows), clock));
  return items.sort((a, b) => a.id - b.id);
}

/** The reviews from the first of the last unbroken run of learning answers on; none when there is no such run. */
function sinceLastBeginning(rows: readonly LogRow[]): ReviewRow[] {
  const standing = standingRows(rows);
  let first: number | undefined;
  for (let i = standing.length - 1; i >= 0; i--) {
    const row = standing[i]!;
    if (row.kind === "mark" || (row.kind === "manual" && row.change === "cram")) continue;
    const isLearning = row.kind === "review" && (row.stateBefore === "new" || row.stateBefore === "learning");
    if (isLearning) first = i;
    else if (first !== undefined) break;
    else if (row.kind === "manual" && row.change === "reset") return [];
  }
  if (first === undefined) return [];
  return standing.slice(first).filter((row): row is ReviewRow => row.kind === "review");
}

function itemsOf(reviews: readonly ReviewRow[], clock: DayClock): TrainingItem[] {
  const steps = reviews.map((row, i): TrainingReview => {
    const before = reviews[i - 1];
    return { rating: row.rating, deltaDays: before ? clock.dayOf(row.id) - clock.dayOf(before.id) : 0 };
  });
  return reviews.flatMap((row, i) => (i > 0 && steps[i]!.deltaDays > 0 ? [{ id: row.id, reviews: steps.slice(0, i + 1) }] : []));
}

/** The same in the three arrays that the optimizers take: all ratings, all gaps, and how many belong to each item. */
export function flattened(items: readonly TrainingItem[]): { ratings: Uint32Array; deltas: Uint32Array; lengths: Uint32Array } {
  const reviews = items.flatMap((item) => item.reviews);
  return {
    ratings: Uint32Array.from(reviews, ({ rating }) => rating),
    deltas: Uint32Array.from(reviews, ({ deltaDays }) => deltaDays),
    lengths: Uint32Array.from(items, (item) => item.reviews.length),
  };
}
