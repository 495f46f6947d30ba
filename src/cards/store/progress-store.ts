/** The sandbox's part of the learner's storage: rows are only ever added. Knows nothing of cards. */
import { liveQuery } from "dexie";
import type { Result } from "#base";
import type { ProgressRow } from "../progress/progress-row.ts";
import { createCardDatabase } from "./card-database.ts";
import type { DatabaseFactory } from "./card-store-api.ts";
import { attempt, type StoreFailure } from "./store-failure.ts";

export interface ProgressStore {
  /** Oldest first. */
  rows(): Promise<Result<ProgressRow[], StoreFailure>>;
  add(row: ProgressRow): Promise<Result<void, StoreFailure>>;
  /** Calls back with the rows there are, now and after each change, those of other tabs included; never where storage is closed. */
  watch(listener: (rows: ProgressRow[]) => void): () => void;
  close(): void;
}

export function createProgressStore({ name, factory }: { name?: string; factory?: DatabaseFactory } = {}): ProgressStore {
  const database = createCardDatabase(name, factory);
  const { progress } = database;
  return {
    rows: () => attempt(() => progress.toArray()),
    add: (row) =>
      attempt(async () => {
        await progress.put(row);
      }),
    watch(listener) {
      const subscription = liveQuery(() => progress.toArray()).subscribe({ next: listener, error: () => undefined });
      return () => subscription.unsubscribe();
    },
    close: () => database.close(),
  };
}
