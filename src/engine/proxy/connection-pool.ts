/**
 * Connections from one proxy to one host (Envoy's ConnPoolImplBase). A request takes an idle connection directly; otherwise it is
 * pending, even while a connection of its own is being opened, and only `maxPendingRequests` may be.
 */

import { pushEvent } from "../kernel/event-queue.ts";
import { retireRow, rowBits, takeRow } from "../kernel/table.ts";
import { shakeHands } from "../network/handshake.ts";
import { isPartitioned, linkBetween } from "../network/latency.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as connectionAt from "../rows/connection.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import {
  type ClusterState,
  type HostState,
  type InstanceState,
  internText,
  nowOf,
  type PoolState,
  type ReplicaState,
  type Sim,
  type Target,
} from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";

const connecting = 0;
const open = 1;
const draining = 2;

/** Finds the attempt a stream, or a place to wait for one. @returns false when a limit refused it at once. */
export function acquireStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  const pool = host.pools[priority];
  if (cluster.compiled.http2) {
    if (pool.shared >= 0) return attach(sim, attempt, pool.shared, cluster, host, priority);
  } else {
    if (cluster.compiled.idleTimeoutMs > 0) dropExpired(sim, cluster, pool);
    const { idle } = pool;
    if (idle >= 0) {
      pool.idle = sim.connections.cells[idle | connectionAt.next]!;
      return attach(sim, attempt, idle, cluster, host, priority);
    }
  }
  return waitForStream(sim, attempt, cluster, host, priority, pool);
}

function waitForStream(
  sim: Sim,
  attempt: number,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
  pool: PoolState,
): boolean {
  const limits = cluster.compiled.limits[priority];
  if (cluster.pending[priority] >= limits.maxPendingRequests) {
    if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.pendingFull", limits.maxPendingRequests);
    sim.steps.failAttempt(sim, attempt, "overflow", 0);
    return false;
  }
  cluster.pending[priority]++;
  pool.pending++;
  const { cells } = sim.attempts;
  cells[attempt | attemptAt.next] = -1;
  if (pool.pendingTail >= 0) cells[pool.pendingTail | attemptAt.next] = attempt;
  else pool.pendingHead = attempt;
  pool.pendingTail = attempt;
  openIfNeeded(sim, cluster, host, priority, pool);
  return true;
}

function noteOverflow(sim: Sim, attempt: number, cluster: ClusterState, code: string, limit: number): void {
  const call = sim.attempts.cells[attempt | attemptAt.call]!;
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
  const { connections } = sim;
  const limit = cluster.compiled.idleTimeoutMs;
  while (pool.idle >= 0 && nowOf(sim) - connections.times[pool.idle >> rowBits]! >= limit) {
    const expired = pool.idle;
    pool.idle = connections.cells[expired | connectionAt.next]!;
    closeConnection(sim, expired, cluster, pool);
  }
}

/** As many connections in the making as requests waiting; a host without any always gets one, whatever the limit. */
function openIfNeeded(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const capacity = cluster.compiled.http2
    ? pool.connecting * Math.max(1, cluster.compiled.config.maxConcurrentStreams)
    : pool.connecting;
  if (capacity >= pool.pending) return;
  if (pool.connections > 0 && cluster.connections[priority] >= cluster.compiled.limits[priority].maxConnections) return;
  openConnection(sim, cluster, host, priority, pool);
}

function openConnection(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const { connections } = sim;
  const connection = takeRow(connections);
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  const handshake = shakeHands(sim, client, cluster.compiled, host);
  connections.cells[connection | connectionAt.cluster] = cluster.index;
  connections.cells[connection | connectionAt.host] = cluster.hosts.indexOf(host);
  connections.cells[connection | connectionAt.priority] = priority;
  connections.cells[connection | connectionAt.phase] = connecting;
  connections.cells[connection | connectionAt.streams] = 0;
  connections.cells[connection | connectionAt.served] = 0;
  connections.cells[connection | connectionAt.next] = -1;
  connections.cells[connection | connectionAt.peer] = handshake.peer.id;
  connections.cells[connection | connectionAt.mutualTls] = handshake.mutualTls ? 1 : 0;
  connections.cells[connection | connectionAt.failure] = handshake.failure;
  connections.cells[connection | connectionAt.target] = host.target;
  pool.connections++;
  pool.connecting++;
  cluster.connections[priority]++;
  cluster.used = true;
  const generation = connections.generations[connection >> rowBits]!;
  const now = nowOf(sim);
  const { connectTimeoutMs } = cluster.compiled.config;
  if (cluster.compiled.local) {
    pushEvent(sim.queue, now, eventKinds.connectionReady, connection, generation);
    return;
  }
  const { tlsHandshakeMs = 0 } = sim.config.network;
  const roundTripMs = 2 * linkBetween(sim, client, target).latencyMs + (handshake.peer.tls ? tlsHandshakeMs : 0);
  if (isPartitioned(sim, client, target) || (connectTimeoutMs > 0 && roundTripMs > connectTimeoutMs)) {
    pushEvent(sim.queue, now + connectTimeoutMs, eventKinds.connectTimeout, connection, generation);
  } else {
    pushEvent(sim.queue, now + roundTripMs, eventKinds.connectionReady, connection, generation);
  }
}

