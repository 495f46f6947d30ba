/** One downstream request at the proxy (or the bare client) that handles it: places in its row; `times` holds when it started, ms. */
/** Number of the root request it descends from, from 1. */
export const root = 1;
export const traffic = 2;
export const instance = 3;
export const shape = 4;
export const plan = 5;
/** Index into the plan's destinations; the draw of the weighted cluster. */
export const destination = 6;
/** Row of the caller's statistics, or −1. */
export const edge = 7;
export const downstream = 8;
/** Attempt served (application, proxy), call that waits (filter), user (root of a closed loop). */
export const parent = 9;
export const parentGeneration = 10;
export const onErrorIgnore = 11;
export const attempts = 12;
export const retriesLeft = 13;
export const retriesDone = 14;
/** Cluster state index, −1 before the first attempt. */
export const cluster = 15;
/** Chain of live attempts through `sibling`. */
export const firstAttempt = 16;
/** 1 while a retry of this call counts against the retry limit. */
export const retryHeld = 17;
export const flags = 18;
export const details = 19;
export const filter = 20;
export const activeFault = 21;
/** Chain of hosts tried before (rows of `previousHosts`). */
export const previous = 22;
export const mutualTls = 23;
export const shadow = 24;
export const spanId = 25;
export const upstreamHost = 26;
export const failureReason = 27;
/** 0 for a free row. */
export const alive = 28;
