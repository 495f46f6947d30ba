/**
 * Connections from one proxy to one host (Envoy's ConnPoolImplBase). A request takes an idle connection directly; otherwise it is
 * pending, even while a connection of its own is being opened, and only `maxPendingRequests` may be.
 */

import { pushEvent } from "../kernel/event-queue.ts";
import { retireRow, takeRow } from "../kernel/table.ts";
import { shakeHands } from "../network/handshake.ts";
import { isPartitioned, linkBetween } from "../network/latency.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Connection } from "../rows/connection.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import {
  attemptOf,
  type ClusterState,
  callOf,
  connectionOf,
  type HostState,
  type InstanceState,
  internText,
  nowOf,
  type ReplicaState,
  type Sim,
  type Target,
} from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { limitsOf, type PoolState, poolOf, resourcesOf } from "./resources.ts";

const connecting = 0;
const open = 1;
const draining = 2;

/** Finds the attempt a stream, or a place to wait for one. @returns false when a limit refused it at once. */
export function acquireStream(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  const pool = poolOf(host, priority);
  if (cluster.compiled.http2) {
    if (pool.shared >= 0) return attach(sim, attempt, connectionOf(sim, pool.shared), cluster, host, priority);
  } else {
    if (cluster.compiled.idleTimeoutMs > 0) dropExpired(sim, cluster, pool);
    const { idle } = pool;
    if (idle >= 0) {
      const connection = connectionOf(sim, idle);
      pool.idle = connection.next;
      return attach(sim, attempt, connection, cluster, host, priority);
    }
  }
  return waitForStream(sim, attempt, cluster, host, priority, pool);
}

function waitForStream(
  sim: Sim,
  attempt: Attempt,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
  pool: PoolState,
): boolean {
  const limits = limitsOf(cluster, priority);
  const used = resourcesOf(cluster, priority);
  if (used.pending >= limits.maxPendingRequests) {
    if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.pendingFull", limits.maxPendingRequests);
    sim.steps.failAttempt(sim, attempt, "overflow", 0);
    return false;
  }
  used.pending++;
  pool.pending++;
  attempt.next = -1;
  if (pool.pendingTail >= 0) attemptOf(sim, pool.pendingTail).next = attempt.id;
  else pool.pendingHead = attempt.id;
  pool.pendingTail = attempt.id;
  openIfNeeded(sim, cluster, host, priority, pool);
  return true;
}

function noteOverflow(sim: Sim, attempt: Attempt, cluster: ClusterState, code: string, limit: number): void {
  const call = callOf(sim, attempt.call);
  noteCall(
    sim,
    call,
    "circuitBreaker",
    code,
    { limit, cluster: cluster.compiled.name },
    cluster.compiled.config.sources?.connectionPool,
  );
}

/** Connections idle for too long are closed when they are met. */
function dropExpired(sim: Sim, cluster: ClusterState, pool: PoolState): void {
  const limit = cluster.compiled.idleTimeoutMs;
  while (pool.idle >= 0) {
    const connection = connectionOf(sim, pool.idle);
    if (nowOf(sim) - connection.idleSinceMs < limit) return;
    pool.idle = connection.next;
    closeConnection(sim, connection, cluster, pool);
  }
}

/** As many connections in the making as requests waiting; a host without any always gets one, whatever the limit. */
function openIfNeeded(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const capacity = cluster.compiled.http2
    ? pool.connecting * Math.max(1, cluster.compiled.config.maxConcurrentStreams)
    : pool.connecting;
  if (capacity >= pool.pending) return;
  if (pool.connections > 0 && resourcesOf(cluster, priority).connections >= limitsOf(cluster, priority).maxConnections) return;
  openConnection(sim, cluster, host, priority, pool);
}

