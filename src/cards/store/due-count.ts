/**
 * How many cards wait, for pages that show only this number: reads IndexedDB directly, without Dexie, and never creates
 * the database. A review card's due moment is the beginning of its day, so "due" is simply "not in the future".
 */
import type { CardLanguage } from "../model/note.ts";
import { cardDatabaseName } from "./card-schema.ts";
import { answerTo } from "./plain-request.ts";

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

async function countIn(database: IDBDatabase, lang: CardLanguage, nowMs: number): Promise<number> {
  database.onversionchange = () => database.close();
  try {
    const hasMarks = database.objectStoreNames.contains("marks");
    const transaction = database.transaction(hasMarks ? ["cards", "marks"] : ["cards"]);
    const range = IDBKeyRange.bound([lang, 0], [lang, nowMs]);
    const due = await answerTo(transaction.objectStore("cards").index("[lang+dueMs]").getAllKeys(range));
    const marked: MarkedCard[] = hasMarks ? await answerTo(transaction.objectStore("marks").getAll()) : [];
    const away = new Set(marked.filter((mark) => mark.suspended || mark.buriedUntilMs > nowMs).map(({ id }) => id));
    return due.filter((id) => !away.has(String(id))).length;
  } finally {
    database.close();
  }
}

interface MarkedCard {
  id: string;
  suspended: boolean;
  buriedUntilMs: number;
}
