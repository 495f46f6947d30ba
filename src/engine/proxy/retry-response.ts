/** What a retry policy reads of an answer's headers (router filter: RetryStateImpl::wouldRetryFromHeaders, parseResetInterval). */
import type { ResponseConfig } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { matchesString } from "./matching/matchers.ts";
import type { CompiledRetry } from "./plan.ts";
import { grpcStatusBit, retriesStatus, retryOnBits } from "./retry-conditions.ts";

export function retriesResponse(sim: Sim, call: Call, retry: CompiledRetry, status: number, response: ResponseConfig): boolean {
  const headers = response.headers ?? {};
  const wanted = judge(retry, status, headers);
  if (!wanted && sim.recordRoot !== 0 && status >= 400)
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  return wanted;
}

function judge(retry: CompiledRetry, status: number, headers: Readonly<Record<string, string>>): boolean {
  // A limit that a proxy further on applied is respected unless the policy names it.
  if (headers["x-envoy-ratelimited"] !== undefined) return (retry.on & retryOnBits["envoy-ratelimited"]) !== 0;
  if (retriesStatus(retry.on, status, retry.policy.retriableStatusCodes)) return true;
  if ((retry.on & retryOnBits["retriable-headers"]) !== 0) {
    for (const matcher of retry.policy.retriableHeaders ?? []) {
      const actual = matcher.name === ":status" ? String(status) : headers[matcher.name.toLowerCase()];
      const present = actual !== undefined;
      const matched = matcher.value === undefined ? present : present && matchesString(matcher.value, actual);
      if (matched !== matcher.invert) return true;
    }
  }
  const grpc = headers["grpc-status"];
  return grpc !== undefined && (retry.on & grpcStatusBit(Number(grpc))) !== 0;
}

/** How long the answer asks to wait, ms; undefined where no reset header of the policy says so, or more than it accepts. */
export function resetIntervalMs(retry: CompiledRetry, response: ResponseConfig, nowMs: number): number | undefined {
  const limited = retry.policy.rateLimitedBackOff;
  if (limited === undefined) return undefined;
  for (const { name, format } of limited.resetHeaders) {
    const text = response.headers?.[name.toLowerCase()];
    if (text === undefined || !/^\d+$/.test(text)) continue;
    const ms = Number(text) * 1000 - (format === "unix" ? nowMs : 0);
    if (ms > 0 && ms <= limited.maxIntervalMs) return ms;
  }
  return undefined;
}
