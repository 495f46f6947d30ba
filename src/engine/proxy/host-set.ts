/**
 * Which hosts a load balancer sees: by priority and health, with panic, overprovisioning and locality weights, computed in whole
 * percents as Envoy does (LoadBalancerBase). `applyHosts` is the moment a change of health takes effect.
 */
import { nextBelow, nextBits } from "../kernel/random.ts";
import { type ClusterState, type HostSet, type HostState, nowOf, type Sim } from "../sim.ts";
import { createEdf, peekEdf, pickEdf } from "./load-balancing/edf.ts";

export function applyHosts(sim: Sim, cluster: ClusterState): void {
  const { lb } = cluster.compiled.config;
  cluster.version++;
  cluster.lastUpdateMs = nowOf(sim);
  cluster.schedulers.clear();
  let top = 0;
  for (const host of cluster.hosts) if (host.present) top = Math.max(top, host.priority);
  cluster.priorities = Array.from({ length: top + 1 }, emptySet);
  cluster.localities = Array.from({ length: top + 1 }, () => []);
  cluster.hosts.forEach((host, index) => {
    if (host.present) addHost(cluster.priorities[host.priority] as HostSet, host, index);
  });
  if (lb.localityWeighted) groupLocalities(cluster);
  spreadLoad(cluster);
  const only = cluster.priorities[0] as HostSet;
  const simple = top === 0 && !lb.localityWeighted && cluster.panic[0] !== true && (cluster.healthyLoad[0] as number) >= 100;
  cluster.onlyHosts = simple ? only.healthy : null;
}

function emptySet(): HostSet {
  return { all: [], healthy: [], degraded: [] };
}

function addHost(set: HostSet, host: HostState, index: number): void {
  set.all.push(index);
  if (host.ejected || host.failedChecks || host.configured === 2) return;
  if (host.configured === 1) set.degraded.push(index);
  else set.healthy.push(index);
}

function groupLocalities(cluster: ClusterState): void {
  const groups = cluster.compiled.assignment?.localities ?? [];
  groups.forEach((group, locality) => {
    const hosts = emptySet();
    cluster.hosts.forEach((host, index) => {
      if (host.present && host.locality === locality) addHost(hosts, host, index);
    });
    (cluster.localities[group.priority] ?? []).push({ weight: group.weight, hosts });
  });
}

/** Share of each priority: health first, then degraded; the rest that rounding leaves goes to the first that is available. */
function spreadLoad(cluster: ClusterState): void {
  const { overprovisioningFactor, panicThresholdPercent } = cluster.compiled.config.lb;
  // Written as 140 in whole percents or as the factor 1.4.
  const factor = overprovisioningFactor < 10 ? Math.round(overprovisioningFactor * 100) : overprovisioningFactor;
  const healthy = cluster.priorities.map((set) => available(set.healthy.length, set.all.length, factor));
  const degraded = cluster.priorities.map((set) => available(set.degraded.length, set.all.length, factor));
  const total = Math.min(100, sum(healthy) + sum(degraded));
  const n = cluster.priorities.length;
  cluster.healthyLoad = new Array(n).fill(0);
  cluster.degradedLoad = new Array(n).fill(0);
  cluster.panic = new Array(n).fill(false);
  if (total === 0) {
    cluster.healthyLoad[0] = 100;
  } else {
    let left = 100;
    let first: number[] | undefined;
    let firstAt = 0;
    for (const [availability, load] of [
      [healthy, cluster.healthyLoad],
      [degraded, cluster.degradedLoad],
    ] as const) {
      for (let p = 0; p < n; p++) {
        if (first === undefined && (availability[p] as number) > 0) {
          first = load;
          firstAt = p;
        }
        load[p] = Math.min(left, Math.floor(((availability[p] as number) * 100) / total));
        left -= load[p] as number;
      }
    }
    if (first !== undefined) first[firstAt] = (first[firstAt] as number) + left;
  }
  if (panicThresholdPercent === 0 && total === 0) return;
  cluster.panic = cluster.priorities.map((set) => total < 100 && isInPanic(set, panicThresholdPercent));
  if (cluster.panic.every(Boolean)) spreadByCount(cluster);
}

function available(good: number, all: number, factor: number): number {
  return all === 0 ? 0 : Math.min(100, Math.floor((factor * good) / all));
}

