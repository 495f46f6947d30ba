/** Attempts: choosing a host, getting a stream from its pool, sending, and what comes back (or does not). */
import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { freeRow, takeRow } from "../kernel/table.ts";
import { isInstant, isPartitioned, linkBetween, messageDelayMs } from "../network/latency.ts";
import {
  attemptPhases,
  type ClusterState,
  downstreamKinds,
  eventKinds,
  type HostState,
  type InstanceState,
  internText,
  nowOf,
  type Peer,
  type Sim,
  type Target,
} from "../sim.ts";
import { flyRequest, flyResponse } from "../telemetry/flight-ring.ts";
import { noteAttemptEnd, noteAttemptStart, noteCall } from "../telemetry/recorder.ts";
import { acquireStream, afterStream, leavePending } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { chooseHost } from "./host-set.ts";
import { observeLatency } from "./load-balancing/peak-ewma.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { observeLocalFailure, observeStatus } from "./outlier-detection.ts";
import type { CompiledRetry, Destination, Plan } from "./plan.ts";
import { requestHash } from "./request-hash.ts";
import { responseFlags } from "./response-flags.ts";
import { type ResetReason, retriesReset, retriesStatus } from "./retry-conditions.ts";
import { localReply, tryRetry } from "./router.ts";
import { arriveAtServer } from "./server.ts";

export function startAttempt(sim: Sim, call: number): void {
  const { calls, attempts } = sim;
  const plan = sim.plans[calls.plan[call] as number] as Plan;
  const cluster = sim.clusterStates[calls.cluster[call] as number] as ClusterState;
  calls.attempts[call] = (calls.attempts[call] as number) + 1;
  const host = pickHost(sim, call, plan, cluster);
  if (host < 0) {
    if (sim.recordRoot !== 0)
      noteCall(sim, call, "host", "host.none", { cluster: cluster.compiled.name, hosts: cluster.hosts.length });
    localReply(sim, call, 503, responseFlags.UH, internText(sim, "no_healthy_upstream"));
    return;
  }
  const attempt = takeRow(attempts);
  const generation = calls.generation[call] as number;
  attempts.call[attempt] = call;
  attempts.callGeneration[attempt] = generation;
  attempts.cluster[attempt] = cluster.index;
  attempts.host[attempt] = host;
  attempts.priority[attempt] = plan.priority;
  attempts.connection[attempt] = -1;
  attempts.phase[attempt] = attemptPhases.pending;
  attempts.sibling[attempt] = calls.firstAttempt[call] as number;
  attempts.next[attempt] = -1;
  attempts.shape[attempt] = (plan.destinations[calls.destination[call] as number] as Destination).shape;
  attempts.replica[attempt] = -1;
  attempts.root[attempt] = calls.root[call] as number;
  attempts.traffic[attempt] = calls.traffic[call] as number;
  attempts.shadow[attempt] = calls.shadow[call] as number;
  attempts.orphan[attempt] = 0;
  attempts.outcomeFlag[attempt] = cluster.compiled.local ? cameInPlaintext(sim, call) : 0;
  attempts.inbound[attempt] = -1;
  attempts.inboundPlan[attempt] = -1;
  attempts.timedOut[attempt] = 0;
  attempts.spanId[attempt] = calls.spanId[call] as number;
  attempts.sentMs[attempt] = nowOf(sim);
  calls.firstAttempt[call] = attempt;
  calls.upstreamHost[call] = host;
  if (sim.recordRoot !== 0) noteAttemptStart(sim, call, attempt);
  acquireStream(sim, attempt, cluster, cluster.hosts[host] as HostState, plan.priority);
}

/** The local application is told whether its request came to the proxy in plaintext. */
function cameInPlaintext(sim: Sim, call: number): number {
  if (sim.calls.downstream[call] !== downstreamKinds.proxy) return 1;
  const connection = sim.attempts.connection[sim.calls.parent[call] as number] as number;
  if (connection < 0) return 1;
  return (sim.peers.list[sim.connections.peer[connection] as number] as Peer).tls ? 0 : 1;
}