function openConnection(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const connection = takeRow(sim.connections);
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  const handshake = shakeHands(sim, client, cluster.compiled, host);
  connection.cluster = cluster.index;
  connection.host = cluster.hosts.indexOf(host);
  connection.priority = priority;
  connection.phase = connecting;
  connection.streams = 0;
  connection.served = 0;
  connection.next = -1;
  connection.peer = handshake.peer;
  connection.mutualTls = handshake.mutualTls ? 1 : 0;
  connection.failure = handshake.failure;
  connection.target = host.target;
  pool.connections++;
  pool.connecting++;
  resourcesOf(cluster, priority).connections++;
  cluster.used = true;
  const generation = sim.connections.generations[connection.id]!;
  const now = nowOf(sim);
  const { connectTimeoutMs } = cluster.compiled.config;
  if (cluster.compiled.local) {
    pushEvent(sim.queue, now, eventKinds.connectionReady, connection.id, generation);
    return;
  }
  const { tlsHandshakeMs = 0 } = sim.config.network;
  const roundTripMs = 2 * linkBetween(sim, client, target).latencyMs + (handshake.peer.tls ? tlsHandshakeMs : 0);
  if (isPartitioned(sim, client, target) || (connectTimeoutMs > 0 && roundTripMs > connectTimeoutMs)) {
    pushEvent(sim.queue, now + connectTimeoutMs, eventKinds.connectTimeout, connection.id, generation);
  } else {
    pushEvent(sim.queue, now + roundTripMs, eventKinds.connectionReady, connection.id, generation);
  }
}

export function onConnectionReady(sim: Sim, connection: Connection): void {
  const cluster = sim.clusterStates[connection.cluster] as ClusterState;
  const host = cluster.hosts[connection.host] as HostState;
  const priority = connection.priority as 0 | 1;
  const pool = poolOf(host, priority);
  const target = sim.targets[host.target] as Target;
  const refused = !isListening(sim, target, cluster.compiled.local);
  if (refused || connection.failure !== 0) {
    const reason = refused ? internText(sim, "delayed_connect_error:_Connection_refused") : connection.failure;
    connectionFailed(sim, connection, cluster, pool, reason);
    return;
  }
  pool.connecting--;
  connection.phase = open;
  if (cluster.compiled.http2) {
    pool.shared = connection.id;
    sharePending(sim, cluster, host, priority, pool);
    return;
  }
  serveNext(sim, connection, cluster, host, priority, pool);
}

export function onConnectTimeout(sim: Sim, connection: Connection): void {
  const cluster = sim.clusterStates[connection.cluster] as ClusterState;
  const host = cluster.hosts[connection.host] as HostState;
  connectionFailed(sim, connection, cluster, poolOf(host, connection.priority as 0 | 1), internText(sim, "connect_timeout"));
}

function isListening(sim: Sim, target: Target, local: boolean): boolean {
  if (local) return true;
  if (target.replica >= 0) return (sim.replicas[target.replica] as ReplicaState).up;
  return target.instance >= 0;
}

/** Every request that waits for this host fails with it, as in Envoy. */
function connectionFailed(sim: Sim, connection: Connection, cluster: ClusterState, pool: PoolState, reason: number): void {
  pool.connecting--;
  closeConnection(sim, connection, cluster, pool);
  for (let left = pool.pending; left > 0 && pool.pendingHead >= 0; left--) {
    const attempt = attemptOf(sim, pool.pendingHead);
    // It leaves the queue inside failAttempt, which may queue others behind it.
    sim.steps.failAttempt(sim, attempt, "connectFailure", reason);
  }
}

function takePending(sim: Sim, cluster: ClusterState, pool: PoolState, priority: 0 | 1): Attempt {
  const attempt = attemptOf(sim, pool.pendingHead);
  pool.pendingHead = attempt.next;
  if (pool.pendingHead < 0) pool.pendingTail = -1;
  pool.pending--;
  resourcesOf(cluster, priority).pending--;
  return attempt;
}

function attach(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
): boolean {
  const used = resourcesOf(cluster, priority);
  if (used.requests >= limitsOf(cluster, priority).maxRequests) {
    refuseStream(sim, attempt, connection, cluster, host, priority);
    return false;
  }
  attempt.connection = connection.id;
  used.requests++;
  host.active++;
  connection.streams++;
  connection.served++;
  if (cluster.compiled.connectionsWearOut) wearOut(connection, cluster, poolOf(host, priority));
  sim.steps.sendRequest(sim, attempt, connection, cluster, host);
  return true;
}

