/** config.core.v3.RetryPolicy: how what Envoy fetches on its own account is tried again. */
import type { RetryPolicy } from "#engine";
import { at, durationMs, type Field, number, text } from "../translation/field.ts";

/** Envoy's back-off where none is written. */
const defaultBaseMs = 1000;

/** @param retryOn what is tried again unless the policy says it */
export function readCoreRetryPolicy(field: Field | undefined, retryOn: readonly string[]): RetryPolicy | undefined {
  if (field === undefined) return undefined;
  const backOff = at(field, "retry_back_off");
  const baseIntervalMs = durationMs(backOff, "base_interval") ?? defaultBaseMs;
  const written = (text(field, "retry_on") ?? "").split(",").filter((one) => one !== "");
  return {
    retryOn: written.length > 0 ? written : [...retryOn],
    numRetries: number(field, "num_retries") ?? 1,
    perTryTimeoutMs: 0,
    retriableStatusCodes: [],
    backOff: { baseIntervalMs, maxIntervalMs: durationMs(backOff, "max_interval") ?? baseIntervalMs * 10 },
    avoidPreviousHosts: false,
    hostSelectionRetryMaxAttempts: 1,
  };
}
