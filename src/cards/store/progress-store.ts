/**
 * The sandbox's part of the learner's storage: rows are only ever added. Knows nothing of cards, and reads its one table without Dexie,
 * which is larger than the rest of what a page needs for it.
 */
import type { Result } from "#base";
import type { ProgressRow } from "../progress/progress-row.ts";
import { addMissingTables, cardDatabaseName, newestVersion } from "./card-schema.ts";
import type { DatabaseFactory } from "./card-store-api.ts";
import { answerTo } from "./plain-request.ts";
import { progressAdded, whenProgressIsAdded } from "./progress-news.ts";
import { attempt, type StoreFailure, StoreRefusal } from "./store-failure.ts";

export interface ProgressStore {
  /** Oldest first. */
  rows(): Promise<Result<ProgressRow[], StoreFailure>>;
  add(row: ProgressRow): Promise<Result<void, StoreFailure>>;
  /** Calls back with the rows there are, now and after each change, those of other tabs included; never where storage is closed. */
  watch(listener: (rows: ProgressRow[]) => void): () => void;
  close(): void;
}

export function createProgressStore({
  name = cardDatabaseName,
  factory,
}: {
  name?: string;
  factory?: DatabaseFactory;
} = {}): ProgressStore {
  let opening: Promise<IDBDatabase> | undefined;

  function opened(): Promise<IDBDatabase> {
    opening ??= openDatabase(name, factory?.indexedDB ?? indexedDB, () => {
      opening = undefined;
    });
    return opening;
  }

  const rows = () => attempt(async () => answerTo<ProgressRow[]>(tableOf(await opened(), "readonly").getAll()));

  return {
    rows,
    add: (row) =>
      attempt(async () => {
        const table = tableOf(await opened(), "readwrite");
        table.put(row);
        await endOf(table.transaction);
        progressAdded(name);
      }),
    watch(listener) {
      let isWatched = true;
      const tell = async () => {
        const read = await rows();
        if (read.ok && isWatched) listener(read.value);
      };
      const stop = whenProgressIsAdded(name, tell);
      void tell();
      return () => {
        isWatched = false;
        stop();
      };
    },
    close: () => {
      void opening?.then((database) => database.close()).catch(() => undefined);
      opening = undefined;
    },
  };
}

/** @param onClosed it has to be opened anew: another tab needs a newer version, or the browser took it away */
function openDatabase(name: string, from: IDBFactory, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      onClosed();
      reject(error);
    };
    const request = from.open(name, newestVersion);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (!addMissingTables(request.result, oldVersion)) request.transaction?.abort();
    };
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new StoreRefusal("Closed"));
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => {
        database.close();
        onClosed();
      };
      database.onclose = onClosed;
      resolve(database);
    };
  });
}

function tableOf(database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
  return database.transaction("progress", mode).objectStore("progress");
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
