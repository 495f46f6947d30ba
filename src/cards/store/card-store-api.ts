/** What the store of a learner's progress promises; card-store.ts keeps it with Dexie. Types only. */
import type { Result } from "#base";
import type { MediaFile } from "../model/media-file.ts";
import type { CardLanguage, CardRef, Note } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { ProgressRow } from "../progress/progress-row.ts";
import type { CardMarks, MarkChange } from "../scheduling/card-marks.ts";
import type { PracticeSettings } from "../scheduling/practice-settings.ts";
import type { LogRow, ManualRow, MarkRow, ReviewRow, UndoRow } from "../scheduling/review-log.ts";
import type { Rating, Schedule, Scheduler } from "../scheduling/schedule.ts";
import type { DeletedNotes } from "./deleted-notes.ts";
import type { StoreFailure } from "./store-failure.ts";

type Stored<Value> = Promise<Result<Value, StoreFailure>>;

/** Another IndexedDB than the browser's own (tests). */
export interface DatabaseFactory {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof IDBKeyRange;
}

export interface CardStoreSettings {
  scheduler: Scheduler;
  name?: string;
  factory?: DatabaseFactory;
}

export interface GivenAnswer {
  card: CardRef;
  lang: CardLanguage;
  rating: Rating;
  /** How often the card had been answered when it was shown: another number now means another tab was quicker. */
  expectedReps: number;
  /** Milliseconds since the epoch, as the learner's clock says. */
  nowMs: number;
  /** From showing the question to the rating. */
  durationMs: number;
  /** The interval that the button said (days, or seconds when negative); the scheduler's own when left out. */
  interval?: number | undefined;
}

export interface ReviewResult {
  row: ReviewRow;
  schedule: Schedule;
  /** The answer made the card a leech. */
  leech: boolean;
}

/** An answer of a session that leaves the schedule alone. */
export interface CramAnswer {
  card: CardRef;
  rating: Rating;
  nowMs: number;
  durationMs: number;
}

/** A session of the learner's own choice that is under way: it goes on after the tab was closed. */
export interface CramSession {
  /** What was searched for, as shown to the learner. */
  title: string;
  /** The cards still to come, by id. */
  left: readonly string[];
  total: number;
  /** Whether answers move the schedule. */
  moves: boolean;
  day: number;
}

/** New cards asked for beyond the daily limit; counts for that day only. */
export interface ExtraNewCards {
  day: number;
  count: number;
}

/** Notes and log rows from elsewhere: a package, a backup. */
export interface MergePart {
  notes: readonly Note[];
  log: readonly LogRow[];
  edits?: readonly NoteEdit[] | undefined;
  media?: readonly MediaFile[] | undefined;
  /** What was done in the sandbox. */
  progress?: readonly ProgressRow[] | undefined;
  /** Taken when the learner has chosen nothing here. */
  settings?: PracticeSettings | undefined;
  /** Slugs that the site has: their text is the site's, only their reviews are merged. */
  ownSlugs: ReadonlySet<string>;
  /** Notes of the part that were deleted here come back, as of this moment (ms); without it they stay away. */
  bringBackAtMs?: number | undefined;
}

export interface MergeSummary {
  newNotes: number;
  updatedNotes: number;
  /** Notes of the part that were deleted here and stay away. */
  deletedNotes: number;
  /** Notes of here that were deleted where the part comes from, after their text was last changed. */
  removedNotes: number;
  /** Rows of any kind that the log does not have yet; reviews among them. */
  newRows: number;
  newReviews: number;
  knownRows: number;
  newMedia: number;
  /** Predictions and solved levels. */
  newProgress: number;
  /** Cards whose schedule is made anew. */
  cards: number;
}

export interface MediaSize {
  files: number;
  bytes: number;
}

export interface CardStore {
  /** Card id → schedule, for every card that was ever answered. */
  schedules(): Stored<ReadonlyMap<string, Schedule>>;
  /** Rows of the log from a moment on, oldest first; the whole log without one. */
  log(sinceMs?: number): Stored<LogRow[]>;
  /** Writes the answer into the log and moves the card on, both or neither. */
  review(answer: GivenAnswer): Stored<ReviewResult>;
  /** Notes an answer that moves nothing. */
  cram(answer: CramAnswer): Stored<ManualRow>;
  /** Takes one review, cram answer or mark of this app back by a row of its own and sets the card to what its other rows say. */
  undo(rowId: number, nowMs: number): Stored<UndoRow>;
  /** Card id → marks, for every card that has one. */
  marks(): Stored<ReadonlyMap<string, CardMarks>>;
  /** Sets marks of cards, one row each, all or none. */
  mark(cards: readonly CardRef[], change: MarkChange, nowMs: number): Stored<MarkRow[]>;
  /** Forgets the cards' history: they are new again. Their rows stay in the log. */
  reset(cards: readonly CardRef[], nowMs: number): Stored<ManualRow[]>;
  edits(): Stored<NoteEdit[]>;
  saveEdit(edit: NoteEdit): Stored<void>;
  removeEdit(slug: string): Stored<void>;
  settings(): Stored<PracticeSettings>;
  saveSettings(settings: PracticeSettings): Stored<void>;
  /** Makes every schedule anew from the log; the number of cards. */
  rebuild(): Stored<number>;
  /** Notes that came by import and that the site did not have then. */
  notes(): Stored<Note[]>;
  /** Throws notes of these away that are not the site's. Their reviews stay in the log. */
  deleteNotes(slugs: readonly string[], nowMs: number): Stored<DeletedNotes>;
  restoreNotes(deleted: DeletedNotes, nowMs: number): Stored<void>;
  /** Those of the named files that are kept; all of them without names. */
  media(names?: readonly string[]): Stored<MediaFile[]>;
  /** Files that no note and no own wording shows any more. */
  unusedMedia(): Stored<MediaSize>;
  clearUnusedMedia(): Stored<MediaSize>;
  /** What was predicted and solved in the sandbox (progress-store.ts adds to it). */
  progress(): Stored<ProgressRow[]>;
  /** What `merge` would do; changes nothing. */
  previewMerge(part: MergePart): Stored<MergeSummary>;
  /** Unites the log with the part's by (card, moment, kind): adds what is missing, changes and removes no row. */
  merge(part: MergePart): Stored<MergeSummary>;
  /** Undefined when none is under way. */
  cramSession(): Stored<CramSession | undefined>;
  saveCramSession(session: CramSession | undefined): Stored<void>;
  extraNewCards(): Stored<ExtraNewCards>;
  setExtraNewCards(extra: ExtraNewCards): Stored<void>;
  /** Calls back after each change, those of other tabs included. */
  subscribe(listener: () => void): () => void;
  close(): void;
}
