/** What the cards say now: how many come when, and how intervals, stability, difficulty and recall are spread. Pure. */
import type { QueuedCard } from "../queue/queued-card.ts";
import type { Scheduler } from "../scheduling/schedule.ts";

export interface Bar {
  /** Both ends of the group, `to` excluded; Infinity for the last. */
  from: number;
  to: number;
  count: number;
}

const intervalEdges = [1, 3, 7, 14, 21, 30, 60, 90, 180, 365, Number.POSITIVE_INFINITY];
const difficultyEdges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const recallEdges = Array.from({ length: 11 }, (_, i) => i / 10);

/** Cards due on each of the next days, overdue ones under the first; suspended cards do not come. */
export function forecast(
  cards: readonly QueuedCard[],
  { clock }: Pick<Scheduler, "clock">,
  nowMs: number,
  days: number,
): number[] {
  const today = clock.dayOf(nowMs);
  const counts = Array<number>(days).fill(0);
  for (const { schedule, kind, marks } of cards) {
    if (kind === "new" || marks.suspended) continue;
    const day = Math.max(0, clock.dayOf(schedule.dueMs) - today);
    if (day < days) counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
}

export function intervalBars(cards: readonly QueuedCard[]): Bar[] {
  const reviews = cards.filter(({ kind }) => kind === "review");
  return barsOf(
    reviews.map(({ schedule }) => schedule.scheduledDays),
    intervalEdges,
  );
}

export function stabilityBars(cards: readonly QueuedCard[]): Bar[] {
  return barsOf(
    practised(cards).map(({ schedule }) => schedule.stability),
    [0, ...intervalEdges],
  );
}

export function difficultyBars(cards: readonly QueuedCard[]): Bar[] {
  return barsOf(
    practised(cards).map(({ schedule }) => schedule.difficulty),
    difficultyEdges,
  );
}

export function recallBars(cards: readonly QueuedCard[], scheduler: Scheduler, nowMs: number): Bar[] {
  const recalls = practised(cards).map(({ schedule }) => scheduler.retrievability(schedule, nowMs));
  // Just now answered: 1 belongs to the last group.
  return barsOf(
    recalls.map((recall) => Math.min(recall, 0.9999)),
    recallEdges,
  );
}

export interface GroupStatistics {
  cards: number;
  practised: number;
  due: number;
  /** Mean chance of recall of the practised cards; undefined without any. */
  recall: number | undefined;
  /** Cards that would be recalled now, the sum of the chances. */
  known: number;
}

/** @param dueBeforeMs beginning of tomorrow */
export function statisticsOf(
  cards: readonly QueuedCard[],
  scheduler: Scheduler,
  nowMs: number,
  dueBeforeMs: number,
): GroupStatistics {
  const seen = practised(cards);
  const known = seen.reduce((sum, { schedule }) => sum + scheduler.retrievability(schedule, nowMs), 0);
  return {
    cards: cards.length,
    practised: seen.length,
    due: seen.filter(({ schedule, marks }) => !marks.suspended && schedule.dueMs < dueBeforeMs).length,
    recall: seen.length === 0 ? undefined : known / seen.length,
    known,
  };
}

function practised(cards: readonly QueuedCard[]): QueuedCard[] {
  return cards.filter(({ kind }) => kind !== "new");
}

function barsOf(values: readonly number[], edges: readonly number[]): Bar[] {
  return edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1]!;
    return { from, to, count: values.filter((value) => value >= from && value < to).length };
  });
}