export function onConnectionReady(sim: Sim, connection: number): void {
  const { connections } = sim;
  const cluster = sim.clusterStates[connections.cells[connection | connectionAt.cluster]!] as ClusterState;
  const host = cluster.hosts[connections.cells[connection | connectionAt.host]!] as HostState;
  const priority = connections.cells[connection | connectionAt.priority]! as 0 | 1;
  const pool = host.pools[priority];
  const target = sim.targets[host.target] as Target;
  const refused = !isListening(sim, target, cluster.compiled.local);
  if (refused || connections.cells[connection | connectionAt.failure]! !== 0) {
    const reason = refused
      ? internText(sim, "delayed_connect_error:_Connection_refused")
      : connections.cells[connection | connectionAt.failure]!;
    connectionFailed(sim, connection, cluster, pool, reason);
    return;
  }
  pool.connecting--;
  connections.cells[connection | connectionAt.phase] = open;
  if (cluster.compiled.http2) {
    pool.shared = connection;
    while (pool.pendingHead >= 0 && pool.shared >= 0)
      attach(sim, takePending(sim, cluster, pool, priority), pool.shared, cluster, host, priority);
    return;
  }
  serveNext(sim, connection, cluster, host, priority, pool);
}

export function onConnectTimeout(sim: Sim, connection: number): void {
  const { connections } = sim;
  const cluster = sim.clusterStates[connections.cells[connection | connectionAt.cluster]!] as ClusterState;
  const host = cluster.hosts[connections.cells[connection | connectionAt.host]!] as HostState;
  connectionFailed(
    sim,
    connection,
    cluster,
    host.pools[connections.cells[connection | connectionAt.priority]! as 0 | 1],
    internText(sim, "connect_timeout"),
  );
}

function isListening(sim: Sim, target: Target, local: boolean): boolean {
  if (local) return true;
  if (target.replica >= 0) return (sim.replicas[target.replica] as ReplicaState).up;
  return target.instance >= 0;
}

/** Every request that waits for this host fails with it, as in Envoy. */
function connectionFailed(sim: Sim, connection: number, cluster: ClusterState, pool: PoolState, reason: number): void {
  pool.connecting--;
  closeConnection(sim, connection, cluster, pool);
  for (let left = pool.pending; left > 0 && pool.pendingHead >= 0; left--) {
    const attempt = pool.pendingHead;
    // It leaves the queue inside failAttempt, which may queue others behind it.
    sim.steps.failAttempt(sim, attempt, "connectFailure", reason);
  }
}

function takePending(sim: Sim, cluster: ClusterState, pool: PoolState, priority: 0 | 1): number {
  const attempt = pool.pendingHead;
  pool.pendingHead = sim.attempts.cells[attempt | attemptAt.next]!;
  if (pool.pendingHead < 0) pool.pendingTail = -1;
  pool.pending--;
  cluster.pending[priority]--;
  return attempt;
}

function attach(sim: Sim, attempt: number, connection: number, cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  if (cluster.requests[priority] >= cluster.compiled.limits[priority].maxRequests) {
    refuseStream(sim, attempt, connection, cluster, host, priority);
    return false;
  }
  sim.attempts.cells[attempt | attemptAt.connection] = connection;
  cluster.requests[priority]++;
  host.active++;
  const { cells } = sim.connections;
  cells[connection | connectionAt.streams]!++;
  cells[connection | connectionAt.served]!++;
  if (cluster.compiled.connectionsWearOut) wearOut(sim, connection, cluster, host.pools[priority]);
  sim.steps.sendRequest(sim, attempt, cluster, host);
  return true;
}

