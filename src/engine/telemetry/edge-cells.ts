/** Places of an edge's counters among its histogram's cells; the times (ms, −1 = never) are kept for the whole run only. */
import { ownerAt } from "./histogram.ts";

const statusSlots = 8;
export const ok = ownerAt;
export const attempts = ownerAt + 1;
export const mutualTls = ownerAt + 2;
export const plaintext = ownerAt + 3;
export const firstRequestMs = ownerAt + 4;
export const firstErrorMs = ownerAt + 5;
export const lastErrorMs = ownerAt + 6;
/** End of the first good request after the last error. */
export const recoveredMs = ownerAt + 7;
/** Pairs of a status and its count; an unused pair counts 0. */
export const statuses = ownerAt + 8;
export const flags = ownerAt + 8 + 2 * statusSlots;
/** Tries beyond the first of each request; after the 20 places of flags. */
export const retries = flags + 20;
