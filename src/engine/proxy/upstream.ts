/** Attempts: choosing a host, getting a stream from its pool, sending, and what comes back (or does not). */
import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { takeRow } from "../kernel/table.ts";
import { isInstant, isPartitioned, linkBetween, messageDelayMs } from "../network/latency.ts";
import {
  attemptPhases,
  type ClusterState,
  createAttemptRow,
  createPreviousHostRow,
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
import {
  cancelAttempt,
  cancelAttempts,
  freeAttempt,
  hasOtherAttempts,
  localReply,
  releaseStream,
  unlinkAttempt,
} from "./attempt-end.ts";
import { acquireStream } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { chooseHost } from "./host-set.ts";
import { observeLatency } from "./load-balancing/peak-ewma.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { observeLocalFailure, observeStatus } from "./outlier-detection.ts";
import type { CompiledRetry, Destination, Plan } from "./plan.ts";
import { requestHash } from "./request-hash.ts";
import { responseFlags } from "./response-flags.ts";
import { tryRetry } from "./retries.ts";
import { type ResetReason, retriesReset, retriesStatus } from "./retry-conditions.ts";

/** @returns false when the attempt came to nothing at once: no host to choose, or no room at a limit. */
export function startAttempt(sim: Sim, call: number): boolean {
  const owner = sim.calls.rows[call]!;
  const { attempts } = sim;
  const plan = sim.plans[owner.plan] as Plan;
  const cluster = sim.clusterStates[owner.cluster] as ClusterState;
  owner.attempts = owner.attempts + 1;
  const host = pickHost(sim, call, plan, cluster);
  if (host < 0) {
    if (sim.recordRoot !== 0)
      noteCall(sim, call, "host", "host.none", { cluster: cluster.compiled.name, hosts: cluster.hosts.length });
    localReply(sim, call, 503, responseFlags.UH, internText(sim, "no_healthy_upstream"));
    return false;
  }
  const attempt = takeRow(attempts, createAttemptRow);
  const own = sim.attempts.rows[attempt]!;
  const generation = owner.generation;
  own.call = call;
  own.callGeneration = generation;
  own.cluster = cluster.index;
  own.host = host;
  own.priority = plan.priority;
  own.connection = -1;
  own.phase = attemptPhases.pending;
  own.sibling = owner.firstAttempt;
  own.next = -1;
  own.shape = (plan.destinations[owner.destination] as Destination).shape;
  own.replica = -1;
  own.root = owner.root;
  own.traffic = owner.traffic;
  own.shadow = owner.shadow;
  own.orphan = 0;
  own.outcomeFlag = cluster.compiled.local ? cameInPlaintext(sim, call) : 0;
  own.inbound = -1;
  own.inboundPlan = -1;
  own.timedOut = 0;
  own.spanId = owner.spanId;
  own.sentMs = nowOf(sim);
  owner.firstAttempt = attempt;
  owner.upstreamHost = host;
  if (sim.recordRoot !== 0) noteAttemptStart(sim, call, attempt);
  return acquireStream(sim, attempt, cluster, cluster.hosts[host] as HostState, plan.priority);
}

/** The local application is told whether its request came to the proxy in plaintext. */
function cameInPlaintext(sim: Sim, call: number): number {
  if (sim.calls.rows[call]!.downstream !== downstreamKinds.proxy) return 1;
  const connection = sim.attempts.rows[sim.calls.rows[call]!.parent as number]!.connection;
  if (connection < 0) return 1;
  return (sim.peers.list[sim.connections.rows[connection]!.peer] as Peer).tls ? 0 : 1;
}

/** The load balancer's choice; hosts tried before are refused as often as the policy says, then the last choice stands. */
function pickHost(sim: Sim, call: number, plan: Plan, cluster: ClusterState): number {
  const { calls, previousHosts } = sim;
  let hash = plan.hash;
  if (hash === null && plan.action !== null && plan.action.hashPolicy.length > 0) {
    const { ip } = sim.instances[calls.rows[call]!.instance] as InstanceState;
    hash = requestHash(plan.action.hashPolicy, sim.shapes.list[calls.rows[call]!.shape] as RequestShape, ip);
  }
  const { retry } = plan;
  if (retry === null || !retry.avoidPreviousHosts) return chooseHost(sim, cluster, hash, 0);
  let host = chooseHost(sim, cluster, hash, 0);
  if (calls.rows[call]!.previous >= 0) {
    for (let i = 1; i <= retry.hostAttempts && host >= 0 && wasTried(sim, call, host); i++)
      host = chooseHost(sim, cluster, hash, i);
  }
  if (host >= 0 && retry.numRetries > 0) {
    const row = takeRow(previousHosts, createPreviousHostRow);
    previousHosts.rows[row]!.host = host;
    previousHosts.rows[row]!.next = calls.rows[call]!.previous;
    calls.rows[call]!.previous = row;
  }
  return host;
}

function wasTried(sim: Sim, call: number, host: number): boolean {
  for (let row = sim.calls.rows[call]!.previous; row >= 0; row = sim.previousHosts.rows[row]!.next) {
    if (sim.previousHosts.rows[row]!.host === host) return true;
  }
  return false;
}

/** A stream was found: the request leaves. */
export function sendRequest(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const own = sim.attempts.rows[attempt]!;
  const { calls } = sim;
  const call = own.call;
  own.phase = attemptPhases.toServer;
  own.sentMs = nowOf(sim);
  const connection = own.connection;
  calls.rows[call]!.mutualTls = sim.connections.rows[connection]!.mutualTls;
  const { retry } = sim.plans[calls.rows[call]!.plan] as Plan;
  if (retry !== null && retry.perTryTimeoutMs > 0) {
    pushTimer(sim.queue, nowOf(sim), retry.perTryTimeoutMs, eventKinds.perTryTimeout, attempt, own.generation);
  }
  if (sim.flights !== null && calls.rows[call]!.edge !== -1) flyRequest(sim, call, attempt);
  if (cluster.compiled.local || isInstant(sim)) {
    sim.steps.arriveAtServer(sim, attempt);
    return;
  }
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt, own.generation);
    return;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0) pushTimer(sim.queue, nowOf(sim), delay, eventKinds.requestArrives, attempt, own.generation);
  else sim.steps.arriveAtServer(sim, attempt);
}

