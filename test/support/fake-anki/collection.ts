/** An Anki collection in memory: what the fake AnkiConnect acts upon. Rows carry Anki's own column names and numbers. */
import { localDayClock } from "#cards";

export interface FakeModel {
  id: number;
  name: string;
  isCloze: boolean;
  fields: string[];
  templates: { name: string; qfmt: string; afmt: string }[];
  css: string;
}

export interface FakeNote {
  id: number;
  guid: string;
  mid: number;
  mod: number;
  tags: string[];
  fields: string[];
}

export interface FakeCard {
  id: number;
  nid: number;
  did: number;
  ord: number;
  mod: number;
  type: number;
  queue: number;
  due: number;
  ivl: number;
  factor: number;
  reps: number;
  lapses: number;
  left: number;
  flags: number;
  odid: number;
  odue: number;
  data: { s?: number; d?: number; dr?: number; decay?: number; lrt?: number; cd?: string };
}

export interface FakeReview {
  id: number;
  cid: number;
  usn: number;
  ease: number;
  ivl: number;
  lastIvl: number;
  factor: number;
  time: number;
  type: number;
}

export interface FakeCollection {
  /** Seconds: the turn of the day on which it was made. */
  crt: number;
  decks: Map<number, string>;
  models: Map<number, FakeModel>;
  notes: Map<number, FakeNote>;
  cards: Map<number, FakeCard>;
  revlog: Map<number, FakeReview>;
  /** Absolute path → bytes; the media folder is one of the folders. */
  files: Map<string, Uint8Array>;
  /** Of the next new card; imported ones do not count. */
  nextPosition: number;
  now(): number;
  /** Milliseconds, or one more than any id there is. */
  newId(): number;
}

export const mediaFolder = "/home/user/anki-base/User 1/collection.media";

export function createCollection(now: () => number): FakeCollection {
  let lastId = 0;
  const clock = localDayClock();
  return {
    crt: Math.floor(clock.startOf(clock.dayOf(now())) / 1000),
    decks: new Map([[1, "Default"]]),
    models: new Map(),
    notes: new Map(),
    cards: new Map(),
    revlog: new Map(),
    files: new Map(),
    nextPosition: 1,
    now,
    newId() {
      lastId = Math.max(now(), lastId + 1);
      return lastId;
    },
  };
}

/** A deep copy: what a backup of the profile holds. */
export function copyCollection(collection: FakeCollection): FakeCollection {
  const { now, newId, ...rest } = collection;
  return { ...structuredClone(rest), now, newId };
}

export function deckId(collection: FakeCollection, name: string): number | undefined {
  return [...collection.decks].find(([, one]) => one === name)?.[0];
}

/** Makes the deck and those above it. */
export function ensureDeck(collection: FakeCollection, name: string): number {
  const known = deckId(collection, name);
  if (known !== undefined) return known;
  const parent = name.split("::").slice(0, -1).join("::");
  if (parent !== "") ensureDeck(collection, parent);
  const id = collection.newId();
  collection.decks.set(id, name);
  return id;
}

export function cardsOf(collection: FakeCollection, nid: number): FakeCard[] {
  return [...collection.cards.values()].filter((card) => card.nid === nid).sort((a, b) => a.ord - b.ord);
}

function ordinals(model: FakeModel, fields: readonly string[]): number[] {
  if (!model.isCloze) return model.templates.map((_, ord) => ord);
  const numbers = [...fields.join("\u001f").matchAll(/\{\{c(\d+)::/g)].map((match) => Number(match[1]) - 1);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Cards of a note that it has not yet: new ones in the given deck. */
export function addMissingCards(collection: FakeCollection, note: FakeNote, did: number): void {
  const model = collection.models.get(note.mid)!;
  const known = new Set(cardsOf(collection, note.id).map(({ ord }) => ord));
  for (const ord of ordinals(model, note.fields)) {
    if (known.has(ord)) continue;
    // Each table has its own ids; the first card of a note is often of the same millisecond.
    const id = collection.cards.has(note.id) ? collection.newId() : note.id;
    const schedule = { type: 0, queue: 0, due: collection.nextPosition++, ivl: 0, factor: 0, reps: 0, lapses: 0, left: 0 };
    const place = { id, nid: note.id, did, ord, mod: Math.floor(collection.now() / 1000) };
    collection.cards.set(id, { ...place, ...schedule, flags: 0, odid: 0, odue: 0, data: {} });
  }
}

/** As Anki keeps them: once, in order, whatever the case. */
export function cleanTags(tags: readonly string[]): string[] {
  const byLower = new Map(tags.filter((tag) => tag !== "").map((tag) => [tag.toLowerCase(), tag]));
  return [...byLower].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tag]) => tag);
}
