/**
 * What a request's own x-envoy-* headers change of its route's timeouts and retries (router filter, "HTTP headers consumed").
 * Only requests from inside are believed; from anywhere else the connection manager strips these headers. Pure.
 */
import type { HttpConnectionManager, RetryPolicy } from "../model/index.ts";
import { headerOf, matchesCidr } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

/** Envoy's back-off where a header asks for retries and the route has no policy. */
const headerOnlyPolicy: RetryPolicy = {
  retryOn: [],
  numRetries: 1,
  perTryTimeoutMs: 0,
  retriableStatusCodes: [],
  backOff: { baseIntervalMs: 25, maxIntervalMs: 250 },
  avoidPreviousHosts: false,
  hostSelectionRetryMaxAttempts: 1,
};

/** x-forwarded-for holds exactly one address, and internal_address_config names it. */
export function isInternalRequest(manager: HttpConnectionManager, shape: RequestShape): boolean {
  const { internalAddresses } = manager;
  if (internalAddresses === undefined || internalAddresses.length === 0) return false;
  const address = headerOf(shape, "x-forwarded-for")?.trim();
  return address !== undefined && internalAddresses.some((cidr) => matchesCidr(cidr, address));
}

/** The route's timeout in ms (0 = none) and retry policy as this request asks for them. */
export function requestedLimits(
  shape: RequestShape,
  timeoutMs: number,
  policy: RetryPolicy | undefined,
): { timeoutMs: number; policy: RetryPolicy | undefined } {
  const perTryTimeoutMs = wholeNumber(shape, "x-envoy-upstream-rq-per-try-timeout-ms");
  const numRetries = wholeNumber(shape, "x-envoy-max-retries");
  const retryOn = headerOf(shape, "x-envoy-retry-on");
  const base = policy ?? (retryOn === undefined ? undefined : headerOnlyPolicy);
  return {
    timeoutMs: wholeNumber(shape, "x-envoy-upstream-rq-timeout-ms") ?? timeoutMs,
    policy: base && {
      ...base,
      retryOn: retryOn === undefined ? base.retryOn : [...base.retryOn, ...retryOn.split(",")],
      numRetries: numRetries ?? base.numRetries,
      perTryTimeoutMs: perTryTimeoutMs ?? base.perTryTimeoutMs,
    },
  };
}

function wholeNumber(shape: RequestShape, name: string): number | undefined {
  const text = headerOf(shape, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