/** Linux' tcp_retries2 = 15: about a quarter of an hour. */
const tcpGivesUpMs = 924_600;

/** The server's answer (0 = it closed the connection) sets off for the client. */
export function respondToClient(sim: Sim, attempt: number, outcome: number): void {
  const own = sim.attempts.rows[attempt]!;
  if (own.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const cluster = sim.clusterStates[own.cluster] as ClusterState;
  // A sidecar answers 503 itself when its application closes the connection.
  own.outcome = outcome === 0 && own.inboundPlan >= 0 ? 503 : outcome;
  own.phase = attemptPhases.toClient;
  if (!cluster.compiled.local && !isInstant(sim)) {
    const client = sim.instances[cluster.instance] as InstanceState;
    const target = sim.targets[(cluster.hosts[own.host] as HostState).target] as Target;
    const generation = own.generation;
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
  const own = sim.attempts.rows[attempt]!;
  const { calls } = sim;
  if (own.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const status = own.outcome;
  if (status === 0) {
    failAttempt(sim, attempt, "reset", 0);
    return;
  }
  const call = own.call;
  const plan = sim.plans[calls.rows[call]!.plan] as Plan;
  const cluster = sim.clusterStates[own.cluster] as ClusterState;
  const host = cluster.hosts[own.host] as HostState;
  if (cluster.compiled.config.outlierDetection !== undefined) observeStatus(sim, cluster, own.host, status);
  if (cluster.compiled.policy.name === "PEAK_EWMA") observeLatency(sim, cluster, host, nowOf(sim) - own.sentMs);
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, status, 0);
  const retry = plan.retry;
  if (retry === null && status >= 500 && sim.recordRoot !== 0) noteCall(sim, call, "retry", "retry.noPolicy", {});
  if (retry !== null && status !== 200 && shouldRetryStatus(sim, call, retry, status)) {
    // A hedged attempt that timed out already has its successor.
    const superseded = own.timedOut === 1 && hasOtherAttempts(sim, call, attempt);
    if (superseded || tryRetry(sim, call, plan, cluster)) {
      unlinkAttempt(sim, call, attempt);
      releaseStream(sim, attempt, cluster, host, false);
      freeAttempt(sim, attempt);
      return;
    }
  }
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  if (sim.flights !== null && calls.rows[call]!.edge !== -1) flyResponse(sim, call, attempt, status);
  freeAttempt(sim, attempt);
  if (calls.rows[call]!.firstAttempt >= 0) cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

function noteEjection(sim: Sim, call: number, cluster: ClusterState, host: HostState): void {
  const params = { address: host.address, ejections: host.ejections, ejected: cluster.ejectedCount };
  noteCall(sim, call, "outlier", "outlier.ejected", params, cluster.compiled.config.sources?.outlierDetection);
}

function shouldRetryStatus(sim: Sim, call: number, retry: CompiledRetry, status: number): boolean {
  const shape = sim.shapes.list[sim.calls.rows[call]!.shape] as RequestShape;
  const wanted = retriesStatus(retry.on, status, retry.policy.retriableStatusCodes, shape);
  if (!wanted && sim.recordRoot !== 0 && status >= 400) {
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  }
  return wanted;
}

/** An attempt ended without an answer. @param reason text id of the transport failure */
export function failAttempt(sim: Sim, attempt: number, reset: ResetReason, reason: number): void {
  const { attempts, calls } = sim;
  if (attempts.rows[attempt]!.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const call = attempts.rows[attempt]!.call;
  const plan = sim.plans[calls.rows[call]!.plan] as Plan;
  const cluster = sim.clusterStates[attempts.rows[attempt]!.cluster] as ClusterState;
  const host = cluster.hosts[attempts.rows[attempt]!.host] as HostState;
  if (reset !== "overflow" && cluster.compiled.config.outlierDetection !== undefined) {
    const ejected = cluster.ejectedCount;
    observeLocalFailure(sim, cluster, attempts.rows[attempt]!.host, 503);
    if (sim.recordRoot !== 0 && cluster.ejectedCount > ejected) noteEjection(sim, call, cluster, host);
  }
  const flag = reset === "overflow" ? responseFlags.UO : reset === "connectFailure" ? responseFlags.UF : responseFlags.UC;
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, flag);
  if (reason !== 0) calls.rows[call]!.failureReason = reason;
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
  if (retried || calls.rows[call]!.firstAttempt >= 0) {
    freeAttempt(sim, attempt);
    return;
  }
  if (sim.flights !== null && calls.rows[call]!.edge !== -1) flyResponse(sim, call, attempt, 0);
  freeAttempt(sim, attempt);
  calls.rows[call]!.flags = calls.rows[call]!.flags | flag;
  calls.rows[call]!.details = internText(sim, detailsOf(reset));
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
  if (attempts.rows[attempt]!.orphan === 1) return;
  const call = attempts.rows[attempt]!.call;
  const plan = sim.plans[calls.rows[call]!.plan] as Plan;
  const cluster = sim.clusterStates[attempts.rows[attempt]!.cluster] as ClusterState;
  const host = cluster.hosts[attempts.rows[attempt]!.host] as HostState;
  const retry = plan.retry as CompiledRetry;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeLocalFailure(sim, cluster, attempts.rows[attempt]!.host, 504);
  if (sim.recordRoot !== 0) {
    noteCall(sim, call, "timeout", "timeout.perTry", { timeoutMs: retry.perTryTimeoutMs }, retry.policy.source);
    noteAttemptEnd(sim, attempt, 0, responseFlags.UT);
  }
  if (plan.hedge) {
    attempts.rows[attempt]!.timedOut = 1;
    if (calls.rows[call]!.retriesLeft > 0) {
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
