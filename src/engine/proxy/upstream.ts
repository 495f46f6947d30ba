/** Attempts: choosing a host, getting a stream from its pool, sending, and what comes back (or does not). */

import { noteServed } from "../control-plane/stages.ts";
import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { addRows, takeRow } from "../kernel/table.ts";
import type { SubsetMetadata } from "../model/index.ts";
import { isPartitioned, linkBetween, messageDelayMs } from "../network/latency.ts";
import { type Attempt, createAttempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import type { Call } from "../rows/call.ts";
import type { Connection } from "../rows/connection.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { createPreviousHost } from "../rows/previous-host.ts";
import { type ClusterState, type HostState, internText, nowOf, type Sim } from "../sim.ts";
import { flyRequest, flyResponse } from "../telemetry/flight-ring.ts";
import { noteAttemptEnd, noteAttemptStart, noteCall } from "../telemetry/recorder.ts";
import { recordAnswered } from "../telemetry/served-requests.ts";
import { withAttemptCount } from "./attempt-count.ts";
import { cancelAttempts, freeAttempt, hasOtherAttempts, localReply, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { failAttempt } from "./attempt-failure.ts";
import { chooseFromSubset } from "./choose-subset.ts";
import { acquireStream } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { chooseHost, isHashing } from "./host-set.ts";
import { observeLatency } from "./load-balancing/peak-ewma.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { plainClientIp } from "./outbound-plan.ts";
import { observeConnected, observeStatus } from "./outlier-detection.ts";
import { ownAnswer } from "./own-answer.ts";
import type { CompiledRetry, Destination, Plan } from "./plan.ts";
import * as planAsks from "./plan-asks.ts";
import { requestHash } from "./request-hash.ts";
import { receiveSpecialResponse } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { isSpecial } from "./response-table.ts";
import { tryRetry } from "./retries.ts";
import { chooseFromView } from "./retry-priority.ts";
import { retriesResponse } from "./retry-response.ts";
import { openSession } from "./tcp-session.ts";
import { limitTryStream } from "./try-stream-limit.ts";

/** @returns false when the attempt came to nothing at once: no host to choose, or no room at a limit. */
export function startAttempt(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): boolean {
  call.attempts++;
  const index =
    (plan.asks & planAsks.hostChoice) === 0
      ? chooseHost(sim, cluster, cluster, plan.hash, 0)
      : pickHost(sim, call, plan, cluster);
  if (index < 0) {
    replyWithoutHost(sim, call, cluster);
    return false;
  }
  const host = cluster.hosts[index] as HostState;
  const shape = plan.shape ?? shapeOfTry(sim, call, plan, host);
  const attempt = takeRow(sim.attempts) ?? addAttempt(sim, call, cluster, host, shape);
  attempt.call = call;
  attempt.cluster = cluster;
  attempt.host = host;
  attempt.priority = plan.priority;
  attempt.connection = null;
  attempt.phase = attemptPhases.pending;
  // Null is known to need no barrier.
  if (call.firstAttempt === null) attempt.sibling = null;
  else attempt.sibling = call.firstAttempt;
  attempt.shape = shape;
  attempt.replica = null;
  attempt.root = call.root;
  attempt.traffic = call.traffic;
  attempt.shadow = call.shadow;
  attempt.orphan = 0;
  attempt.outcomeFlag = cluster.traits.local ? cameInPlaintext(call) : 0;
  attempt.inbound = null;
  attempt.letThrough = 0;
  attempt.timedOut = 0;
  call.firstAttempt = attempt;
  call.upstreamHost = index;
  if (sim.recordRoot !== 0) {
    attempt.spanId = call.spanId;
    noteAttemptStart(sim, call, attempt);
  }
  return acquireStream(sim, attempt, cluster, host, plan.priority);
}

function addAttempt(sim: Sim, call: Call, cluster: ClusterState, host: HostState, shape: RequestShape): Attempt {
  return addRows(sim.attempts, (id) => createAttempt(id, call, cluster, host, shape));
}

function shapeOfTry(sim: Sim, call: Call, plan: Plan, host: HostState): RequestShape {
  const destination = drawnDestination(call, plan);
  const shape = destination.shapeByHost?.get(host.address) ?? destination.shape;
  return plan.countsTries ? withAttemptCount(sim, shape, call.attempts) : shape;
}

function drawnDestination(call: Call, plan: Plan): Destination {
  return plan.destinations[call.destination] as Destination;
}

function replyWithoutHost(sim: Sim, call: Call, cluster: ClusterState): void {
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "host", "host.none", { cluster: cluster.compiled.name, hosts: cluster.hosts.length });
  localReply(sim, call, 503, responseFlags.UH, internText(sim, "no_healthy_upstream"));
}

/** The local application is told whether its request came to the proxy in plaintext. */
function cameInPlaintext(call: Call): number {
  if (call.downstream !== downstreamKinds.proxy) return 1;
  return call.parent?.connection?.peer.tls === true ? 0 : 1;
}

/** The load balancer's choice; hosts tried before are refused as often as the policy says, then the last choice stands. */
function pickHost(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): number {
  let hash = plan.hash;
  if (hash === null && plan.action !== null && plan.action.hashPolicy.length > 0) {
    const { ip, node } = call.instance;
    const sourceIp = plainClientIp(node) || ip;
    hash = requestHash(plan.action.hashPolicy, call.shape, sourceIp);
  }
  const { retry } = plan;
  const { wishes } = drawnDestination(call, plan);
  const isRetry = call.previous !== null;
  const every = retry !== null && isRetry && !isHashing(cluster) ? retry.priorityEvery : 0;
  const choose = (turn: number) =>
    wishes === undefined
      ? chooseFromView(sim, call, cluster, cluster, hash, turn, every)
      : chooseFromSubset(sim, call, cluster, wishes, hash, turn, every);
  if (retry === null || plainly(retry)) return choose(0);
  let host = choose(0);
  if (isRetry)
    for (let i = 1; i <= retry.hostAttempts && host >= 0 && isRefused(call, cluster, retry, host); i++) host = choose(i);
  if (host >= 0 && retry.numRetries > 0) {
    const row = takeRow(sim.previousHosts) ?? addRows(sim.previousHosts, createPreviousHost);
    row.host = host;
    row.next = call.previous;
    call.previous = row;
  }
  return host;
}

function plainly({ avoidPreviousHosts, omittedHosts, priorityEvery }: CompiledRetry): boolean {
  return !avoidPreviousHosts && omittedHosts === null && priorityEvery === 0;
}

/** retry_host_predicate: would a retry rather go elsewhere? */
function isRefused(call: Call, cluster: ClusterState, retry: CompiledRetry, host: number): boolean {
  if (retry.avoidPreviousHosts && wasTried(call, host)) return true;
  return retry.omittedHosts !== null && isOmitted(retry.omittedHosts, cluster.hosts[host] as HostState);
}

/** What names no metadata omits nobody. */
function isOmitted(omitted: readonly SubsetMetadata[], { subsetMetadata }: HostState): boolean {
  return omitted.some((wanted) => {
    const pairs = Object.entries(wanted);
    return pairs.length > 0 && pairs.every(([key, value]) => holds(subsetMetadata[key], value));
  });
}

/** A list of a host's holds whatever stands in it. */
function holds(own: SubsetMetadata[string] | undefined, value: SubsetMetadata[string]): boolean {
  return Array.isArray(own) ? own.includes(value) : own === value;
}

function wasTried(call: Call, host: number): boolean {
  for (let row = call.previous; row !== null; row = row.next) if (row.host === host) return true;
  return false;
}

/** A stream was found: the request leaves. */
export function sendRequest(sim: Sim, attempt: Attempt, connection: Connection, cluster: ClusterState, host: HostState): void {
  const { call } = attempt;
  attempt.phase = attemptPhases.toServer;
  call.mutualTls = connection.mutualTls;
  if (cluster.traits.observed) noteSent(sim, attempt, cluster, host);
  const { plan } = call;
  if ((plan.asks & planAsks.tryBegin) !== 0 && !beginTry(sim, attempt, connection, plan, cluster, host)) return;
  if (sim.flights !== null && call.edge !== -1) flyRequest(sim, call, attempt);
  if (cluster.traits.local || sim.instant) sim.steps.reachServer(sim, attempt, connection, cluster.traits.local);
  else travelToServer(sim, attempt, connection, cluster, host);
}

function noteSent(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState): void {
  attempt.sentMs = nowOf(sim);
  observeConnected(cluster, host);
}

function beginTry(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  plan: Plan,
  cluster: ClusterState,
  host: HostState,
): boolean {
  if (plan.tcp) return openSession(sim, attempt, connection, plan, cluster, host);
  limitTry(sim, attempt, plan.retry, cluster);
  return true;
}

function limitTry(sim: Sim, attempt: Attempt, retry: CompiledRetry | null, cluster: ClusterState): void {
  limitTryStream(sim, attempt, cluster);
  if (retry === null) return;
  const { perTryTimeoutMs, perTryIdleTimeoutMs } = retry;
  const { id, generation } = attempt;
  if (perTryTimeoutMs > 0) pushTimer(sim.queue, sim.clock, perTryTimeoutMs, eventKinds.perTryTimeout, id, generation);
  if (perTryIdleTimeoutMs > 0) pushTimer(sim.queue, sim.clock, perTryIdleTimeoutMs, eventKinds.perTryIdle, id, generation);
}

function travelToServer(sim: Sim, attempt: Attempt, connection: Connection, cluster: ClusterState, host: HostState): void {
  const client = cluster.instance;
  const { target } = host;
  const { generation } = attempt;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt.id, generation);
    return;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0) pushTimer(sim.queue, sim.clock, delay, eventKinds.requestArrives, attempt.id, generation);
  else sim.steps.reachServer(sim, attempt, connection, false);
}

