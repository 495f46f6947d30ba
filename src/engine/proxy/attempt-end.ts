/** How attempts end early: the proxy answers by itself, and what was still under way is given up or left to run unseen. */
import { retireRow } from "../kernel/table.ts";
import { attemptPhases, type ClusterState, type HostState, internText, type Sim } from "../sim.ts";
import { noteAttemptEnd } from "../telemetry/recorder.ts";
import { afterStream, leavePending } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { observeLocalFailure } from "./outlier-detection.ts";
import { responseFlags } from "./response-flags.ts";

/** The proxy answers by itself. */
export function localReply(sim: Sim, call: number, status: number, flags: number, details: number): void {
  sim.calls.rows[call]!.flags = sim.calls.rows[call]!.flags | flags;
  sim.calls.rows[call]!.details = details;
  cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

/** The call needs none of its attempts any more. @param timedOut the server is to blame (outlier detection) */
export function cancelAttempts(sim: Sim, call: number, timedOut = false): void {
  const { calls, attempts } = sim;
  let attempt = calls.rows[call]!.firstAttempt;
  calls.rows[call]!.firstAttempt = -1;
  while (attempt >= 0) {
    const next = attempts.rows[attempt]!.sibling;
    const cluster = sim.clusterStates[attempts.rows[attempt]!.cluster] as ClusterState;
    const host = cluster.hosts[attempts.rows[attempt]!.host] as HostState;
    if (
      timedOut &&
      attempts.rows[attempt]!.phase !== attemptPhases.pending &&
      cluster.compiled.config.outlierDetection !== undefined
    ) {
      observeLocalFailure(sim, cluster, attempts.rows[attempt]!.host, 504);
    }
    if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, timedOut ? responseFlags.UT : 0);
    cancelAttempt(sim, attempt, cluster, host);
    attempt = next;
  }
}

/** The stream is given up; what the server has begun goes on without anybody who waits for it. */
export function cancelAttempt(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts, calls } = sim;
  const phase = attempts.rows[attempt]!.phase;
  releaseStream(sim, attempt, cluster, host, true);
  attempts.rows[attempt]!.orphan = 1;
  if (phase === attemptPhases.pending) {
    freeAttempt(sim, attempt);
  } else if (phase === attemptPhases.atProxy) {
    const inner = attempts.rows[attempt]!.inbound;
    // Free the row first: the inner call must not answer it.
    freeAttempt(sim, attempt);
    if (inner >= 0 && calls.rows[inner]!.alive === 1)
      localReply(sim, inner, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
  }
}

/** Gives back limits and the connection. @param broken the connection cannot be used again (HTTP/1) */
export function releaseStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, broken: boolean): void {
  if (sim.attempts.rows[attempt]!.phase === attemptPhases.pending) leavePending(sim, attempt, cluster, host);
  else afterStream(sim, attempt, cluster, host, broken);
}

export function hasOtherAttempts(sim: Sim, call: number, attempt: number): boolean {
  for (let row = sim.calls.rows[call]!.firstAttempt; row >= 0; row = sim.attempts.rows[row]!.sibling) {
    if (row !== attempt) return true;
  }
  return false;
}

export function unlinkAttempt(sim: Sim, call: number, attempt: number): void {
  const { calls, attempts } = sim;
  if (calls.rows[call]!.firstAttempt === attempt) {
    calls.rows[call]!.firstAttempt = attempts.rows[attempt]!.sibling;
    return;
  }
  for (let row = calls.rows[call]!.firstAttempt; row >= 0; row = attempts.rows[row]!.sibling) {
    if (attempts.rows[row]!.sibling === attempt) {
      attempts.rows[row]!.sibling = attempts.rows[attempt]!.sibling;
      return;
    }
  }
}

export function freeAttempt(sim: Sim, attempt: number): void {
  const { attempts } = sim;
  attempts.rows[attempt]!.phase = -1;
  retireRow(attempts, attempt);
}
