/** ROUND_ROBIN: in turn from a random start; hosts with different weights by EDF (Envoy's RoundRobinLoadBalancer). */
import { nextBits } from "../../kernel/random.ts";
import type { ClusterState, Sim } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";
import { currentWeight, needsWeights, pickWeighted } from "./weighted.ts";

function pick(sim: Sim, cluster: ClusterState, hosts: readonly number[], source: number): number {
  if (needsWeights(sim, cluster, hosts, source)) return pickWeighted(sim, cluster, hosts, source, currentWeight);
  cluster.positions ??= new Map();
  const position = cluster.positions.get(source) ?? nextBits(sim.random, cluster.stream) >>> 4;
  cluster.positions.set(source, position + 1);
  return hosts[position % hosts.length] as number;
}

export const roundRobin: LoadBalancingPolicy = { name: "ROUND_ROBIN", pick };
