/**
 * What a request's own x-envoy-* headers change of its route's timeouts and retries (router filter, "HTTP headers consumed").
 * Only requests from inside are believed; from anywhere else the connection manager strips these headers. Pure.
 */
import type { RetryPolicy } from "../model/index.ts";
import { headerOf, matchesHeader } from "./matching/matchers.ts";
import { fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";
import { isOfGrpc } from "./retry-conditions.ts";

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

/**
 * The route's timeout, ms (0 = none), as this request asks for it.
 * @param heedsExpected what a proxy before this one expects goes before all else (respect_expected_rq_timeout)
 */
export function requestedTimeoutMs(shape: RequestShape, timeoutMs: number, heedsExpected: boolean): number {
  const expected = "x-envoy-expected-rq-timeout-ms";
  const name = heedsExpected && headerOf(shape, expected) !== undefined ? expected : "x-envoy-upstream-rq-timeout-ms";
  return wholeNumber(shape, name) ?? timeoutMs;
}

/** x-envoy-upstream-rq-timeout-alt-response. */
export function requestedTimeoutStatus(shape: RequestShape): number {
  return headerOf(shape, "x-envoy-upstream-rq-timeout-alt-response") === undefined ? 504 : 204;
}

/**
 * The route's retry policy as this request asks for it.
 * @param shape as it came: how long a try may take
 * @param sent as it leaves: whether there are retries, of what and how many, which a route's own changes of headers may say as well
 */
export function requestedRetries(
  shape: RequestShape,
  sent: RequestShape,
  policy: RetryPolicy | undefined,
): RetryPolicy | undefined {
  if (!permitsRetries(policy, sent)) return undefined;
  const perTryTimeoutMs = wholeNumber(shape, "x-envoy-upstream-rq-per-try-timeout-ms");
  const numRetries = wholeNumber(sent, "x-envoy-max-retries");
  const retryOn = requestedConditions(sent);
  const statusCodes = headerOf(sent, "x-envoy-retriable-status-codes");
  const headerNames = headerOf(sent, "x-envoy-retriable-header-names");
  const base = policy ?? (retryOn === undefined ? undefined : headerOnlyPolicy);
  return (
    base && {
      ...base,
      retryOn: [...base.retryOn, ...(retryOn ?? [])],
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
    }
  );
}

/** Each header knows conditions of its own; a policy knows both kinds. */
function requestedConditions(sent: RequestShape): string[] | undefined {
  const read = (name: string, isGrpc: boolean) =>
    headerOf(sent, name)
      ?.split(",")
      .filter((one) => isOfGrpc(one.trim()) === isGrpc);
  const [http, grpc] = [read("x-envoy-retry-on", false), read("x-envoy-retry-grpc-on", true)];
  return http === undefined && grpc === undefined ? undefined : [...(http ?? []), ...(grpc ?? [])];
}

const wishes = [
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-max-retries",
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
];

/** Wishes go no further than the router that heard them. */
export function withoutWishes(table: ShapeTable, shape: RequestShape): RequestShape {
  if (wishes.every((name) => shape.headers[name] === undefined)) return shape;
  const headers = Object.entries(shape.headers).filter(([name]) => !wishes.includes(name));
  return internShape(table, { ...fieldsOf(shape), headers: Object.fromEntries(headers) });
}

/** retriable_request_headers: without one of them nothing is retried, whatever the request asks for. */
export function permitsRetries(policy: RetryPolicy | undefined, sent: RequestShape): boolean {
  return policy?.retriableRequestHeaders?.some((header) => matchesHeader(header, sent)) !== false;
}

function wholeNumber(shape: RequestShape, name: string): number | undefined {
  const text = headerOf(shape, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
