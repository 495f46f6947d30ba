import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import { type ClusterState, type HostState, internText, type Sim } from "../sim.ts";
import { flyRefused, flyResponse } from "../telemetry/flight-ring.ts";
import { noteAttemptEnd, noteCall } from "../telemetry/recorder.ts";
import { cancelAttempt, freeAttempt, localReply, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { answerItself } from "./local-reply.ts";
import { explainEjection, observeLocalFailure } from "./outlier-detection.ts";
import type { CompiledRetry } from "./plan.ts";
import { endBody, isActiveSince } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { tryRetry } from "./retries.ts";
import { type ResetReason, retriesReset } from "./retry-conditions.ts";
import { failSession } from "./tcp-session.ts";

/** An attempt ended without an answer. @param reason text id of the transport failure */
export function failAttempt(sim: Sim, attempt: Attempt, reset: ResetReason, reason: number): void {
  if (attempt.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const { call, cluster, host } = attempt;
  if (sim.started.size > 0 && sim.started.has(call.id)) {
    endBody(sim, attempt, true);
    return;
  }
  const { plan } = call;
  if (plan.tcp) {
    failSession(sim, attempt, reset, reason);
    return;
  }
  if (reset !== "overflow" && cluster.compiled.config.outlierDetection !== undefined) {
    const ejected = cluster.ejectedCount;
    observeLocalFailure(sim, cluster, host.index, 503);
    if (sim.recordRoot !== 0 && cluster.ejectedCount > ejected) explainEjection(sim, call, cluster, host);
  }
  const flag = flagOf[reset];
  const isAfterSending = reset === "reset" || reset === "streamReset";
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, flag);
  if (reason !== 0) call.failureReason = reason;
  const { retry } = plan;
  if (sim.recordRoot !== 0) {
    if (reset === "connectFailure")
      noteCall(sim, call, "attempt", "attempt.connectFailed", { address: host.address, reason: sim.texts.list[reason] ?? "" });
    if (isAfterSending) noteCall(sim, call, "attempt", "attempt.reset", { address: host.address });
    if (retry === null && reset !== "overflow") noteCall(sim, call, "retry", "retry.noPolicy", {});
  }
  const wanted = retry !== null && retriesReset(retry.on, reset);
  if (!wanted && retry !== null && sim.recordRoot !== 0 && reset !== "overflow") {
    noteCall(
      sim,
      call,
      "retry",
      "retry.resetNotMatched",
      { failure: reset, retryOn: retry.policy.retryOn.join(",") },
      retry.policy.source,
    );
  }
  const isSeen = sim.flights !== null && call.edge !== -1;
  if (isSeen && !isAfterSending) flyRefused(sim, call, reset === "overflow" ? -1 : host.target.index, 0);
  // Over HTTP/2 the stream is given back before its request is told (CodecClient::onReset): a budget counts it no longer.
  if (isAfterSending && cluster.traits.http2) releaseStream(sim, attempt, cluster, host, true);
  const retried = wanted && tryRetry(sim, call, plan, cluster);
  unlinkAttempt(call, attempt);
  releaseStream(sim, attempt, cluster, host, true);
  if (retried || call.firstAttempt !== null) {
    freeAttempt(sim, attempt);
    return;
  }
  if (isSeen && isAfterSending) flyResponse(sim, call, attempt, 0);
  freeAttempt(sim, attempt);
  call.flags |= flag;
  call.details = internText(sim, detailsOf(reset, reason === 0 ? "" : `|${sim.texts.list[reason]}`));
  answerItself(sim, call, 503);
}

function detailsOf(reset: ResetReason, reason: string): string {
  if (reset === "overflow") return "upstream_reset_before_response_started{overflow}";
  if (reset === "connectFailure") return `upstream_reset_before_response_started{remote_connection_failure${reason}}`;
  if (reset === "streamReset") return "upstream_reset_before_response_started{remote_reset}";
  return "upstream_reset_before_response_started{connection_termination}";
}

const flagOf: Readonly<Record<ResetReason, number>> = {
  overflow: responseFlags.UO,
  connectFailure: responseFlags.UF,
  reset: responseFlags.UC,
  streamReset: responseFlags.UR,
  timeout: responseFlags.UC,
  noHost: responseFlags.UC,
};

/** Retried like a reset; a hedged request keeps the slow attempt and starts another beside it. */
export function onPerTryTimeout(sim: Sim, attempt: Attempt): void {
  // What went downstream is not taken back.
  if (sim.started.size > 0 && sim.started.has(attempt.call.id)) {
    // Nor does it become idle any more: Envoy stops that timer before it looks.
    attempt.timedOut = 1;
    return;
  }
  endTry(sim, attempt, "perTry");
}

/** Nothing came for the idle time, neither headers nor more of a body. */
export function onPerTryIdle(sim: Sim, attempt: Attempt): void {
  if (attempt.orphan === 1) return;
  const { call } = attempt;
  if (sim.started.size > 0 && isActiveSince(sim, call, call.plan.retry?.perTryIdleTimeoutMs ?? 0)) return;
  endTry(sim, attempt, "perTryIdle");
}

function endTry(sim: Sim, attempt: Attempt, kind: "perTry" | "perTryIdle"): void {
  // Either limit ends the other (UpstreamRequest::onPerTryTimeout, onPerTryIdleTimeout).
  if (attempt.orphan === 1 || attempt.timedOut === 1) return;
  const { call, cluster, host } = attempt;
  const { plan } = call;
  const retry = plan.retry as CompiledRetry;
  if (cluster.compiled.config.outlierDetection !== undefined) observeLocalFailure(sim, cluster, host.index, plan.timeoutStatus);
  if (sim.recordRoot !== 0) {
    const timeoutMs = kind === "perTry" ? retry.perTryTimeoutMs : retry.perTryIdleTimeoutMs;
    const code = kind === "perTry" ? "timeout.perTry" : "timeout.perTryIdle";
    noteCall(sim, call, "timeout", code, { timeoutMs }, retry.policy.source);
    noteAttemptEnd(sim, attempt, 0, responseFlags.UT);
  }
  if (sim.started.size > 0 && sim.started.has(call.id)) {
    // Hedging never ends a try, and what went downstream has no successor.
    if (plan.hedge) attempt.timedOut = 1;
    else localReply(sim, call, plan.timeoutStatus, responseFlags.UT, internText(sim, "upstream_per_try_idle_timeout"));
    return;
  }
  if (plan.hedge) {
    // A soft timeout: the slow try goes on whatever becomes of the other, and of retry_on only whether there is any is asked.
    attempt.timedOut = 1;
    if (retry.on !== 0) tryRetry(sim, call, plan, cluster);
    return;
  }
  const retried = retriesReset(retry.on, "timeout") && tryRetry(sim, call, plan, cluster);
  if (retried) {
    abandon(sim, call, attempt, cluster, host);
    return;
  }
  localReply(
    sim,
    call,
    plan.timeoutStatus,
    responseFlags.UT,
    internText(sim, kind === "perTry" ? "upstream_per_try_timeout" : "upstream_per_try_idle_timeout"),
  );
}

function abandon(sim: Sim, call: Call, attempt: Attempt, cluster: ClusterState, host: HostState): void {
  unlinkAttempt(call, attempt);
  cancelAttempt(sim, attempt, cluster, host);
}
