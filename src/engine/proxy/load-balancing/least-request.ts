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

export const leastRequest: LoadBalancingPolicy = { name: "LEAST_REQUEST", pick };
