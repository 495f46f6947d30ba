/** How attempts end early: the proxy answers by itself, and what was still under way is given up or left to run unseen. */

import { retireRow } from "../kernel/table.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import type { Call } from "../rows/call.ts";
import { type ClusterState, type HostState, internText, type Sim } from "../sim.ts";
import { noteAttemptEnd } from "../telemetry/recorder.ts";
import { recordServed } from "../telemetry/served-requests.ts";
import { afterStream, leavePending } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { answerItself } from "./local-reply.ts";
import { observeLocalFailure } from "./outlier-detection.ts";
import { responseFlags } from "./response-flags.ts";

/** The proxy answers by itself. @param grpcStatus to a gRPC request, where it does not follow from the status */
export function localReply(sim: Sim, call: Call, status: number, flags: number, details: number, grpcStatus = -1): void {
  // Headers that went downstream stand.
  const started = sim.started.size > 0 ? sim.started.get(call.id) : undefined;
  call.flags |= flags;
  call.details = details;
  cancelAttempts(sim, call);
  if (started === undefined) answerItself(sim, call, status, grpcStatus);
  else finishCall(sim, call, started.status, started.outcome);
}

/** The call needs none of its attempts any more. @param timedOut the server is to blame (outlier detection) */
export function cancelAttempts(sim: Sim, call: Call, timedOut = false): void {
  let next = call.firstAttempt;
  call.firstAttempt = null;
  while (next !== null) {
    const attempt = next;
    next = attempt.sibling;
    const { cluster, host } = attempt;
    if (
      timedOut &&
      !(sim.started.size > 0 && sim.started.has(call.id)) &&
      attempt.phase !== attemptPhases.pending &&
      cluster.compiled.config.outlierDetection !== undefined
    ) {
      observeLocalFailure(sim, cluster, host.index, 504);
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
    if (inner?.alive === 1) localReply(sim, inner, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
  }
}

/** Gives back limits and the connection. @param broken the connection cannot be used again (HTTP/1) */
export function releaseStream(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, broken: boolean): void {
  const { connection } = attempt;
  if (attempt.phase === attemptPhases.pending) leavePending(attempt, cluster, host);
  else if (connection !== null) afterStream(sim, attempt, connection, cluster, host, broken);
}

export function hasOtherAttempts(call: Call, attempt: Attempt): boolean {
  for (let other = call.firstAttempt; other !== null; other = other.sibling) if (other !== attempt) return true;
  return false;
}

export function unlinkAttempt(call: Call, attempt: Attempt): void {
  if (call.firstAttempt !== attempt) unlinkSibling(call.firstAttempt, attempt);
  else if (attempt.sibling === null) call.firstAttempt = null;
  else call.firstAttempt = attempt.sibling;
}

function unlinkSibling(first: Attempt | null, attempt: Attempt): void {
  for (let other = first; other !== null; other = other.sibling) {
    if (other.sibling !== attempt) continue;
    other.sibling = attempt.sibling;
    return;
  }
}

export function freeAttempt(sim: Sim, attempt: Attempt): void {
  attempt.phase = -1;
  retireRow(sim.attempts, attempt);
}