/** A connection that has taken its last stream drains; one that is full takes no other for now. */
function wearOut(connection: Connection, cluster: ClusterState, pool: PoolState): void {
  const { maxRequestsPerConnection, maxConcurrentStreams } = cluster.compiled.config;
  if (maxRequestsPerConnection > 0 && connection.served >= maxRequestsPerConnection) connection.phase = draining;
  else if (!cluster.compiled.http2 || connection.streams < maxConcurrentStreams) return;
  if (pool.shared === connection.id) pool.shared = -1;
}

function refuseStream(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
): void {
  const { maxRequests } = limitsOf(cluster, priority);
  if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.requestsFull", maxRequests);
  attempt.connection = -1;
  attempt.phase = refusedStream;
  if (!cluster.compiled.http2) giveIdle(sim, connection, poolOf(host, priority));
  sim.steps.failAttempt(sim, attempt, "overflow", 0);
}

/** Phase of an attempt that got a connection but no stream: nothing to give back. */
const refusedStream = 7;

function giveIdle(sim: Sim, connection: Connection, pool: PoolState): void {
  connection.next = pool.idle;
  connection.idleSinceMs = nowOf(sim);
  pool.idle = connection.id;
}

/** HTTP/1: the connection takes the next waiting request or becomes idle. */
function serveNext(
  sim: Sim,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
  pool: PoolState,
): void {
  giveIdle(sim, connection, pool);
  if (pool.pendingHead < 0) return;
  // An overflow at max_requests gives the connection back, and the next one waiting gets its turn.
  const generation = sim.connections.generations[connection.id];
  while (pool.pendingHead >= 0 && pool.idle === connection.id && sim.connections.generations[connection.id] === generation) {
    pool.idle = connection.next;
    attach(sim, takePending(sim, cluster, pool, priority), connection, cluster, host, priority);
  }
}

/** A stream ended: limits are given back, the connection goes on or is closed. */
export function afterStream(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, broken: boolean): void {
  const connection = connectionOf(sim, attempt.connection);
  const priority = attempt.priority as 0 | 1;
  attempt.connection = -1;
  resourcesOf(cluster, priority).requests--;
  host.active--;
  const pool = poolOf(host, priority);
  connection.streams--;
  if (cluster.compiled.http2) {
    afterHttp2Stream(sim, connection, cluster, host, priority, pool);
  } else if (broken || connection.phase === draining || !host.present) {
    closeConnection(sim, connection, cluster, pool);
    if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
  } else {
    serveNext(sim, connection, cluster, host, priority, pool);
  }
}

/** HTTP/2: those who wait share the connection as far as it has room. */
function sharePending(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  while (pool.pendingHead >= 0 && pool.shared >= 0)
    attach(sim, takePending(sim, cluster, pool, priority), connectionOf(sim, pool.shared), cluster, host, priority);
}

function afterHttp2Stream(
  sim: Sim,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
  pool: PoolState,
): void {
  const { streams } = connection;
  if (connection.phase === draining) {
    if (streams === 0) closeConnection(sim, connection, cluster, pool);
  } else if (pool.shared < 0 && streams < cluster.compiled.config.maxConcurrentStreams) {
    pool.shared = connection.id;
  }
  sharePending(sim, cluster, host, priority, pool);
  if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
}

/** A waiting request is given up. */
export function leavePending(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState): void {
  const priority = attempt.priority as 0 | 1;
  const pool = poolOf(host, priority);
  let before = -1;
  for (let id = pool.pendingHead; id >= 0; id = attemptOf(sim, id).next) {
    if (id === attempt.id) {
      if (before < 0) pool.pendingHead = attempt.next;
      else attemptOf(sim, before).next = attempt.next;
      if (pool.pendingTail === id) pool.pendingTail = before;
      pool.pending--;
      resourcesOf(cluster, priority).pending--;
      return;
    }
    before = id;
  }
}

export function closeConnection(sim: Sim, connection: Connection, cluster: ClusterState, pool: PoolState): void {
  pool.connections--;
  resourcesOf(cluster, connection.priority as 0 | 1).connections--;
  if (pool.shared === connection.id) pool.shared = -1;
  connection.phase = -1;
  retireRow(sim.connections, connection.id);
}
