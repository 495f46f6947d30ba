/**
 * LEAST_REQUEST: the least busy of `choiceCount` hosts drawn with replacement, the first drawn at a tie; with different weights
 * EDF over weight / (active + 1)^bias (Envoy's LeastRequestLoadBalancer).
 */
import { power } from "../../kernel/math.ts";
import { nextBelow } from "../../kernel/random.ts";
import type { ClusterState, HostState, Sim } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";
import { currentWeight, needsWeights, pickWeighted } from "./weighted.ts";

function busyWeight(sim: Sim, cluster: ClusterState, host: HostState): number {
  const bias = cluster.compiled.config.lb.leastRequest?.activeRequestBias ?? 1;
  return currentWeight(sim, cluster, host) / power(host.active + 1, bias);
}

function pick(sim: Sim, cluster: ClusterState, hosts: readonly number[], source: number): number {
  if (needsWeights(sim, cluster, hosts, source)) return pickWeighted(sim, cluster, hosts, source, busyWeight);
  const choices = cluster.compiled.config.lb.leastRequest?.choiceCount ?? 2;
  let best = hosts[nextBelow(sim.random, cluster.stream, hosts.length)] as number;
  for (let i = 1; i < choices; i++) {
    const other = hosts[nextBelow(sim.random, cluster.stream, hosts.length)] as number;
    if ((cluster.hosts[other] as HostState).active < (cluster.hosts[best] as HostState).active) best = other;
  }
  return best;
}

/** selection_method FULL_SCAN: the least busy of all; of those that tie each with the same chance (unweightedHostPickFullScan). */
function scan(sim: Sim, cluster: ClusterState, hosts: readonly number[], source: number): number {
  if (needsWeights(sim, cluster, hosts, source)) return pickWeighted(sim, cluster, hosts, source, busyWeight);
  let best = hosts[0] as number;
  let least = (cluster.hosts[best] as HostState).active;
  let ties = 1;
  for (let i = 1; i < hosts.length; i++) {
    const host = hosts[i] as number;
    const { active } = cluster.hosts[host] as HostState;
    if (active > least) continue;
    ties = active < least ? 1 : ties + 1;
    if (active < least || nextBelow(sim.random, cluster.stream, ties) === 0) best = host;
    least = active;
  }
  return best;
}

export const leastOfAll: LoadBalancingPolicy = { name: "LEAST_REQUEST", pick: scan };

export const leastRequest: LoadBalancingPolicy = { name: "LEAST_REQUEST", pick, drawn: true };
