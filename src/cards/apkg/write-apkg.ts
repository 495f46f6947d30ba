/**
 * Notes, and a learner's progress when there is one, → an .apkg that Anki imports. A projection: identity is the GUID
 * from the slug (or Anki's own where it is known), ids are derived from it, times come from the content, so a second
 * export of the same content is the same package and a second import changes nothing.
 */
import type { Database, SqlJs, SqlValue } from "sql.js";
import { ankiFormOf } from "../card-types/index.ts";
import { cardIdOf, type Note, ordinalsOf } from "../model/note.ts";
import { sha1Head } from "../model/sha1.ts";
import { type CardMarks, marksOf, noMarks } from "../scheduling/card-marks.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import type { DeckOptions } from "../scheduling/deck-options.ts";
import { type LogRow, type ManualRow, type ReviewRow, standingReviews } from "../scheduling/review-log.ts";
import { newSchedule, type Schedule } from "../scheduling/schedule.ts";
import { ankiCard, manualRevlogRow, revlogRow } from "./anki-card.ts";
import { collectionIndexes, collectionRow, collectionSchema, writingSettings } from "./collection.ts";
import { type Deck, deckName, decksFor } from "./decks.ts";
import { joinedFields, tagsOf } from "./note-fields.ts";
import { noteTypes } from "./note-types.ts";
import { picturesOf } from "./picture-file.ts";
import { zipPackage } from "./zip-package.ts";

export interface ApkgRequest {
  notes: readonly Note[];
  /** Card id → schedule; a card without one is new in Anki. */
  schedules: ReadonlyMap<string, Schedule>;
  /** Rows of other cards than those of `notes` are left out. */
  log: readonly LogRow[];
  options: DeckOptions;
  clock: DayClock;
  nowMs: number;
  /** Name → file, besides the pictures of the notes. Names as Anki keeps them: no folders. */
  media?: ReadonlyMap<string, Uint8Array> | undefined;
}

export interface ApkgFile {
  bytes: Uint8Array;
  noteCount: number;
  cardCount: number;
  reviewCount: number;
}

/** @returns the bytes of the package; `notes` must not be empty of cards for Anki to accept it. */
export async function writeApkg(sqlite: SqlJs, request: ApkgRequest): Promise<ApkgFile> {
  const { notes } = request;
  const media = new Map([...(request.media ?? []), ...picturesOf(notes)]);
  const { collection, cardCount, reviewCount } = writeCollection(sqlite, request);
  const mediaFiles = [...media].map(([, bytes], index) => ({ name: String(index), bytes }));
  const mediaMap = JSON.stringify(Object.fromEntries([...media.keys()].map((name, index) => [index, name])));
  const bytes = await zipPackage([
    { name: "collection.anki2", bytes: collection },
    { name: "media", bytes: new TextEncoder().encode(mediaMap) },
    ...mediaFiles,
  ]);
  return { bytes, noteCount: notes.length, cardCount, reviewCount };
}

function writeCollection(sqlite: SqlJs, request: ApkgRequest) {
  const database = new sqlite.Database();
  try {
    database.run(writingSettings + collectionSchema);
    database.run("BEGIN");
    const { ids, cardCount, decks } = writeNotes(database, request);
    const reviewCount = writeReviews(database, request.log, ids);
    const { clock, nowMs } = request;
    const facts = {
      createdAtS: Math.floor(clock.startOf(clock.dayOf(nowMs)) / 1000),
      minutesWest: -clock.offsetMinutes(nowMs),
      nowMs,
      cardCount,
      decks,
    };
    insert(database, "col", "?,?,?,?,?,?,?,?,?,?,?,?,?")(collectionRow(facts));
    database.run(collectionIndexes);
    database.run("COMMIT");
    return { collection: database.export(), cardCount, reviewCount };
  } finally {
    database.close();
  }
}

/** sql.js turns a text into UTF-8 letter by letter; the platform does it at once, and SQLite takes the bytes as text again. */
const encoder = new TextEncoder();

/** Slug → the ids of its cards' rows by their ord. */
type CardIds = Map<string, number[]>;

