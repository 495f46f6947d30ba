/**
 * The actions of AnkiConnect (API version 6) that are used here, with what they take and answer, as recorded from the real
 * add-on. Types only. An answer's shape is not proof that something was done: see the comments.
 */

/** id, cid, usn, ease, ivl, lastIvl, factor, time, type: a row of `revlog`. */
export type RevlogRow = readonly number[];

export interface AnkiReview {
  id: number;
  usn: number;
  ease: number;
  ivl: number;
  lastIvl: number;
  factor: number;
  time: number;
  type: number;
}

export interface AnkiNoteInfo {
  noteId: number;
  tags: string[];
  fields: Readonly<Record<string, { value: string; order: number }>>;
  modelName: string;
  /** Seconds. */
  mod: number;
  cards: number[];
}

export interface AnkiCardInfo {
  cardId: number;
  deckName: string;
  note: number;
  ord: number;
  type: number;
  queue: number;
  due: number;
  interval: number;
  reps: number;
  lapses: number;
  left: number;
  mod: number;
}

/** What Anki answers for an id that is not there. */
export type Absent = Readonly<Record<string, never>>;

export interface AnkiActions {
  version: { params: undefined; result: number };
  /** From an origin that is not listed: a dialog in Anki, and no answer to anybody until it is closed. */
  requestPermission: {
    params: undefined;
    result: { permission: "granted" | "denied"; requireApikey?: boolean; version?: number };
  };
  /** Error "sync: auth not configured" when nobody is logged in to AnkiWeb. */
  sync: { params: undefined; result: null };
  deckNames: { params: undefined; result: string[] };
  getMediaDirPath: { params: undefined; result: string };
  /** Base64; answers the name under which it was stored. */
  storeMediaFile: { params: { filename: string; data: string }; result: string };
  /** Base64, or false. */
  retrieveMediaFile: { params: { filename: string }; result: string | false };
  deleteMediaFile: { params: { filename: string }; result: null };
  /** False when there is no such deck. The path is on Anki's machine. */
  exportPackage: { params: { deck: string; path: string; includeSched: boolean }; result: boolean };
  /** Absolute paths only. True says that the package was read, not that anything was taken from it. */
  importPackage: { params: { path: string }; result: boolean };
  findNotes: { params: { query: string }; result: number[] };
  notesInfo: { params: { notes: readonly number[] }; result: (AnkiNoteInfo | Absent)[] };
  cardsInfo: { params: { cards: readonly number[] }; result: (AnkiCardInfo | Absent)[] };
  cardsModTime: { params: { cards: readonly number[] }; result: ({ cardId: number; mod: number } | Absent)[] };
  notesModTime: { params: { notes: readonly number[] }; result: ({ noteId: number; mod: number } | Absent)[] };
  /** Replaces all tags when it gets `tags`. */
  updateNote: {
    params: { note: { id: number; fields: Readonly<Record<string, string>>; tags: readonly string[] } };
    result: null;
  };
  addTags: { params: { notes: readonly number[]; tags: string }; result: null };
  unsuspend: { params: { cards: readonly number[] }; result: null };
  /** Makes the deck when it is not there. */
  changeDeck: { params: { cards: readonly number[]; deck: string }; result: null };
  suspend: { params: { cards: readonly number[] }; result: boolean };
  deleteNotes: { params: { notes: readonly number[] }; result: null };
  forgetCards: { params: { cards: readonly number[] }; result: null };
  /** Keys are card ids as texts. */
  getReviewsOfCards: { params: { cards: readonly number[] }; result: Readonly<Record<string, AnkiReview[]>> };
  /** All rows or none: one known id and Anki answers "UNIQUE constraint failed". usn must be -1, or the next sync of the learner fails. */
  insertReviews: { params: { reviews: readonly RevlogRow[] }; result: null };
  /** false (no `warning_check`) or [[false, reason]] with no error when nothing was written; [true] also for keys it does not know. */
  setSpecificValueOfCard: {
    params: { card: number; keys: readonly string[]; newValues: readonly unknown[]; warning_check: true };
    result: false | readonly (true | readonly [false, string])[];
  };
}

export type AnkiAction = keyof AnkiActions;
export type ParamsOf<Action extends AnkiAction> = AnkiActions[Action]["params"];
export type ResultOf<Action extends AnkiAction> = AnkiActions[Action]["result"];

/** True for a real entry of notesInfo, cardsInfo or cardsModTime. */
export function isPresent<Info extends object>(info: Info | Absent): info is Info {
  return Object.keys(info).length > 0;
}
