/**
 * One card's schedule as the columns of Anki's `cards` table, and one review as a row of `revlog`. The mapping is Anki's
 * data model (scheduler version 2/3 with FSRS); days count from the collection's creation day, which is the day of export.
 */
import type { DayClock } from "../scheduling/day-clock.ts";
import { type DeckOptions, fillWeights } from "../scheduling/deck-options.ts";
import type { ManualRow, ReviewRow } from "../scheduling/review-log.ts";
import { cardStates, type Schedule } from "../scheduling/schedule.ts";

export interface AnkiCardColumns {
  type: number;
  queue: number;
  due: number;
  ivl: number;
  factor: number;
  reps: number;
  lapses: number;
  left: number;
  data: string;
}

/** @param position the card's place among the new ones, which Anki also keeps for cards already learnt */
export function ankiCard(
  schedule: Schedule,
  position: number,
  { clock, options, today }: { clock: DayClock; options: DeckOptions; today: number },
): AnkiCardColumns {
  if (schedule.state === "new") {
    return { type: 0, queue: 0, due: position, ivl: 0, factor: 0, reps: 0, lapses: 0, left: 0, data: "{}" };
  }
  const { reps, lapses } = schedule;
  const shared = { factor: 2500, reps, lapses, data: memoryData(schedule, position, options) };
  const type = cardStates.indexOf(schedule.state);
  if (schedule.state === "review") {
    const due = clock.dayOf(schedule.dueMs) - today;
    return { ...shared, type, queue: 2, due, ivl: Math.max(1, schedule.scheduledDays), left: 0 };
  }
  const relearning = schedule.state === "relearning";
  const steps = relearning ? options.relearningSteps : options.learningSteps;
  return {
    ...shared,
    type,
    queue: 1,
    due: Math.round(schedule.dueMs / 1000),
    // A relearning card keeps the interval it will go back to.
    ivl: relearning ? Math.max(1, Math.round(schedule.stability)) : 0,
    left: Math.max(1, steps.length - schedule.learningSteps),
  };
}

/** `cards.data`, with as many decimals as Anki keeps. */
function memoryData(schedule: Schedule, position: number, options: DeckOptions): string {
  const [s, d] = [rounded(schedule.stability, 1e4), rounded(schedule.difficulty, 1e3)];
  const [dr, kept] = [rounded(options.desiredRetention, 1e2), decayOf(options)];
  // Of the review itself, cut: Check Database compares it with the log.
  const lrt = Math.floor((schedule.lastReviewMs ?? 0) / 1000);
  return `{"pos":${position},"s":${s},"d":${d},"dr":${dr},"decay":${kept},"lrt":${lrt}}`;
}

const decays = new WeakMap<DeckOptions, number>();

/** The same for all cards of a package. */
function decayOf(options: DeckOptions): number {
  const known = decays.get(options);
  if (known !== undefined) return known;
  const decay = rounded(fillWeights(options.weights)?.[20] ?? 0.1542, 1e3);
  decays.set(options, decay);
  return decay;
}

/** @param scale 1000 for three decimals */
function rounded(value: number, scale: number): number {
  return Math.round(value * scale) / scale;
}

/** id, cid, usn, ease, ivl, lastIvl, factor, time, type. @param id its moment, or the next that was free */
export function revlogRow(row: ReviewRow, cardId: number, id: number): number[] {
  const type = [0, 0, 1, 2][cardStates.indexOf(row.stateBefore)]!;
  const factor = Math.round(((row.dAfter - 1) / 9) * 1000 + 100);
  return [id, cardId, -1, row.rating, row.ivlAfter, row.ivlBefore, factor, Math.round(row.durationMs), type];
}

/** What Anki itself once wrote: kind 4 by hand (factor 0: reset), 5 rescheduled, 3 with factor 0 cramming. */
export function manualRevlogRow(row: ManualRow, cardId: number, id: number): number[] {
  const type = row.change === "rescheduled" ? 5 : row.change === "cram" ? 3 : 4;
  const factor = row.change === "reset" || row.change === "cram" ? 0 : 2500;
  return [id, cardId, -1, row.rating ?? 0, row.ivlAfter, row.ivlBefore, factor, Math.round(row.durationMs ?? 0), type];
}
