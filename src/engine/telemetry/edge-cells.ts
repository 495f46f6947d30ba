/** Places of an edge's counters in the row of its histogram; the times (ms, −1 = never) are kept for the whole run only. */
import { ownerAt, ownerMoreAt } from "./histogram.ts";

/** Of the requests; all others went well. */
export const failed = ownerAt;
/** Requests that were not tried at all: the proxy answered by itself. */
export const untried = ownerAt + 1;
/** A status and its count: the one that was met first, which most answers have. */
export const firstStatus = ownerAt + 2;
export const firstRequestMs = ownerAt + 4;
export const firstErrorMs = ownerAt + 5;
export const lastErrorMs = ownerAt + 6;
/** End of the first good request after the last error. */
export const recoveredMs = ownerAt + 7;
export const mutualTls = ownerAt + 8;
export const plaintext = ownerAt + 9;
/** Tries beyond the first of each request. */
export const retries = ownerAt + 10;
/** Pairs of a further status and its count; an unused pair counts 0. */
export const statuses = ownerMoreAt;
const statusSlots = 8;
/** One for each bit. */
export const flags = statuses + 2 * statusSlots;
