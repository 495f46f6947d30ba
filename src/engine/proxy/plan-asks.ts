/** What a plan asks of its requests beyond the plain way to one cluster: bits of `Plan.asks`, so that most requests answer one question. */

/** The route takes a share of them, or each draws one of several destinations. */
export const fraction = 1;
export const destination = 2;
/** A limit on the stream's life or silence is set. */
export const streamLimits = 4;
/** An answer of the proxy's own, or filters, come first. */
export const filters = 8;
/** Copies are sent beside, the cluster turns some away, or it is a TCP session. */
export const startOtherwise = 16;
/** The choice of a host asks more of the request than `hash`, or the balancer's first choice may not stand. */
export const hostChoice = 32;
/** A try has more to do when its connection is there: limits on its life or silence, or a session to open. */
export const tryBegin = 64;
/** The end of such a call is told otherwise than that of an HTTP request through a sidecar. */
export const otherEnd = 128;
/** Its retry policy tries even a plain 200 again. */
export const anotherOk = 256;
