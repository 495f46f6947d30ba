/**
 * hash_balance_factor: a host whose share of the requests under way is used up is passed over for others, in an order that follows from the
 * key; where all are full, the one that is least so (BoundedLoadHashingLoadBalancer, after arXiv 1608.01350 and 1908.08762).
 */
import { mersenneTwister } from "../../kernel/mersenne-twister.ts";
import type { ClusterState, HostState } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";
import { randomHash } from "./ring-hash.ts";

/** @param policy one that hashes */
export function bounded({ name, pick }: LoadBalancingPolicy): LoadBalancingPolicy {
  return {
    name,
    pick(sim, cluster, hosts, source, hash, retry) {
      const key = hash ?? randomHash(sim, cluster);
      const chosen = pick(sim, cluster, hosts, source, key, retry);
      const total = weightOf(cluster, hosts);
      const load = loadOf(cluster, chosen, total);
      return load <= 1 ? chosen : pickAnother(cluster, hosts, key, chosen, load, total);
    },
  };
}

function pickAnother(
  cluster: ClusterState,
  hosts: readonly number[],
  key: bigint,
  chosen: number,
  load: number,
  total: number,
): number {
  const next = mersenneTwister(Number(key & 0xffffffffn));
  const order = [...hosts];
  let best = chosen;
  let least = load;
  for (let i = 0; i < order.length; i++) {
    const other = i + below(next, order.length - i);
    const host = order[other] as number;
    order[other] = order[i] as number;
    order[i] = host;
    if (host === chosen) continue;
    const its = loadOf(cluster, host, total);
    if (its <= 1) return host;
    if (its < least) {
      best = host;
      least = its;
    }
  }
  return best;
}

/** Evenly in [0, bound): what is left over of 32 bits is drawn again. */
function below(next: () => number, bound: number): number {
  const width = Math.floor(4294967296 / bound);
  for (;;) {
    const drawn = Math.floor(next() / width);
    if (drawn < bound) return drawn;
  }
}

function weightOf(cluster: ClusterState, hosts: readonly number[]): number {
  let total = 0;
  for (const index of hosts) total += (cluster.hosts[index] as HostState).weight;
  return total;
}

/** Requests under way by places it has; each host has one at least. */
function loadOf(cluster: ClusterState, index: number, total: number): number {
  const { active, weight } = cluster.hosts[index] as HostState;
  const factor = cluster.compiled.config.lb.hashBalancePercent ?? 0;
  const underWay = cluster.requests + (cluster.highResources?.requests ?? 0);
  const places = Math.floor(((underWay + 1) * factor + 99) / 100);
  return active / Math.max(1, Math.ceil(places * (weight / total)));
}
