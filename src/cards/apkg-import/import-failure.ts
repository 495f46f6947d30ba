/**
 * Why a file is not taken at all (a failure), and what of a good file is left out (a notice). Codes and values only: the
 * texts are in the `cards` catalogue under "importFailure" and "importNotice" + code.
 */

export type ImportFailureCode =
  | "FileTooLarge"
  | "NotAPackage"
  | "Damaged"
  | "Encrypted"
  | "TooManyEntries"
  | "DuplicateEntry"
  | "TooLarge"
  | "BadMeta"
  | "TooNew"
  | "TooOld"
  | "NoCollection"
  | "NotADatabase"
  | "NotAnki"
  | "TooManyRows"
  | "TimedOut"
  | "BadMediaMap"
  | "BadMediaName"
  | "BadBackup"
  | "NewerBackup"
  | "Unexpected";

export interface ImportFailure {
  code: ImportFailureCode;
  /** Values for the text: an entry's name, a limit, a version. */
  values: Readonly<Record<string, string | number>>;
}

export type ImportNoticeCode =
  | "DuplicateGuid"
  | "WrongFieldCount"
  | "UnknownNoteType"
  | "FieldTooLong"
  | "EmptyNote"
  | "ImageOcclusion"
  | "UnknownDeck"
  | "OtherTemplate"
  | "OrphanCard"
  | "AbsurdCard"
  | "MemoryOutOfRange"
  | "OrphanReview"
  | "AbsurdReview"
  | "FutureReview"
  | "UnsafeMediaName"
  | "MissingMedia"
  | "MediaLeftOut"
  | "MediaTooLarge"
  | "MediaOfOtherKind";

export interface ImportNotice {
  code: ImportNoticeCode;
  count: number;
}

/** Ends the reading at any depth; read-package.ts and backup-file.ts turn it into a Result, nobody else sees it. */
export class ImportRefusal extends Error {
  readonly failure: ImportFailure;
  constructor(code: ImportFailureCode, values: ImportFailure["values"] = {}) {
    super(code);
    this.failure = { code, values };
  }
}

/** Any thrown value as a failure; what is not ours is a fault of the file that no rule foresaw. */
export function failureFrom(thrown: unknown): ImportFailure {
  if (thrown instanceof ImportRefusal) return thrown.failure;
  return { code: "Unexpected", values: { detail: thrown instanceof Error ? thrown.message : String(thrown) } };
}

export interface NoticeBoard {
  add(code: ImportNoticeCode, count?: number): void;
  list(): ImportNotice[];
}

export function createNoticeBoard(): NoticeBoard {
  const counts = new Map<ImportNoticeCode, number>();
  return {
    add(code, count = 1) {
      if (count > 0) counts.set(code, (counts.get(code) ?? 0) + count);
    },
    list: () => [...counts].map(([code, count]) => ({ code, count })),
  };
}
