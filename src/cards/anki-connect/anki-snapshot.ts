/**
 * What Anki holds of our decks at one moment, read from a package that Anki itself exported: with GUIDs, memory states,
 * days and the review log, which no other action of AnkiConnect tells. Plain data, so that a worker can make it.
 */
import type { SqlJs } from "sql.js";
import { err, ok, type Result } from "#base";
import { pictureNamesIn } from "../apkg/note-fields.ts";
import type { CardRecord } from "../apkg-import/card-reader.ts";
import { failureFrom, type ImportFailure } from "../apkg-import/import-failure.ts";
import type { RawNote } from "../apkg-import/note-reader.ts";
import { type ReadSettings, readContents, statesWithoutReviews } from "../apkg-import/read-package.ts";
import type { MediaFile } from "../model/media-file.ts";
import type { Note } from "../model/note.ts";
import type { LogRow } from "../scheduling/review-log.ts";

/** A card with the name of its (home) deck. */
export interface AnkiCard extends CardRecord {
  deck: string;
}

export interface AnkiNote {
  id: number;
  guid: string;
  /** What it is known by here; where it was matched by another way, the slug of the note here. */
  slug: string;
  note: Note;
  changedAtS: number;
  tags: readonly string[];
  fieldNames: readonly string[];
  /** Names of the pictures of ours that stand in its fields. */
  pictures: readonly string[];
  cards: readonly AnkiCard[];
}

export interface AnkiSnapshot {
  /** When the collection's days begin to count, seconds since the epoch. */
  createdAtS: number;
  notes: readonly AnkiNote[];
  /** Pictures and sounds of imported notes. */
  media: readonly MediaFile[];
  log: readonly LogRow[];
  /** Keys that stand in several notes. */
  copies: ReadonlyMap<string, readonly number[]>;
}

export const emptySnapshot: AnkiSnapshot = { createdAtS: 0, notes: [], media: [], log: [], copies: new Map() };

export function readSnapshot(sqlite: SqlJs, file: Uint8Array, settings: ReadSettings): Result<AnkiSnapshot, ImportFailure> {
  try {
    const raw = new Map<number, RawNote>();
    const contents = readContents(sqlite, file, settings, (note) => raw.set(note.id, note));
    const { facts, records, notes, media, refs, log } = contents;
    const cardsOf = Map.groupBy(
      [...refs.keys()].map((id): AnkiCard => {
        const card = records.get(id)!;
        return { ...card, deck: facts.decks.get(card.deckId) ?? "Default" };
      }),
      ({ noteId }) => noteId,
    );
    const ankiNotes = [...notes].map(([id, { note }]): AnkiNote => {
      const { guid, slug, changedAtS, tags, fields } = raw.get(id)!;
      const pictures = [...fields.values()].flatMap(pictureNamesIn);
      const facts = { guid, slug, note, changedAtS, tags, fieldNames: [...fields.keys()], pictures };
      return { id, ...facts, cards: cardsOf.get(id) ?? [] };
    });
    const bySlug = Map.groupBy(raw.values(), ({ slug }) => slug);
    return ok({
      createdAtS: facts.createdAtS,
      notes: ankiNotes,
      media,
      log: [...log, ...statesWithoutReviews(records, refs, log, facts, settings)],
      copies: new Map(
        [...bySlug].flatMap(([slug, of]): [string, number[]][] => (of.length > 1 ? [[slug, of.map(({ id }) => id)]] : [])),
      ),
    });
  } catch (thrown) {
    return err(failureFrom(thrown));
  }
}

/** Two exports of one collection; a note that is in both counts once. */
export function joinSnapshots(first: AnkiSnapshot, second: AnkiSnapshot): AnkiSnapshot {
  if (first.notes.length === 0) return { ...second, copies: new Map([...first.copies, ...second.copies]) };
  const known = new Set(first.notes.map(({ id }) => id));
  const added = second.notes.filter(({ id }) => !known.has(id));
  const slugs = new Set(added.map(({ slug }) => slug));
  return {
    createdAtS: first.createdAtS,
    notes: [...first.notes, ...added],
    media: [...first.media, ...second.media],
    log: [...first.log, ...second.log.filter(({ slug }) => slugs.has(slug))],
    copies: new Map([...first.copies, ...second.copies]),
  };
}

/** The part of a snapshot that some notes make up. */
export function onlyNotes(snapshot: AnkiSnapshot, isWanted: (note: AnkiNote) => boolean): AnkiSnapshot {
  const notes = snapshot.notes.filter(isWanted);
  const slugs = new Set(notes.map(({ slug }) => slug));
  return { ...snapshot, notes, log: snapshot.log.filter(({ slug }) => slugs.has(slug)) };
}
