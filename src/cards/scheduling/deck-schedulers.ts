/**
 * A scheduler for each deck: decks may have a desired retention and a longest interval of their own, everything that
 * memory is computed from (parameters, steps) is common to all. The base one is for what is the same everywhere.
 */
import type { DayLoads } from "./balance-load.ts";
import { previewBalanced } from "./balance-load.ts";
import type { DayClock } from "./day-clock.ts";
import { optionsOfDeck, type PracticeSettings } from "./practice-settings.ts";
import { type Answer, createScheduler, type Rating, type Schedule, type Scheduler } from "./schedule.ts";

export interface DeckSchedulers {
  base: Scheduler;
  of(deck: string): Scheduler;
  /** What the four buttons do for a card of the deck, the load of the days to come included. */
  preview(deck: string, cardId: string, before: Schedule, nowMs: number, loads: DayLoads): Readonly<Record<Rating, Answer>>;
}

export function createDeckSchedulers(settings: PracticeSettings, clock: DayClock): DeckSchedulers {
  const base = createScheduler(settings.options, clock);
  const pairs = new Map<string, { scheduler: Scheduler; plain: Scheduler }>();
  const pairOf = (deck: string) => {
    const known = pairs.get(deck);
    if (known) return known;
    const options = optionsOfDeck(settings, deck);
    const made = { scheduler: createScheduler(options, clock), plain: createScheduler({ ...options, fuzz: false }, clock) };
    pairs.set(deck, made);
    return made;
  };
  return {
    base,
    of: (deck) => pairOf(deck).scheduler,
    preview: (deck, cardId, before, nowMs, loads) => previewBalanced(pairOf(deck), cardId, before, nowMs, loads),
  };
}
