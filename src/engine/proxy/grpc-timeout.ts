/**
 * The client's own deadline of a gRPC request, its header grpc-timeout (Router::FilterUtility::finalTimeout, ActiveStream::
 * refreshDurationTimeout; measured on Envoy 1.40). Pure.
 */
import type { GrpcTimeoutPolicy } from "../model/index.ts";
import { isGrpc } from "./grpc-status.ts";
import { headerOf } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** @returns ms, whole and rounded up; undefined where the header is missing or says nothing */
function askedMs(shape: RequestShape): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(headerOf(shape, "grpc-timeout") ?? "") ?? [];
  return digits === undefined ? undefined : Math.ceil(Number(digits) * (unitsMs[unit] ?? 0));
}

/** The route's timeout as this request has it; 0 = none. */
export function routeTimeoutMs(shape: RequestShape, timeoutMs: number, policy: GrpcTimeoutPolicy | undefined): number {
  if (policy === undefined || policy.limitsStream || !isGrpc(shape)) return timeoutMs;
  const asked = askedMs(shape) ?? 0;
  const { maxMs } = policy;
  const wanted = shortened(asked, policy);
  return maxMs > 0 && (wanted === 0 || wanted > maxMs) ? maxMs : wanted;
}

/** How long the stream may live; 0 = for ever. */
export function streamLimitMs(shape: RequestShape, limitMs: number, policy: GrpcTimeoutPolicy | undefined): number {
  const asked = policy?.limitsStream ? askedMs(shape) : undefined;
  if (asked === undefined || policy === undefined) return limitMs;
  const capped = policy.maxMs > 0 ? Math.min(asked, policy.maxMs) : asked;
  return Math.max(capped - policy.offsetMs, atOnceMs);
}

/** Of a stream the offset may leave nothing, and then it ends as soon as it has begun. */
const atOnceMs = 0.001;

/** By the offset, where something is left. */
function shortened(ms: number, { offsetMs }: GrpcTimeoutPolicy): number {
  return offsetMs < ms ? ms - offsetMs : ms;
}
