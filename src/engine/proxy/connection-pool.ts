/**
 * Connections from one proxy to one host (Envoy's ConnPoolImplBase). A request takes an idle connection directly; otherwise it is
 * pending, even while a connection of its own is being opened, and only `maxPendingRequests` may be.
 */

import { pushEvent, pushTimer } from "../kernel/event-queue.ts";
import { addRows, takeRow } from "../kernel/table.ts";
import { plainPeerOf, shakeHands } from "../network/handshake.ts";
import { isPartitioned, linkBetween } from "../network/latency.ts";
import type { Attempt } from "../rows/attempt.ts";
import { type Connection, createConnection } from "../rows/connection.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type HostState, internText, nowOf, type Sim, type Target } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { closeConnection, closeExpiredOf, isExpired, leaveReady } from "./idle-connections.ts";
import { limitsOf, type PoolState, poolOf, resourcesOf } from "./resources.ts";

const connecting = 0;
const open = 1;
export const draining = 2;

/** Finds the attempt a stream, or a place to wait for one. @returns false when a limit refused it at once. */
export function acquireStream(sim: Sim, attempt: Attempt, cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  const pool = poolOf(host, priority);
  if (cluster.traits.idleTimeoutMs > 0) dropExpired(sim, cluster, pool);
  const { ready } = pool;
  if (ready !== null) return attach(sim, attempt, ready, cluster, host, priority);
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
    // What may not wait went to nobody.
    attempt.call.upstreamHost = -1;
    sim.steps.failAttempt(sim, attempt, "overflow", 0);
    return false;
  }
  used.pending++;
  pool.pending++;
  attempt.next = null;
  if (pool.pendingTail !== null) pool.pendingTail.next = attempt;
  else pool.pendingHead = attempt;
  pool.pendingTail = attempt;
  openIfNeeded(sim, cluster, host, priority, pool);
  return true;
}

function noteOverflow(sim: Sim, attempt: Attempt, cluster: ClusterState, code: string, limit: number): void {
  noteCall(
    sim,
    attempt.call,
    "circuitBreaker",
    code,
    { limit, cluster: cluster.compiled.name },
    cluster.compiled.config.sources?.connectionPool,
  );
}

/** Connections idle for too long are closed when they are met. */
function dropExpired(sim: Sim, cluster: ClusterState, pool: PoolState): void {
  for (let connection = pool.ready; connection !== null && isExpired(sim, cluster, connection); connection = pool.ready) {
    pool.ready = connection.next;
    closeConnection(sim, connection, cluster, pool);
  }
}

/** At most so many at once, as in Envoy. */
const mostAtOnce = 3;

/** As many connections in the making as requests waiting; a host without any always gets one, whatever the limit. */
function openIfNeeded(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const streams = cluster.traits.http2 ? streamsOf(cluster) : 1;
  for (let left = mostAtOnce; left > 0 && pool.connecting * streams < pool.pending; left--) {
    if (pool.connections > 0 && isFull(cluster, host, priority)) {
      if (cluster.traits.idleTimeoutMs <= 0) return;
      closeExpiredOf(sim, cluster);
      if (isFull(cluster, host, priority)) return;
    }
    openConnection(sim, cluster, host, priority, pool);
  }
}

/** per_host_thresholds count the connections of both priorities. */
function isFull(cluster: ClusterState, host: HostState, priority: 0 | 1): boolean {
  const { maxConnections, maxConnectionsPerHost = Infinity } = limitsOf(cluster, priority);
  const toHost = host.connections + (host.highPool?.connections ?? 0);
  return resourcesOf(cluster, priority).connections >= maxConnections || toHost >= maxConnectionsPerHost;
}

/** What a new connection of HTTP/2 can take at once. */
function streamsOf({ compiled }: ClusterState): number {
  const { maxConcurrentStreams, maxRequestsPerConnection } = compiled.config;
  const inItsLife = maxRequestsPerConnection > 0 ? maxRequestsPerConnection : maxConcurrentStreams;
  return Math.max(1, Math.min(maxConcurrentStreams, inItsLife));
}

