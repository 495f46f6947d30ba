/**
 * An answer with headers or a body of its own: what the retry policy reads of its headers, and the time between headers and end. Once
 * headers went downstream the status stays whatever happens (Envoy's router: downstream_response_started_).
 */

import { pushEvent } from "../kernel/event-queue.ts";
import type { ResponseConfig } from "../model/index.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as held from "../rows/held.ts";
import { internText, nowOf, type Sim } from "../sim.ts";
import { flyResponse } from "../telemetry/flight-ring.ts";
import { noteAttemptEnd, noteCall } from "../telemetry/recorder.ts";
import { cancelAttempt, cancelAttempts, freeAttempt, hasOtherAttempts, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { finishCall } from "./finish.ts";
import { httpStatusOfGrpc, isGrpc } from "./grpc-status.ts";
import { followRedirect } from "./internal-redirect.ts";
import { observeLatency } from "./load-balancing/peak-ewma.ts";
import { observeStatus } from "./outlier-detection.ts";
import { endingOf } from "./own-answer.ts";
import { responseFlags } from "./response-flags.ts";
import { grpcStatusIn, responseOf, statusOf } from "./response-table.ts";
import { tryRetry } from "./retries.ts";
import { resetIntervalMs, retriesResponse } from "./retry-response.ts";

/** The headers of such an answer arrived at the proxy that asked. */
export function receiveSpecialResponse(sim: Sim, attempt: Attempt): void {
  const { call, cluster, host, outcome } = attempt;
  const status = statusOf(outcome);
  const response = responseOf(sim.responses, outcome);
  const { plan } = call;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeStatus(sim, cluster, host.index, statusForOutliers(sim, call, outcome));
  if (cluster.traits.policy.name === "PEAK_EWMA") observeLatency(sim, cluster, host, nowOf(sim) - attempt.sentMs);
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, outcome, 0);
  if (plan.retry !== null && retriesResponse(sim, call, plan.retry, status, response.headers)) {
    const superseded = attempt.timedOut === 1 && hasOtherAttempts(call, attempt);
    if (superseded || tryRetry(sim, call, plan, cluster, resetIntervalMs(plan.retry, response, nowOf(sim)))) {
      unlinkAttempt(call, attempt);
      if (hasBody(response)) {
        cancelAttempt(sim, attempt, cluster, host);
        freeAttempt(sim, attempt);
        return;
      }
      releaseStream(sim, attempt, cluster, host, false);
      freeAttempt(sim, attempt);
      return;
    }
  }
  if (plan.action?.internalRedirect !== undefined && followRedirect(sim, call, attempt, cluster, host)) return;
  // A server's proxy hands the answer on with all it carries; its body is the client's proxy's to wait for.
  if (call.downstream === downstreamKinds.proxy || !hasBody(response)) {
    unlinkAttempt(call, attempt);
    releaseStream(sim, attempt, cluster, host, false);
    const ending = endingOf(sim, call, outcome);
    if (sim.flights !== null && call.edge !== -1) flyResponse(sim, call, attempt, ending);
    freeAttempt(sim, attempt);
    cancelAttempts(sim, call);
    finishCall(sim, call, call.downstream === downstreamKinds.proxy ? outcome : ending, outcome);
    return;
  }
  startBody(sim, attempt, call, endingOf(sim, call, outcome), response);
}

/** Of a gRPC request outlier detection sees the code, where the answer's headers have one. */
function statusForOutliers(sim: Sim, call: Call, outcome: number): number {
  const code = grpcStatusIn(sim.responses, outcome);
  return code >= 0 && isGrpc(call.shape) ? httpStatusOfGrpc(code) : statusOf(outcome);
}

function hasBody(response: ResponseConfig): boolean {
  return response.body !== undefined;
}

function startBody(sim: Sim, attempt: Attempt, call: Call, status: number, response: ResponseConfig): void {
  const now = nowOf(sim);
  call.held |= held.started;
  sim.started.set(call.id, { status, outcome: attempt.outcome, atMs: now });
  unlinkAttempt(call, attempt);
  cancelAttempts(sim, call);
  attempt.sibling = null;
  attempt.sentMs = now;
  call.firstAttempt = attempt;
  const { plan } = call;
  if (plan.streamIdleMs > 0) pushEvent(sim.queue, now + plan.streamIdleMs, eventKinds.streamIdle, call.id, call.generation);
  const idleMs = plan.retry?.perTryIdleTimeoutMs ?? 0;
  if (idleMs > 0) pushEvent(sim.queue, now + idleMs, eventKinds.perTryIdle, attempt.id, attempt.generation);
  if (response.body === "stall") return;
  const afterMs = response.body === "cut" ? 0 : (response.body ?? 0);
  pushEvent(sim.queue, now + afterMs, eventKinds.bodyDone, attempt.id, attempt.generation);
}

/** The last byte, or the end of the connection before it. */
export function onBodyDone(sim: Sim, attempt: Attempt): void {
  const { call } = attempt;
  const started = sim.started.get(call.id);
  if (attempt.orphan === 1 || started === undefined) {
    freeAttempt(sim, attempt);
    return;
  }
  endBody(sim, attempt, responseOf(sim.responses, attempt.outcome).body === "cut");
}

/** @param cut the server closed the connection in the middle */
export function endBody(sim: Sim, attempt: Attempt, cut: boolean): void {
  const { call, cluster, host } = attempt;
  const { status } = sim.started.get(call.id) as { status: number };
  const { outcome } = attempt;
  unlinkAttempt(call, attempt);
  releaseStream(sim, attempt, cluster, host, cut);
  freeAttempt(sim, attempt);
  if (cut) {
    const { http2 } = cluster.traits;
    const reason = http2 ? "remote_reset" : "protocol_error";
    call.flags |= http2 ? responseFlags.UR : responseFlags.UPE;
    call.details = internText(sim, `upstream_reset_after_response_started{${reason}}`);
    if (sim.recordRoot !== 0) noteCall(sim, call, "attempt", "attempt.cut", { address: host.address, status: statusOf(status) });
  }
  finishCall(sim, call, status, outcome);
}

/** Did headers of this call's answer go downstream already, with this long a silence since? */
export function isActiveSince(sim: Sim, call: Call, idleMs: number): boolean {
  const started = sim.started.get(call.id);
  return started !== undefined && nowOf(sim) - started.atMs < idleMs - 1e-6;
}
