/**
 * What the log says: reviews by day and by hour, true retention, and how well FSRS had predicted it. Counts standing
 * reviews only (taken-back ones and cram answers leave no trace here). Pure; days are the learner's own.
 */
import { cardIdOf } from "../model/note.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import { type LogRow, type ReviewRow, replaySteps, standingReviews } from "../scheduling/review-log.ts";
import type { Scheduler } from "../scheduling/schedule.ts";

/** As Anki divides them: mature from 21 days on. */
export const reviewKinds = ["learning", "young", "mature", "relearning"] as const;
export type ReviewKind = (typeof reviewKinds)[number];

const matureDays = 21;

export interface DayReviews {
  /** Of the clock; today's is the largest. */
  day: number;
  counts: Readonly<Record<ReviewKind, number>>;
  durationMs: number;
}

function kindOf({ stateBefore, ivlBefore }: Pick<ReviewRow, "stateBefore" | "ivlBefore">): ReviewKind {
  if (stateBefore === "new" || stateBefore === "learning") return "learning";
  if (stateBefore === "relearning") return "relearning";
  return ivlBefore >= matureDays ? "mature" : "young";
}

/** Every day from `fromDay` to `today`, those without reviews too. */
export function reviewsByDay(log: readonly LogRow[], clock: DayClock, fromDay: number, today: number): DayReviews[] {
  const days = Array.from({ length: today - fromDay + 1 }, (_, i) => ({
    day: fromDay + i,
    counts: { learning: 0, young: 0, mature: 0, relearning: 0 },
    durationMs: 0,
  }));
  for (const row of standingReviews(log)) {
    const place = days[clock.dayOf(row.id) - fromDay];
    if (!place) continue;
    place.counts[kindOf(row)]++;
    place.durationMs += row.durationMs;
  }
  return days;
}

export interface HourReviews {
  /** 0 … 23, where the learner is. */
  hour: number;
  reviews: number;
  /** Of reviews of cards that had left learning; undefined without any. */
  remembered: number | undefined;
}

export function reviewsByHour(reviews: readonly ReviewRow[], clock: DayClock): HourReviews[] {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, reviews: 0, due: 0, right: 0 }));
  for (const row of reviews) {
    const hour = hours[new Date(row.id + clock.offsetMinutes(row.id) * 60_000).getUTCHours()]!;
    hour.reviews++;
    if (row.stateBefore !== "review") continue;
    hour.due++;
    if (row.rating > 1) hour.right++;
  }
  return hours.map(({ hour, reviews, due, right }) => ({ hour, reviews, remembered: due === 0 ? undefined : right / due }));
}

export interface Retention {
  reviews: number;
  remembered: number;
}

export interface TrueRetention {
  young: Retention;
  mature: Retention;
  all: Retention;
}

/** Anki's true retention: of each card and day only the first review counts, of cards that had left learning. */
export function trueRetention(reviews: readonly ReviewRow[], clock: DayClock): TrueRetention {
  const result = {
    young: { reviews: 0, remembered: 0 },
    mature: { reviews: 0, remembered: 0 },
    all: { reviews: 0, remembered: 0 },
  };
  const seen = new Set<string>();
  for (const row of reviews) {
    const key = `${cardIdOf(row)} ${clock.dayOf(row.id)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (row.stateBefore !== "review") continue;
    for (const kind of [kindOf(row) === "mature" ? "mature" : "young", "all"] as const) {
      result[kind].reviews++;
      if (row.rating > 1) result[kind].remembered++;
    }
  }
  return result;
}

export interface PredictedRetention {
  /** Mean of the recall that FSRS predicted for the reviews of this group, 0 … 1. */
  predicted: number;
  remembered: number;
  reviews: number;
}

/** Reviews grouped by predicted recall in steps of 5 %; empty groups are left out. */
export function predictedRetention(log: readonly LogRow[], scheduler: Scheduler): PredictedRetention[] {
  const groups = new Map<number, { sum: number; reviews: number; right: number }>();
  for (const [id, rows] of Map.groupBy(log, cardIdOf)) {
    for (const { row, before } of replaySteps(id, rows, scheduler)) {
      if (row.stateBefore !== "review" || before.state === "new") continue;
      const recall = scheduler.retrievability(before, row.id);
      const step = Math.min(19, Math.floor(recall * 20));
      const group = groups.get(step) ?? { sum: 0, reviews: 0, right: 0 };
      group.sum += recall;
      group.reviews++;
      if (row.rating > 1) group.right++;
      groups.set(step, group);
    }
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([, { sum, reviews, right }]) => ({ predicted: sum / reviews, remembered: right / reviews, reviews }));
}
