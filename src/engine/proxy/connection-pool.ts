/**
 * Connections from one proxy to one host (Envoy's ConnPoolImplBase). A request takes an idle connection directly; otherwise it is
 * pending, even while a connection of its own is being opened, and only `maxPendingRequests` may be.
 */
import { pushEvent } from "../kernel/event-queue.ts";
import { retireRow, takeRow } from "../kernel/table.ts";
import { shakeHands } from "../network/handshake.ts";
import { isPartitioned, linkBetween } from "../network/latency.ts";
import {
  type ClusterState,
  createConnectionRow,
  eventKinds,
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
  const { connections } = sim;
  const pool = host.pools[priority];
  if (cluster.compiled.http2) {
    if (pool.shared >= 0) {
      return attach(sim, attempt, pool.shared, cluster, host, priority);
    }
  } else {
    const idle = takeIdle(sim, cluster, pool);
    if (idle >= 0) {
      pool.idle = connections.rows[idle]!.next;
      return attach(sim, attempt, idle, cluster, host, priority);
    }
  }
  const limits = cluster.compiled.limits[priority];
  if (cluster.pending[priority] >= limits.maxPendingRequests) {
    if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.pendingFull", limits.maxPendingRequests);
    sim.steps.failAttempt(sim, attempt, "overflow", 0);
    return false;
  }
  cluster.pending[priority]++;
  pool.pending++;
  const { attempts } = sim;
  attempts.rows[attempt]!.next = -1;
  if (pool.pendingTail >= 0) attempts.rows[pool.pendingTail]!.next = attempt;
  else pool.pendingHead = attempt;
  pool.pendingTail = attempt;
  openIfNeeded(sim, cluster, host, priority, pool);
  return true;
}

function noteOverflow(sim: Sim, attempt: number, cluster: ClusterState, code: string, limit: number): void {
  const call = sim.attempts.rows[attempt]!.call;
  noteCall(
    sim,
    call,
    "circuitBreaker",
    code,
    { limit, cluster: cluster.compiled.name },
    cluster.compiled.config.sources?.connectionPool,
  );
}

/** The head of the idle list; connections idle for too long are closed when they are met. */
function takeIdle(sim: Sim, cluster: ClusterState, pool: PoolState): number {
  const limit = cluster.compiled.config.idleTimeoutMs;
  if (limit === undefined || limit <= 0) return pool.idle;
  const { connections } = sim;
  while (pool.idle >= 0 && nowOf(sim) - connections.rows[pool.idle]!.idleSinceMs >= limit) {
    const expired = pool.idle;
    pool.idle = connections.rows[expired]!.next;
    closeConnection(sim, expired, cluster, pool);
  }
  return pool.idle;
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
  const connection = takeRow(connections, createConnectionRow);
  const client = sim.instances[cluster.instance] as InstanceState;
  const target = sim.targets[host.target] as Target;
  const handshake = shakeHands(sim, client, cluster.compiled, host);
  connections.rows[connection]!.cluster = cluster.index;
  connections.rows[connection]!.host = cluster.hosts.indexOf(host);
  connections.rows[connection]!.priority = priority;
  connections.rows[connection]!.phase = connecting;
  connections.rows[connection]!.streams = 0;
  connections.rows[connection]!.served = 0;
  connections.rows[connection]!.next = -1;
  connections.rows[connection]!.peer = handshake.peer.id;
  connections.rows[connection]!.mutualTls = handshake.mutualTls ? 1 : 0;
  connections.rows[connection]!.failure = handshake.failure;
  connections.rows[connection]!.target = host.target;
  pool.connections++;
  pool.connecting++;
  cluster.connections[priority]++;
  const generation = connections.rows[connection]!.generation;
  const now = nowOf(sim);
  const { connectTimeoutMs } = cluster.compiled.config;
  if (cluster.compiled.local) {
    pushEvent(sim.queue, now, eventKinds.connectionReady, connection, generation);
    return;
  }
  const roundTripMs = 2 * linkBetween(sim, client, target).latencyMs;
  if (isPartitioned(sim, client, target) || (connectTimeoutMs > 0 && roundTripMs > connectTimeoutMs)) {
    pushEvent(sim.queue, now + connectTimeoutMs, eventKinds.connectTimeout, connection, generation);
  } else {
    pushEvent(sim.queue, now + roundTripMs, eventKinds.connectionReady, connection, generation);
  }
}

