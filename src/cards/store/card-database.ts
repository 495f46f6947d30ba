/** The tables in IndexedDB through Dexie. Knows nothing of scheduling; opened by card-store.ts only. */
import Dexie, { type Table, type Transaction } from "dexie";
import type { MediaFile } from "../model/media-file.ts";
import type { CardLanguage, CardRef, Note } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { ProgressRow, progressKeyOf } from "../progress/progress-row.ts";
import type { CardMarks } from "../scheduling/card-marks.ts";
import type { LogRow, logKeyOf } from "../scheduling/review-log.ts";
import type { Schedule } from "../scheduling/schedule.ts";
import { cardDatabaseName, newestVersion, schemaVersions } from "./card-schema.ts";
import type { DatabaseFactory } from "./card-store-api.ts";
import { StoreRefusal } from "./store-failure.ts";

/** The schedule of one practised card: a cache of its rows in the log. A card that was never answered has no row. */
export interface CardRow extends Schedule, CardRef {
  /** cardIdOf(ref) */
  id: string;
  lang: CardLanguage;
}

/** What is set on a card by hand: a cache of its rows in the log. An unmarked card has no row. */
export interface MarkedRow extends CardMarks, CardRef {
  /** cardIdOf(ref) */
  id: string;
}

interface SettingRow {
  key: string;
  value: unknown;
}

export type CardDatabase = Dexie & {
  cards: Table<CardRow, string>;
  log: Table<LogRow, ReturnType<typeof logKeyOf>>;
  settings: Table<SettingRow, string>;
  /** Notes that the site does not have: they came by import. */
  notes: Table<Note, string>;
  marks: Table<MarkedRow, string>;
  /** The learner's own wording of notes. */
  edits: Table<NoteEdit, string>;
  /** Pictures and sounds of imported notes. */
  media: Table<MediaFile, string>;
  /** What was predicted and solved in the sandbox. */
  progress: Table<ProgressRow, ReturnType<typeof progressKeyOf>>;
};

/** What to do with the rows that are there, by version. */
const upgrades: Readonly<Record<number, (transaction: Transaction) => PromiseLike<unknown>>> = {
  2: async (transaction) => {
    await transaction.table("log").bulkAdd(await transaction.table<LogRow>("reviewLog").toArray());
  },
};

/** Dexie opens it at the first operation; another tab that needs a newer version makes this one close. */
export function createCardDatabase(name = cardDatabaseName, factory?: DatabaseFactory): CardDatabase {
  const database = new Dexie(name, factory) as CardDatabase;
  for (const { version, stores } of schemaVersions) {
    const step = database.version(version).stores(stores);
    const upgrade = upgrades[version];
    if (upgrade) step.upgrade(upgrade);
  }
  // Dexie opens a newer database as it is; rows of a shape this code does not know must not be read or written.
  database.on("ready", () => {
    if (database.backendDB().version > newestVersion) throw new StoreRefusal("NewerVersion");
  });
  return database;
}