/** The load balancer's choice; hosts tried before are refused as often as the policy says, then the last choice stands. */
function pickHost(sim: Sim, call: number, plan: Plan, cluster: ClusterState): number {
  const { calls, previousHosts } = sim;
  let hash = plan.hash;
  if (hash === null && plan.action !== null && plan.action.hashPolicy.length > 0) {
    const { ip } = sim.instances[calls.instance[call] as number] as InstanceState;
    hash = requestHash(plan.action.hashPolicy, sim.shapes.list[calls.shape[call] as number] as RequestShape, ip);
  }
  const { retry } = plan;
  if (retry === null || !retry.avoidPreviousHosts) return chooseHost(sim, cluster, hash, 0);
  let host = chooseHost(sim, cluster, hash, 0);
  if ((calls.previous[call] as number) >= 0) {
    for (let i = 1; i <= retry.hostAttempts && host >= 0 && wasTried(sim, call, host); i++)
      host = chooseHost(sim, cluster, hash, i);
  }
  if (host >= 0 && retry.numRetries > 0) {
    const row = takeRow(previousHosts);
    previousHosts.host[row] = host;
    previousHosts.next[row] = calls.previous[call] as number;
    calls.previous[call] = row;
  }
  return host;
}

function wasTried(sim: Sim, call: number, host: number): boolean {
  for (let row = sim.calls.previous[call] as number; row >= 0; row = sim.previousHosts.next[row] as number) {
    if (sim.previousHosts.host[row] === host) return true;
  }
  return false;
}

/** A stream was found: the request leaves. */
export function sendRequest(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts, calls } = sim;
  const call = attempts.call[attempt] as number;
  attempts.phase[attempt] = attemptPhases.toServer;
  attempts.sentMs[attempt] = nowOf(sim);
  const connection = attempts.connection[attempt] as number;
  calls.mutualTls[call] = sim.connections.mutualTls[connection] as number;
  const { retry } = sim.plans[calls.plan[call] as number] as Plan;
  if (retry !== null && retry.perTryTimeoutMs > 0) {
    pushTimer(
      sim.queue,
      nowOf(sim),
      retry.perTryTimeoutMs,
      eventKinds.perTryTimeout,
      attempt,
      attempts.generation[attempt] as number,
    );
  }
  if (sim.flights !== null && calls.edge[call] !== -1) flyRequest(sim, call, attempt);
  if (cluster.compiled.local || isInstant(sim)) {
    arriveAtServer(sim, attempt);
    return;
  }
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt, attempts.generation[attempt] as number);
    return;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0)
    pushTimer(sim.queue, nowOf(sim), delay, eventKinds.requestArrives, attempt, attempts.generation[attempt] as number);
  else arriveAtServer(sim, attempt);
}

/** Linux' tcp_retries2 = 15: about a quarter of an hour. */
const tcpGivesUpMs = 924_600;

/** The server's answer (0 = it closed the connection) sets off for the client. */
export function respondToClient(sim: Sim, attempt: number, outcome: number): void {
  const { attempts } = sim;
  if (attempts.orphan[attempt] === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as ClusterState;
  // A sidecar answers 503 itself when its application closes the connection.
  attempts.outcome[attempt] = outcome === 0 && (attempts.inboundPlan[attempt] as number) >= 0 ? 503 : outcome;
  attempts.phase[attempt] = attemptPhases.toClient;
  if (!cluster.compiled.local && !isInstant(sim)) {
    const client = sim.instances[cluster.instance] as InstanceState;
    const target = sim.targets[(cluster.hosts[attempts.host[attempt] as number] as HostState).target] as Target;
    const generation = attempts.generation[attempt] as number;
    if (isPartitioned(sim, client, target)) {
      pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt, generation);
      return;
    }
    const delay = messageDelayMs(sim, linkBetween(sim, client, target));
    if (delay > 0) {
      pushTimer(sim.queue, nowOf(sim), delay, eventKinds.responseArrives, attempt, generation);
      return;
    }
  }
  receiveResponse(sim, attempt);
}

