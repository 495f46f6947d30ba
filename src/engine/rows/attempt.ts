/** One upstream try, and what the server does with it: places in its row; `times` holds when it was sent, ms. */
export const call = 1;
export const cluster = 3;
export const host = 4;
export const priority = 5;
export const connection = 6;
/** One of `attemptPhases`. */
export const phase = 7;
/** Next live attempt of the same call. */
export const sibling = 8;
/** Next in a pending queue or in an application's queue. */
export const next = 9;
export const shape = 10;
/** Replica that serves it, −1 for none. */
export const replica = 11;
export const root = 12;
export const traffic = 13;
export const shadow = 14;
/** Its call no longer waits for it. */
export const orphan = 15;
export const outcome = 16;
export const outcomeFlag = 17;
export const step = 18;
export const childrenLeft = 19;
/** Call at the server's proxy, or −1. */
export const inbound = 21;
export const inboundPlan = 22;
export const timedOut = 23;
export const spanId = 24;
