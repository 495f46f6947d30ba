/** What a browser's storage may refuse, by code; the texts are in the `cards` catalogue under "storeFailure" + code. */
import { err, ok, type Result } from "#base";

export type StoreFailureCode =
  /** The disk or the site's share of it is full. */
  | "Quota"
  /** Private mode, blocked site data, or no IndexedDB at all. */
  | "Unavailable"
  /** The data was written by a newer version of this site. */
  | "NewerVersion"
  /** Another tab updated or removed the data while this one was open. */
  | "Closed"
  /** The card was answered in another tab since it was shown here. */
  | "StaleCard"
  /** The review was already taken back, here or in another tab. */
  | "NothingToUndo"
  | "Unknown";

export interface StoreFailure {
  code: StoreFailureCode;
  /** The browser's own words, for a report. */
  detail: string;
}

const codes: Readonly<Record<string, StoreFailureCode>> = {
  QuotaExceededError: "Quota",
  InvalidStateError: "Unavailable",
  MissingAPIError: "Unavailable",
  SecurityError: "Unavailable",
  NotFoundError: "Unavailable",
  OpenFailedError: "Unavailable",
  VersionError: "NewerVersion",
  DatabaseClosedError: "Closed",
};

/** A refusal that is ours, thrown inside a transaction so that nothing of it is kept. */
export class StoreRefusal extends Error {
  readonly code: StoreFailureCode;
  constructor(code: StoreFailureCode) {
    super(code);
    this.code = code;
  }
}

/** Runs one operation on the database; what the browser refuses comes back as a value. */
export async function attempt<Value>(operation: () => PromiseLike<Value>): Promise<Result<Value, StoreFailure>> {
  try {
    return ok(await operation());
  } catch (error) {
    return err(failureOf(error));
  }
}

/** Dexie wraps the browser's error (AbortError, OpenFailedError); the innermost known name decides. */
export function failureOf(error: unknown): StoreFailure {
  let code: StoreFailureCode = "Unknown";
  let detail = String(error);
  for (let at = error; at instanceof Object; at = "inner" in at ? at.inner : undefined) {
    if (at instanceof StoreRefusal) return { code: at.code, detail: "" };
    const name = "name" in at ? String(at.name) : "";
    if (codes[name]) code = codes[name];
    if ("message" in at) detail = `${name}: ${String(at.message)}`;
  }
  return { code, detail };
}
