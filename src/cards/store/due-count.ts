/**
 * How many cards wait, for pages that show only this number: reads IndexedDB directly, without Dexie, and never creates
 * the database. A review card's due moment is the beginning of its day, so "due" is simply "not in the future".
 */
import type { CardLanguage } from "../model/note.ts";

export const cardDatabaseName = "meshwise-cards";

/** @returns undefined when the learner has no cards here, or storage is closed to us. */
export async function countDueCards(lang: CardLanguage, nowMs: number): Promise<number | undefined> {
  try {
    return await countIn(await openExisting(), lang, nowMs);
  } catch {
    return undefined;
  }
}

function openExisting(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(cardDatabaseName);
    // Asked to create it: there is nothing to count, and the practice page must find no empty database.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function countIn(database: IDBDatabase, lang: CardLanguage, nowMs: number): Promise<number> {
  database.onversionchange = () => database.close();
  return new Promise<number>((resolve, reject) => {
    const range = IDBKeyRange.bound([lang, 0], [lang, nowMs]);
    const request = database.transaction("cards").objectStore("cards").index("[lang+dueMs]").count(range);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).finally(() => database.close());
}
