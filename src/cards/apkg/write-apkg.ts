/**
 * Notes, and a learner's progress when there is one, → an .apkg that Anki imports. A projection: identity is the GUID
 * from the slug (or Anki's own where it is known), ids are derived from it, times come from the content, so a second
 * export of the same content is the same package and a second import changes nothing.
 */
import { strToU8, zipSync } from "fflate";
import type { Database, SqlJs } from "sql.js";
import { ankiFormOf } from "../card-types/index.ts";
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardSource } from "../model/card-sources.ts";
import { cardIdOf, isOwnSlug, type Note, ordinalsOf } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import type { DeckOptions } from "../scheduling/deck-options.ts";
import { type LogRow, type ManualRow, standingReviews } from "../scheduling/review-log.ts";
import { newSchedule, type Schedule } from "../scheduling/schedule.ts";
import { ankiCard, manualRevlogRow, revlogRow } from "./anki-card.ts";
import { collectionRow, collectionSchema } from "./collection.ts";
import { deckName, decksFor } from "./decks.ts";
import { noteFields, noteTypes } from "./note-types.ts";

export interface ApkgRequest {
  notes: readonly Note[];
  /** Card id → schedule; a card without one is new in Anki. */
  schedules: ReadonlyMap<string, Schedule>;
  /** Rows of other cards than those of `notes` are left out. */
  log: readonly LogRow[];
  options: DeckOptions;
  clock: DayClock;
  nowMs: number;
}

export interface ApkgFile {
  bytes: Uint8Array;
  noteCount: number;
  cardCount: number;
  reviewCount: number;
}

/** @returns the bytes of the package; `notes` must not be empty of cards for Anki to accept it. */
export function writeApkg(sqlite: SqlJs, request: ApkgRequest): ApkgFile {
  const database = new sqlite.Database();
  try {
    database.run(collectionSchema);
    database.run("BEGIN");
    const cardIds = writeNotes(database, request);
    const reviewCount = writeReviews(database, request.log, cardIds);
    const { clock, nowMs, notes } = request;
    const facts = {
      createdAtS: Math.floor(clock.startOf(clock.dayOf(nowMs)) / 1000),
      minutesWest: -clock.offsetMinutes(nowMs),
      nowMs,
      cardCount: cardIds.size,
      notes,
    };
    insert(database, "col", 13)(collectionRow(facts));
    database.run("COMMIT");
    return { bytes: zip(database.export()), noteCount: notes.length, cardCount: cardIds.size, reviewCount };
  } finally {
    database.close();
  }
}

/** @returns our card id → the id of its row in the package. */
function writeNotes(database: Database, { notes, schedules, options, clock, nowMs }: ApkgRequest): Map<string, number> {
  const addNote = insert(database, "notes", 11);
  const addCard = insert(database, "cards", 18);
  const cardIds = new Map<string, number>();
  const used = new Set<number>();
  const deckIds = new Map(decksFor(notes).map(({ name, id }) => [name, id]));
  const today = clock.dayOf(nowMs);
  for (const note of notes) {
    const hash = sha1Hex(note.slug);
    const noteId = freeId(note.ankiId ?? idFrom(hash), used);
    const deckId = deckIds.get(deckName(note))!;
    const fields = fieldsOf(note).map((field) => field.replaceAll("\u001f", " "));
    const checksum = Number.parseInt(hash.slice(0, 8), 16);
    const guid = note.ankiGuid ?? `mesh:${note.slug}`;
    const type = noteTypes[ankiFormOf(note.type)];
    addNote([noteId, guid, type.id, note.changedAtS, -1, tagsOf(note), fields.join("\u001f"), note.slug, checksum, 0, ""]);
    for (const ord of ordinalsOf(note)) {
      const key = cardIdOf({ slug: note.slug, ord });
      const cardId = freeId(idFrom(sha1Hex(key)), used);
      cardIds.set(key, cardId);
      const columns = ankiCard(schedules.get(key) ?? newSchedule(), cardIds.size, { clock, options, today });
      const { type: kind, queue, due, ivl, factor, reps, lapses, left, data } = columns;
      const place = [cardId, noteId, deckId, ord, note.changedAtS, -1];
      addCard([...place, kind, queue, due, ivl, factor, reps, lapses, left, 0, 0, 0, data]);
    }
  }
  return cardIds;
}

function writeReviews(database: Database, log: readonly LogRow[], cardIds: ReadonlyMap<string, number>): number {
  const addReview = insert(database, "revlog", 9);
  let count = 0;
  // Anki has one row a millisecond; logs of several devices may have two.
  const used = new Set<number>();
  const manual = log.filter((row): row is ManualRow => row.kind === "manual");
  for (const row of [...standingReviews(log), ...manual]) {
    const cardId = cardIds.get(cardIdOf(row));
    if (cardId === undefined) continue;
    addReview(
      row.kind === "manual"
        ? manualRevlogRow(row, cardId, freeId(row.id, used))
        : revlogRow({ ...row, id: freeId(row.id, used) }, cardId),
    );
    count++;
  }
  return count;
}

/** One prepared statement for all rows: five times as fast as a statement each. It lives as long as the database. */
function insert(database: Database, table: string, columns: number): (values: readonly (string | number)[]) => void {
  const statement = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill("?").join(",")})`);
  return (values) => statement.run(values);
}

function fieldsOf(note: Note): string[] {
  const values: Partial<Record<(typeof noteFields)[number], string>> = {
    Key: note.slug,
    Front: note.frontHtml,
    Back: note.backHtml,
    Source: note.source ? sourceHtml(note.source) : "",
    Lang: note.lang,
  };
  return noteFields.map((name) => values[name] ?? "");
}

function sourceHtml({ title, url }: CardSource): string {
  const shown = ankiSafeText(title);
  if (url === undefined) return shown;
  return `<a href="${new URL(url).href.replaceAll("&", "&amp;").replaceAll('"', "%22")}">${shown}</a>`;
}

/** Notes of other authors keep their tags as they are. */
function tagsOf(note: Note): string {
  if (!isOwnSlug(note.slug)) return ` ${note.tags.join(" ")} `;
  const lesson = note.lesson === "" ? [] : [`lesson::${note.lesson}`];
  return ` ${["meshwise", `lang::${note.lang}`, ...lesson, ...note.tags.map((tag) => `topic::${tag}`)].join(" ")} `;
}

/** Looks like the milliseconds Anki uses (2022 … mid 2024), the same for a hash for ever. */
function idFrom(sha1: string): number {
  return 1_650_000_000_000 + Number.parseInt(sha1.slice(0, 9), 16);
}

function freeId(wanted: number, used: Set<number>): number {
  let id = wanted;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}

function zip(collection: Uint8Array): Uint8Array {
  // A fixed time, so that the same content gives the same bytes.
  const settings = { level: 2, mtime: new Date(1980, 0, 1) } as const;
  return zipSync({ "collection.anki2": [collection, settings], media: [strToU8("{}"), settings] });
}
