/**
 * A TCP proxy's sessions (Envoy's TcpProxy::Filter): each has a connection of its own to the server, tried as often as is allowed. The
 * limit on connections refuses a session before a host is chosen, the one on waiting ones costs it a try; max_requests is none of its limits.
 */
import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import type { Connection } from "../rows/connection.ts";
import { type ClusterState, type HostState, internText, type Sim } from "../sim.ts";
import { flyRefused, flyResponse } from "../telemetry/flight-ring.ts";
import { noteAttemptEnd, noteCall } from "../telemetry/recorder.ts";
import { freeAttempt, localReply, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { draining } from "./connection-pool.ts";
import { refusesSession } from "./filters/connection-rbac.ts";
import { finishCall } from "./finish.ts";
import { leaveReady } from "./idle-connections.ts";
import { explainEjection, observeLocalFailure, observeStatus } from "./outlier-detection.ts";
import type { Destination, Plan } from "./plan.ts";
import { limitsOf, poolOf, resourcesOf } from "./resources.ts";
import { responseFlags } from "./response-flags.ts";
import { tryRetry } from "./retries.ts";
import type { ResetReason } from "./retry-conditions.ts";

/** Before the first connection is tried. @returns whether that was the end */
export function refusesOverLimit(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): boolean {
  if (!isFull(cluster, plan)) return false;
  noteFull(sim, call, cluster);
  localReply(sim, call, 0, responseFlags.UO, internText(sim, "upstream_overflow"));
  return true;
}

function isFull(cluster: ClusterState, { priority }: Plan): boolean {
  return resourcesOf(cluster, priority).connections >= limitsOf(cluster, priority).maxConnections;
}

function noteFull(sim: Sim, call: Call, cluster: ClusterState): void {
  if (sim.recordRoot === 0) return;
  const limit = limitsOf(cluster, call.plan.priority).maxConnections;
  const { sources } = cluster.compiled.config;
  const params = { limit, cluster: cluster.compiled.name };
  noteCall(sim, call, "circuitBreaker", "circuitBreaker.connectionsFull", params, sources?.connectionPool);
}

/** The connection is there: the session keeps it until both are over. @returns false when the first bytes ended it */
export function openSession(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  plan: Plan,
  cluster: ClusterState,
  host: HostState,
): boolean {
  leaveReady(poolOf(host, attempt.priority), connection);
  connection.phase = draining;
  const { outlierDetection } = cluster.compiled.config;
  // That is all outlier detection sees of it.
  if (outlierDetection?.splitExternalLocalOriginErrors === false) observeStatus(sim, cluster, host.index, 200);
  const { call } = attempt;
  return !refusesSession(sim, call, plan.destinations[call.destination] as Destination);
}

/** No connection came about, or the server closed it. @param reason text id of the transport failure */
export function failSession(sim: Sim, attempt: Attempt, reset: ResetReason, reason: number): void {
  const { call, cluster, host } = attempt;
  const { plan } = call;
  const isRefused = reset === "connectFailure";
  const isOver = !isRefused && reset !== "overflow";
  if (isRefused && cluster.compiled.config.outlierDetection !== undefined) {
    const ejected = cluster.ejectedCount;
    observeLocalFailure(sim, cluster, host.index, 503);
    if (sim.recordRoot !== 0 && cluster.ejectedCount > ejected) explainEjection(sim, call, cluster, host);
  }
  const flag = isRefused ? responseFlags.UF : 0;
  call.flags |= flag;
  if (reason !== 0) call.failureReason = reason;
  if (sim.recordRoot !== 0) noteFailure(sim, attempt, isRefused, isOver, flag, reason);
  const isSeen = sim.flights !== null && call.edge !== -1;
  if (isSeen && !isOver) flyRefused(sim, call, isRefused ? host.target.index : -1, 0);
  if (isSeen && isOver) flyResponse(sim, call, attempt, 0);
  const retried = !isOver && plan.retry !== null && triesAgain(sim, call, plan, cluster);
  unlinkAttempt(call, attempt);
  releaseStream(sim, attempt, cluster, host, true);
  freeAttempt(sim, attempt);
  if (retried) return;
  call.details = internText(sim, isOver ? "upstream_closed" : "upstream_connect_failed");
  finishCall(sim, call, 0);
}

function noteFailure(sim: Sim, attempt: Attempt, isRefused: boolean, isOver: boolean, flag: number, reason: number): void {
  const { call, host } = attempt;
  noteAttemptEnd(sim, attempt, 0, flag);
  const { address } = host;
  if (isRefused) noteCall(sim, call, "attempt", "attempt.connectFailed", { address, reason: sim.texts.list[reason] ?? "" });
  if (isOver) noteCall(sim, call, "attempt", "attempt.reset", { address });
}

/** The limit on connections comes first. */
function triesAgain(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): boolean {
  if (!isFull(cluster, plan)) return tryRetry(sim, call, plan, cluster);
  noteFull(sim, call, cluster);
  call.flags |= responseFlags.UO;
  return false;
}
