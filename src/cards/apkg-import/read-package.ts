/**
 * An .apkg or .colpkg of unknown origin → notes, reviews and what had to be left out; or why it is not taken. Pure: the
 * bytes come in, nothing is written, nothing of the package is run.
 */
import type { SqlJs } from "sql.js";
import { err, ok, type Result } from "#base";
import type { MediaFile } from "../model/media-file.ts";
import { mediaNamesIn } from "../model/media-html.ts";
import type { CardRef, Note } from "../model/note.ts";
import { ordinalsOf } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { ProgressRow } from "../progress/progress-row.ts";
import type { PracticeSettings } from "../scheduling/practice-settings.ts";
import type { LogRow } from "../scheduling/review-log.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import { type AnkiMemory, type CardRecord, readCards, stateRow } from "./card-reader.ts";
import { openCollection } from "./collection-database.ts";
import { createNoticeBoard, failureFrom, type ImportFailure, type ImportNotice } from "./import-failure.ts";
import { type ImportLimits, importLimits } from "./import-limits.ts";
import { checkMedia, readMedia } from "./media-map.ts";
import { type CollectionFacts, readCollectionFacts } from "./note-kinds.ts";
import { type NotePlace, type PackageNote, type RawNote, readNotes } from "./note-reader.ts";
import { openPackage } from "./package-collection.ts";
import { readReviews } from "./review-reader.ts";
import { plainText } from "./sanitise-html.ts";

/** What a file brings; read from a package or from a backup. Plain data. */
export interface ImportedDeck {
  /** Only backups of ours have these three. */
  edits?: NoteEdit[] | undefined;
  settings?: PracticeSettings | undefined;
  progress?: ProgressRow[] | undefined;
  notes: Note[];
  /** Pictures and sounds of the notes that are not ours. */
  media: MediaFile[];
  log: LogRow[];
  /** What Anki itself says about each card: to compare with, not to schedule by. */
  cards: ImportedCard[];
  notices: ImportNotice[];
}

export interface ImportedCard extends CardRef {
  ankiCardId: number;
  state: "new" | "learning" | "review" | "relearning";
  suspended: boolean;
  /** Anki's coloured flag, 1 … 7; 0: none. */
  flag: number;
  ivl: number;
  reps: number;
  lapses: number;
  memory?: AnkiMemory | undefined;
}

export interface ReadSettings {
  scheduler: Scheduler;
  /** Milliseconds since the epoch. */
  nowMs: number;
  limits?: ImportLimits | undefined;
}

export function readPackage(sqlite: SqlJs, file: Uint8Array, settings: ReadSettings): Result<ImportedDeck, ImportFailure> {
  try {
    const { facts, records, notes, media, refs, log, notices } = readContents(sqlite, file, settings);
    return ok({
      notes: [...notes.values()].map(({ note }) => note),
      media,
      log: [...log, ...statesWithoutReviews(records, refs, log, facts, settings)],
      cards: [...refs].map(([id, ref]) => importedCard(records.get(id)!, ref)),
      notices,
    });
  } catch (thrown) {
    return err(failureFrom(thrown));
  }
}

/** The parts of a package still under Anki's own ids. */
export interface PackageContents {
  facts: CollectionFacts;
  /** Card id → row. */
  records: ReadonlyMap<number, CardRecord>;
  /** Note id → note. */
  notes: ReadonlyMap<number, PackageNote>;
  media: MediaFile[];
  /** Card id → our card. */
  refs: ReadonlyMap<number, CardRef>;
  log: LogRow[];
  notices: ImportNotice[];
}

/** @param observe sees every readable note as it stands there, doubles included. @throws ImportRefusal */
export function readContents(
  sqlite: SqlJs,
  file: Uint8Array,
  settings: ReadSettings,
  observe?: (note: RawNote) => void,
): PackageContents {
  const limits = settings.limits ?? importLimits;
  const notices = createNoticeBoard();
  const opened = openPackage(file, limits);
  const files = checkMedia(opened, limits, notices);
  const database = openCollection(sqlite, opened.collection, Date.now() + limits.readMs);
  try {
    const facts = readCollectionFacts(database, limits);
    const records = readCards(database, limits, notices);
    const notes = readNotes(database, facts, placesOf(records, facts), { limits, notices, observe });
    const refs = refsOf(records, notes, facts, notices);
    const log = readReviews(database, refs, { ...settings, limits, notices });
    const shown = [...notes.values()].flatMap(({ note }) => mediaNamesIn(note.frontHtml + note.backHtml));
    const media = readMedia(opened, files, shown, limits, notices);
    return { facts, records, notes, media, refs, log, notices: notices.list() };
  } finally {
    database.close();
  }
}

/** Note id → its card numbers and the deck of its first card. */
function placesOf(records: ReadonlyMap<number, CardRecord>, { decks }: CollectionFacts): Map<number, NotePlace> {
  const places = new Map<number, { ords: Set<number>; deck: string }>();
  for (const { noteId, deckId, ord } of records.values()) {
    const place = places.get(noteId);
    if (place) place.ords.add(ord);
    else places.set(noteId, { ords: new Set([ord]), deck: plainText(decks.get(deckId) ?? "").slice(0, 200) || "Default" });
  }
  return places;
}

/** Anki's card id → our card, for the cards that our note has too. */
function refsOf(
  records: ReadonlyMap<number, CardRecord>,
  notes: ReadonlyMap<number, PackageNote>,
  { decks }: CollectionFacts,
  notices: ReturnType<typeof createNoticeBoard>,
): Map<number, CardRef> {
  const refs = new Map<number, CardRef>();
  const taken = new Set<string>();
  for (const { id, noteId, deckId, ord } of records.values()) {
    const known = notes.get(noteId);
    if (!known) notices.add("OrphanCard");
    else if (!ordinalsOf(known.note).includes(ord)) notices.add("OtherTemplate");
    else if (taken.has(`${known.note.slug}#${ord}`)) notices.add("AbsurdCard");
    else {
      if (!decks.has(deckId)) notices.add("UnknownDeck");
      taken.add(`${known.note.slug}#${ord}`);
      refs.set(id, { slug: known.note.slug, ord });
    }
  }
  return refs;
}

/** What Anki says of cards that the package has no review of, as rows that a replay starts from. */
export function statesWithoutReviews(
  records: ReadonlyMap<number, CardRecord>,
  refs: ReadonlyMap<number, CardRef>,
  log: readonly LogRow[],
  { createdAtS }: CollectionFacts,
  { scheduler, nowMs }: ReadSettings,
): LogRow[] {
  const reviewed = new Set(log.filter(({ kind }) => kind === "review").map(({ slug, ord }) => `${slug}#${ord}`));
  const { clock, options } = scheduler;
  return [...refs].flatMap(([id, { slug, ord }]) => {
    if (reviewed.has(`${slug}#${ord}`)) return [];
    return stateRow(records.get(id)!, slug, { clock, options, createdAtS, nowMs }) ?? [];
  });
}

function importedCard({ id, type, queue, ivl, reps, lapses, memory, flag }: CardRecord, ref: CardRef): ImportedCard {
  const state = (["new", "learning", "review", "relearning"] as const)[type]!;
  return { ...ref, ankiCardId: id, state, suspended: queue === -1, flag, ivl, reps, lapses, ...(memory ? { memory } : {}) };
}
