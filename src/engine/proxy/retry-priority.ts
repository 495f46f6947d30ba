/**
 * envoy.retry_priorities.previous_priorities: after every so many tries, retries leave out the priorities that were tried, and the load
 * they had goes to the others by their availability. When none is left, health alone decides again. Rings and tables do not ask
 * (ThreadAwareLoadBalancerBase::LoadBalancerImpl::chooseHost goes by hash and health alone).
 */
import { nextBelow } from "../kernel/random.ts";
import type { Call } from "../rows/call.ts";
import type { ClusterState, HostSet, HostState, HostView, Sim } from "../sim.ts";
import { chooseHost, chooseInPriority } from "./host-set.ts";

/** @param every update_frequency: the tries after which the load is made anew; 0: health alone decides */
export function chooseFromView(
  sim: Sim,
  call: Call,
  cluster: ClusterState,
  view: HostView,
  hash: bigint | null,
  retry: number,
  every: number,
): number {
  if (every === 0) return chooseHost(sim, cluster, view, hash, retry);
  const factor = cluster.compiled.config.lb.overprovisioningFactor;
  const percent = factor < 10 ? Math.round(factor * 100) : factor;
  const full = view.priorities.map((set) => availabilityOf(set, percent));
  const excluded = excludedPriorities(call, cluster, every, full);
  if (!excluded.includes(true)) return chooseHost(sim, cluster, view, hash, retry);
  const available = full.map((own, priority) => (excluded[priority] === true ? 0 : own));
  const total = Math.min(100, sumOf(available));
  const draw = nextBelow(sim.random, cluster.stream, 100);
  let reach = 0;
  let first = -1;
  for (let priority = 0; priority < available.length; priority++) {
    const own = available[priority] as number;
    if (own > 0 && first < 0) first = priority;
    reach += Math.floor((own * 100) / total);
    if (draw < reach) return chooseInPriority(sim, cluster, view, priority, 1, hash, retry);
  }
  // What rounding leaves goes to the first that is available.
  return chooseInPriority(sim, cluster, view, first, 1, hash, retry);
}

function availabilityOf(set: HostSet, percent: number): number {
  return set.counted === 0 ? 0 : Math.min(100, Math.floor((percent * set.healthy.length) / set.counted));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** What the tries so far left out, followed from the first; when everything is left out, it begins anew. */
function excludedPriorities(call: Call, cluster: ClusterState, every: number, full: readonly number[]): readonly boolean[] {
  const tried: number[] = [];
  for (let row = call.previous; row !== null; row = row.next) tried.unshift((cluster.hosts[row.host] as HostState).priority);
  let excluded = full.map(() => false);
  let since: number[] = [];
  for (const priority of tried) {
    since.push(priority);
    if (since.length % every !== 0) continue;
    for (const one of since) excluded[one] = true;
    if (sumOf(full.filter((_, one) => excluded[one] === false)) > 0) continue;
    excluded = full.map(() => false);
    since = [];
  }
  return excluded;
}
