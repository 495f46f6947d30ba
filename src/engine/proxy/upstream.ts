/** Attempts: choosing a host, getting a stream from its pool, sending, and what comes back (or does not). */

import { noteServed } from "../control-plane/stages.ts";
import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { rowBits, takeRow } from "../kernel/table.ts";
import { isInstant, isPartitioned, linkBetween, messageDelayMs } from "../network/latency.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import * as callAt from "../rows/call.ts";
import * as connectionAt from "../rows/connection.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as previousAt from "../rows/previous-host.ts";
import {
  type ClusterState,
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
import { cancelAttempts, freeAttempt, hasOtherAttempts, localReply, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { failAttempt } from "./attempt-failure.ts";
import { chooseFromSubset } from "./choose-subset.ts";
import { acquireStream } from "./connection-pool.ts";
import { finishCall } from "./finish.ts";
import { chooseHost } from "./host-set.ts";
import { observeLatency } from "./load-balancing/peak-ewma.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { plainClientIp } from "./outbound-plan.ts";
import { observeConnected, observeStatus } from "./outlier-detection.ts";
import type { CompiledRetry, Destination, Plan } from "./plan.ts";
import { requestHash } from "./request-hash.ts";
import { receiveSpecialResponse } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { isSpecial } from "./response-table.ts";
import { tryRetry } from "./retries.ts";
import { retriesStatus } from "./retry-conditions.ts";
import { chooseBesidePrevious } from "./retry-priority.ts";

/** @returns false when the attempt came to nothing at once: no host to choose, or no room at a limit. */
export function startAttempt(sim: Sim, call: number, plan: Plan, cluster: ClusterState): boolean {
  const own = sim.calls.cells;
  own[call | callAt.attempts]!++;
  const host = plan.choosesPlainly ? chooseHost(sim, cluster, cluster, plan.hash, 0) : pickHost(sim, call, plan, cluster);
  if (host < 0) {
    replyWithoutHost(sim, call, cluster);
    return false;
  }
  const attempt = takeRow(sim.attempts);
  const { cells } = sim.attempts;
  cells[attempt | attemptAt.call] = call | 0;
  cells[attempt | attemptAt.cluster] = cluster.index;
  cells[attempt | attemptAt.host] = host | 0;
  cells[attempt | attemptAt.priority] = plan.priority;
  cells[attempt | attemptAt.connection] = -1;
  cells[attempt | attemptAt.phase] = attemptPhases.pending;
  cells[attempt | attemptAt.sibling] = own[call | callAt.firstAttempt]!;
  cells[attempt | attemptAt.shape] = plan.shape >= 0 ? plan.shape : drawnDestination(sim, call, plan).shape;
  cells[attempt | attemptAt.replica] = -1;
  cells[attempt | attemptAt.root] = own[call | callAt.root]!;
  cells[attempt | attemptAt.traffic] = own[call | callAt.traffic]!;
  cells[attempt | attemptAt.shadow] = own[call | callAt.shadow]!;
  cells[attempt | attemptAt.orphan] = 0;
  cells[attempt | attemptAt.outcomeFlag] = cluster.compiled.local ? cameInPlaintext(sim, call) : 0;
  cells[attempt | attemptAt.inbound] = -1;
  cells[attempt | attemptAt.inboundPlan] = -1;
  cells[attempt | attemptAt.timedOut] = 0;
  sim.attempts.times[attempt >> rowBits] = nowOf(sim);
  own[call | callAt.firstAttempt] = attempt;
  own[call | callAt.upstreamHost] = host;
  if (sim.recordRoot !== 0) {
    cells[attempt | attemptAt.spanId] = own[call | callAt.spanId]!;
    noteAttemptStart(sim, call, attempt);
  }
  return acquireStream(sim, attempt, cluster, cluster.hosts[host] as HostState, plan.priority);
}

function drawnDestination(sim: Sim, call: number, plan: Plan): Destination {
  return plan.destinations[sim.calls.cells[call | callAt.destination]!] as Destination;
}

function replyWithoutHost(sim: Sim, call: number, cluster: ClusterState): void {
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "host", "host.none", { cluster: cluster.compiled.name, hosts: cluster.hosts.length });
  localReply(sim, call, 503, responseFlags.UH, internText(sim, "no_healthy_upstream"));
}

/** The local application is told whether its request came to the proxy in plaintext. */
function cameInPlaintext(sim: Sim, call: number): number {
  if (sim.calls.cells[call | callAt.downstream]! !== downstreamKinds.proxy) return 1;
  const connection = sim.attempts.cells[(sim.calls.cells[call | callAt.parent]! as number) | attemptAt.connection]!;
  if (connection < 0) return 1;
  return (sim.peers.list[sim.connections.cells[connection | connectionAt.peer]!] as Peer).tls ? 0 : 1;
}

/** The load balancer's choice; hosts tried before are refused as often as the policy says, then the last choice stands. */
function pickHost(sim: Sim, call: number, plan: Plan, cluster: ClusterState): number {
  const { calls, previousHosts } = sim;
  let hash = plan.hash;
  if (hash === null && plan.action !== null && plan.action.hashPolicy.length > 0) {
    const { ip, node } = sim.instances[calls.cells[call | callAt.instance]!] as InstanceState;
    const sourceIp = plainClientIp(node) || ip;
    hash = requestHash(plan.action.hashPolicy, sim.shapes.list[calls.cells[call | callAt.shape]!] as RequestShape, sourceIp);
  }
  const { retry } = plan;
  const { wishes } = drawnDestination(sim, call, plan);
  const chooseByHealth = (turn: number) =>
    wishes === undefined
      ? chooseHost(sim, cluster, cluster, hash, turn)
      : chooseFromSubset(sim, call, cluster, wishes, hash, turn);
  if (retry === null || (!retry.avoidPreviousHosts && retry.priorityEvery === 0)) return chooseByHealth(0);
  const isRetry = calls.cells[call | callAt.previous]! >= 0;
  const every = isRetry ? retry.priorityEvery : 0;
  const choose = (turn: number) =>
    every > 0 ? chooseBesidePrevious(sim, call, cluster, hash, turn, every) : chooseByHealth(turn);
  let host = choose(0);
  if (isRetry) for (let i = 1; i <= retry.hostAttempts && host >= 0 && wasTried(sim, call, host); i++) host = choose(i);
  if (host >= 0 && retry.numRetries > 0) {
    const row = takeRow(previousHosts);
    previousHosts.cells[row | previousAt.host] = host;
    previousHosts.cells[row | previousAt.next] = calls.cells[call | callAt.previous]!;
    calls.cells[call | callAt.previous] = row;
  }
  return host;
}

function wasTried(sim: Sim, call: number, host: number): boolean {
  for (let row = sim.calls.cells[call | callAt.previous]!; row >= 0; row = sim.previousHosts.cells[row | previousAt.next]!) {
    if (sim.previousHosts.cells[row | previousAt.host]! === host) return true;
  }
  return false;
}

/** A stream was found: the request leaves. */
export function sendRequest(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { cells } = sim.attempts;
  const call = cells[attempt | attemptAt.call]!;
  const own = sim.calls.cells;
  cells[attempt | attemptAt.phase] = attemptPhases.toServer;
  sim.attempts.times[attempt >> rowBits] = nowOf(sim);
  own[call | callAt.mutualTls] = sim.connections.cells[cells[attempt | attemptAt.connection]! | connectionAt.mutualTls]!;
  if (cluster.compiled.observed) observeConnected(cluster, host);
  const plan = sim.plans[own[call | callAt.plan]!] as Plan;
  if (plan.limitsTries) limitTry(sim, attempt, plan.retry as CompiledRetry);
  if (sim.flights !== null && own[call | callAt.edge] !== -1) flyRequest(sim, call, attempt);
  if (cluster.compiled.local || isInstant(sim)) sim.steps.reachServer(sim, attempt, cluster.compiled.local);
  else travelToServer(sim, attempt, cluster, host);
}

function limitTry(sim: Sim, attempt: number, { perTryTimeoutMs, perTryIdleTimeoutMs }: CompiledRetry): void {
  const generation = sim.attempts.generations[attempt >> rowBits]!;
  if (perTryTimeoutMs > 0) pushTimer(sim.queue, sim.clock, perTryTimeoutMs, eventKinds.perTryTimeout, attempt, generation);
  if (perTryIdleTimeoutMs > 0) pushTimer(sim.queue, sim.clock, perTryIdleTimeoutMs, eventKinds.perTryIdle, attempt, generation);
}

function travelToServer(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  const generation = sim.attempts.generations[attempt >> rowBits]!;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt, generation);
    return;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0) pushTimer(sim.queue, sim.clock, delay, eventKinds.requestArrives, attempt, generation);
  else sim.steps.reachServer(sim, attempt, false);
}

