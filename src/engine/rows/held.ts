/** What a call has to give back or forget at its end: bits of `Call.held`, so that most ends answer one question. */

/** A retry, which counts against the limit of its cluster. */
export const retry = 1;
/** A fault, which counts against `max_active_faults`. */
export const fault = 2;
/** An entry of `sim.started`. */
export const started = 4;
/** An entry of `sim.redirected`. */
export const redirected = 8;