/** Linux' tcp_retries2 = 15: about a quarter of an hour. */
const tcpGivesUpMs = 924_600;

/** The server's answer (0 = it closed the connection) sets off for the client. */
export function respondToClient(sim: Sim, attempt: Attempt, outcome: number): void {
  if (sim.rollout !== null) noteServed(sim, attempt.id, outcome);
  if (sim.served.limit > 0) recordAnswered(sim, attempt, outcome);
  if (attempt.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  // A sidecar answers 503 itself when its application closes the connection.
  if (outcome === 0 && attempt.letThrough === 1) outcome = ownAnswer(attempt.shape, 503);
  attempt.outcome = outcome;
  attempt.phase = attemptPhases.toClient;
  if (sim.instant || !travelToClient(sim, attempt)) receiveOutcome(sim, attempt, outcome);
}

/** @returns false when it is there at once. */
function travelToClient(sim: Sim, attempt: Attempt): boolean {
  const { cluster, generation } = attempt;
  if (cluster.traits.local) return false;
  const client = cluster.instance;
  const { target } = attempt.host;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt.id, generation);
    return true;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0) pushTimer(sim.queue, sim.clock, delay, eventKinds.responseArrives, attempt.id, generation);
  return delay > 0;
}

export function receiveResponse(sim: Sim, attempt: Attempt): void {
  if (attempt.orphan === 1) freeAttempt(sim, attempt);
  else receiveOutcome(sim, attempt, attempt.outcome);
}

