/**
 * What a request's own x-envoy-* headers change of its route's timeouts and retries (router filter, "HTTP headers consumed").
 * Only requests from inside are believed; from anywhere else the connection manager strips these headers. Pure.
 */
import type { RetryPolicy } from "../model/index.ts";
import { headerOf } from "./matching/matchers.ts";
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

/** x-envoy-hedge-on-per-try-timeout, where the request carries it. */
export function requestedHedge(shape: RequestShape): boolean | undefined {
  const text = headerOf(shape, "x-envoy-hedge-on-per-try-timeout");
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** The route's timeout in ms (0 = none) and retry policy as this request asks for them. */
export function requestedLimits(
  shape: RequestShape,
  timeoutMs: number,
  policy: RetryPolicy | undefined,
): { timeoutMs: number; policy: RetryPolicy | undefined } {
  const perTryTimeoutMs = wholeNumber(shape, "x-envoy-upstream-rq-per-try-timeout-ms");
  const numRetries = wholeNumber(shape, "x-envoy-max-retries");
  const asked = [headerOf(shape, "x-envoy-retry-on"), headerOf(shape, "x-envoy-retry-grpc-on")].filter(
    (text) => text !== undefined,
  );
  const retryOn = asked.length === 0 ? undefined : asked.join(",");
  const statusCodes = headerOf(shape, "x-envoy-retriable-status-codes");
  const headerNames = headerOf(shape, "x-envoy-retriable-header-names");
  const base = policy ?? (retryOn === undefined ? undefined : headerOnlyPolicy);
  return {
    timeoutMs: wholeNumber(shape, "x-envoy-upstream-rq-timeout-ms") ?? timeoutMs,
    policy: base && {
      ...base,
      retryOn: retryOn === undefined ? base.retryOn : [...base.retryOn, ...retryOn.split(",")],
      numRetries: numRetries ?? base.numRetries,
      perTryTimeoutMs: perTryTimeoutMs ?? base.perTryTimeoutMs,
      ...(statusCodes === undefined
        ? {}
        : { retriableStatusCodes: [...base.retriableStatusCodes, ...statusCodes.split(",").map(Number)] }),
      ...(headerNames === undefined
        ? {}
        : {
            retriableHeaders: [
              ...(base.retriableHeaders ?? []),
              ...headerNames.split(",").map((name) => ({ name: name.trim(), invert: false })),
            ],
          }),
    },
  };
}

function wholeNumber(shape: RequestShape, name: string): number | undefined {
  const text = headerOf(shape, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
