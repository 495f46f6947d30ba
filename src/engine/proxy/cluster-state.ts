/** The run state of one upstream cluster at one proxy: its hosts, limits in use, load balancer. Made when first used. */

import { pushEvent } from "../kernel/event-queue.ts";
import { createStream } from "../kernel/random.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type HostState, type InstanceState, nowOf, type ReplicaState, type Sim } from "../sim.ts";
import { type CompiledCluster, slotOfCluster } from "./compiled-mesh.ts";
import { beginHealthChecks, passesFirstCheck } from "./health-probe.ts";
import { applyHosts } from "./host-set.ts";
import { targetOf } from "./target.ts";

export function clusterStateOf(sim: Sim, instance: InstanceState, slot: number): ClusterState {
  if (instance.lastSlot === slot) return instance.lastCluster;
  const cluster = instance.clusters[slot] ?? addClusterState(sim, instance, slot);
  instance.lastSlot = slot;
  instance.lastCluster = cluster;
  return cluster;
}

function addClusterState(sim: Sim, instance: InstanceState, slot: number): ClusterState {
  const cluster = createClusterState(sim, instance, instance.node.slots[slot] as CompiledCluster);
  // As long as needed: a list that grows by itself makes room for sixteen more.
  const { length } = instance.clusters;
  if (length <= slot) instance.clusters = instance.clusters.concat(new Array<null>(slot + 1 - length).fill(null));
  instance.clusters[slot] = cluster;
  return cluster;
}

function createClusterState(sim: Sim, instance: InstanceState, compiled: CompiledCluster): ClusterState {
  const owner = instance.name;
  // What every request meets comes first.
  const cluster: ClusterState = {
    index: 0,
    traits: compiled.traits,
    hosts: [],
    onlyHosts: null,
    stream: createStream(sim.random, `${owner}|${compiled.name}|lb`),
    firstSource: 0,
    requests: 0,
    pending: 0,
    connections: 0,
    retries: 0,
    compiled,
    instance,
    localCluster: localClusterOf(sim, instance, compiled),
    zonedClusters: [],
    priorities: [],
    localities: [],
    healthyLoad: [],
    degradedLoad: [],
    panic: [],
    zones: null,
    subsets: null,
    positions: null,
    schedulers: null,
    version: 0,
    highResources: null,
    lastUpdateMs: -Infinity,
    lastHealthMs: -Infinity,
    mergeEpoch: 0,
    updateScheduled: false,
    ejectedCount: 0,
    outlierStream: createStream(sim.random, `${owner}|${compiled.name}|outlier`),
    sweepPending: false,
    plainPeer: null,
    used: false,
  };
  cluster.index = sim.clusterStates.length;
  sim.clusterStates.push(cluster);
  cluster.localCluster?.zonedClusters.push(cluster);
  // Hosts known when the cluster is first used were there since it was configured: from the start, or from the last change.
  setHosts(sim, cluster, compiled, sim.control.lastConfigMs);
  if (compiled.config.outlierDetection !== undefined) scheduleSweep(sim, cluster);
  return cluster;
}

/** Zones are shared out by where the proxies themselves are: their cluster is made first. */
function localClusterOf(sim: Sim, instance: InstanceState, { config }: CompiledCluster): ClusterState | null {
  const { zoneAware } = config.lb;
  if (zoneAware === undefined) return null;
  const slot = slotOfCluster(instance.node, sim.caches, zoneAware.localCluster, false);
  return slot < 0 ? null : clusterStateOf(sim, instance, slot);
}

/** Sweeps lie on multiples of the interval, counted from the start of the run. */
export function scheduleSweep(sim: Sim, cluster: ClusterState): void {
  const interval = cluster.compiled.config.outlierDetection?.intervalMs ?? 0;
  if (interval <= 0 || cluster.sweepPending) return;
  cluster.sweepPending = true;
  const next = (Math.floor(nowOf(sim) / interval) + 1) * interval;
  pushEvent(sim.queue, next, eventKinds.outlierSweep, cluster.index, 0);
}

const healthNumbers = { HEALTHY: 0, DEGRADED: 1, UNHEALTHY: 2, DRAINING: 3 } as const;

