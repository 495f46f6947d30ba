/** A retry policy as a plan carries it. */
import { internCompiled } from "../intern-compiled.ts";
import type { RetryPolicy } from "../model/index.ts";
import type { Sim } from "../sim.ts";
import type { CompiledRetry } from "./plan.ts";
import { compileRetryOn } from "./retry-conditions.ts";

/** @param routeTimeoutMs 0 = none */
export function compileRetry(sim: Sim, policy: RetryPolicy, routeTimeoutMs: number): CompiledRetry {
  return internCompiled(sim, "retry", [policy, routeTimeoutMs], () => compileNewRetry(policy, routeTimeoutMs));
}

function compileNewRetry(policy: RetryPolicy, routeTimeoutMs: number): CompiledRetry {
  // Envoy ignores a per-try timeout that the route timeout would cut anyway.
  const ignored = routeTimeoutMs > 0 && policy.perTryTimeoutMs >= routeTimeoutMs;
  const perTryTimeoutMs = ignored ? 0 : policy.perTryTimeoutMs;
  const { perTryIdleTimeoutMs = 0 } = policy;
  return {
    policy,
    on: compileRetryOn(policy.retryOn),
    numRetries: policy.numRetries,
    perTryTimeoutMs,
    perTryIdleTimeoutMs,
    baseMs: policy.backOff.baseIntervalMs,
    maxMs: policy.backOff.maxIntervalMs,
    avoidPreviousHosts: policy.avoidPreviousHosts,
    priorityEvery: policy.avoidPreviousPriorities ? (policy.priorityUpdateFrequency ?? 2) : 0,
    omittedHosts: policy.omittedHosts ?? null,
    hostAttempts:
      policy.avoidPreviousHosts || policy.omittedHosts !== undefined ? Math.max(1, policy.hostSelectionRetryMaxAttempts) : 0,
  };
}
