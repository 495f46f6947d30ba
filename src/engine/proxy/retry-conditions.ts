/** What `retry_on` names mean for an answer or a failure (router.v3 x-envoy-retry-on, as measured on Envoy 1.40). Pure. */
import type { HeaderMatcher, RetryPolicy } from "../model/index.ts";
import { matchesLines } from "./matching/matchers.ts";

export const retryOnBits = {
  "5xx": 1 << 0,
  "gateway-error": 1 << 1,
  "connect-failure": 1 << 2,
  "retriable-4xx": 1 << 3,
  "refused-stream": 1 << 4,
  "retriable-status-codes": 1 << 5,
  "retriable-headers": 1 << 6,
  reset: 1 << 7,
  "reset-before-request": 1 << 8,
  "envoy-ratelimited": 1 << 9,
  "http3-post-connect-failure": 1 << 10,
  cancelled: 1 << 11,
  "deadline-exceeded": 1 << 12,
  internal: 1 << 13,
  "resource-exhausted": 1 << 14,
  unavailable: 1 << 15,
} as const;

export function compileRetryOn(names: readonly string[]): number {
  let bits = 0;
  for (const name of names) bits |= (retryOnBits as Record<string, number>)[name.trim()] ?? 0;
  return bits;
}

const grpcConditions: ReadonlySet<string> = new Set([
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
]);

/** Whether a condition asks for a code of gRPC. */
export function isOfGrpc(name: string): boolean {
  return grpcConditions.has(name);
}

/** How an attempt ended without an answer; streamReset: of HTTP/2, whose connection goes on. */
export type ResetReason = "connectFailure" | "reset" | "streamReset" | "timeout" | "overflow" | "noHost";

type Headers = Readonly<Record<string, string>>;
const none: Headers = Object.freeze({});

/** Would this answer be retried, whatever the limits say? */
export function retriesAnswer(on: number, policy: RetryPolicy, status: number, headers: Headers = none): boolean {
  // A limit that a proxy further on applied is respected unless the policy names it.
  if (headers["x-envoy-ratelimited"] !== undefined) return (on & retryOnBits["envoy-ratelimited"]) !== 0;
  if (retriesStatus(on, status, policy.retriableStatusCodes)) return true;
  const named = (on & retryOnBits["retriable-headers"]) === 0 ? undefined : policy.retriableHeaders;
  if (named?.some((matcher) => matchesAnswer(matcher, status, headers))) return true;
  const grpc = headers["grpc-status"];
  return grpc !== undefined && (on & grpcStatusBit(Number(grpc))) !== 0;
}

/** Conditions of gRPC ask for grpc-status and for no HTTP status. */
function retriesStatus(on: number, status: number, retriableStatusCodes: readonly number[]): boolean {
  if ((on & retryOnBits["5xx"]) !== 0 && status >= 500 && status < 600) return true;
  if ((on & retryOnBits["gateway-error"]) !== 0 && status >= 502 && status <= 504) return true;
  if ((on & retryOnBits["retriable-4xx"]) !== 0 && status === 409) return true;
  return (on & retryOnBits["retriable-status-codes"]) !== 0 && retriableStatusCodes.includes(status);
}

function matchesAnswer(matcher: HeaderMatcher, status: number, headers: Headers): boolean {
  const value = matcher.name === ":status" ? String(status) : headers[matcher.name.toLowerCase()];
  return matchesLines(matcher, value === undefined ? undefined : [value]);
}

/** The condition that names a gRPC status code of an answer; 0 = none does. */
function grpcStatusBit(code: number): number {
  if (code === 1) return retryOnBits.cancelled;
  if (code === 4) return retryOnBits["deadline-exceeded"];
  if (code === 8) return retryOnBits["resource-exhausted"];
  if (code === 13) return retryOnBits.internal;
  return code === 14 ? retryOnBits.unavailable : 0;
}

/** Would this failure be retried? A stream that never reached the server counts as not started. */
export function retriesReset(on: number, reason: ResetReason): boolean {
  if (reason === "overflow" || reason === "noHost") return false;
  if ((on & (retryOnBits.reset | retryOnBits["5xx"] | retryOnBits["gateway-error"])) !== 0) return true;
  if (reason === "connectFailure") return (on & (retryOnBits["connect-failure"] | retryOnBits["reset-before-request"])) !== 0;
  return false;
}

/** uniform{0 .. interval−1} ms with interval = base · 2^(n−1), capped: the width of the draw for retry n ≥ 1. */
export function backOffIntervalMs(baseMs: number, maxMs: number, retry: number): number {
  let interval = baseMs;
  for (let i = 1; i < retry && interval < maxMs; i++) interval = Math.min(interval * 2, maxMs);
  return Math.min(interval, Math.max(maxMs, baseMs));
}
