/**
 * The schedule of one card and what an answer does to it. Memory and intervals by ts-fsrs (FSRS-6), days counted as Anki
 * counts them. Pure: the time comes in, and the same card, rating and day always give the same interval (the fuzz is
 * seeded by the card and its number of reviews), so that what a button shows is what pressing it does.
 */
import { type Card as FsrsCard, GenSeedStrategyWithCardId, type Grade, State, StrategyMode } from "ts-fsrs";
import { AnkiFsrs } from "./anki-fsrs.ts";
import type { DayClock } from "./day-clock.ts";
import type { DeckOptions } from "./deck-options.ts";

/** In ts-fsrs's and Anki's order (0 … 3). */
export const cardStates = ["new", "learning", "review", "relearning"] as const;
export type CardState = (typeof cardStates)[number];

/** 1 Again, 2 Hard, 3 Good, 4 Easy. */
export type Rating = 1 | 2 | 3 | 4;
export const ratings: readonly Rating[] = [1, 2, 3, 4];

export interface Schedule {
  state: CardState;
  /** Learning: the moment; review: the beginning of the day it is due. */
  dueMs: number;
  /** Days until recall falls to 90 %. */
  stability: number;
  /** 1 … 10 */
  difficulty: number;
  scheduledDays: number;
  learningSteps: number;
  reps: number;
  lapses: number;
  lastReviewMs?: number | undefined;
}

export interface Answer {
  after: Schedule;
  /** As Anki writes it: days when positive, seconds when negative. */
  interval: number;
}

export interface Scheduler {
  clock: DayClock;
  options: DeckOptions;
  answer(cardId: string, before: Schedule, rating: Rating, nowMs: number): Answer;
  /** What each of the four buttons would do now. */
  preview(cardId: string, before: Schedule, nowMs: number): Readonly<Record<Rating, Answer>>;
  /** Chance of recall now, 0 … 1; 0 for a new card. */
  retrievability(schedule: Schedule, nowMs: number): number;
}

export function newSchedule(): Schedule {
  return { state: "new", dueMs: 0, stability: 0, difficulty: 0, scheduledDays: 0, learningSteps: 0, reps: 0, lapses: 0 };
}

/** The interval a card is in, as Anki writes it: days when positive, seconds when negative, 0 for a new card. */
export function intervalOf({ state, scheduledDays, dueMs, lastReviewMs }: Schedule): number {
  if (state === "new" || lastReviewMs === undefined) return 0;
  return scheduledDays >= 1 ? scheduledDays : -Math.round((dueMs - lastReviewMs) / 1000);
}

export function createScheduler(options: DeckOptions, clock: DayClock): Scheduler {
  const fsrs = new AnkiFsrs(options);
  // biome-ignore lint/correctness/useHookAtTopLevel: ts-fsrs's method, not a React hook
  fsrs.useStrategy(StrategyMode.SEED, GenSeedStrategyWithCardId("cardId"));

  function answer(cardId: string, before: Schedule, rating: Rating, nowMs: number): Answer {
    // A clock that was set back must not make days negative.
    const atMs = Math.max(nowMs, before.lastReviewMs ?? nowMs);
    const shiftedMs = shifted(atMs, clock);
    const grade: Grade = rating;
    const { card } = fsrs.next(fsrsCard(cardId, before, clock), new Date(shiftedMs), grade);
    const state = cardStates[card.state]!;
    // ts-fsrs keeps Hard < Good < Easy apart even beyond the maximum; Anki does not.
    const days = Math.min(card.scheduled_days, options.maximumIntervalDays);
    const stepMs = card.due.getTime() - shiftedMs;
    const after: Schedule = {
      state,
      dueMs: days >= 1 ? clock.startOf(clock.dayOf(atMs) + days) : atMs + stepMs,
      stability: card.stability,
      difficulty: card.difficulty,
      scheduledDays: days,
      learningSteps: card.learning_steps,
      reps: card.reps,
      lapses: card.lapses,
      lastReviewMs: atMs,
    };
    return { after, interval: intervalOf(after) };
  }

  return {
    clock,
    options,
    answer,
    preview: (cardId, before, nowMs) => ({
      1: answer(cardId, before, 1, nowMs),
      2: answer(cardId, before, 2, nowMs),
      3: answer(cardId, before, 3, nowMs),
      4: answer(cardId, before, 4, nowMs),
    }),
    retrievability(schedule, nowMs) {
      if (schedule.lastReviewMs === undefined) return 0;
      const days = clock.dayOf(nowMs) - clock.dayOf(schedule.lastReviewMs);
      return fsrs.forgetting_curve(Math.max(0, days), schedule.stability);
    },
  };
}

/**
 * ts-fsrs counts UTC calendar days; on this scale they are the learner's: the day's number and the time since its
 * beginning (a day of 25 hours is cut at the last millisecond).
 */
function shifted(ms: number, clock: DayClock): number {
  const day = clock.dayOf(ms);
  return day * 86_400_000 + Math.min(86_399_999, Math.max(0, ms - clock.startOf(day)));
}

function fsrsCard(cardId: string, schedule: Schedule, clock: DayClock): FsrsCard & { cardId: string } {
  return {
    cardId,
    due: new Date(shifted(schedule.dueMs, clock)),
    stability: schedule.stability,
    difficulty: schedule.difficulty,
    elapsed_days: 0,
    scheduled_days: schedule.scheduledDays,
    learning_steps: schedule.learningSteps,
    reps: schedule.reps,
    lapses: schedule.lapses,
    state: State.New + cardStates.indexOf(schedule.state),
    ...(schedule.lastReviewMs === undefined ? {} : { last_review: new Date(shifted(schedule.lastReviewMs, clock)) }),
  };
}
