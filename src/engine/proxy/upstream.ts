/** Attempts: choosing a host, getting a stream from its pool, sending, and what comes back (or does not). */

import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { rowBits, takeRow } from "../kernel/table.ts";
import { isInstant, isPartitioned, linkBetween, messageDelayMs } from "../network/latency.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as connectionAt from "../rows/connection.ts";
import * as previousAt from "../rows/previous-host.ts";
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
import { plainClientIp } from "./outbound-plan.ts";
import { observeConnected, observeLocalFailure, observeStatus } from "./outlier-detection.ts";
import type { CompiledRetry, Destination, Plan } from "./plan.ts";
import { requestHash } from "./request-hash.ts";
import { endBody, isActiveSince, receiveSpecialResponse } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { isSpecial } from "./response-table.ts";
import { tryRetry } from "./retries.ts";
import { type ResetReason, retriesReset, retriesStatus } from "./retry-conditions.ts";

/** @returns false when the attempt came to nothing at once: no host to choose, or no room at a limit. */
export function startAttempt(sim: Sim, call: number): boolean {
  const { attempts } = sim;
  const plan = sim.plans[sim.calls.cells[call + callAt.plan]!] as Plan;
  const cluster = sim.clusterStates[sim.calls.cells[call + callAt.cluster]!] as ClusterState;
  sim.calls.cells[call + callAt.attempts] = sim.calls.cells[call + callAt.attempts]! + 1;
  const host = pickHost(sim, call, plan, cluster);
  if (host < 0) {
    if (sim.recordRoot !== 0)
      noteCall(sim, call, "host", "host.none", { cluster: cluster.compiled.name, hosts: cluster.hosts.length });
    localReply(sim, call, 503, responseFlags.UH, internText(sim, "no_healthy_upstream"));
    return false;
  }
  const attempt = takeRow(attempts);
  const generation = sim.calls.generations[call >> rowBits]!;
  sim.attempts.cells[attempt + attemptAt.call] = call;
  sim.attempts.cells[attempt + attemptAt.callGeneration] = generation;
  sim.attempts.cells[attempt + attemptAt.cluster] = cluster.index;
  sim.attempts.cells[attempt + attemptAt.host] = host;
  sim.attempts.cells[attempt + attemptAt.priority] = plan.priority;
  sim.attempts.cells[attempt + attemptAt.connection] = -1;
  sim.attempts.cells[attempt + attemptAt.phase] = attemptPhases.pending;
  sim.attempts.cells[attempt + attemptAt.sibling] = sim.calls.cells[call + callAt.firstAttempt]!;
  sim.attempts.cells[attempt + attemptAt.next] = -1;
  sim.attempts.cells[attempt + attemptAt.shape] = (
    plan.destinations[sim.calls.cells[call + callAt.destination]!] as Destination
  ).shape;
  sim.attempts.cells[attempt + attemptAt.replica] = -1;
  sim.attempts.cells[attempt + attemptAt.root] = sim.calls.cells[call + callAt.root]!;
  sim.attempts.cells[attempt + attemptAt.traffic] = sim.calls.cells[call + callAt.traffic]!;
  sim.attempts.cells[attempt + attemptAt.shadow] = sim.calls.cells[call + callAt.shadow]!;
  sim.attempts.cells[attempt + attemptAt.orphan] = 0;
  sim.attempts.cells[attempt + attemptAt.outcomeFlag] = cluster.compiled.local ? cameInPlaintext(sim, call) : 0;
  sim.attempts.cells[attempt + attemptAt.inbound] = -1;
  sim.attempts.cells[attempt + attemptAt.inboundPlan] = -1;
  sim.attempts.cells[attempt + attemptAt.timedOut] = 0;
  sim.attempts.cells[attempt + attemptAt.spanId] = sim.calls.cells[call + callAt.spanId]!;
  sim.attempts.times[attempt >> rowBits] = nowOf(sim);
  sim.calls.cells[call + callAt.firstAttempt] = attempt;
  sim.calls.cells[call + callAt.upstreamHost] = host;
  if (sim.recordRoot !== 0) noteAttemptStart(sim, call, attempt);
  return acquireStream(sim, attempt, cluster, cluster.hosts[host] as HostState, plan.priority);
}