function openConnection(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  const client = cluster.instance;
  const { target } = host;
  const connection = takeRow(sim.connections) ?? addConnection(sim, cluster, host);
  connection.cluster = cluster;
  connection.host = host;
  connection.priority = priority;
  connection.phase = connecting;
  connection.streams = 0;
  connection.served = 0;
  connection.cutOffMs = NaN;
  connection.next = null;
  connection.target = target;
  shakeHands(sim, connection, cluster, host);
  pool.connections++;
  pool.connecting++;
  resourcesOf(cluster, priority).connections++;
  cluster.used = true;
  const { generation } = connection;
  const now = nowOf(sim);
  const { connectTimeoutMs } = cluster.compiled.config;
  if (cluster.traits.local) {
    pushEvent(sim.queue, now, eventKinds.connectionReady, connection.id, generation);
    return;
  }
  const { tlsHandshakeMs = 0 } = sim.config.network;
  const roundTripMs = 2 * linkBetween(sim, client, target).latencyMs + (connection.plaintext === 1 ? 0 : tlsHandshakeMs);
  const isCutOff = isPartitioned(sim, client, target);
  if (isCutOff) connection.cutOffMs = now;
  if (isCutOff || (connectTimeoutMs > 0 && roundTripMs > connectTimeoutMs)) {
    pushEvent(sim.queue, now + connectTimeoutMs, eventKinds.connectTimeout, connection.id, generation);
  } else {
    pushEvent(sim.queue, now + roundTripMs, eventKinds.connectionReady, connection.id, generation);
  }
}

function addConnection(sim: Sim, cluster: ClusterState, host: HostState): Connection {
  const peer = plainPeerOf(sim, cluster);
  return addRows(sim.connections, (id) => createConnection(id, cluster, host, peer));
}

export function onConnectionReady(sim: Sim, connection: Connection): void {
  const { cluster, host, priority } = connection;
  const pool = poolOf(host, priority);
  const refused = !isListening(host.target, cluster.traits.local);
  if (refused || connection.failure !== 0) {
    const reason = refused ? internText(sim, "delayed_connect_error:_Connection_refused") : connection.failure;
    connectionFailed(sim, connection, cluster, pool, reason);
    return;
  }
  pool.connecting--;
  connection.phase = open;
  if (cluster.traits.maxConnectionAgeMs > 0) limitAge(sim, connection, cluster.traits.maxConnectionAgeMs);
  giveReady(sim, connection, cluster, pool);
  servePending(sim, cluster, host, priority, pool);
}

/** Called when it is there: the time of connecting does not count. */
function limitAge(sim: Sim, { id, generation }: Connection, ageMs: number): void {
  pushTimer(sim.queue, sim.clock, ageMs, eventKinds.connectionAged, id, generation);
}

export function onConnectTimeout(sim: Sim, connection: Connection): void {
  // A partition that healed meanwhile let it through.
  if (connection.phase !== connecting) return;
  const { cluster, host, priority } = connection;
  connectionFailed(sim, connection, cluster, poolOf(host, priority), internText(sim, "connect_timeout"));
}

function isListening({ replica, instance }: Target, local: boolean): boolean {
  if (local) return true;
  return replica === null ? instance !== null : replica.up;
}

/** Every request that waits for this host fails with it, as in Envoy. */
function connectionFailed(sim: Sim, connection: Connection, cluster: ClusterState, pool: PoolState, reason: number): void {
  pool.connecting--;
  closeConnection(sim, connection, cluster, pool);
  for (let left = pool.pending; left > 0 && pool.pendingHead !== null; left--) {
    // It leaves the queue inside failAttempt, which may queue others behind it.
    sim.steps.failAttempt(sim, pool.pendingHead, "connectFailure", reason);
  }
}

/** @param first of those who wait */
function takePending(cluster: ClusterState, pool: PoolState, priority: 0 | 1, first: Attempt): Attempt {
  pool.pendingHead = first.next;
  if (pool.pendingHead === null) pool.pendingTail = null;
  pool.pending--;
  resourcesOf(cluster, priority).pending--;
  return first;
}

