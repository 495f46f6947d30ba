/**
 * Rows of `revlog` → rows of our log. Ratings become reviews; what Anki writes besides (a reset, a new due date, cramming)
 * is kept as a row of its own, so that nothing is lost, and only a reset changes what a replay sees. Absurd rows and rows
 * from the future are left out: an id in the future would push every later review behind it.
 */
import type { CardRef } from "../model/note.ts";
import { type LogRow, type ManualRow, type ReviewRow, replaySteps } from "../scheduling/review-log.ts";
import { intervalOf, type Rating, type Scheduler } from "../scheduling/schedule.ts";
import type { CollectionDatabase } from "./collection-database.ts";
import type { NoticeBoard } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";

/** A review may lie this far ahead of our clock: two machines' clocks differ. */
export const clockSkewMs = 3_600_000;
/** Anki's first release was in 2006. */
export const earliestReviewMs = Date.UTC(2005, 0, 1);
const longestIntervalDays = 36_500;
const longestStepS = 864_000_000;

export interface ReviewSettings {
  scheduler: Scheduler;
  nowMs: number;
  limits: ImportLimits;
  notices: NoticeBoard;
}

/** @param cards Anki's card id → our card */
export function readReviews(
  database: CollectionDatabase,
  cards: ReadonlyMap<number, CardRef>,
  settings: ReviewSettings,
): LogRow[] {
  const { limits, notices, nowMs } = settings;
  const byCard = new Map<number, (ReviewRow | ManualRow)[]>();
  const columns = ["id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type"];
  database.eachRow("revlog", columns, limits.reviews, (cells) => {
    const [id = 0, cardId = 0, ...rest] = cells.map(Number);
    const card = cards.get(cardId);
    if (!card) return notices.add("OrphanReview");
    if (id > nowMs + clockSkewMs) return notices.add("FutureReview");
    const row = rowFrom(id, card, rest);
    if (!row) return notices.add("AbsurdReview");
    const rows = byCard.get(cardId);
    if (rows) rows.push(row);
    else byCard.set(cardId, [row]);
  });
  return [...byCard.values()].flatMap((rows) => withMemory(rows, settings.scheduler));
}

function rowFrom(id: number, { slug, ord }: CardRef, numbers: readonly number[]): ReviewRow | ManualRow | undefined {
  const [ease, ivl, lastIvl, factor, time, type] = numbers as [number, number, number, number, number, number];
  if (!Number.isSafeInteger(id) || id < earliestReviewMs) return undefined;
  if (![ivl, lastIvl].every(isInterval) || !numbers.every(Number.isSafeInteger)) return undefined;
  const entry = { id, slug, ord, source: "anki" as const, ivlBefore: lastIvl, ivlAfter: ivl };
  const durationMs = Math.min(3_600_000, Math.max(0, time));
  if (ease < 0 || ease > 4 || type < 0 || type > 5) return undefined;
  if (type === 4 || type === 5 || ease === 0) {
    const change = type === 5 ? "rescheduled" : factor === 0 && type === 4 ? "reset" : "due";
    return { ...entry, kind: "manual", change };
  }
  const rating = ease as Rating;
  if (type === 3 && factor === 0) return { ...entry, kind: "manual", change: "cram", rating, durationMs };
  const stateBefore = (["learning", "review", "relearning", "review"] as const)[type]!;
  // Filled in by the replay.
  return { ...entry, kind: "review", rating, stateBefore, durationMs, sAfter: 0, dAfter: 0 };
}

function isInterval(value: number): boolean {
  return value <= longestIntervalDays && value >= -longestStepS;
}

/** What Anki does not write into its log: that a card was new, and the memory after each review. */
function withMemory(rows: readonly (ReviewRow | ManualRow)[], scheduler: Scheduler): LogRow[] {
  const first = rows[0]!;
  const computed = new Map(replaySteps(`${first.slug}#${first.ord}`, rows, scheduler).map((step) => [step.row, step]));
  return rows.map((row): LogRow => {
    if (row.kind !== "review") return row;
    const step = computed.get(row);
    if (!step) return row;
    const { before, after } = step;
    const ivlAfter = row.ivlAfter === 0 ? intervalOf(after) : row.ivlAfter;
    // Whether a card was new Anki does not write; whether it was being learnt it knows better than a replay with our steps.
    const stateBefore = row.stateBefore === "learning" && before.state === "new" ? "new" : row.stateBefore;
    return { ...row, ivlAfter, stateBefore, sAfter: after.stability, dAfter: after.difficulty };
  });
}
