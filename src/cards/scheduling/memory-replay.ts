/**
 * Memory states (stability, difficulty) of review histories as the real Anki computes them: the formulas alone, without
 * steps, due dates or fuzz. Used to compare with Anki and by `meshwise fsrs replay`.
 */
import { AnkiFsrs } from "./anki-fsrs.ts";
import type { DayClock } from "./day-clock.ts";
import { defaultDeckOptions } from "./deck-options.ts";

export interface RatedMoment {
  /** Milliseconds since the epoch. */
  id: number;
  /** 1 … 4; 0 is a manual change, which FSRS passes over. */
  rating: number;
}

export interface MemoryState {
  stability: number;
  difficulty: number;
}

/** @returns a function from a history (any order) to its state; undefined for a history without a rating. */
export function createMemoryReplay(weights: readonly number[], clock: DayClock) {
  const fsrs = new AnkiFsrs({ ...defaultDeckOptions, weights, fuzz: false });
  return (reviews: readonly RatedMoment[]): MemoryState | undefined => {
    let state: MemoryState | undefined;
    let lastDay = 0;
    for (const review of [...reviews].sort((a, b) => a.id - b.id)) {
      if (review.rating < 1 || review.rating > 4) continue;
      const day = clock.dayOf(review.id);
      state = fsrs.next_state(state ?? null, state ? day - lastDay : 0, review.rating);
      lastDay = day;
    }
    return state;
  };
}