/** @param connection the first of the ready ones */
function attach(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  priority: 0 | 1,
): boolean {
  const used = resourcesOf(cluster, priority);
  if (used.requests >= limitsOf(cluster, priority).maxRequests && !attempt.call.plan.tcp) {
    refuseStream(sim, attempt, cluster, priority);
    return false;
  }
  attempt.connection = connection;
  used.requests++;
  host.active++;
  connection.streams++;
  connection.served++;
  if (!cluster.traits.connectionsWearOut || !hasRoom(connection, cluster)) poolOf(host, priority).ready = connection.next;
  sim.steps.sendRequest(sim, attempt, connection, cluster, host);
  return true;
}

/** For another stream at once. A connection that has taken its last one drains. */
function hasRoom(connection: Connection, { compiled, traits }: ClusterState): boolean {
  const { maxRequestsPerConnection, maxConcurrentStreams } = compiled.config;
  if (maxRequestsPerConnection > 0 && connection.served >= maxRequestsPerConnection) {
    connection.phase = draining;
    return false;
  }
  return traits.http2 && connection.streams < maxConcurrentStreams;
}

function refuseStream(sim: Sim, attempt: Attempt, cluster: ClusterState, priority: 0 | 1): void {
  const { maxRequests } = limitsOf(cluster, priority);
  if (sim.recordRoot !== 0) noteOverflow(sim, attempt, cluster, "circuitBreaker.requestsFull", maxRequests);
  attempt.connection = null;
  attempt.phase = refusedStream;
  sim.steps.failAttempt(sim, attempt, "overflow", 0);
}

/** Phase of an attempt that got a connection but no stream: nothing to give back. */
const refusedStream = 7;

function giveReady(sim: Sim, connection: Connection, cluster: ClusterState, pool: PoolState): void {
  connection.next = pool.ready;
  if (cluster.traits.idleTimeoutMs > 0) connection.idleSinceMs = nowOf(sim);
  pool.ready = connection;
}

/** Those who wait take what is ready, and get more connections where a limit has been given back meanwhile. */
function servePending(sim: Sim, cluster: ClusterState, host: HostState, priority: 0 | 1, pool: PoolState): void {
  while (pool.pendingHead !== null && pool.ready !== null)
    attach(sim, takePending(cluster, pool, priority, pool.pendingHead), pool.ready, cluster, host, priority);
  if (pool.pendingHead !== null) openIfNeeded(sim, cluster, host, priority, pool);
}

/** A stream ended: limits are given back, the connection goes on or is closed. */
export function afterStream(
  sim: Sim,
  attempt: Attempt,
  connection: Connection,
  cluster: ClusterState,
  host: HostState,
  broken: boolean,
): void {
  const { priority } = attempt;
  attempt.connection = null;
  resourcesOf(cluster, priority).requests--;
  host.active--;
  const pool = poolOf(host, priority);
  connection.streams--;
  if (cluster.traits.http2) afterHttp2Stream(sim, connection, cluster, host, pool);
  else if (broken || connection.phase === draining || !host.present) closeConnection(sim, connection, cluster, pool);
  else giveReady(sim, connection, cluster, pool);
  if (pool.pendingHead !== null) servePending(sim, cluster, host, priority, pool);
}

function afterHttp2Stream(sim: Sim, connection: Connection, cluster: ClusterState, host: HostState, pool: PoolState): void {
  const { streams } = connection;
  const isDraining = connection.phase === draining;
  if (streams === 0 && (isDraining || !host.present)) {
    leaveReady(pool, connection);
    closeConnection(sim, connection, cluster, pool);
  } else if (!isDraining && streams + 1 >= cluster.compiled.config.maxConcurrentStreams) {
    giveReady(sim, connection, cluster, pool);
  } else if (streams === 0 && cluster.traits.idleTimeoutMs > 0) {
    connection.idleSinceMs = nowOf(sim);
  }
}

/** A waiting request is given up. */
export function leavePending(attempt: Attempt, cluster: ClusterState, host: HostState): void {
  const { priority } = attempt;
  const pool = poolOf(host, priority);
  let before: Attempt | null = null;
  for (let waiting = pool.pendingHead; waiting !== null; waiting = waiting.next) {
    if (waiting === attempt) {
      if (before === null) pool.pendingHead = attempt.next;
      else before.next = attempt.next;
      if (pool.pendingTail === attempt) pool.pendingTail = before;
      pool.pending--;
      resourcesOf(cluster, priority).pending--;
      return;
    }
    before = waiting;
  }
}
