/** RANDOM: uniform among the hosts; endpoint weights are ignored, as in Envoy. */
import { nextBelow } from "../../kernel/random.ts";
import type { ClusterState, Sim } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";

function pick(sim: Sim, cluster: ClusterState, hosts: readonly number[]): number {
  return hosts[nextBelow(sim.random, cluster.stream, hosts.length)] as number;
}

export const random: LoadBalancingPolicy = { name: "RANDOM", pick, drawn: true };
