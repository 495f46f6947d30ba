/**
 * The review log: append-only, the truth from which every schedule can be rebuilt. An undo is a row of its own that names
 * the review it takes back, so that logs from several tabs, devices and Anki merge by union, in any order. Nothing here
 * deletes or changes a row.
 */
import { type CardState, newSchedule, type Rating, type Schedule, type Scheduler } from "./schedule.ts";

interface LogEntry {
  /** When, milliseconds since the epoch; unique over the whole log. */
  id: number;
  slug: string;
  ord: number;
  source: "app" | "anki";
}

export interface ReviewRow extends LogEntry {
  kind: "review";
  rating: Rating;
  stateBefore: CardState;
  /** Intervals as Anki writes them: days when positive, seconds when negative; 0 before the first review. */
  ivlBefore: number;
  ivlAfter: number;
  sAfter: number;
  dAfter: number;
  /** How long the learner took. */
  durationMs: number;
}

export interface UndoRow extends LogEntry {
  kind: "undo";
  /** The `id` of the review that no longer counts. */
  undoes: number;
}

export type LogRow = ReviewRow | UndoRow;

/** The reviews that count, oldest first. */
export function standingReviews(rows: readonly LogRow[]): ReviewRow[] {
  const undone = new Set(rows.flatMap((row) => (row.kind === "undo" ? [row.undoes] : [])));
  const reviews = rows.filter((row): row is ReviewRow => row.kind === "review" && !undone.has(row.id));
  return reviews.sort((a, b) => a.id - b.id);
}

/**
 * The schedule that a card's rows lead to. Memory is computed anew (so that other parameters take effect); the due date
 * is the one the learner was given, since Anki's own fuzz cannot be recomputed here.
 * @param rows of this card only; any order
 */
export function replay(cardId: string, rows: readonly LogRow[], scheduler: Scheduler): Schedule {
  let schedule = newSchedule();
  for (const row of standingReviews(rows)) {
    const { after } = scheduler.answer(cardId, schedule, row.rating, row.id);
    schedule = withInterval(after, row, scheduler);
  }
  return schedule;
}

function withInterval(after: Schedule, row: ReviewRow, { clock }: Scheduler): Schedule {
  if (row.ivlAfter > 0 && after.state === "review") {
    return { ...after, scheduledDays: row.ivlAfter, dueMs: clock.startOf(clock.dayOf(row.id) + row.ivlAfter) };
  }
  if (row.ivlAfter < 0 && after.state !== "review") return { ...after, dueMs: row.id - row.ivlAfter * 1000 };
  return after;
}
