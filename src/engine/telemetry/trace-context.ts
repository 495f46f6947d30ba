/** Trace identities of a recorded request, as W3C's traceparent and Zipkin's B3 carry them. Derived from seed and numbers alone. */

/** 32 hex digits, never all zero. */
export function traceIdOf(seed: number, root: number, trace: number): string {
  return (
    hex(seed, root, trace * 4 + 1) +
    hex(seed, root, trace * 4 + 2) +
    hex(seed, root, trace * 4 + 3) +
    hex(seed, root, trace * 4 + 4)
  );
}

/** 16 hex digits. */
export function spanIdOf(seed: number, root: number, span: number): string {
  return hex(seed ^ 0x5bd1e995, root, span * 2 + 1) + hex(seed ^ 0x5bd1e995, root, span * 2 + 2);
}

function hex(seed: number, root: number, number: number): string {
  let h = Math.imul(seed ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(root, 0xc2b2ae35) ^ Math.imul(number, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0 || 1).toString(16).padStart(8, "0");
}

/** W3C Trace Context: version, trace, span, sampled. */
export function traceparentOf(traceId: string, spanId: string): string {
  return `00-${traceId}-${spanId}-01`;
}

/** B3 single header: trace, span, sampled, parent. */
export function b3Of(traceId: string, spanId: string, parentSpanId: string | null): string {
  return `${traceId}-${spanId}-1${parentSpanId === null ? "" : `-${parentSpanId}`}`;
}