function isInPanic(set: HostSet, threshold: number): boolean {
  const percent = set.all.length === 0 ? 0 : (100 * (set.healthy.length + set.degraded.length)) / set.all.length;
  return percent < Math.min(100, threshold);
}

/** Total panic: nobody asks about health any more. */
function spreadByCount(cluster: ClusterState): void {
  const total = sum(cluster.priorities.map((set) => set.all.length));
  cluster.degradedLoad.fill(0);
  if (total === 0) return;
  let left = 100;
  let first = -1;
  cluster.priorities.forEach((set, p) => {
    const load = Math.floor((100 * set.all.length) / total);
    cluster.healthyLoad[p] = load;
    left -= load;
    if (first < 0 && set.all.length > 0) first = p;
  });
  cluster.healthyLoad[first] = (cluster.healthyLoad[first] as number) + left;
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** @returns a host by number, or −1 when there is none to choose from. */
export function chooseHost(sim: Sim, cluster: ClusterState, hash: bigint | null, retry: number): number {
  const hosts = cluster.onlyHosts;
  if (hosts === null) return chooseByPriority(sim, cluster, hash, retry);
  return hosts.length === 0 ? -1 : cluster.compiled.policy.pick(sim, cluster, hosts, 1, hash, retry);
}

function chooseByPriority(sim: Sim, cluster: ClusterState, hash: bigint | null, retry: number): number {
  const draw = hash === null ? nextBelow(sim.random, cluster.stream, 100) : Number(hash % 100n);
  let reach = 0;
  for (const [kind, load] of [
    [1, cluster.healthyLoad],
    [2, cluster.degradedLoad],
  ] as const) {
    for (let p = 0; p < load.length; p++) {
      reach += load[p] as number;
      if (draw < reach) return chooseInPriority(sim, cluster, p, kind, hash, retry);
    }
  }
  return -1;
}

export function chooseInPriority(
  sim: Sim,
  cluster: ClusterState,
  priority: number,
  kind: 1 | 2,
  hash: bigint | null,
  retry: number,
): number {
  const set = cluster.priorities[priority] as HostSet;
  const inPanic = cluster.panic[priority] === true;
  if (inPanic && failsInPanic(cluster)) return -1;
  const kindUsed = inPanic ? 0 : kind;
  let hosts = inPanic ? set.all : kind === 1 ? set.healthy : set.degraded;
  let locality = -1;
  if (!inPanic && cluster.compiled.config.lb.localityWeighted) {
    locality = chooseLocality(sim, cluster, priority, kind);
    const group = cluster.localities[priority]?.[locality];
    if (group !== undefined) hosts = kind === 1 ? group.hosts.healthy : group.hosts.degraded;
  }
  if (hosts.length === 0) return -1;
  const source = 3 * (priority * 64 + locality + 1) + kindUsed;
  return cluster.compiled.policy.pick(sim, cluster, hosts, source, hash, retry);
}

/** fail_traffic_on_panic belongs to the zone-aware policies; the hashing ones do not read it. */
function failsInPanic(cluster: ClusterState): boolean {
  const { lb } = cluster.compiled.config;
  return lb.failTrafficOnPanic === true && lb.policy !== "RING_HASH" && lb.policy !== "MAGLEV";
}

/** EDF over weight · min(1, 1.4 · available share); −1 when no locality has hosts. */
function chooseLocality(sim: Sim, cluster: ClusterState, priority: number, kind: 1 | 2): number {
  const groups = cluster.localities[priority] ?? [];
  const { overprovisioningFactor } = cluster.compiled.config.lb;
  const factor = overprovisioningFactor < 10 ? overprovisioningFactor : overprovisioningFactor / 100;
  const weights = groups.map(({ weight, hosts }) => {
    const good = kind === 1 ? hosts.healthy.length : hosts.degraded.length;
    return hosts.all.length === 0 || good === 0 ? 0 : weight * Math.min(1, (factor * good) / hosts.all.length);
  });
  const items = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  if (items.length === 0) return -1;
  const key = -(1 + priority * 2 + kind);
  let schedule = cluster.schedulers.get(key);
  if (schedule === undefined) {
    const chosen = items.map((item) => weights[item] as number);
    schedule = createEdf(items, chosen, nextBits(sim.random, cluster.stream) >>> 16);
    cluster.schedulers.set(key, schedule);
  }
  const locality = peekEdf(schedule);
  pickEdf(schedule, weights[locality] as number);
  return locality;
}
