/** What the store of a learner's progress promises; card-store.ts keeps it with Dexie. Types only. */
import type { Result } from "#base";
import type { CardLanguage, CardRef } from "../model/note.ts";
import type { LogRow, ReviewRow, UndoRow } from "../scheduling/review-log.ts";
import type { Rating, Schedule, Scheduler } from "../scheduling/schedule.ts";
import type { StoreFailure } from "./store-failure.ts";

type Stored<Value> = Promise<Result<Value, StoreFailure>>;

/** Another IndexedDB than the browser's own (tests). */
export interface DatabaseFactory {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof IDBKeyRange;
}

export interface CardStoreSettings {
  scheduler: Scheduler;
  name?: string;
  factory?: DatabaseFactory;
}

export interface GivenAnswer {
  card: CardRef;
  lang: CardLanguage;
  rating: Rating;
  /** How often the card had been answered when it was shown: another number now means another tab was quicker. */
  expectedReps: number;
  /** Milliseconds since the epoch, as the learner's clock says. */
  nowMs: number;
  /** From showing the question to the rating. */
  durationMs: number;
}

/** New cards asked for beyond the daily limit; counts for that day only. */
export interface ExtraNewCards {
  day: number;
  count: number;
}

export interface CardStore {
  /** Card id → schedule, for every card that was ever answered. */
  schedules(): Stored<ReadonlyMap<string, Schedule>>;
  /** Rows of the log from a moment on, oldest first; the whole log without one. */
  log(sinceMs?: number): Stored<LogRow[]>;
  /** Writes the answer into the log and moves the card on, both or neither. */
  review(answer: GivenAnswer): Stored<{ row: ReviewRow; schedule: Schedule }>;
  /** Takes one review back by a row of its own and sets the card to what its other reviews say. */
  undo(reviewId: number, nowMs: number): Stored<UndoRow>;
  /** Makes every schedule anew from the log; the number of cards. */
  rebuild(): Stored<number>;
  extraNewCards(): Stored<ExtraNewCards>;
  setExtraNewCards(extra: ExtraNewCards): Stored<void>;
  /** Calls back after each change, those of other tabs included. */
  subscribe(listener: () => void): () => void;
  close(): void;
}