function receiveOutcome(sim: Sim, attempt: Attempt, status: number): void {
  if (isSpecial(status)) {
    receiveSpecialResponse(sim, attempt);
    return;
  }
  if (status === 0) {
    failAttempt(sim, attempt, isOfStream(attempt) ? "streamReset" : "reset", 0);
    return;
  }
  const { call, cluster, host } = attempt;
  const { plan } = call;
  if (cluster.traits.observed) observe(sim, attempt, cluster, host, status);
  if (sim.recordRoot !== 0) noteAnswer(sim, call, attempt, plan, status);
  const settled = status === 200 && (plan.asks & planAsks.anotherOk) === 0;
  if (!settled && plan.retry !== null && retriesAnswer(sim, call, attempt, plan, plan.retry, cluster, host, status)) return;
  unlinkAttempt(call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  if (sim.flights !== null && call.edge !== -1) flyResponse(sim, call, attempt, status);
  freeAttempt(sim, attempt);
  if (call.firstAttempt !== null) cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

/** Of HTTP/2 a server that is there ends the stream alone. */
function isOfStream({ cluster, replica }: Attempt): boolean {
  return cluster.traits.http2 && replica?.up === true;
}

function observe(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, status: number): void {
  if (cluster.compiled.config.outlierDetection !== undefined && !attempt.call.plan.tcp)
    observeStatus(sim, cluster, host.index, status);
  if (cluster.traits.policy.name === "PEAK_EWMA") observeLatency(sim, cluster, host, nowOf(sim) - attempt.sentMs);
}

function noteAnswer(sim: Sim, call: Call, attempt: Attempt, plan: Plan, status: number): void {
  noteAttemptEnd(sim, attempt, status, 0);
  if (plan.retry === null && status >= 500) noteCall(sim, call, "retry", "retry.noPolicy", {});
}

/** @returns true when the answer is dropped for another try, or for one that is already under way. */
function retriesAnswer(
  sim: Sim,
  call: Call,
  attempt: Attempt,
  plan: Plan,
  retry: CompiledRetry,
  cluster: ClusterState,
  host: HostState,
  status: number,
): boolean {
  if (!retriesResponse(sim, call, retry, status)) return false;
  // A hedged attempt that timed out already has its successor.
  const superseded = attempt.timedOut === 1 && hasOtherAttempts(call, attempt);
  if (!superseded && !tryRetry(sim, call, plan, cluster)) return false;
  unlinkAttempt(call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  freeAttempt(sim, attempt);
  return true;
}
