/** How attempts end early: the proxy answers by itself, and what was still under way is given up or left to run unseen. */

import { retireRow } from "../kernel/table.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import * as callAt from "../rows/call.ts";
import { type ClusterState, type HostState, internText, type Sim } from "../sim.ts";
import { noteAttemptEnd } from "../telemetry/recorder.ts";
import { afterStream, leavePending } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { observeLocalFailure } from "./outlier-detection.ts";
import { responseFlags } from "./response-flags.ts";

/** The proxy answers by itself. */
export function localReply(sim: Sim, call: number, status: number, flags: number, details: number): void {
  // Headers that went downstream stand.
  if (sim.started.size > 0) status = sim.started.get(call)?.status ?? status;
  sim.calls.cells[call | callAt.flags] = sim.calls.cells[call | callAt.flags]! | flags;
  sim.calls.cells[call | callAt.details] = details;
  cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

/** The call needs none of its attempts any more. @param timedOut the server is to blame (outlier detection) */
export function cancelAttempts(sim: Sim, call: number, timedOut = false): void {
  const { calls, attempts } = sim;
  let attempt = calls.cells[call | callAt.firstAttempt]!;
  calls.cells[call | callAt.firstAttempt] = -1;
  while (attempt >= 0) {
    const next = attempts.cells[attempt | attemptAt.sibling]!;
    const cluster = sim.clusterStates[attempts.cells[attempt | attemptAt.cluster]!] as ClusterState;
    const host = cluster.hosts[attempts.cells[attempt | attemptAt.host]!] as HostState;
    if (
      timedOut &&
      !(sim.started.size > 0 && sim.started.has(call)) &&
      attempts.cells[attempt | attemptAt.phase]! !== attemptPhases.pending &&
      cluster.compiled.config.outlierDetection !== undefined
    ) {
      observeLocalFailure(sim, cluster, attempts.cells[attempt | attemptAt.host]!, 504);
    }
    if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, timedOut ? responseFlags.UT : 0);
    cancelAttempt(sim, attempt, cluster, host);
    attempt = next;
  }
}

/** The stream is given up; what the server has begun goes on without anybody who waits for it. */
export function cancelAttempt(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts, calls } = sim;
  const phase = attempts.cells[attempt | attemptAt.phase]!;
  releaseStream(sim, attempt, cluster, host, true);
  attempts.cells[attempt | attemptAt.orphan] = 1;
  if (phase === attemptPhases.pending) {
    freeAttempt(sim, attempt);
  } else if (phase === attemptPhases.atProxy) {
    const inner = attempts.cells[attempt | attemptAt.inbound]!;
    // Free the row first: the inner call must not answer it.
    freeAttempt(sim, attempt);
    if (inner >= 0 && calls.cells[inner | callAt.alive]! === 1)
      localReply(sim, inner, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
  }
}

/** Gives back limits and the connection. @param broken the connection cannot be used again (HTTP/1) */
export function releaseStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, broken: boolean): void {
  const { cells } = sim.attempts;
  if (cells[attempt | attemptAt.phase] === attemptPhases.pending) leavePending(sim, attempt, cluster, host);
  else if (cells[attempt | attemptAt.connection]! >= 0) afterStream(sim, attempt, cluster, host, broken);
}

export function hasOtherAttempts(sim: Sim, call: number, attempt: number): boolean {
  const { cells } = sim.attempts;
  for (let row = sim.calls.cells[call | callAt.firstAttempt]!; row >= 0; row = cells[row | attemptAt.sibling]!) {
    if (row !== attempt) return true;
  }
  return false;
}

export function unlinkAttempt(sim: Sim, call: number, attempt: number): void {
  const { cells } = sim.attempts;
  const own = sim.calls.cells;
  if (own[call | callAt.firstAttempt] === attempt) own[call | callAt.firstAttempt] = cells[attempt | attemptAt.sibling]!;
  else unlinkSibling(cells, own[call | callAt.firstAttempt]!, attempt);
}

function unlinkSibling(cells: Int32Array, first: number, attempt: number): void {
  for (let row = first; row >= 0; row = cells[row | attemptAt.sibling]!) {
    if (cells[row | attemptAt.sibling] !== attempt) continue;
    cells[row | attemptAt.sibling] = cells[attempt | attemptAt.sibling]!;
    return;
  }
}

export function freeAttempt(sim: Sim, attempt: number): void {
  sim.attempts.cells[attempt | attemptAt.phase] = -1;
  retireRow(sim.attempts, attempt);
}