/** The local application is told whether its request came to the proxy in plaintext. */
function cameInPlaintext(sim: Sim, call: number): number {
  if (sim.calls.cells[call + callAt.downstream]! !== downstreamKinds.proxy) return 1;
  const connection = sim.attempts.cells[(sim.calls.cells[call + callAt.parent]! as number) + attemptAt.connection]!;
  if (connection < 0) return 1;
  return (sim.peers.list[sim.connections.cells[connection + connectionAt.peer]!] as Peer).tls ? 0 : 1;
}

/** The load balancer's choice; hosts tried before are refused as often as the policy says, then the last choice stands. */
function pickHost(sim: Sim, call: number, plan: Plan, cluster: ClusterState): number {
  const { calls, previousHosts } = sim;
  let hash = plan.hash;
  if (hash === null && plan.action !== null && plan.action.hashPolicy.length > 0) {
    const { ip, node } = sim.instances[calls.cells[call + callAt.instance]!] as InstanceState;
    const sourceIp = plainClientIp(node) || ip;
    hash = requestHash(plan.action.hashPolicy, sim.shapes.list[calls.cells[call + callAt.shape]!] as RequestShape, sourceIp);
  }
  const { retry } = plan;
  if (retry === null || !retry.avoidPreviousHosts) return chooseHost(sim, cluster, hash, 0);
  let host = chooseHost(sim, cluster, hash, 0);
  if (calls.cells[call + callAt.previous]! >= 0) {
    for (let i = 1; i <= retry.hostAttempts && host >= 0 && wasTried(sim, call, host); i++)
      host = chooseHost(sim, cluster, hash, i);
  }
  if (host >= 0 && retry.numRetries > 0) {
    const row = takeRow(previousHosts);
    previousHosts.cells[row + previousAt.host] = host;
    previousHosts.cells[row + previousAt.next] = calls.cells[call + callAt.previous]!;
    calls.cells[call + callAt.previous] = row;
  }
  return host;
}

function wasTried(sim: Sim, call: number, host: number): boolean {
  for (let row = sim.calls.cells[call + callAt.previous]!; row >= 0; row = sim.previousHosts.cells[row + previousAt.next]!) {
    if (sim.previousHosts.cells[row + previousAt.host]! === host) return true;
  }
  return false;
}

/** A stream was found: the request leaves. */
export function sendRequest(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { calls } = sim;
  const call = sim.attempts.cells[attempt + attemptAt.call]!;
  sim.attempts.cells[attempt + attemptAt.phase] = attemptPhases.toServer;
  sim.attempts.times[attempt >> rowBits] = nowOf(sim);
  const connection = sim.attempts.cells[attempt + attemptAt.connection]!;
  calls.cells[call + callAt.mutualTls] = sim.connections.cells[connection + connectionAt.mutualTls]!;
  if (cluster.compiled.config.outlierDetection !== undefined) observeConnected(cluster, host);
  const { retry } = sim.plans[calls.cells[call + callAt.plan]!] as Plan;
  if (retry !== null && retry.perTryTimeoutMs > 0) {
    pushTimer(
      sim.queue,
      nowOf(sim),
      retry.perTryTimeoutMs,
      eventKinds.perTryTimeout,
      attempt,
      sim.attempts.generations[attempt >> rowBits]!,
    );
  }
  if (retry !== null && retry.perTryIdleTimeoutMs > 0) {
    pushTimer(
      sim.queue,
      nowOf(sim),
      retry.perTryIdleTimeoutMs,
      eventKinds.perTryIdle,
      attempt,
      sim.attempts.generations[attempt >> rowBits]!,
    );
  }
  if (sim.flights !== null && calls.cells[call + callAt.edge]! !== -1) flyRequest(sim, call, attempt);
  if (cluster.compiled.local || isInstant(sim)) {
    sim.steps.arriveAtServer(sim, attempt);
    return;
  }
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  if (isPartitioned(sim, client, target)) {
    pushEvent(
      sim.queue,
      nowOf(sim) + tcpGivesUpMs,
      eventKinds.connectionLost,
      attempt,
      sim.attempts.generations[attempt >> rowBits]!,
    );
    return;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0)
    pushTimer(sim.queue, nowOf(sim), delay, eventKinds.requestArrives, attempt, sim.attempts.generations[attempt >> rowBits]!);
  else sim.steps.arriveAtServer(sim, attempt);
}

/** Linux' tcp_retries2 = 15: about a quarter of an hour. */
const tcpGivesUpMs = 924_600;

