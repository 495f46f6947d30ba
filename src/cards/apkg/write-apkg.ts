/**
 * Notes, and a learner's progress when there is one, → an .apkg that Anki imports. A projection: identity is the GUID
 * from the slug (or Anki's own where it is known), ids are derived from it, times come from the content, so a second
 * export of the same content is the same package and a second import changes nothing.
 */
import { ankiFormOf } from "../card-types/index.ts";
import { cardIdOf, type Note, ordinalsOf } from "../model/note.ts";
import { packageIdFrom } from "../model/package-id.ts";
import { sha1Head } from "../model/sha1.ts";
import { type CardMarks, marksOf, noMarks } from "../scheduling/card-marks.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import type { DeckOptions } from "../scheduling/deck-options.ts";
import { type LogRow, type ManualRow, type ReviewRow, standingReviews } from "../scheduling/review-log.ts";
import { newSchedule, type Schedule } from "../scheduling/schedule.ts";
import { ankiCard, manualRevlogRow, revlogRow } from "./anki-card.ts";
import { collectionFile } from "./collection.ts";
import { type Deck, deckName, decksFor } from "./decks.ts";
import { joinedFields, tagsOf } from "./note-fields.ts";
import { noteTypes } from "./note-types.ts";
import { picturesOf } from "./picture-file.ts";
import type { Cell } from "./sqlite-file/record.ts";
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
export async function writeApkg(request: ApkgRequest): Promise<ApkgFile> {
  const { notes, clock, nowMs } = request;
  const media = new Map([...(request.media ?? []), ...picturesOf(notes)]);
  const numbered = numberRows(notes);
  const reviews = reviewsOf(request.log, numbered.cardIds);
  const marks = marksIn(request.log);
  const moved = [...marks.values()].map(({ deck }) => deck).filter((deck) => deck !== "");
  const decks = decksFor(notes, moved);
  const facts = {
    createdAtS: Math.floor(clock.startOf(clock.dayOf(nowMs)) / 1000),
    minutesWest: -clock.offsetMinutes(nowMs),
    nowMs,
    cardCount: numbered.cards.length,
    decks,
  };
  const collection = collectionFile(facts, {
    notes: noteRows(numbered.notes),
    cards: cardRows(numbered.cards, request, marks, decks),
    revlog: reviewRows(reviews, numbered.cardIds),
  });
  const mediaFiles = [...media].map(([, bytes], index) => ({ name: String(index), bytes }));
  const mediaMap = JSON.stringify(Object.fromEntries([...media.keys()].map((name, index) => [index, name])));
  const bytes = await zipPackage([
    { name: "collection.anki2", bytes: collection },
    { name: "media", bytes: new TextEncoder().encode(mediaMap) },
    ...mediaFiles,
  ]);
  return { bytes, noteCount: notes.length, cardCount: numbered.cards.length, reviewCount: reviews.length };
}

interface NumberedNote {
  id: number;
  note: Note;
  checksum: number;
}

interface NumberedCard {
  id: number;
  note: Note;
  noteId: number;
  ord: number;
  /** Among the new cards, from 1. */
  position: number;
}

/** Slug → the ids of its cards' rows by their ord. */
type CardIds = ReadonlyMap<string, readonly number[]>;

/** Every row gets its id; both lists in the order of the ids. */
function numberRows(notes: readonly Note[]): { notes: NumberedNote[]; cards: NumberedCard[]; cardIds: CardIds } {
  const used = new Set<number>();
  const cardIds = new Map<string, number[]>();
  const numbered: NumberedNote[] = [];
  const cards: NumberedCard[] = [];
  for (const note of notes) {
    const { bits36, bits32 } = sha1Head(note.slug);
    const noteId = freeId(note.ankiId ?? packageIdFrom(bits36), used);
    numbered.push({ id: noteId, note, checksum: bits32 });
    const ofNote: number[] = [];
    cardIds.set(note.slug, ofNote);
    for (const ord of ordinalsOf(note)) {
      const id = freeId(packageIdFrom(bits36) + ord + 1, used);
      ofNote[ord] = id;
      cards.push({ id, note, noteId, ord, position: cards.length + 1 });
    }
  }
  numbered.sort((a, b) => a.id - b.id);
  cards.sort((a, b) => a.id - b.id);
  return { notes: numbered, cards, cardIds };
}

function* noteRows(notes: readonly NumberedNote[]): Generator<Cell[]> {
  for (const { id, note, checksum } of notes) {
    const { slug, changedAtS } = note;
    const guid = note.ankiGuid ?? `mesh:${slug}`;
    const tags = ` ${tagsOf(note).join(" ")} `;
    const type = noteTypes[ankiFormOf(note.type)].id;
    yield [id, guid, type, changedAtS, -1, tags, joinedFields(note), slug, checksum, 0, ""];
  }
}

function* cardRows(
  cards: readonly NumberedCard[],
  { schedules, options, clock, nowMs }: ApkgRequest,
  marks: ReadonlyMap<string, CardMarks>,
  decks: readonly Deck[],
): Generator<Cell[]> {
  const deckIds = new Map(decks.map(({ name, id }) => [name, id]));
  const settings = { clock, options, today: clock.dayOf(nowMs) };
  for (const { id, note, noteId, ord, position } of cards) {
    const key = cardIdOf({ slug: note.slug, ord });
    const columns = ankiCard(schedules.get(key) ?? newSchedule(), position, settings);
    const { type, due, ivl, factor, reps, lapses, left, data } = columns;
    const { suspended, flag, deck } = marks.get(key) ?? noMarks;
    const place = deckIds.get(deck === "" ? deckName(note) : deck)!;
    const queue = suspended ? -1 : columns.queue;
    const { changedAtS } = note;
    yield [id, noteId, place, ord, changedAtS, -1, type, queue, due, ivl, factor, reps, lapses, left, 0, 0, flag, data];
  }
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

/** What goes into Anki's log, oldest first. */
function reviewsOf(log: readonly LogRow[], cardIds: CardIds): (ReviewRow | ManualRow)[] {
  const rows: (ReviewRow | ManualRow)[] = standingReviews(log);
  const manual = log.filter((row): row is ManualRow => row.kind === "manual");
  if (manual.length > 0) rows.push(...manual);
  return rows.filter(({ slug, ord }) => cardIds.get(slug)?.[ord] !== undefined).sort((a, b) => a.id - b.id);
}

function* reviewRows(reviews: readonly (ReviewRow | ManualRow)[], cardIds: CardIds): Generator<Cell[]> {
  // Anki has one row a millisecond; logs of several devices may have two.
  let last = 0;
  for (const row of reviews) {
    const cardId = cardIds.get(row.slug)![row.ord]!;
    last = Math.max(row.id, last + 1);
    yield row.kind === "manual" ? manualRevlogRow(row, cardId, last) : revlogRow(row, cardId, last);
  }
}

function freeId(wanted: number, used: Set<number>): number {
  let id = wanted;
  while (used.has(id)) id++;
  used.add(id);
  return id;
}