export function receiveResponse(sim: Sim, attempt: number): void {
  const { attempts, calls } = sim;
  if (attempts.orphan[attempt] === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const status = attempts.outcome[attempt] as number;
  if (status === 0) {
    failAttempt(sim, attempt, "reset", 0);
    return;
  }
  const call = attempts.call[attempt] as number;
  const plan = sim.plans[calls.plan[call] as number] as Plan;
  const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as ClusterState;
  const host = cluster.hosts[attempts.host[attempt] as number] as HostState;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeStatus(sim, cluster, attempts.host[attempt] as number, status);
  if (cluster.compiled.policy.name === "PEAK_EWMA")
    observeLatency(sim, cluster, host, nowOf(sim) - (attempts.sentMs[attempt] as number));
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, status, 0);
  const retry = plan.retry;
  if (retry === null && status >= 500 && sim.recordRoot !== 0) noteCall(sim, call, "retry", "retry.noPolicy", {});
  if (retry !== null && status !== 200 && shouldRetryStatus(sim, call, retry, status)) {
    // A hedged attempt that timed out already has its successor.
    const superseded = attempts.timedOut[attempt] === 1 && hasOtherAttempts(sim, call, attempt);
    if (superseded || tryRetry(sim, call, plan, cluster)) {
      unlinkAttempt(sim, call, attempt);
      releaseStream(sim, attempt, cluster, host, false);
      freeAttempt(sim, attempt);
      return;
    }
  }
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  if (sim.flights !== null && calls.edge[call] !== -1) flyResponse(sim, call, attempt, status);
  freeAttempt(sim, attempt);
  if ((calls.firstAttempt[call] as number) >= 0) cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

function noteEjection(sim: Sim, call: number, cluster: ClusterState, host: HostState): void {
  const params = { address: host.address, ejections: host.ejections, ejected: cluster.ejectedCount };
  noteCall(sim, call, "outlier", "outlier.ejected", params, cluster.compiled.config.sources?.outlierDetection);
}

function shouldRetryStatus(sim: Sim, call: number, retry: CompiledRetry, status: number): boolean {
  const shape = sim.shapes.list[sim.calls.shape[call] as number] as RequestShape;
  const wanted = retriesStatus(retry.on, status, retry.policy.retriableStatusCodes, shape);
  if (!wanted && sim.recordRoot !== 0 && status >= 400) {
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  }
  return wanted;
}

/** An attempt ended without an answer. @param reason text id of the transport failure */
export function failAttempt(sim: Sim, attempt: number, reset: ResetReason, reason: number): void {
  const { attempts, calls } = sim;
  if (attempts.orphan[attempt] === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const call = attempts.call[attempt] as number;
  const plan = sim.plans[calls.plan[call] as number] as Plan;
  const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as ClusterState;
  const host = cluster.hosts[attempts.host[attempt] as number] as HostState;
  if (reset !== "overflow" && cluster.compiled.config.outlierDetection !== undefined) {
    const ejected = cluster.ejectedCount;
    observeLocalFailure(sim, cluster, attempts.host[attempt] as number, 503);
    if (sim.recordRoot !== 0 && cluster.ejectedCount > ejected) noteEjection(sim, call, cluster, host);
  }
  const flag = reset === "overflow" ? responseFlags.UO : reset === "connectFailure" ? responseFlags.UF : responseFlags.UC;
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, flag);
  if (reason !== 0) calls.failureReason[call] = reason;
  const { retry } = plan;
  if (sim.recordRoot !== 0) {
    if (reset === "connectFailure")
      noteCall(sim, call, "attempt", "attempt.connectFailed", { address: host.address, reason: sim.texts.list[reason] ?? "" });
    if (reset === "reset") noteCall(sim, call, "attempt", "attempt.reset", { address: host.address });
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
  const retried = wanted && tryRetry(sim, call, plan, cluster);
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, true);
  if (retried || (calls.firstAttempt[call] as number) >= 0) {
    freeAttempt(sim, attempt);
    return;
  }
  if (sim.flights !== null && calls.edge[call] !== -1) flyResponse(sim, call, attempt, 0);
  freeAttempt(sim, attempt);
  calls.flags[call] = (calls.flags[call] as number) | flag;
  calls.details[call] = internText(sim, detailsOf(reset));
  finishCall(sim, call, 503);
}

function detailsOf(reset: ResetReason): string {
  if (reset === "overflow") return "upstream_reset_before_response_started{overflow}";
  if (reset === "connectFailure") return "upstream_reset_before_response_started{remote_connection_failure}";
  return "upstream_reset_before_response_started{connection_termination}";
}

/** Retried like a reset; a hedged request keeps the slow attempt and starts another beside it. */
export function onPerTryTimeout(sim: Sim, attempt: number): void {
  const { attempts, calls } = sim;
  if (attempts.orphan[attempt] === 1) return;
  const call = attempts.call[attempt] as number;
  const plan = sim.plans[calls.plan[call] as number] as Plan;
  const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as ClusterState;
  const host = cluster.hosts[attempts.host[attempt] as number] as HostState;
  const retry = plan.retry as CompiledRetry;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeLocalFailure(sim, cluster, attempts.host[attempt] as number, 504);
  if (sim.recordRoot !== 0) {
    noteCall(sim, call, "timeout", "timeout.perTry", { timeoutMs: retry.perTryTimeoutMs }, retry.policy.source);
    noteAttemptEnd(sim, attempt, 0, responseFlags.UT);
  }
  if (plan.hedge) {
    attempts.timedOut[attempt] = 1;
    if ((calls.retriesLeft[call] as number) > 0) {
      tryRetry(sim, call, plan, cluster);
      return;
    }
    if (hasOtherAttempts(sim, call, attempt)) {
      abandon(sim, call, attempt, cluster, host);
      return;
    }
  }
  const retried = retriesReset(retry.on, "timeout") && tryRetry(sim, call, plan, cluster);
  if (retried) {
    abandon(sim, call, attempt, cluster, host);
    return;
  }
  localReply(sim, call, 504, responseFlags.UT, internText(sim, "upstream_per_try_timeout"));
}

function abandon(sim: Sim, call: number, attempt: number, cluster: ClusterState, host: HostState): void {
  unlinkAttempt(sim, call, attempt);
  cancelAttempt(sim, attempt, cluster, host);
}

/** The call needs none of its attempts any more. @param timedOut the server is to blame (outlier detection) */
export function cancelAttempts(sim: Sim, call: number, timedOut = false): void {
  const { calls, attempts } = sim;
  let attempt = calls.firstAttempt[call] as number;
  calls.firstAttempt[call] = -1;
  while (attempt >= 0) {
    const next = attempts.sibling[attempt] as number;
    const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as ClusterState;
    const host = cluster.hosts[attempts.host[attempt] as number] as HostState;
    if (timedOut && attempts.phase[attempt] !== attemptPhases.pending && cluster.compiled.config.outlierDetection !== undefined) {
      observeLocalFailure(sim, cluster, attempts.host[attempt] as number, 504);
    }
    if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, timedOut ? responseFlags.UT : 0);
    cancelAttempt(sim, attempt, cluster, host);
    attempt = next;
  }
}

