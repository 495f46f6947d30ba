/**
 * Review histories as FSRS learns from them, cut as Anki cuts them (rslib/src/scheduler/fsrs/params.rs, training): a
 * card's reviews from its last beginning on. What is predicted, an item, is each review that came on a later day than the
 * one before, from all before it. Cards whose learning is not in the log are left out.
 */
import { type CardRef, cardIdOf } from "../model/note.ts";
import { packageCardId } from "../model/package-id.ts";
import { type DayClock, fixedDayClock } from "../scheduling/day-clock.ts";
import { type LogRow, type ReviewRow, standingRows } from "../scheduling/review-log.ts";

export interface TrainingReview {
  /** When, milliseconds since the epoch. */
  id: number;
  rating: number;
  /** Days since the review before; 0 for the first and on the same day. */
  deltaDays: number;
}

export interface TrainingHistory {
  /** Anki's id of the card: cards with equally many reviews are taken in its order. */
  ankiCardId: number;
  /** At least one came on a later day. */
  reviews: readonly TrainingReview[];
}

/** One review to predict, by the places of its history and within that. */
export interface TrainingItem {
  history: number;
  review: number;
}

export interface TrainingSource {
  log: readonly LogRow[];
  clock: DayClock;
  /** Anki counts its days of 24 hours back from the next turn of the day, whatever the clocks did in between. */
  nowMs: number;
  /** Our card id → Anki's, where it is known; otherwise that of our package. */
  ankiCardIds?: ReadonlyMap<string, number> | undefined;
}

/** @returns in the order of the cards' ids */
export function trainingHistories({ log, clock, nowMs, ankiCardIds }: TrainingSource): TrainingHistory[] {
  const days = fixedDayClock(clock.startOf(clock.dayOf(nowMs) + 1) / 1000);
  const histories = [...Map.groupBy(log, cardIdOf)].flatMap(([cardId, rows]): TrainingHistory[] => {
    const reviews = withDays(sinceLastBeginning(rows), days);
    const { slug, ord }: CardRef = rows[0]!;
    const ankiCardId = ankiCardIds?.get(cardId) ?? packageCardId(slug, ord);
    return reviews.some(({ deltaDays }) => deltaDays > 0) ? [{ ankiCardId, reviews }] : [];
  });
  return histories.sort((a, b) => a.ankiCardId - b.ankiCardId);
}

/** The reviews from the first of the last unbroken run of learning answers on; none when there is no such run. */
function sinceLastBeginning(rows: readonly LogRow[]): ReviewRow[] {
  const standing = standingRows(rows);
  let first: number | undefined;
  for (let i = standing.length - 1; i >= 0; i--) {
    const row = standing[i]!;
    // Rows that Anki's log has not: marks, and states of which no review is known.
    if (row.kind === "mark" || row.kind === "state" || (row.kind === "manual" && row.change === "cram")) continue;
    const isLearning = row.kind === "review" && (row.stateBefore === "new" || row.stateBefore === "learning");
    if (isLearning) first = i;
    else if (first !== undefined) break;
    else if (row.kind === "manual" && row.change === "reset") return [];
  }
  if (first === undefined) return [];
  return standing.slice(first).filter((row): row is ReviewRow => row.kind === "review");
}

function withDays(rows: readonly ReviewRow[], days: DayClock): TrainingReview[] {
  return rows.map(({ id, rating }, i) => {
    const before = rows[i - 1];
    return { id, rating, deltaDays: before ? days.dayOf(id) - days.dayOf(before.id) : 0 };
  });
}

/** All items, in the order of their reviews. */
export function trainingItems(histories: readonly TrainingHistory[]): TrainingItem[] {
  const items = histories.flatMap(({ reviews }, history) =>
    reviews.flatMap(({ deltaDays }, review): TrainingItem[] => (deltaDays > 0 ? [{ history, review }] : [])),
  );
  const moment = ({ history, review }: TrainingItem) => histories[history]!.reviews[review]!.id;
  return items.sort((a, b) => moment(a) - moment(b));
}

/**
 * The later a review, the more it counts: from a quarter up to 1 (fsrs-rs, dataset.rs, `recency_weighted_fsrs_items`).
 * @param place of `count`, from 0, in the order of the reviews
 */
export function recencyWeight(place: number, count: number): number {
  return 0.25 + 0.75 * (place / Math.max(1, count - 1)) ** 3;
}
