/** What a retry policy reads of an answer's headers (router filter: RetryStateImpl::wouldRetryFromHeaders, parseResetInterval). */
import type { ResponseConfig } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import type { CompiledRetry } from "./plan.ts";
import { retriesAnswer } from "./retry-conditions.ts";

/** @param headers absent: the answer has none but its status */
export function retriesResponse(
  sim: Sim,
  call: Call,
  retry: CompiledRetry,
  status: number,
  headers?: ResponseConfig["headers"],
): boolean {
  const wanted = retriesAnswer(retry.on, retry.policy, status, headers);
  if (!wanted && sim.recordRoot !== 0 && status >= 400)
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  return wanted;
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