/** Takes over a list of endpoints: addresses that stay keep their state, others join now or leave. One that comes back is a new host. */
export function setHosts(sim: Sim, cluster: ClusterState, compiled: CompiledCluster, joinedMs: number): void {
  cluster.compiled = compiled;
  cluster.traits = compiled.traits;
  cluster.plainPeer = null;
  const staying = cluster.hosts.filter((host) => host.present);
  for (const host of staying) host.present = false;
  if (compiled.traits.local) {
    const { replica } = cluster.instance;
    const address = replica >= 0 ? (sim.replicas[replica] as ReplicaState).address : "127.0.0.1:0";
    upsertHost(
      sim,
      cluster,
      staying,
      { address, weight: 1, priority: 0, locality: 0, metadata: none, subsetMetadata: none, configured: 0 },
      joinedMs,
    );
  } else {
    addEndpoints(sim, cluster, staying, joinedMs);
  }
  endEjections(sim, cluster);
  cluster.hosts = cluster.hosts.slice();
  applyHosts(sim, cluster);
}

/** Of hosts that are not there any more. */
export function endEjections(sim: Sim, cluster: ClusterState): void {
  for (const host of cluster.hosts) {
    if (host.present || !host.ejected) continue;
    host.ejected = false;
    cluster.ejectedCount--;
    const row = sim.ejections[host.outliers?.ejectionRow ?? -1];
    if (row !== undefined && row.untilMs < 0) row.untilMs = nowOf(sim);
  }
}

/** Clusters with active health checks are known healthy or not before the first request: Envoy waits for the first round. */
export function startHealthChecks(sim: Sim): void {
  for (const instance of sim.instances) {
    const { node } = instance;
    for (const cluster of node.config?.clusters ?? []) {
      if (cluster.healthChecks === undefined || cluster.healthChecks.length === 0) continue;
      const slot = slotOfCluster(node, sim.caches, cluster.name, false);
      if (slot >= 0) clusterStateOf(sim, instance, slot);
    }
  }
}

const none: Readonly<Record<string, string>> = Object.freeze({});

function addEndpoints(sim: Sim, cluster: ClusterState, staying: readonly HostState[], joinedMs: number): void {
  cluster.compiled.assignment?.localities.forEach((group, locality) => {
    for (const endpoint of group.endpoints) {
      const metadata = frozenMetadata(endpoint.metadata);
      const configured = healthNumbers[endpoint.health];
      const { address, weight, subsetMetadata = none } = endpoint;
      const place = { address, weight, priority: group.priority, locality };
      upsertHost(sim, cluster, staying, { ...place, metadata, subsetMetadata, configured }, joinedMs);
    }
  });
}

function frozenMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.isFrozen(metadata)) return metadata;
  return Object.keys(metadata).length === 0 ? none : Object.freeze({ ...metadata });
}

type HostFacts = Pick<HostState, "address" | "weight" | "priority" | "locality" | "metadata" | "subsetMetadata" | "configured">;

/** @param staying those of the hosts until now that are not found yet are absent */
function upsertHost(sim: Sim, cluster: ClusterState, staying: readonly HostState[], facts: HostFacts, joinedMs: number): void {
  const known = staying.find((host) => host.address === facts.address && !host.present);
  if (known !== undefined) {
    Object.assign(known, facts);
    known.present = true;
    beginHealthChecks(sim, cluster, cluster.hosts.indexOf(known));
    return;
  }
  const target = targetOf(sim, facts.address);
  // One that comes back has its place among the others again; who is still with the old one holds that itself.
  const index = cluster.hosts.find((host) => host.address === facts.address && !host.present)?.index ?? cluster.hosts.length;
  // Written out: fields that come by a spread lie outside of the object.
  cluster.hosts[index] = {
    ready: null,
    active: 0,
    present: true,
    pendingHead: null,
    pendingTail: null,
    pending: 0,
    target,
    connections: 0,
    connecting: 0,
    index,
    ejected: false,
    failedChecks: !passesFirstCheck(sim, cluster, target),
    configured: facts.configured,
    weight: facts.weight,
    priority: facts.priority,
    locality: facts.locality,
    address: facts.address,
    metadata: facts.metadata,
    subsetMetadata: facts.subsetMetadata,
    joinedMs,
    highPool: null,
    outliers: null,
    checks: null,
    ewma: null,
  };
  beginHealthChecks(sim, cluster, index);
}
