/** HTTPRetry → Envoy's retry policy (route/retry/retry.go). */
import type { RetryPolicy } from "#engine";
import { at, durationMs, type Field, flag, number, sourceOf, text } from "./field.ts";

/** What istiod gives every outbound route that says nothing about retries. */
const defaultRetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";
/** Envoy's own back-off: 25 ms, ten times that at most. */
const defaultBaseIntervalMs = 25;

/** @returns undefined where `attempts: 0` switches retries off. */
export function retryPolicyOf(field: Field | undefined, consistentHash: boolean): RetryPolicy | undefined {
  if (!field) {
    return {
      retryOn: defaultRetryOn.split(","),
      numRetries: 2,
      perTryTimeoutMs: 0,
      retriableStatusCodes: [],
      backOff: backOff(defaultBaseIntervalMs),
      avoidPreviousHosts: !consistentHash,
      hostSelectionRetryMaxAttempts: 5,
    };
  }
  const attempts = number(field, "attempts") ?? 0;
  if (attempts <= 0) return undefined;
  const { retryOn, codes } = parseRetryOn(text(field, "retryOn") || defaultRetryOn);
  const ignorePrevious = at(field, "retryIgnorePreviousHosts")?.value;
  return {
    retryOn,
    numRetries: attempts,
    perTryTimeoutMs: durationMs(field, "perTryTimeout") ?? 0,
    retriableStatusCodes: codes,
    backOff: backOff(durationMs(field, "backoff") ?? defaultBaseIntervalMs),
    avoidPreviousHosts: typeof ignorePrevious === "boolean" ? ignorePrevious : !consistentHash,
    hostSelectionRetryMaxAttempts: 5,
    ...(flag(field, "retryRemoteLocalities") ? { avoidPreviousPriorities: true } : {}),
    source: sourceOf(field),
  };
}

function backOff(baseIntervalMs: number): RetryPolicy["backOff"] {
  return { baseIntervalMs, maxIntervalMs: baseIntervalMs * 10 };
}

/** A known HTTP status inside retryOn becomes a retriable status code, and switches that condition on. */
function parseRetryOn(written: string): { retryOn: string[]; codes: number[] } {
  const parts = written
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const codes = parts.filter(isHttpStatus).map(Number);
  const retryOn = parts.filter((part) => !isHttpStatus(part));
  if (codes.length > 0 && !retryOn.includes("retriable-status-codes")) retryOn.push("retriable-status-codes");
  return { retryOn, codes };
}

/** The codes that Go's net/http has a text for. */
const knownStatuses = new Set([
  100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402,
  403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431,
  451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]);

function isHttpStatus(part: string): boolean {
  return /^[+-]?\d+$/.test(part) && knownStatuses.has(Number(part));
}
