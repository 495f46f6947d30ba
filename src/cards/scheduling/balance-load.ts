/**
 * Within the days that the fuzz allows, a day with few cards is taken: Anki's load balancer with its easy days
 * (rslib/src/scheduler/states/load_balancer.rs). Days are drawn by weight, the draw seeded by the card and its number of
 * reviews, so that a button and pressing it agree. Pure; how full the days are comes in.
 */
import { get_fuzz_range } from "ts-fsrs";
import { sha1Hex } from "../model/sha1.ts";
import type { DeckOptions, EasyDay } from "./deck-options.ts";
import { type Answer, type Rating, ratings, type Schedule, type Scheduler } from "./schedule.ts";

/** Farther away the days are thin enough by themselves. */
const longestBalancedDays = 90;

const dayShare: Readonly<Record<EasyDay, number>> = { normal: 1, reduced: 0.5, minimum: 0.0001 };

export interface DayLoads {
  /** Cards due on a day of the clock. */
  count(day: number): number;
  /** Whether a sibling of the card is due on that day. */
  hasSibling(day: number): boolean;
}

/**
 * What the buttons do when the days' loads count; the same as the scheduler's own preview without loads or balancing.
 * @param plain the same scheduler without fuzz
 */
export function previewBalanced(
  { scheduler, plain }: { scheduler: Scheduler; plain: Scheduler },
  cardId: string,
  before: Schedule,
  nowMs: number,
  loads: DayLoads,
): Readonly<Record<Rating, Answer>> {
  const fuzzed = scheduler.preview(cardId, before, nowMs);
  const { options, clock } = scheduler;
  if (!options.fuzz || !options.loadBalancing) return fuzzed;
  const exact = plain.preview(cardId, before, nowMs);
  const today = clock.dayOf(nowMs);
  const result: Record<Rating, Answer> = { ...fuzzed };
  let leastDays = 1;
  for (const rating of ratings) {
    const days = exact[rating].interval;
    if (days < 1) continue;
    // Again may bring a shorter interval than Hard in any case; the other three must grow.
    const least = rating === 1 ? 1 : leastDays;
    const chosen =
      days > longestBalancedDays
        ? Math.min(options.maximumIntervalDays, Math.max(least, fuzzed[rating].interval))
        : chooseDay(cardId, before, rating, { days, least, today }, options, loads, weekdayOf(clock));
    result[rating] = withDays(fuzzed[rating], chosen, today, clock.startOf);
    if (rating !== 1) leastDays = Math.min(options.maximumIntervalDays, chosen + 1);
  }
  return result;
}

function withDays(answer: Answer, days: number, today: number, startOf: (day: number) => number): Answer {
  return { interval: days, after: { ...answer.after, scheduledDays: days, dueMs: startOf(today + days) } };
}

interface Wish {
  days: number;
  least: number;
  today: number;
}

function chooseDay(
  cardId: string,
  before: Schedule,
  rating: Rating,
  { days, least, today }: Wish,
  options: DeckOptions,
  loads: DayLoads,
  weekday: (day: number) => number,
): number {
  const { min_ivl, max_ivl } =
    days < 2.5 ? { min_ivl: days, max_ivl: days } : get_fuzz_range(days, 0, options.maximumIntervalDays);
  const from = Math.min(options.maximumIntervalDays, Math.max(least, min_ivl));
  const to = Math.max(from, max_ivl);
  const candidates = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const counts = candidates.map((candidate) => loads.count(today + candidate));
  const shares = easyShares(
    candidates.map((candidate) => options.easyDays[weekday(today + candidate)] ?? "normal"),
    counts,
  );
  const weights = candidates.map((candidate, i) => {
    const sibling = loads.hasSibling(today + candidate) ? 0.001 : 1;
    const load = counts[i]! === 0 ? 1 : 1 / (counts[i]! ** 2 * candidate);
    return load * sibling * shares[i]!;
  });
  return candidates[drawIndex(weights, seedOf(cardId, before.reps, rating))]!;
}

/** A reduced day takes cards as a normal one until it has its half share, then as a minimum day. */
function easyShares(kinds: readonly EasyDay[], counts: readonly number[]): number[] {
  const allCounts = counts.reduce((sum, count) => sum + count, 0);
  const allShares = kinds.reduce((sum, kind) => sum + dayShare[kind], 0);
  return kinds.map((kind, i) => {
    if (kind !== "reduced") return dayShare[kind];
    const others = (allCounts - counts[i]!) / (allShares - dayShare.reduced);
    return counts[i]! / dayShare.reduced > others ? dayShare.minimum : dayShare.normal;
  });
}

function drawIndex(weights: readonly number[], draw: number): number {
  let left = draw * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return index < 0 ? weights.length - 1 : index;
}

/** 0 … 1 */
function seedOf(cardId: string, reps: number, rating: Rating): number {
  return Number.parseInt(sha1Hex(`${cardId} ${reps} ${rating}`).slice(0, 8), 16) / 2 ** 32;
}

/** Monday is 0, where the learner is. */
function weekdayOf({ startOf, offsetMinutes }: Scheduler["clock"]): (day: number) => number {
  return (day) => {
    const ms = startOf(day);
    return (new Date(ms + offsetMinutes(ms) * 60_000).getUTCDay() + 6) % 7;
  };
}
