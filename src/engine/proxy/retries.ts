/** Retries of a call: how many are left, whether the cluster's limits allow another, and how long it waits. */

import { pushEvent } from "../kernel/event-queue.ts";
import { nextBelow } from "../kernel/random.ts";
import type { Call } from "../rows/call.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as held from "../rows/held.ts";
import { type ClusterState, type InstanceState, nowOf, type Sim } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import type { CompiledRetry, Plan } from "./plan.ts";
import { limitsOf, resourcesOf } from "./resources.ts";
import { responseFlags } from "./response-flags.ts";
import { backOffIntervalMs } from "./retry-conditions.ts";

/**
 * Schedules a retry if the limits allow; sets URX or UO where they do not. Call only for failures the policy would retry.
 * @param askedMs what the answer asked to wait, instead of the policy's back-off
 */
export function tryRetry(sim: Sim, call: Call, plan: Plan, cluster: ClusterState, askedMs?: number): boolean {
  const retry = plan.retry as NonNullable<Plan["retry"]>;
  releaseRetry(call, cluster, plan.priority);
  if (call.retriesLeft <= 0) {
    call.flags |= responseFlags.URX;
    if (sim.recordRoot !== 0) noteNoRetryLeft(sim, call, plan, retry);
    return false;
  }
  call.retriesLeft = call.retriesLeft - 1;
  const limits = limitsOf(cluster, plan.priority);
  const used = resourcesOf(cluster, plan.priority);
  const underWay = used.retries;
  const budget = limits.retryBudget;
  const active = used.requests + used.pending;
  const allowed =
    budget === undefined
      ? limits.maxRetries
      : Math.max(budget.minRetryConcurrency, Math.floor((budget.budgetPercent / 100) * active));
  // A connection that TCP tries again is no retry of a request.
  if (underWay >= allowed && !plan.tcp) {
    call.flags |= responseFlags.UO;
    if (sim.recordRoot !== 0)
      noteCall(
        sim,
        call,
        "retry",
        "retry.overflow",
        { held: underWay, allowed },
        cluster.compiled.config.sources?.connectionPool,
      );
    return false;
  }
  used.retries++;
  call.held |= held.retry;
  const number = call.retriesDone + 1;
  call.retriesDone = number;
  const interval = askedMs ?? backOffIntervalMs(retry.baseMs, retry.maxMs, number);
  const backOffMs =
    sim.options.backOffMs?.(number, interval) ??
    (askedMs ?? 0) + drawBackOff(sim, call.instance, askedMs === undefined ? interval : interval / 2);
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "retry", "retry.scheduled", { retry: number, backOffMs, intervalMs: interval }, retry.policy.source);
  pushEvent(sim.queue, nowOf(sim) + backOffMs, eventKinds.backOffDone, call.id, call.generation);
  return true;
}

function noteNoRetryLeft(sim: Sim, call: Call, plan: Plan, { numRetries, policy }: CompiledRetry): void {
  if (plan.tcp) noteCall(sim, call, "retry", "retry.connectAttempts", { attempts: numRetries + 1 }, policy.source);
  else noteCall(sim, call, "retry", "retry.limitExceeded", { numRetries }, policy.source);
}

/** Whole milliseconds below the interval. */
function drawBackOff(sim: Sim, instance: InstanceState, intervalMs: number): number {
  return intervalMs < 1 ? 0 : nextBelow(sim.random, instance.retryStream, Math.floor(intervalMs));
}

export function releaseRetry(call: Call, cluster: ClusterState, priority: 0 | 1): void {
  if ((call.held & held.retry) === 0) return;
  call.held &= ~held.retry;
  resourcesOf(cluster, priority).retries--;
}
