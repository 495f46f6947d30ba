/** What must hold at every moment between events, recomputed from the rows themselves. Returns messages; empty unless the engine is wrong. */

import { limitsOf, noResources } from "../proxy/resources.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import type { ClusterState, Sim } from "../sim.ts";

export function checkInvariants(sim: Sim): string[] {
  const found: string[] = [];
  checkRequests(sim, found);
  for (const cluster of sim.clusterStates) {
    checkLimits(sim, cluster, found);
    checkEjections(cluster, found);
  }
  checkReplicas(sim, found);
  return found;
}

/** Requests in = responses + in flight. */
function checkRequests(sim: Sim, found: string[]): void {
  const { calls } = sim;
  let roots = 0;
  for (const call of calls.rows) if (call.alive === 1 && call.downstream === downstreamKinds.root) roots++;
  const started = sim.clock.rootsStarted;
  const ended = sim.clock.rootsEnded;
  if (started !== ended + roots) found.push(`${started} requests started, ${ended} ended, ${roots} in flight`);
  if (roots !== sim.control.liveRoots) found.push(`${sim.control.liveRoots} live roots counted, ${roots} found`);
}

function checkLimits(sim: Sim, cluster: ClusterState, found: string[]): void {
  const streams = [0, 0];
  const pending = [0, 0];
  const { attempts, connections } = sim;
  for (const attempt of attempts.rows) {
    if (attempt.phase === -1 || attempt.cluster !== cluster || attempt.orphan === 1) continue;
    const { priority } = attempt;
    if (attempt.phase === 0) pending[priority] = (pending[priority] as number) + 1;
    else if (attempt.connection !== null) streams[priority] = (streams[priority] as number) + 1;
  }
  const open = [0, 0];
  for (const connection of connections.rows) {
    if (connection.phase === -1 || connection.cluster !== cluster) continue;
    const { priority } = connection;
    open[priority] = (open[priority] as number) + 1;
  }
  for (const priority of [0, 1] as const) {
    const limits = limitsOf(cluster, priority);
    // To look must not make.
    const used = priority === 0 ? cluster : (cluster.highResources ?? noResources());
    const name = `${cluster.compiled.name} (${priority === 0 ? "default" : "high"})`;
    if (used.requests !== streams[priority]) found.push(`${name}: ${used.requests} requests counted, ${streams[priority]} found`);
    if (used.pending !== pending[priority]) found.push(`${name}: ${used.pending} pending counted, ${pending[priority]} found`);
    if (used.connections !== open[priority])
      found.push(`${name}: ${used.connections} connections counted, ${open[priority]} found`);
    if (used.requests > limits.maxRequests) found.push(`${name}: max_requests exceeded`);
    if (used.pending > limits.maxPendingRequests) found.push(`${name}: max_pending_requests exceeded`);
    // Every host may have one connection whatever the limit.
    if (used.connections > Math.max(limits.maxConnections, 0) + cluster.hosts.length)
      found.push(`${name}: max_connections exceeded`);
    if (used.retries < 0) found.push(`${name}: negative retries`);
  }
}

/** Ejected hosts stay within the cap (one more where one host may always go). */
function checkEjections(cluster: ClusterState, found: string[]): void {
  const config = cluster.compiled.config.outlierDetection;
  if (config === undefined) return;
  let ejected = 0;
  let hosts = 0;
  for (const host of cluster.hosts) {
    if (!host.present) continue;
    hosts++;
    if (host.ejected) ejected++;
  }
  if (ejected !== cluster.ejectedCount)
    found.push(`${cluster.compiled.name}: ${cluster.ejectedCount} ejected counted, ${ejected} found`);
  const allowed = Math.max(config.alwaysEjectOneHost ? 1 : 0, Math.floor((config.maxEjectionPercent / 100) * hosts + 1e-9));
  // A host that leaves shrinks the total while others are still out.
  if (ejected > allowed && cluster.hosts.every((host) => host.present))
    found.push(`${cluster.compiled.name}: ${ejected} ejected of ${hosts}`);
}

function checkReplicas(sim: Sim, found: string[]): void {
  sim.replicas.forEach((replica, index) => {
    const { concurrency, queue } = replica.behaviour;
    if (replica.active > concurrency) found.push(`replica ${index}: ${replica.active} at work, ${concurrency} allowed`);
    if (replica.queued > queue) found.push(`replica ${index}: ${replica.queued} waiting, ${queue} allowed`);
    if (replica.active < 0 || replica.queued < 0) found.push(`replica ${index}: negative counters`);
  });
}
