/**
 * A cluster whose configuration changed is another cluster (ClusterManagerImpl::addOrUpdateCluster): new requests meet it without the
 * connections, ejections, counts and turns of the one before, which ends what it has under way. New endpoints alone replace nothing.
 */
import type { Cluster } from "../model/index.ts";
import { resourceText } from "../resource-text.ts";
import type { Call } from "../rows/call.ts";
import type { ClusterState, Sim } from "../sim.ts";
import { clusterStateOf, endEjections } from "./cluster-state.ts";
import { slotOfCluster } from "./compiled-mesh.ts";
import { applyHosts } from "./host-set.ts";
import { closeIdleOf } from "./idle-connections.ts";
import { releaseRetry } from "./retries.ts";

/** What decides whether Envoy takes it for the same. */
export function isSameCluster(a: Cluster, b: Cluster): boolean {
  return a === b || resourceText(a) === resourceText(b);
}

/** It has no hosts any more: who waits for one of them or is with it comes to an end, and its connections close behind them. */
export function retireCluster(sim: Sim, cluster: ClusterState): void {
  for (const host of cluster.hosts) host.present = false;
  endEjections(sim, cluster);
  applyHosts(sim, cluster);
  closeIdleOf(sim, cluster, () => true);
}

/** The cluster that a retry goes to: the one of that name now. Where there is none any more, the one before, which has no hosts. */
export function clusterForRetry(sim: Sim, call: Call, before: ClusterState): ClusterState {
  const { name } = before.compiled;
  const slot = slotOfCluster(call.instance.node, sim.caches, name, before.traits.local);
  if (slot < 0 || call.instance.clusters[slot] === before) return before;
  // The retry that is held is held of the cluster before.
  releaseRetry(call, before, call.plan.priority);
  const cluster = clusterStateOf(sim, call.instance, slot);
  call.cluster = cluster;
  return cluster;
}