/** The server's answer (0 = it closed the connection) sets off for the client. */
export function respondToClient(sim: Sim, attempt: number, outcome: number): void {
  if (sim.attempts.cells[attempt + attemptAt.orphan]! === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const cluster = sim.clusterStates[sim.attempts.cells[attempt + attemptAt.cluster]!] as ClusterState;
  // A sidecar answers 503 itself when its application closes the connection.
  sim.attempts.cells[attempt + attemptAt.outcome] =
    outcome === 0 && sim.attempts.cells[attempt + attemptAt.inboundPlan]! >= 0 ? 503 : outcome;
  sim.attempts.cells[attempt + attemptAt.phase] = attemptPhases.toClient;
  if (!cluster.compiled.local && !isInstant(sim)) {
    const client = sim.instances[cluster.instance] as InstanceState;
    const target = sim.targets[(cluster.hosts[sim.attempts.cells[attempt + attemptAt.host]!] as HostState).target] as Target;
    const generation = sim.attempts.generations[attempt >> rowBits]!;
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
  const { calls } = sim;
  if (sim.attempts.cells[attempt + attemptAt.orphan]! === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const status = sim.attempts.cells[attempt + attemptAt.outcome]!;
  if (isSpecial(status)) {
    receiveSpecialResponse(sim, attempt);
    return;
  }
  if (status === 0) {
    failAttempt(sim, attempt, "reset", 0);
    return;
  }
  const call = sim.attempts.cells[attempt + attemptAt.call]!;
  const plan = sim.plans[calls.cells[call + callAt.plan]!] as Plan;
  const cluster = sim.clusterStates[sim.attempts.cells[attempt + attemptAt.cluster]!] as ClusterState;
  const host = cluster.hosts[sim.attempts.cells[attempt + attemptAt.host]!] as HostState;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeStatus(sim, cluster, sim.attempts.cells[attempt + attemptAt.host]!, status);
  if (cluster.compiled.policy.name === "PEAK_EWMA")
    observeLatency(sim, cluster, host, nowOf(sim) - sim.attempts.times[attempt >> rowBits]!);
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, status, 0);
  const retry = plan.retry;
  if (retry === null && status >= 500 && sim.recordRoot !== 0) noteCall(sim, call, "retry", "retry.noPolicy", {});
  if (retry !== null && status !== 200 && shouldRetryStatus(sim, call, retry, status)) {
    // A hedged attempt that timed out already has its successor.
    const superseded = sim.attempts.cells[attempt + attemptAt.timedOut]! === 1 && hasOtherAttempts(sim, call, attempt);
    if (superseded || tryRetry(sim, call, plan, cluster)) {
      unlinkAttempt(sim, call, attempt);
      releaseStream(sim, attempt, cluster, host, false);
      freeAttempt(sim, attempt);
      return;
    }
  }
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  if (sim.flights !== null && calls.cells[call + callAt.edge]! !== -1) flyResponse(sim, call, attempt, status);
  freeAttempt(sim, attempt);
  if (calls.cells[call + callAt.firstAttempt]! >= 0) cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

function noteEjection(sim: Sim, call: number, cluster: ClusterState, host: HostState): void {
  const params = { address: host.address, ejections: host.ejections, ejected: cluster.ejectedCount };
  noteCall(sim, call, "outlier", "outlier.ejected", params, cluster.compiled.config.sources?.outlierDetection);
}

function shouldRetryStatus(sim: Sim, call: number, retry: CompiledRetry, status: number): boolean {
  const shape = sim.shapes.list[sim.calls.cells[call + callAt.shape]!] as RequestShape;
  const wanted = retriesStatus(retry.on, status, retry.policy.retriableStatusCodes, shape);
  if (!wanted && sim.recordRoot !== 0 && status >= 400) {
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  }
  return wanted;
}

/** An attempt ended without an answer. @param reason text id of the transport failure */
export function failAttempt(sim: Sim, attempt: number, reset: ResetReason, reason: number): void {
  const { attempts, calls } = sim;
  if (attempts.cells[attempt + attemptAt.orphan]! === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const call = attempts.cells[attempt + attemptAt.call]!;
  if (sim.started.size > 0 && sim.started.has(call)) {
    endBody(sim, attempt, true);
    return;
  }
  const plan = sim.plans[calls.cells[call + callAt.plan]!] as Plan;
  const cluster = sim.clusterStates[attempts.cells[attempt + attemptAt.cluster]!] as ClusterState;
  const host = cluster.hosts[attempts.cells[attempt + attemptAt.host]!] as HostState;
  if (reset !== "overflow" && cluster.compiled.config.outlierDetection !== undefined) {
    const ejected = cluster.ejectedCount;
    observeLocalFailure(sim, cluster, attempts.cells[attempt + attemptAt.host]!, 503);
    if (sim.recordRoot !== 0 && cluster.ejectedCount > ejected) noteEjection(sim, call, cluster, host);
  }
  const flag = reset === "overflow" ? responseFlags.UO : reset === "connectFailure" ? responseFlags.UF : responseFlags.UC;
  if (sim.recordRoot !== 0) noteAttemptEnd(sim, attempt, 0, flag);
  if (reason !== 0) calls.cells[call + callAt.failureReason] = reason;
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
  if (retried || calls.cells[call + callAt.firstAttempt]! >= 0) {
    freeAttempt(sim, attempt);
    return;
  }
  if (sim.flights !== null && calls.cells[call + callAt.edge]! !== -1) flyResponse(sim, call, attempt, 0);
  freeAttempt(sim, attempt);
  calls.cells[call + callAt.flags] = calls.cells[call + callAt.flags]! | flag;
  calls.cells[call + callAt.details] = internText(sim, detailsOf(reset));
  finishCall(sim, call, 503);
}

function detailsOf(reset: ResetReason): string {
  if (reset === "overflow") return "upstream_reset_before_response_started{overflow}";
  if (reset === "connectFailure") return "upstream_reset_before_response_started{remote_connection_failure}";
  return "upstream_reset_before_response_started{connection_termination}";
}

/** Retried like a reset; a hedged request keeps the slow attempt and starts another beside it. */
export function onPerTryTimeout(sim: Sim, attempt: number): void {
  // What went downstream is not taken back.
  if (sim.started.size > 0 && sim.started.has(sim.attempts.cells[attempt + attemptAt.call]!)) return;
  endTry(sim, attempt, "perTry");
}

/** Nothing came for the idle time, neither headers nor more of a body. */
export function onPerTryIdle(sim: Sim, attempt: number): void {
  if (sim.attempts.cells[attempt + attemptAt.orphan]! === 1) return;
  const plan = sim.plans[sim.calls.cells[sim.attempts.cells[attempt + attemptAt.call]! + callAt.plan]!] as Plan;
  if (
    sim.started.size > 0 &&
    isActiveSince(sim, sim.attempts.cells[attempt + attemptAt.call]!, plan.retry?.perTryIdleTimeoutMs ?? 0)
  )
    return;
  endTry(sim, attempt, "perTryIdle");
}

function endTry(sim: Sim, attempt: number, kind: "perTry" | "perTryIdle"): void {
  const { attempts, calls } = sim;
  if (attempts.cells[attempt + attemptAt.orphan]! === 1) return;
  const call = attempts.cells[attempt + attemptAt.call]!;
  const plan = sim.plans[calls.cells[call + callAt.plan]!] as Plan;
  const cluster = sim.clusterStates[attempts.cells[attempt + attemptAt.cluster]!] as ClusterState;
  const host = cluster.hosts[attempts.cells[attempt + attemptAt.host]!] as HostState;
  const retry = plan.retry as CompiledRetry;
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeLocalFailure(sim, cluster, attempts.cells[attempt + attemptAt.host]!, 504);
  if (sim.recordRoot !== 0) {
    const timeoutMs = kind === "perTry" ? retry.perTryTimeoutMs : retry.perTryIdleTimeoutMs;
    const code = kind === "perTry" ? "timeout.perTry" : "timeout.perTryIdle";
    noteCall(sim, call, "timeout", code, { timeoutMs }, retry.policy.source);
    noteAttemptEnd(sim, attempt, 0, responseFlags.UT);
  }
  if (sim.started.size > 0 && sim.started.has(call)) {
    localReply(sim, call, 504, responseFlags.UT, internText(sim, "upstream_per_try_idle_timeout"));
    return;
  }
  if (plan.hedge) {
    // A soft timeout: the slow try goes on whatever becomes of the other, and retry_on is not asked.
    attempts.cells[attempt + attemptAt.timedOut] = 1;
    tryRetry(sim, call, plan, cluster);
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
    504,
    responseFlags.UT,
    internText(sim, kind === "perTry" ? "upstream_per_try_timeout" : "upstream_per_try_idle_timeout"),
  );
}

function abandon(sim: Sim, call: number, attempt: number, cluster: ClusterState, host: HostState): void {
  unlinkAttempt(sim, call, attempt);
  cancelAttempt(sim, attempt, cluster, host);
}