/** A connection that has taken its last stream drains; one that is full takes no other for now. */
function wearOut(sim: Sim, connection: number, cluster: ClusterState, pool: PoolState): void {
  const { maxRequestsPerConnection, maxConcurrentStreams } = cluster.compiled.config;
  const { cells } = sim.connections;
  if (maxRequestsPerConnection > 0 && cells[connection | connectionAt.served]! >= maxRequestsPerConnection)
    cells[connection | connectionAt.phase] = draining;
  else if (!cluster.compiled.http2 || cells[connection | connectionAt.streams]! < maxConcurrentStreams) return;
  if (pool.shared === connection) pool.shared = -1;
}

function refuseStream(
  sim: Sim,
  attempt: number,
  connection: number,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
): void {
  const { maxRequests } = cluster.compiled.limits[priority];
  if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.requestsFull", maxRequests);
  sim.attempts.cells[attempt | attemptAt.connection] = -1;
  sim.attempts.cells[attempt | attemptAt.phase] = refusedStream;
  if (!cluster.compiled.http2) giveIdle(sim, connection, host.pools[priority]);
  sim.steps.failAttempt(sim, attempt, "overflow", 0);
}

/** Phase of an attempt that got a connection but no stream: nothing to give back. */
const refusedStream = 7;

function giveIdle(sim: Sim, connection: number, pool: PoolState): void {
  sim.connections.cells[connection | connectionAt.next] = pool.idle;
  sim.connections.times[connection >> rowBits] = nowOf(sim);
  pool.idle = connection;
}

/** HTTP/1: the connection takes the next waiting request or becomes idle. */
function serveNext(sim: Sim, connection: number, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  giveIdle(sim, connection, pool);
  if (pool.pendingHead < 0) return;
  // An overflow at max_requests gives the connection back, and the next one waiting gets its turn.
  const generation = sim.connections.generations[connection >> rowBits];
  while (pool.pendingHead >= 0 && pool.idle === connection && sim.connections.generations[connection >> rowBits] === generation) {
    pool.idle = sim.connections.cells[connection | connectionAt.next]!;
    attach(sim, takePending(sim, cluster, pool, priority), connection, cluster, host, priority);
  }
}

/** A stream ended: limits are given back, the connection goes on or is closed. */
export function afterStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, broken: boolean): void {
  const { cells } = sim.attempts;
  const connection = cells[attempt | attemptAt.connection]!;
  const priority = cells[attempt | attemptAt.priority] as 0 | 1;
  cells[attempt | attemptAt.connection] = -1;
  cluster.requests[priority]--;
  host.active--;
  const pool = host.pools[priority];
  const own = sim.connections.cells;
  own[connection | connectionAt.streams]!--;
  if (cluster.compiled.http2) {
    afterHttp2Stream(sim, connection, cluster, host, priority, pool);
  } else if (broken || own[connection | connectionAt.phase] === draining || !host.present) {
    closeConnection(sim, connection, cluster, pool);
    if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
  } else {
    serveNext(sim, connection, cluster, host, priority, pool);
  }
}

function afterHttp2Stream(
  sim: Sim,
  connection: number,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
  pool: PoolState,
): void {
  const { cells } = sim.connections;
  const streams = cells[connection | connectionAt.streams]!;
  if (cells[connection | connectionAt.phase] === draining) {
    if (streams === 0) closeConnection(sim, connection, cluster, pool);
  } else if (pool.shared < 0 && streams < cluster.compiled.config.maxConcurrentStreams) {
    pool.shared = connection;
  }
  while (pool.pendingHead >= 0 && pool.shared >= 0)
    attach(sim, takePending(sim, cluster, pool, priority), pool.shared, cluster, host, priority);
  if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
}

/** A waiting request is given up. */
export function leavePending(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts } = sim;
  const priority = attempts.cells[attempt | attemptAt.priority]! as 0 | 1;
  const pool = host.pools[priority];
  let before = -1;
  for (let row = pool.pendingHead; row >= 0; row = attempts.cells[row | attemptAt.next]!) {
    if (row === attempt) {
      const next = attempts.cells[row | attemptAt.next]!;
      if (before < 0) pool.pendingHead = next;
      else attempts.cells[before | attemptAt.next] = next;
      if (pool.pendingTail === attempt) pool.pendingTail = before;
      pool.pending--;
      cluster.pending[priority]--;
      return;
    }
    before = row;
  }
}

export function closeConnection(sim: Sim, connection: number, cluster: ClusterState, pool: PoolState): void {
  const { connections } = sim;
  pool.connections--;
  cluster.connections[connections.cells[connection | connectionAt.priority]! as 0 | 1]--;
  if (pool.shared === connection) pool.shared = -1;
  connections.cells[connection | connectionAt.phase] = -1;
  retireRow(connections, connection);
}
