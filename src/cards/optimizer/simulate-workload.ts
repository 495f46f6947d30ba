/**
 * What a desired retention costs: a simulation of the days to come with a learner's own parameters and pace. Each card is
 * reviewed when FSRS would show it, remembered with the chance FSRS gives it; draws are seeded, so the same question has
 * the same answer and retentions can be compared.
 */
import { AnkiFsrs } from "../scheduling/anki-fsrs.ts";
import type { DeckOptions } from "../scheduling/deck-options.ts";
import type { ReviewRow } from "../scheduling/review-log.ts";

export interface Pace {
  /** Seconds for an answer, by whether the card was remembered, and for a new card. */
  rememberedS: number;
  forgottenS: number;
  newS: number;
  /** How often a remembered card is rated Hard, Good, Easy; sums to 1. */
  ratings: readonly [hard: number, good: number, easy: number];
  /** How often a new card is rated Again, Hard, Good, Easy; sums to 1. */
  firstRatings: readonly [again: number, hard: number, good: number, easy: number];
}

/** Anki's own assumptions for a learner without a history (fsrs-rs, SimulatorConfig defaults). */
export const defaultPace: Pace = {
  rememberedS: 8,
  forgottenS: 24,
  newS: 30,
  ratings: [0.224, 0.631, 0.145],
  firstRatings: [0.24, 0.094, 0.495, 0.171],
};

/** Fewer answers say little about a pace. */
const leastReviews = 50;

export function paceOf(reviews: readonly ReviewRow[]): Pace {
  const due = reviews.filter(({ stateBefore }) => stateBefore === "review");
  const first = reviews.filter(({ stateBefore }) => stateBefore === "new");
  const remembered = due.filter(({ rating }) => rating > 1);
  const forgotten = due.filter(({ rating }) => rating === 1);
  const seconds = (rows: readonly ReviewRow[], otherwise: number) =>
    rows.length < leastReviews ? otherwise : rows.reduce((sum, { durationMs }) => sum + durationMs, 0) / rows.length / 1000;
  const share = (rows: readonly ReviewRow[], rating: number) => rows.filter((row) => row.rating === rating).length / rows.length;
  return {
    rememberedS: seconds(remembered, defaultPace.rememberedS),
    forgottenS: seconds(forgotten, defaultPace.forgottenS),
    newS: seconds(first, defaultPace.newS),
    ratings:
      remembered.length < leastReviews ? defaultPace.ratings : [share(remembered, 2), share(remembered, 3), share(remembered, 4)],
    firstRatings:
      first.length < leastReviews
        ? defaultPace.firstRatings
        : [share(first, 1), share(first, 2), share(first, 3), share(first, 4)],
  };
}

export interface WorkloadRequest {
  cards: number;
  newPerDay: number;
  days: number;
  options: DeckOptions;
  pace: Pace;
}

export interface Workload {
  desiredRetention: number;
  reviewsPerDay: number;
  minutesPerDay: number;
  /** Cards remembered on the last day: the sum of their chances. */
  remembered: number;
  /** All minutes, divided by them. */
  minutesPerRemembered: number;
}

interface SimulatedCard {
  stability: number;
  difficulty: number;
  lastDay: number;
  dueDay: number;
}

export function simulateWorkload(request: WorkloadRequest, desiredRetention: number): Workload {
  const { cards, newPerDay, days, options, pace } = request;
  const fsrs = new AnkiFsrs({ ...options, desiredRetention, fuzz: false });
  const random = seededRandom(2_026_1121);
  const known: SimulatedCard[] = [];
  let reviews = 0;
  let seconds = 0;

  const answer = (card: SimulatedCard | undefined, day: number): SimulatedCard => {
    const elapsed = card ? day - card.lastDay : 0;
    const recall = card ? fsrs.forgetting_curve(elapsed, card.stability) : 0;
    const isRemembered = card !== undefined && random() < recall;
    const rating = !card ? 1 + pick(pace.firstRatings, random()) : isRemembered ? 2 + pick(pace.ratings, random()) : 1;
    seconds += !card ? pace.newS : isRemembered ? pace.rememberedS : pace.forgottenS;
    reviews++;
    const state = fsrs.next_state(card ?? null, elapsed, rating as 1 | 2 | 3 | 4);
    const interval = Math.max(1, fsrs.next_interval(state.stability, elapsed));
    return { ...state, lastDay: day, dueDay: day + interval };
  };

  for (let day = 0; day < days; day++) {
    for (const [i, card] of known.entries()) {
      if (card.dueDay <= day) known[i] = answer(card, day);
    }
    for (let i = 0; i < newPerDay && known.length < cards; i++) known.push(answer(undefined, day));
  }
  const remembered = known.reduce((sum, card) => sum + fsrs.forgetting_curve(days - card.lastDay, card.stability), 0);
  return {
    desiredRetention,
    reviewsPerDay: reviews / days,
    minutesPerDay: seconds / 60 / days,
    remembered,
    minutesPerRemembered: remembered === 0 ? Number.POSITIVE_INFINITY : seconds / 60 / remembered,
  };
}

function pick(shares: readonly number[], draw: number): number {
  let left = draw;
  const index = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return index < 0 ? shares.length - 1 : index;
}

/** mulberry32: small, even enough for a simulation. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
