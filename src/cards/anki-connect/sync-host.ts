/** What a sync needs from the side that is not Anki: the page keeps it in IndexedDB, the command line in files. Types only. */
import type { Result } from "#base";
import type { ApkgRequest } from "../apkg/write-apkg.ts";
import type { ImportFailure } from "../apkg-import/import-failure.ts";
import type { MediaFile } from "../model/media-file.ts";
import type { Note } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { LogRow } from "../scheduling/review-log.ts";
import type { AnkiSnapshot } from "./anki-snapshot.ts";

/** What is known of a note's twin in Anki. `syncedHash` is the base of the comparison; the ids are a cache. */
export interface SyncLink {
  ankiId?: number | undefined;
  ankiGuid?: string | undefined;
  /** ISO 8601. */
  syncedAt?: string | undefined;
  syncedHash?: string | undefined;
}

export interface LocalSide {
  /** Everything that is to be in Anki, as the learner has worded it: the site's notes of the languages that are synced, and imported ones. */
  notes: readonly Note[];
  /** Slugs of further notes that are kept here and not synced now: those of languages that were not chosen. */
  unsynced?: ReadonlySet<string> | undefined;
  /** Slugs whose text is the site's: a change made in Anki is kept beside it, as the learner's own wording. */
  siteSlugs: ReadonlySet<string>;
  /** Slugs of notes with the learner's own wording; the others' texts are their notes'. */
  edited: ReadonlySet<string>;
  /** Every slug of the site in every language, drafts too; undefined when not all of it could be read: then nothing counts as removed. */
  allSlugs: ReadonlySet<string> | undefined;
  /** undefined: no history is kept on this side, and none goes to or comes from Anki. */
  log: readonly LogRow[] | undefined;
  links: ReadonlyMap<string, SyncLink>;
}

export interface KeptPart {
  notes: readonly Note[];
  log: readonly LogRow[];
  edits: readonly NoteEdit[];
  /** Of the notes. */
  media: readonly MediaFile[];
}

/** Each function throws AnkiRefusal StoreFailed when the storage does. */
export interface SyncHost {
  read(): Promise<LocalSide>;
  /** Whether own wording can be kept here; where it cannot, a change of the site's text made in Anki is only shown. */
  keepsEdits: boolean;
  /** Unites the log with these rows, takes newer texts of imported notes and own wording; must be on disk when it returns. */
  keep(part: KeptPart): Promise<void>;
  /** Those of the named files that are kept here. */
  media(names: readonly string[]): Promise<readonly MediaFile[]>;
  keepLinks(links: ReadonlyMap<string, SyncLink>): Promise<void>;
}

/** Reading and writing packages takes long enough to be done in a worker. */
export interface PackageTool {
  read(file: Uint8Array): Promise<Result<AnkiSnapshot, ImportFailure>>;
  write(request: Omit<ApkgRequest, "clock">): Promise<Uint8Array>;
}
