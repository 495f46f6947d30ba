/**
 * Places of an edge's counters in the row of its histogram. Nearly every request of an edge ends like its first good one, and costs no
 * counter beside the histogram's own: what ended otherwise is counted, and the rest follows (`usualOf`). Times are in ms.
 */
import { ownerAt, ownerMoreAt } from "./histogram.ts";

/** The ending of the first good request: see `endingOf`. −1 before there was one; −1 − the ending while the last request failed. */
export const usual = ownerAt;
/** Requests that ended otherwise. */
export const others = ownerAt + 1;
/** Infinity = none. */
export const firstRequestMs = ownerAt + 2;
/** Of the requests; all others went well. */
export const failed = ownerAt + 3;
/** Requests that were not tried at all: the proxy answered by itself. */
export const untried = ownerAt + 4;
/** This and the next two: −1 = never. */
export const firstErrorMs = ownerAt + 5;
export const lastErrorMs = ownerAt + 6;
/** End of the first good request after the last error. */
export const recoveredMs = ownerAt + 7;
/** Of those that ended otherwise, as are the statuses and flags. */
export const mutualTls = ownerAt + 8;
export const plaintext = ownerAt + 9;
/** Tries beyond the first of each request. */
export const retries = ownerAt + 10;
/** Pairs of a further status and its count; an unused pair counts 0. */
export const statuses = ownerMoreAt;
const statusSlots = 8;
/** One for each bit. */
export const flags = statuses + 2 * statusSlots;

/** The ending of a request that took one try and has no flag. @param mutualTls 1, 0 or −1 (no connection) */
export function endingOf(status: number, mutualTls: number): number {
  return (status << 2) | (mutualTls + 1);
}

/** How many requests ended as usual, and how. @param row where the edge's row begins @param requests in all */
export function usualOf(rows: Float64Array, row: number, requests: number): { count: number; status: number; mutualTls: number } {
  const cell = rows[row + usual] as number;
  const ending = cell < 0 ? -1 - cell : cell;
  return { count: requests - (rows[row + others] as number), status: ending >> 2, mutualTls: (ending & 3) - 1 };
}