/** The stream is given up; what the server has begun goes on without anybody who waits for it. */
function cancelAttempt(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts, calls } = sim;
  const phase = attempts.phase[attempt] as number;
  releaseStream(sim, attempt, cluster, host, true);
  attempts.orphan[attempt] = 1;
  if (phase === attemptPhases.pending) {
    freeAttempt(sim, attempt);
  } else if (phase === attemptPhases.atProxy) {
    const inner = attempts.inbound[attempt] as number;
    // Free the row first: the inner call must not answer it.
    freeAttempt(sim, attempt);
    if (inner >= 0 && calls.alive[inner] === 1)
      localReply(sim, inner, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
  }
}

/** Gives back limits and the connection. @param broken the connection cannot be used again (HTTP/1) */
function releaseStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, broken: boolean): void {
  if (sim.attempts.phase[attempt] === attemptPhases.pending) leavePending(sim, attempt, cluster, host);
  else afterStream(sim, attempt, cluster, host, broken);
}

function hasOtherAttempts(sim: Sim, call: number, attempt: number): boolean {
  for (let row = sim.calls.firstAttempt[call] as number; row >= 0; row = sim.attempts.sibling[row] as number) {
    if (row !== attempt) return true;
  }
  return false;
}

function unlinkAttempt(sim: Sim, call: number, attempt: number): void {
  const { calls, attempts } = sim;
  if (calls.firstAttempt[call] === attempt) {
    calls.firstAttempt[call] = attempts.sibling[attempt] as number;
    return;
  }
  for (let row = calls.firstAttempt[call] as number; row >= 0; row = attempts.sibling[row] as number) {
    if (attempts.sibling[row] === attempt) {
      attempts.sibling[row] = attempts.sibling[attempt] as number;
      return;
    }
  }
}

export function freeAttempt(sim: Sim, attempt: number): void {
  const { attempts } = sim;
  attempts.generation[attempt] = (attempts.generation[attempt] as number) + 1;
  attempts.phase[attempt] = -1;
  freeRow(attempts, attempt);
}
