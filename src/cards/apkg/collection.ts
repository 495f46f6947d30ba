/** Anki's legacy collection (schema 11) as a file of SQLite: its tables, and what an empty one holds besides notes and cards. */
import type { Deck } from "./decks.ts";
import { type NoteType, noteFields, noteTypeCss, noteTypes, noteTypesChangedAtS } from "./note-types.ts";
import type { Cell } from "./sqlite-file/record.ts";
import { type IndexContent, writeDatabase } from "./sqlite-file/write-database.ts";

const tables = {
  col: `CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null,
  dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null, decks text not null,
  dconf text not null, tags text not null)`,
  notes: `CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null,
  tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null, data text not null)`,
  cards: `CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null,
  usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null,
  factor integer not null, reps integer not null, lapses integer not null, left integer not null, odue integer not null,
  odid integer not null, flags integer not null, data text not null)`,
  revlog: `CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null,
  lastIvl integer not null, factor integer not null, time integer not null, type integer not null)`,
  graves: "CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null)",
} as const;

/** The two that older readers look rows up by; Anki makes its own seven when it opens the file. */
const indexes: Partial<Record<keyof typeof tables, IndexContent[]>> = {
  cards: [{ name: "ix_cards_nid", sql: "CREATE INDEX ix_cards_nid on cards (nid)", column: 1 }],
  revlog: [{ name: "ix_revlog_cid", sql: "CREATE INDEX ix_revlog_cid on revlog (cid)", column: 1 }],
};

/** Every table of a collection, as statements. */
export const collectionSchema = Object.values(tables)
  .map((sql) => `${sql};\n`)
  .join("");

type Rows = Iterable<readonly Cell[]>;

/** The file `collection.anki2`. Rows with their values in the order of the columns, in the order of their ids. */
export function collectionFile(facts: CollectionFacts, rows: { notes: Rows; cards: Rows; revlog: Rows }): Uint8Array {
  const rowsOf = { ...rows, col: [collectionRow(facts)], graves: [] };
  const names = Object.keys(tables) as (keyof typeof tables)[];
  return writeDatabase(names.map((name) => ({ name, sql: tables[name], rows: rowsOf[name], indexes: indexes[name] ?? [] })));
}

export interface CollectionFacts {
  /** Beginning of the learner's day, seconds: review cards count their days from here. */
  createdAtS: number;
  /** Minutes west of UTC, as Anki's `creationOffset`. */
  minutesWest: number;
  nowMs: number;
  cardCount: number;
  decks: readonly Deck[];
}

/** The values of the one row of `col`, in the order of its columns. */
function collectionRow({ createdAtS, minutesWest, nowMs, cardCount, decks: needed }: CollectionFacts): (string | number)[] {
  const nowS = Math.floor(nowMs / 1000);
  const conf = {
    activeDecks: [1],
    curDeck: 1,
    newSpread: 0,
    collapseTime: 1200,
    timeLim: 0,
    estTimes: true,
    dueCounts: true,
    curModel: null,
    nextPos: cardCount + 1,
    sortType: "noteFld",
    sortBackwards: false,
    addToCur: true,
    dayLearnFirst: false,
    schedVer: 2,
    creationOffset: minutesWest,
  };
  const models = Object.fromEntries(Object.values(noteTypes).map((type) => [type.id, modelJson(type)]));
  const decks = Object.fromEntries([{ id: 1, name: "Default" }, ...needed].map((deck) => [deck.id, deckJson(deck, nowS)]));
  const json = [conf, models, decks, { 1: defaultPreset }, {}].map((part) => JSON.stringify(part));
  return [1, createdAtS, nowMs, noteTypesChangedAtS * 1000, 11, 0, 0, 0, ...json];
}

function modelJson(type: NoteType) {
  return {
    id: type.id,
    name: type.name,
    type: type.kind === "cloze" ? 1 : 0,
    mod: noteTypesChangedAtS,
    usn: -1,
    sortf: 0,
    did: null,
    tmpls: type.templates.map(({ name, question, answer }, ord) => ({
      name,
      ord,
      qfmt: question,
      afmt: answer,
      bqfmt: "",
      bafmt: "",
      did: null,
      bfont: "",
      bsize: 0,
    })),
    flds: noteFields.map((name, ord) => ({ name, ord, sticky: false, rtl: false, font: "Arial", size: 20, media: [] })),
    css: noteTypeCss,
    latexPre: "",
    latexPost: "",
    latexsvg: false,
    req: type.templates.map((_template, ord) => [ord, "any", [type.templates.length > 1 && ord === 1 ? 2 : 1]]),
    tags: [],
    vers: [],
  };
}

function deckJson({ id, name }: Deck, nowS: number) {
  const today = [0, 0];
  return {
    id,
    name,
    mod: nowS,
    usn: -1,
    lrnToday: today,
    revToday: today,
    newToday: today,
    timeToday: today,
    collapsed: false,
    browserCollapsed: false,
    desc: "",
    dyn: 0,
    conf: 1,
    extendNew: 0,
    extendRev: 0,
  };
}

/** Anki's own default preset; the importer ignores it as it does for every package with only preset 1. */
const defaultPreset = {
  id: 1,
  name: "Default",
  mod: 0,
  usn: 0,
  maxTaken: 60,
  autoplay: true,
  timer: 0,
  replayq: true,
  dyn: false,
  new: { bury: false, delays: [1, 10], initialFactor: 2500, ints: [1, 4, 0], order: 1, perDay: 20 },
  rev: { bury: false, ease4: 1.3, ivlFct: 1, maxIvl: 36500, perDay: 200, hardFactor: 1.2 },
  lapse: { delays: [10], leechAction: 1, leechFails: 8, minInt: 1, mult: 0 },
};