export function onConnectionReady(sim: Sim, connection: number): void {
  const { connections } = sim;
  const cluster = sim.clusterStates[connections.rows[connection]!.cluster] as ClusterState;
  const host = cluster.hosts[connections.rows[connection]!.host] as HostState;
  const priority = connections.rows[connection]!.priority as 0 | 1;
  const pool = host.pools[priority];
  const target = sim.targets[host.target] as Target;
  const refused = !isListening(sim, target, cluster.compiled.local);
  if (refused || connections.rows[connection]!.failure !== 0) {
    const reason = refused ? internText(sim, "delayed_connect_error:_Connection_refused") : connections.rows[connection]!.failure;
    connectionFailed(sim, connection, cluster, pool, reason);
    return;
  }
  pool.connecting--;
  connections.rows[connection]!.phase = open;
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
  const cluster = sim.clusterStates[connections.rows[connection]!.cluster] as ClusterState;
  const host = cluster.hosts[connections.rows[connection]!.host] as HostState;
  connectionFailed(
    sim,
    connection,
    cluster,
    host.pools[connections.rows[connection]!.priority as 0 | 1],
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
  pool.pendingHead = sim.attempts.rows[attempt]!.next;
  if (pool.pendingHead < 0) pool.pendingTail = -1;
  pool.pending--;
  cluster.pending[priority]--;
  return attempt;
}

function attach(sim: Sim, attempt: number, connection: number, cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  const link = sim.connections.rows[connection]!;
  const own = sim.attempts.rows[attempt]!;
  const limit = cluster.compiled.limits[priority].maxRequests;
  if (cluster.requests[priority] >= limit) {
    if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.requestsFull", limit);
    own.connection = -1;
    own.phase = refusedStream;
    if (!cluster.compiled.http2) giveIdle(sim, connection, host.pools[priority]);
    sim.steps.failAttempt(sim, attempt, "overflow", 0);
    return false;
  }
  own.connection = connection;
  cluster.requests[priority]++;
  host.active++;
  link.streams = link.streams + 1;
  const served = link.served + 1;
  link.served = served;
  const { maxRequestsPerConnection, maxConcurrentStreams } = cluster.compiled.config;
  const pool = host.pools[priority];
  if (maxRequestsPerConnection > 0 && served >= maxRequestsPerConnection) {
    link.phase = draining;
    if (pool.shared === connection) pool.shared = -1;
  } else if (cluster.compiled.http2 && link.streams >= maxConcurrentStreams && pool.shared === connection) {
    pool.shared = -1;
  }
  sim.steps.sendRequest(sim, attempt, cluster, host);
  return true;
}

/** Phase of an attempt that got a connection but no stream: nothing to give back. */
const refusedStream = 7;

function giveIdle(sim: Sim, connection: number, pool: PoolState): void {
  sim.connections.rows[connection]!.next = pool.idle;
  sim.connections.rows[connection]!.idleSinceMs = nowOf(sim);
  pool.idle = connection;
}

/** HTTP/1: the connection takes the next waiting request or becomes idle. */
function serveNext(sim: Sim, connection: number, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  if (pool.pendingHead < 0) {
    giveIdle(sim, connection, pool);
    return;
  }
  // An overflow at max_requests gives the connection back, and the next one waiting gets its turn.
  const generation = sim.connections.rows[connection]!.generation;
  giveIdle(sim, connection, pool);
  while (pool.pendingHead >= 0 && pool.idle === connection && sim.connections.rows[connection]!.generation === generation) {
    pool.idle = sim.connections.rows[connection]!.next;
    attach(sim, takePending(sim, cluster, pool, priority), connection, cluster, host, priority);
  }
}

/** A stream ended: limits are given back, the connection goes on or is closed. */
export function afterStream(sim: Sim, attempt: number, cluster: ClusterState, host: HostState, broken: boolean): void {
  const own = sim.attempts.rows[attempt]!;
  const { connections } = sim;
  const connection = own.connection;
  if (connection < 0) return;
  own.connection = -1;
  const priority = own.priority as 0 | 1;
  cluster.requests[priority]--;
  host.active--;
  const pool = host.pools[priority];
  const streams = connections.rows[connection]!.streams - 1;
  connections.rows[connection]!.streams = streams;
  if (cluster.compiled.http2) {
    if (connections.rows[connection]!.phase === draining) {
      if (streams === 0) closeConnection(sim, connection, cluster, pool);
    } else if (pool.shared < 0 && streams < cluster.compiled.config.maxConcurrentStreams) {
      pool.shared = connection;
    }
    while (pool.pendingHead >= 0 && pool.shared >= 0)
      attach(sim, takePending(sim, cluster, pool, priority), pool.shared, cluster, host, priority);
    if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
    return;
  }
  if (broken || connections.rows[connection]!.phase === draining || !host.present) {
    closeConnection(sim, connection, cluster, pool);
    if (pool.pendingHead >= 0) openIfNeeded(sim, cluster, host, priority, pool);
    return;
  }
  serveNext(sim, connection, cluster, host, priority, pool);
}

/** A waiting request is given up. */
export function leavePending(sim: Sim, attempt: number, cluster: ClusterState, host: HostState): void {
  const { attempts } = sim;
  const priority = attempts.rows[attempt]!.priority as 0 | 1;
  const pool = host.pools[priority];
  let before = -1;
  for (let row = pool.pendingHead; row >= 0; row = attempts.rows[row]!.next) {
    if (row === attempt) {
      const next = attempts.rows[row]!.next;
      if (before < 0) pool.pendingHead = next;
      else attempts.rows[before]!.next = next;
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
  cluster.connections[connections.rows[connection]!.priority as 0 | 1]--;
  if (pool.shared === connection) pool.shared = -1;
  connections.rows[connection]!.phase = -1;
  retireRow(connections, connection);
}