/** @returns the ids of the cards that were written */
function writeNotes(database: Database, request: ApkgRequest): { ids: CardIds; cardCount: number; decks: Deck[] } {
  const { notes, schedules, options, clock, nowMs } = request;
  const marks = marksIn(request.log);
  const addNote = insert(database, "notes", "?,?,?,?,-1,?,CAST(? AS TEXT),?,?,0,''");
  const addCard = insert(database, "cards", "?,?,?,?,?,-1,?,?,?,?,?,?,?,?,0,0,?,?");
  const ids: CardIds = new Map();
  const used = new Set<number>();
  const moved = [...marks.values()].map(({ deck }) => deck).filter((deck) => deck !== "");
  const decks = decksFor(notes, moved);
  const deckIds = new Map(decks.map(({ name, id }) => [name, id]));
  const settings = { clock, options, today: clock.dayOf(nowMs) };
  let cardCount = 0;
  for (const note of notes) {
    const { slug, changedAtS } = note;
    const hash = sha1Head(slug);
    const noteId = freeId(note.ankiId ?? idFrom(hash.bits36), used);
    const deckId = deckIds.get(deckName(note))!;
    const fields = encoder.encode(joinedFields(note));
    const guid = note.ankiGuid ?? `mesh:${slug}`;
    addNote([
      noteId,
      guid,
      noteTypes[ankiFormOf(note.type)].id,
      changedAtS,
      ` ${tagsOf(note).join(" ")} `,
      fields,
      slug,
      hash.bits32,
    ]);
    const ofNote: number[] = [];
    ids.set(slug, ofNote);
    for (const ord of ordinalsOf(note)) {
      const key = cardIdOf({ slug, ord });
      const cardId = freeId(idFrom(hash.bits36) + ord + 1, used);
      ofNote[ord] = cardId;
      cardCount++;
      const columns = ankiCard(schedules.get(key) ?? newSchedule(), cardCount, settings);
      const { type: kind, due, ivl, factor, reps, lapses, left, data } = columns;
      const { suspended, flag, deck } = marks.get(key) ?? noMarks;
      const place = deck === "" ? deckId : deckIds.get(deck)!;
      const queue = suspended ? -1 : columns.queue;
      addCard([cardId, noteId, place, ord, changedAtS, kind, queue, due, ivl, factor, reps, lapses, left, flag, data]);
    }
  }
  return { ids, cardCount, decks };
}

/** Card id → what the learner set on it besides answering it. */
function marksIn(log: readonly LogRow[]): Map<string, CardMarks> {
  const marked = new Set(log.filter(({ kind }) => kind === "mark").map(cardIdOf));
  if (marked.size === 0) return new Map();
  const rows = Map.groupBy(
    log.filter((row) => marked.has(cardIdOf(row))),
    cardIdOf,
  );
  return new Map([...rows].map(([id, of]) => [id, marksOf(of)]));
}

function writeReviews(database: Database, log: readonly LogRow[], ids: CardIds): number {
  const addReview = insert(database, "revlog", "?,?,?,?,?,?,?,?,?");
  const rows: (ReviewRow | ManualRow)[] = standingReviews(log);
  const manual = log.filter((row): row is ManualRow => row.kind === "manual");
  if (manual.length > 0) rows.push(...manual);
  rows.sort((a, b) => a.id - b.id);
  let count = 0;
  // Anki has one row a millisecond; logs of several devices may have two.
  let last = 0;
  for (const row of rows) {
    const cardId = ids.get(row.slug)?.[row.ord];
    if (cardId === undefined) continue;
    last = Math.max(row.id, last + 1);
    addReview(row.kind === "manual" ? manualRevlogRow(row, cardId, last) : revlogRow(row, cardId, last));
    count++;
  }
  return count;
}

/**
 * One prepared statement for all rows: five times as fast as a statement each. It lives as long as the database.
 * @param values "?" for what differs from row to row; what does not stands in the statement and costs nothing
 */
function insert(database: Database, table: string, values: string): (row: readonly SqlValue[]) => void {
  const statement = database.prepare(`INSERT INTO ${table} VALUES (${values})`);
  return (row) => statement.run(row);
}

/** Looks like the milliseconds Anki uses (2022 … mid 2024), the same for a hash for ever. */
function idFrom(bits36: number): number {
  return 1_650_000_000_000 + bits36;
}

function freeId(wanted: number, used: Set<number>): number {
  let id = wanted;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}
