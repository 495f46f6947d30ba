/**
 * Why talking to Anki did not work. Codes and values only: the texts are in the `anki` catalogue under "failure." + code,
 * each with what to do next.
 */
import type { ImportFailure } from "../apkg-import/import-failure.ts";

export type AnkiFailureCode =
  /** Nothing answers at the address. */
  | "NotRunning"
  /** Anki answers, but not to this page: its add-on has another list of origins. */
  | "OriginNotAllowed"
  /** The browser forbids this page to speak to programs on this machine. */
  | "LoopbackDenied"
  /** The browser's question about it was put aside, or nothing answers: the page cannot tell. */
  | "LoopbackUndecided"
  /** The person said no in Anki's window. */
  | "PermissionDenied"
  | "NoAnswer"
  /** The connection ended in the middle of an answer; what Anki did with the request is not known. */
  | "Cut"
  | "Cancelled"
  | "BadApiKey"
  /** Something answers, but it is not AnkiConnect. */
  | "NotAnkiConnect"
  | "OldAnkiConnect"
  /** Anki's own words for what it could not do. */
  | "AnkiError"
  /** AnkiWeb wants a decision (one-way sync) that only the person can make. */
  | "AnkiWebFailed"
  /** Several notes with one key: which one is meant is not ours to choose. */
  | "SeveralNotes"
  | "ExportRefused"
  | "PackageUnreadable"
  | "PackageIncomplete"
  | "NotWritten"
  | "ReadBackDiffers"
  /** The learner's own storage failed; nothing was sent to Anki after that. */
  | "StoreFailed"
  | "CountDiffers"
  | "NothingScanned";

export interface AnkiFailure {
  code: AnkiFailureCode;
  /** Values for the text. */
  values: Readonly<Record<string, string | number>>;
  /** Why a package that Anki wrote could not be read. */
  unreadable?: ImportFailure | undefined;
}

/** Ends a sync at any depth; run-sync.ts and connect.ts turn it into a Result, nobody else sees it. */
export class AnkiRefusal extends Error {
  readonly failure: AnkiFailure;
  constructor(code: AnkiFailureCode, values: AnkiFailure["values"] = {}, unreadable?: ImportFailure) {
    super(`${code} ${JSON.stringify(values)}`);
    this.failure = { code, values, ...(unreadable ? { unreadable } : {}) };
  }
}

/** @throws what is no AnkiRefusal: our bug must not look like Anki's. */
export function ankiFailureFrom(thrown: unknown): AnkiFailure {
  if (thrown instanceof AnkiRefusal) return thrown.failure;
  throw thrown;
}
