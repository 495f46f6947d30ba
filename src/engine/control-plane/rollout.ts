/**
 * A canary that is moved on, promoted or rolled back by what it does, as Flagger's canary loop does it
 * (https://docs.flagger.app/usage/how-it-works): every interval one look at the numbers of that interval, counted at the canary itself
 * (`reporter="destination"`). The configurations for its weights are made before the run; see src/adr/0004-rollouts-in-the-simulation.md.
 */
import type { RolloutCheck, RolloutConfig } from "../model/index.ts";
import { nowOf, type Sim } from "../sim.ts";
import { countOf, createHistogram, quantile } from "../telemetry/histogram.ts";
import { pushConfig } from "./push.ts";
import { type RolloutState, scheduleCheck } from "./stages.ts";

export function onRolloutCheck(sim: Sim): void {
  const { rollout } = sim.config;
  const state = sim.rollout;
  if (rollout === undefined || state === null) return;
  const check = judge(sim, rollout, state);
  state.checks.push(Object.freeze(check));
  state.latency = createHistogram();
  state.errors = 0;
  if (check.nextWeight !== check.weight) {
    // The base stays: only the stage is another.
    const { mesh } = state.base;
    pushConfig(sim, mesh);
  }
  if (state.phase === "progressing") scheduleCheck(sim, nowOf(sim) + rollout.intervalMs);
}

/** Moves the state on and tells what was seen. */
function judge(sim: Sim, rollout: RolloutConfig, state: RolloutState): RolloutCheck {
  const weightOf = (stage: number) => rollout.weights[stage] ?? 0;
  const last = rollout.weights.length - 1;
  const requests = countOf(state.latency);
  const seen = {
    atMs: nowOf(sim),
    weight: weightOf(state.stage),
    requests,
    successRate: requests === 0 ? null : (requests - state.errors) / requests,
    p99Ms: requests === 0 ? null : quantile(state.latency, 0, 0.99),
  };
  const told = (verdict: RolloutCheck["verdict"], reason: RolloutCheck["reason"]): RolloutCheck => ({
    ...seen,
    verdict,
    reason,
    failedChecks: state.failedChecks,
    nextWeight: weightOf(state.stage),
  });
  // Flagger looks at the threshold before it looks at the numbers: the roll-back comes one interval after the last failed check.
  if (state.failedChecks >= rollout.threshold) {
    state.phase = "rolledBack";
    state.stage = 0;
    return told("rollback", "threshold");
  }
  if (state.phase === "waiting") {
    state.phase = "progressing";
    state.stage = 1;
    return told("start", "");
  }
  const reason = faultOf(rollout, seen);
  if (reason !== "") {
    state.failedChecks++;
    return told("halt", reason);
  }
  state.stage++;
  if (state.stage < last) return told("advance", "");
  state.phase = "promoted";
  return told("promote", "");
}

function faultOf(
  { minSuccessRate, maxP99Ms }: RolloutConfig,
  { requests, successRate, p99Ms }: Pick<RolloutCheck, "requests" | "successRate" | "p99Ms">,
): RolloutCheck["reason"] {
  if (requests === 0) return "noRequests";
  if (minSuccessRate !== null && (successRate ?? 0) < minSuccessRate) return "successRate";
  return maxP99Ms !== null && (p99Ms ?? 0) > maxP99Ms ? "p99" : "";
}
