/**
 * The review log: append-only, the truth from which every schedule can be rebuilt. An undo is a row of its own that names
 * the review it takes back, so that logs from several tabs, devices and Anki merge by union, in any order. Nothing here
 * deletes or changes a row.
 */
import type { MarkChange } from "./card-marks.ts";
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
  /** The `id` of this card's rows (a review and the marks it caused) that no longer count. */
  undoes: number;
}

/** A change of the card's marks: only what changes is named. */
export interface MarkRow extends LogEntry {
  kind: "mark";
  change: MarkChange;
  /** What Anki had of the card when both sides were last the same: the base of the next sync, no mark of its own. */
  inAnki?: Partial<MarksInAnki> | undefined;
}

/** The marks that Anki has as well. The deck by its full name. */
export interface MarksInAnki {
  suspended: boolean;
  flag: number;
  deck: string;
}

/** What Anki's log holds besides answers. Kept so that nothing is lost; only a reset changes what a replay sees. */
export interface ManualRow extends LogEntry {
  kind: "manual";
  /** Forgotten by hand, due date set by hand, rescheduled by new parameters, answered in a cram session. */
  change: "reset" | "due" | "rescheduled" | "cram";
  ivlBefore: number;
  ivlAfter: number;
  rating?: Rating | undefined;
  durationMs?: number | undefined;
}

/** The state of a card whose reviews are not known: a replay starts from it when no review is older. */
export interface StateRow extends LogEntry {
  kind: "state";
  schedule: Schedule;
}

export type LogRow = ReviewRow | UndoRow | ManualRow | StateRow | MarkRow;

/** What makes two rows one when logs are united. */
export function logKeyOf({ id, slug, ord, kind }: LogRow): [id: number, slug: string, ord: number, kind: LogRow["kind"]] {
  return [id, slug, ord, kind];
}

/** Everything that was not taken back, oldest first; the undo rows themselves are left out. */
export function standingRows(rows: readonly LogRow[]): Exclude<LogRow, UndoRow>[] {
  const undone = new Set(rows.flatMap((row) => (row.kind === "undo" ? [momentOf(row, row.undoes)] : [])));
  const kept = rows.filter((row): row is Exclude<LogRow, UndoRow> => row.kind !== "undo");
  const standing = undone.size === 0 ? kept : kept.filter((row) => !undone.has(momentOf(row, row.id)));
  return standing.sort((a, b) => a.id - b.id);
}

/** The reviews that count, oldest first. */
export function standingReviews(rows: readonly LogRow[]): ReviewRow[] {
  return standingRows(rows).filter((row): row is ReviewRow => row.kind === "review");
}

/** Logs of several devices may have rows of two cards in one millisecond: an undo is about one card. */
function momentOf({ slug, ord }: LogRow, id: number): string {
  return `${id} ${ord} ${slug}`;
}

/**
 * The schedule that a card's rows lead to. Memory is computed anew (so that other parameters take effect); the due date
 * is the one the learner was given, since Anki's own fuzz cannot be recomputed here.
 * @param rows of this card only; any order
 */
export function replay(cardId: string, rows: readonly LogRow[], scheduler: Scheduler): Schedule {
  let schedule = startOf(rows);
  for (const { after } of stepsFrom(cardId, rows, scheduler)) schedule = after;
  return schedule;
}

export interface ReplayStep {
  row: ReviewRow;
  before: Schedule;
  after: Schedule;
}

/** Every review that counts, with the schedule before and after it. @param rows of one card, any order */
export function replaySteps(cardId: string, rows: readonly LogRow[], scheduler: Scheduler): ReplayStep[] {
  return [...stepsFrom(cardId, rows, scheduler)];
}

function* stepsFrom(cardId: string, rows: readonly LogRow[], scheduler: Scheduler): Generator<ReplayStep> {
  const resetAtMs = lastReset(rows);
  let before = startOf(rows);
  for (const row of standingReviews(rows)) {
    if (row.id <= resetAtMs) continue;
    const after = withInterval(scheduler.answer(cardId, before, row.rating, row.id).after, row, scheduler);
    yield { row, before, after };
    before = after;
  }
}

/** The newest known state that no review since the last reset is older than; otherwise the card was new. */
function startOf(rows: readonly LogRow[]): Schedule {
  const states = rows.filter((row): row is StateRow => row.kind === "state").sort((a, b) => b.id - a.id);
  if (states.length === 0) return newSchedule();
  const resetAtMs = lastReset(rows);
  const firstReviewMs = standingReviews(rows).find(({ id }) => id > resetAtMs)?.id ?? Number.POSITIVE_INFINITY;
  return states.find(({ id }) => id > resetAtMs && id < firstReviewMs)?.schedule ?? newSchedule();
}

function lastReset(rows: readonly LogRow[]): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const row of standingRows(rows)) if (row.kind === "manual" && row.change === "reset") last = Math.max(last, row.id);
  return last;
}

/** The schedule with the interval that the learner was given, which the button said. */
export function withInterval(after: Schedule, row: Pick<ReviewRow, "id" | "ivlAfter">, { clock }: Scheduler): Schedule {
  if (row.ivlAfter > 0 && after.state === "review") {
    return { ...after, scheduledDays: row.ivlAfter, dueMs: clock.startOf(clock.dayOf(row.id) + row.ivlAfter) };
  }
  if (row.ivlAfter < 0 && after.state !== "review") return { ...after, dueMs: row.id - row.ivlAfter * 1000 };
  return after;
}