/** Linux' tcp_retries2 = 15: about a quarter of an hour. */
const tcpGivesUpMs = 924_600;

/** The server's answer (0 = it closed the connection) sets off for the client. */
export function respondToClient(sim: Sim, attempt: number, outcome: number): void {
  const { cells } = sim.attempts;
  if (sim.rollout !== null) noteServed(sim, attempt, outcome);
  if (cells[attempt | attemptAt.orphan] === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  // A sidecar answers 503 itself when its application closes the connection.
  if (outcome === 0 && cells[attempt | attemptAt.inboundPlan]! >= 0) outcome = 503;
  cells[attempt | attemptAt.outcome] = outcome | 0;
  cells[attempt | attemptAt.phase] = attemptPhases.toClient;
  if (isInstant(sim) || !travelToClient(sim, attempt)) receiveOutcome(sim, attempt, outcome);
}

/** @returns false when it is there at once. */
function travelToClient(sim: Sim, attempt: number): boolean {
  const { cells } = sim.attempts;
  const cluster = sim.clusterStates[cells[attempt | attemptAt.cluster]!] as ClusterState;
  if (cluster.compiled.local) return false;
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[(cluster.hosts[cells[attempt | attemptAt.host]!] as HostState).target] as Target;
  const generation = sim.attempts.generations[attempt >> rowBits]!;
  if (isPartitioned(sim, client, target)) {
    pushEvent(sim.queue, nowOf(sim) + tcpGivesUpMs, eventKinds.connectionLost, attempt, generation);
    return true;
  }
  const delay = messageDelayMs(sim, linkBetween(sim, client, target));
  if (delay > 0) pushTimer(sim.queue, sim.clock, delay, eventKinds.responseArrives, attempt, generation);
  return delay > 0;
}

export function receiveResponse(sim: Sim, attempt: number): void {
  const { cells } = sim.attempts;
  if (cells[attempt | attemptAt.orphan] === 1) freeAttempt(sim, attempt);
  else receiveOutcome(sim, attempt, cells[attempt | attemptAt.outcome]!);
}

function receiveOutcome(sim: Sim, attempt: number, status: number): void {
  const { cells } = sim.attempts;
  if (isSpecial(status)) {
    receiveSpecialResponse(sim, attempt);
    return;
  }
  if (status === 0) {
    failAttempt(sim, attempt, "reset", 0);
    return;
  }
  const call = cells[attempt | attemptAt.call]!;
  const plan = sim.plans[sim.calls.cells[call | callAt.plan]!] as Plan;
  const cluster = sim.clusterStates[cells[attempt | attemptAt.cluster]!] as ClusterState;
  const host = cluster.hosts[cells[attempt | attemptAt.host]!] as HostState;
  if (cluster.compiled.observed) observe(sim, attempt, cluster, host, status);
  if (sim.recordRoot !== 0) noteAnswer(sim, call, attempt, plan, status);
  if (status !== 200 && plan.retry !== null && retriesAnswer(sim, call, attempt, plan, plan.retry, cluster, host, status)) return;
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  // A request that waited for the stream may have started calls of its own: the rows are read anew.
  if (sim.flights !== null && sim.calls.cells[call | callAt.edge] !== -1) flyResponse(sim, call, attempt, status);
  freeAttempt(sim, attempt);
  if (sim.calls.cells[call | callAt.firstAttempt]! >= 0) cancelAttempts(sim, call);
  finishCall(sim, call, status);
}

function observe(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, status: number): void {
  if (cluster.compiled.config.outlierDetection !== undefined)
    observeStatus(sim, cluster, sim.attempts.cells[attempt | attemptAt.host]!, status);
  if (cluster.compiled.policy.name === "PEAK_EWMA")
    observeLatency(sim, cluster, host, nowOf(sim) - sim.attempts.times[attempt >> rowBits]!);
}

function noteAnswer(sim: Sim, call: number, attempt: number, plan: Plan, status: number): void {
  noteAttemptEnd(sim, attempt, status, 0);
  if (plan.retry === null && status >= 500) noteCall(sim, call, "retry", "retry.noPolicy", {});
}

/** @returns true when the answer is dropped for another try, or for one that is already under way. */
function retriesAnswer(
  sim: Sim,
  call: number,
  attempt: number,
  plan: Plan,
  retry: CompiledRetry,
  cluster: ClusterState,
  host: HostState,
  status: number,
): boolean {
  if (!shouldRetryStatus(sim, call, retry, status)) return false;
  // A hedged attempt that timed out already has its successor.
  const superseded = sim.attempts.cells[attempt | attemptAt.timedOut] === 1 && hasOtherAttempts(sim, call, attempt);
  if (!superseded && !tryRetry(sim, call, plan, cluster)) return false;
  unlinkAttempt(sim, call, attempt);
  releaseStream(sim, attempt, cluster, host, false);
  freeAttempt(sim, attempt);
  return true;
}

function shouldRetryStatus(sim: Sim, call: number, retry: CompiledRetry, status: number): boolean {
  const shape = sim.shapes.list[sim.calls.cells[call | callAt.shape]!] as RequestShape;
  const wanted = retriesStatus(retry.on, status, retry.policy.retriableStatusCodes, shape);
  if (!wanted && sim.recordRoot !== 0 && status >= 400) {
    noteCall(sim, call, "retry", "retry.notMatched", { status, retryOn: retry.policy.retryOn.join(",") }, retry.policy.source);
  }
  return wanted;
}
