/** A cluster's own max_stream_duration: how long each try may take, whatever its route says (Router::Filter::onStreamMaxDurationReached). */
import { pushTimer } from "../kernel/event-queue.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, internText, type Sim } from "../sim.ts";
import { noteAttemptEnd, noteCall } from "../telemetry/recorder.ts";
import { cancelAttempt, localReply, unlinkAttempt } from "./attempt-end.ts";
import type { Plan } from "./plan.ts";
import { responseFlags } from "./response-flags.ts";
import { tryRetry } from "./retries.ts";
import { retriesReset } from "./retry-conditions.ts";

export function limitTryStream(sim: Sim, { id, generation }: Attempt, { compiled }: ClusterState): void {
  const { maxStreamDurationMs = 0 } = compiled.config;
  if (maxStreamDurationMs > 0) pushTimer(sim.queue, sim.clock, maxStreamDurationMs, eventKinds.tryStreamDuration, id, generation);
}

/** Retried as a reset on this side; the host is not blamed, and a hedged request waits for no other of its tries. */
export function onTryStreamDuration(sim: Sim, attempt: Attempt): void {
  if (attempt.orphan === 1) return;
  const { call, cluster, host } = attempt;
  const { plan } = call;
  if (sim.recordRoot !== 0) {
    const timeoutMs = cluster.compiled.config.maxStreamDurationMs ?? 0;
    noteCall(sim, call, "timeout", "timeout.tryStream", { timeoutMs, cluster: cluster.compiled.name });
    noteAttemptEnd(sim, attempt, 0, responseFlags.UMSDR);
  }
  if (retries(sim, attempt, plan)) {
    unlinkAttempt(call, attempt);
    cancelAttempt(sim, attempt, cluster, host);
    return;
  }
  localReply(sim, call, 504, responseFlags.UMSDR, internText(sim, "upstream_max_stream_duration_reached"));
}

/** Not where headers went downstream, nor where the try has its successor already. */
function retries(sim: Sim, { call, cluster, timedOut }: Attempt, plan: Plan): boolean {
  const { retry } = plan;
  if (retry === null || timedOut === 1 || (sim.started.size > 0 && sim.started.has(call.id))) return false;
  return retriesReset(retry.on, "timeout") && tryRetry(sim, call, plan, cluster);
}
