/** How attempts end early: the proxy answers by itself, and what was still under way is given up or left to run unseen. */

import { retireRow } from "../kernel/table.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import type { Call } from "../rows/call.ts";
import { attemptOf, type ClusterState, callOf, type HostState, internText, type Sim } from "../sim.ts";
import { noteAttemptEnd } from "../telemetry/recorder.ts";
import { recordServed } from "../telemetry/served-requests.ts";
import { afterStream, leavePending } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { observeLocalFailure } from "./outlier-detection.ts";
import { ownAnswer } from "./own-answer.ts";
import { responseFlags } from "./response-flags.ts";

/** The proxy answers by itself. @param grpcStatus to a gRPC request, where it does not follow from the status */
export function localReply(sim: Sim, call: Call, status: number, flags: number, details: number, grpcStatus = -1): void {
  // Headers that went downstream stand.
  const started = sim.started.size > 0 ? sim.started.get(call.id) : undefined;
  call.flags |= flags;
  call.details = details;
  cancelAttempts(sim, call);
  finishCall(sim, call, started === undefined ? ownAnswer(sim, call.shape, status, grpcStatus) : started.status);
}

/** The call needs none of its attempts any more. @param timedOut the server is to blame (outlier detection) */
export function cancelAttempts(sim: Sim, call: Call, timedOut = false): void {
  let next = call.firstAttempt;
  call.firstAttempt = -1;
  while (next >= 0) {
    const attempt = attemptOf(sim, next);
    next = attempt.sibling;
    const cluster = sim.clusterStates[attempt.cluster] as ClusterState;
    const host = cluster.hosts[attempt.host] as HostState;
    if (
      timedOut &&
      !(sim.started.size > 0 && sim.started.has(call.id)) &&
      attempt.phase !== attemptPhases.pending &&
      cluster.compiled.config.outlierDetection !== undefined
    ) {
      observeLocalFailure(sim, cluster, attempt.host, 504);
    }
    if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, timedOut ? responseFlags.UT : 0);
    cancelAttempt(sim, attempt, cluster, host);
  }
}

/** The stream is given up; what the server has begun goes on without anybody who waits for it. */
export function cancelAttempt(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState): void {
  const { phase } = attempt;
  if (sim.served.limit > 0 && phase !== attemptPhases.atProxy) recordServed(sim, attempt, 0, responseFlags.DC);
  releaseStream(sim, attempt, cluster, host, true);
  attempt.orphan = 1;
  if (phase === attemptPhases.pending) {
    freeAttempt(sim, attempt);
  } else if (phase === attemptPhases.atProxy) {
    const inner = attempt.inbound;
    // Free the row first: the inner call must not answer it.
    freeAttempt(sim, attempt);
    if (inner >= 0 && callOf(sim, inner).alive === 1)
      localReply(sim, callOf(sim, inner), 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
  }
}

/** Gives back limits and the connection. @param broken the connection cannot be used again (HTTP/1) */
export function releaseStream(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, broken: boolean): void {
  if (attempt.phase === attemptPhases.pending) leavePending(sim, attempt, cluster, host);
  else if (attempt.connection >= 0) afterStream(sim, attempt, cluster, host, broken);
}

export function hasOtherAttempts(sim: Sim, call: Call, attempt: Attempt): boolean {
  for (let id = call.firstAttempt; id >= 0; id = attemptOf(sim, id).sibling) {
    if (id !== attempt.id) return true;
  }
  return false;
}

export function unlinkAttempt(sim: Sim, call: Call, attempt: Attempt): void {
  if (call.firstAttempt === attempt.id) call.firstAttempt = attempt.sibling;
  else unlinkSibling(sim, call.firstAttempt, attempt);
}

function unlinkSibling(sim: Sim, first: number, attempt: Attempt): void {
  for (let id = first; id >= 0; id = attemptOf(sim, id).sibling) {
    const other = attemptOf(sim, id);
    if (other.sibling !== attempt.id) continue;
    other.sibling = attempt.sibling;
    return;
  }
}

export function freeAttempt(sim: Sim, attempt: Attempt): void {
  attempt.phase = -1;
  retireRow(sim.attempts, attempt.id);
}
