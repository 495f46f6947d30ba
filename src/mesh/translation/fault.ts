/** HTTPFaultInjection and CorsPolicy → Envoy's per-route filter configuration. */
import type { CorsPolicy, FaultConfig, StringMatcher } from "#engine";
import { at, durationMs, type Field, flag, items, number, sourceOf, text, texts } from "./field.ts";
import { stringMatcher } from "./route-match.ts";
import { readStringMatch, truncate } from "./virtual-service.ts";

/** Names and numbers of gRPC status codes, as an abort may write them. */
const grpcStatuses: Readonly<Record<string, number>> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

/**
 * An abort without a percentage reaches Envoy without one, which Envoy reads as 0 %; a delay without one falls back to the
 * deprecated whole-number `percent`, 0 when absent.
 */
export function faultOf(field: Field | undefined): FaultConfig | undefined {
  if (!field) return undefined;
  const delay = at(field, "delay");
  const abort = at(field, "abort");
  const fixedMs = durationMs(delay, "fixedDelay");
  const grpc = text(abort, "grpcStatus");
  const http = number(abort, "httpStatus");
  const fault: FaultConfig = { source: sourceOf(field) };
  if (delay && fixedMs !== undefined) fault.delay = { fixedMs, percent: percentOf(delay) ?? number(delay, "percent") ?? 0 };
  if (abort && (http !== undefined || grpc !== undefined)) {
    const percent = percentOf(abort);
    fault.abort = {
      ...(http !== undefined ? { httpStatus: http } : { grpcStatus: grpcStatuses[grpc ?? ""] ?? 2 }),
      percent: percent ?? 0,
      ...(percent === undefined ? { percentUnset: true } : {}),
    };
  }
  return fault.delay || fault.abort ? fault : undefined;
}

function percentOf(field: Field): number | undefined {
  return at(field, "percentage") ? truncate(number(field, "percentage", "value") ?? 0) : undefined;
}

export function corsOf(field: Field | undefined): CorsPolicy | undefined {
  if (!field) return undefined;
  const origins: StringMatcher[] = at(field, "allowOrigins")
    ? items(field, "allowOrigins").flatMap((origin) => stringMatcher(readStringMatch(origin)) ?? [])
    : texts(field, "allowOrigin").map((value) => ({ type: "exact", value }));
  const maxAgeMs = durationMs(field, "maxAge");
  const credentials = flag(field, "allowCredentials");
  return {
    allowOrigins: origins,
    allowMethods: texts(field, "allowMethods"),
    allowHeaders: texts(field, "allowHeaders"),
    exposeHeaders: texts(field, "exposeHeaders"),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(credentials === undefined ? {} : { allowCredentials: credentials }),
    forwardNotMatchingPreflights: text(field, "unmatchedPreflights") !== "IGNORE",
  };
}
