/**
 * Which hosts a load balancer sees: by priority and health, with panic, overprovisioning and locality weights, computed in whole
 * percents as Envoy does (LoadBalancerBase); the same for each subset of a cluster that is divided. `applyHosts` is the moment a
 * change of health takes effect.
 */
import { nextBelow, nextBits } from "../kernel/random.ts";
import type { LoadBalancing, SubsetSelection } from "../model/index.ts";
import {
  type ClusterState,
  type HostSet,
  type HostState,
  type HostView,
  type LocalitySet,
  nowOf,
  type Sim,
  type SubsetView,
} from "../sim.ts";
import { createEdf, peekEdf, pickEdf } from "./load-balancing/edf.ts";
import { anySubset, defaultSubset, isInDefaultSubset, subsetsOf } from "./subset-names.ts";
import { chooseZone, isInPanic, nowhere, zoneRouting } from "./zone-aware.ts";

export function applyHosts(sim: Sim, cluster: ClusterState): void {
  const { lb } = cluster.compiled.config;
  cluster.version++;
  cluster.lastUpdateMs = nowOf(sim);
  cluster.schedulers?.clear();
  const present = cluster.hosts.flatMap(({ present }, index) => (present ? [index] : []));
  let top = 0;
  for (const index of present) top = Math.max(top, (cluster.hosts[index] as HostState).priority);
  fillView(sim, cluster, cluster, present, top, lb.localityWeighted);
  if (lb.subsets !== undefined) applySubsets(sim, cluster, lb, present, top);
  for (const other of cluster.zonedClusters) refreshZones(other);
}

/** The proxies of the own cluster changed: other clusters see other zones. */
function refreshZones(cluster: ClusterState): void {
  for (const view of [cluster, ...(cluster.subsets?.values() ?? [])]) {
    if (view.priorities.length === 0) continue;
    view.zones = zoneRouting(cluster, view);
    findOnlyHosts(view);
  }
}

function applySubsets(sim: Sim, cluster: ClusterState, lb: LoadBalancing, present: readonly number[], top: number): void {
  if (lb.subsets === undefined) return;
  const members = membersOfSubsets(cluster, lb.subsets, present);
  const weighted = lb.localityWeighted && lb.subsets.localityWeightAware;
  cluster.subsets ??= new Map();
  for (const name of members.keys())
    if (!cluster.subsets.has(name)) cluster.subsets.set(name, emptyView(cluster.subsets.size + 1));
  for (const [name, view] of cluster.subsets) {
    const { hosts, isSingle } = members.get(name) ?? noMembers;
    fillView(sim, cluster, view, isSingle ? hosts.slice(0, 1) : hosts, top, weighted);
    view.single = isSingle ? (hosts[0] ?? null) : null;
  }
}

interface SubsetMembers {
  hosts: number[];
  isSingle: boolean;
}

const noMembers: SubsetMembers = { hosts: [], isSingle: false };

function membersOfSubsets(
  cluster: ClusterState,
  selection: SubsetSelection,
  present: readonly number[],
): Map<string, SubsetMembers> {
  const members = new Map<string, SubsetMembers>([
    [anySubset, { hosts: [...present], isSingle: false }],
    [defaultSubset, { hosts: [], isSingle: false }],
  ]);
  for (const index of present) {
    const { subsetMetadata } = cluster.hosts[index] as HostState;
    if (isInDefaultSubset(selection, subsetMetadata)) members.get(defaultSubset)?.hosts.push(index);
    for (const [name, { singleHostPerSubset }] of subsetsOf(selection, subsetMetadata)) {
      const known = members.get(name);
      if (known) known.hosts.push(index);
      else members.set(name, { hosts: [index], isSingle: singleHostPerSubset });
    }
  }
  return members;
}

/** Sources of one view are fewer than this, whatever its priorities and localities. */
const sourcesOfView = 1 << 20;

function emptyView(number: number): SubsetView {
  const lists = { priorities: [], localities: [], healthyLoad: [], degradedLoad: [], panic: [], zones: null };
  return { onlyHosts: null, ...lists, firstSource: number * sourcesOfView, single: null };
}

function fillView(
  sim: Sim,
  cluster: ClusterState,
  view: HostView,
  members: readonly number[],
  top: number,
  byLocality: boolean,
): void {
  const { lb } = cluster.compiled.config;
  const sets = Array.from({ length: top + 1 }, emptySet);
  view.localities = Array.from({ length: top + 1 }, () => []);
  for (const index of members) {
    const host = cluster.hosts[index] as HostState;
    addHost(sets[host.priority] as BuiltSet, host, index);
  }
  view.priorities = sets.map((set) => trimmed(sim, set));
  if (byLocality) groupLocalities(cluster, view, members);
  spreadLoad(view, lb);
  view.zones = cluster.localCluster === null ? null : zoneRouting(cluster, view);
  findOnlyHosts(view);
}

function findOnlyHosts(view: HostView): void {
  const isOne = view.priorities.length === 1 && (view.localities[0] as LocalitySet[]).length === 0 && view.zones === null;
  const simple = isOne && view.panic[0] !== true && (view.healthyLoad[0] as number) >= 100;
  view.onlyHosts = simple ? (view.priorities[0] as HostSet).healthy : null;
}

function emptySet(): BuiltSet {
  return { all: [], counted: 0, healthy: [], degraded: [] };
}

/** No longer than needed, and one list where all are healthy: lists are replaced as a whole, never changed. */
function trimmed(sim: Sim, { all, counted, healthy, degraded }: BuiltSet): HostSet {
  const whole = isFirst(all) ? firstHosts(sim, all.length) : all.slice();
  return { all: whole, counted, healthy: healthy.length === all.length ? whole : healthy.slice(), degraded };
}

function isFirst(list: readonly number[]): boolean {
  return list.every((host, place) => host === place);
}

/**
 * Hosts 0 to n − 1: one list for all clusters, as most have all their hosts. Not frozen: V8 looks into frozen lists the slow way. Part of
 * the state: who shares it must be the same after a seek.
 */
function firstHosts(sim: Sim, n: number): readonly number[] {
  let list = sim.firstHosts.get(n);
  if (list === undefined) {
    list = Array.from({ length: n }, (_, i) => i);
    sim.firstHosts.set(n, list);
  }
  return list;
}

/** A set in the making. */
interface BuiltSet {
  all: number[];
  counted: number;
  healthy: number[];
  degraded: number[];
}

const unhealthy = 2;
/** Envoy's excluded hosts (EDS_STATUS_DRAINING). */
const draining = 3;

function addHost(set: BuiltSet, host: HostState, index: number): void {
  set.all.push(index);
  if (host.configured !== draining) set.counted++;
  if (host.ejected || host.failedChecks || host.configured >= unhealthy) return;
  if (host.configured === 1) set.degraded.push(index);
  else set.healthy.push(index);
}

function groupLocalities(cluster: ClusterState, view: HostView, members: readonly number[]): void {
  const groups = cluster.compiled.assignment?.localities ?? [];
  const isScaled = view !== cluster && cluster.compiled.config.lb.subsets?.scaleLocalityWeight === true;
  groups.forEach((group, locality) => {
    const hosts = emptySet();
    for (const index of members) {
      const host = cluster.hosts[index] as HostState;
      if (host.locality === locality) addHost(hosts, host, index);
    }
    const all = isScaled ? cluster.hosts.filter((host) => host.present && host.locality === locality).length : 0;
    const weight = all > 0 ? Math.round((group.weight * hosts.all.length) / all) : group.weight;
    (view.localities[group.priority] ?? []).push({ weight, hosts });
  });
}

/** Share of each priority: health first, then degraded; the rest that rounding leaves goes to the first that is available. */
function spreadLoad(view: HostView, { overprovisioningFactor, panicThresholdPercent }: LoadBalancing): void {
  // Written as 140 in whole percents or as the factor 1.4.
  const factor = overprovisioningFactor < 10 ? Math.round(overprovisioningFactor * 100) : overprovisioningFactor;
  const healthy = view.priorities.map((set) => available(set.healthy.length, set.counted, factor));
  const degraded = view.priorities.map((set) => available(set.degraded.length, set.counted, factor));
  const total = Math.min(100, sum(healthy) + sum(degraded));
  const n = view.priorities.length;
  view.healthyLoad = new Array(n).fill(0);
  view.degradedLoad = new Array(n).fill(0);
  view.panic = new Array(n).fill(false);
  if (total === 0) {
    view.healthyLoad[0] = 100;
  } else {
    let left = 100;
    let first: number[] | undefined;
    let firstAt = 0;
    for (const [availability, load] of [
      [healthy, view.healthyLoad],
      [degraded, view.degradedLoad],
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
  view.panic = view.priorities.map((set) => total < 100 && isInPanic(set, panicThresholdPercent));
  if (view.panic.every(Boolean)) spreadByCount(view);
}

function available(good: number, all: number, factor: number): number {
  return all === 0 ? 0 : Math.min(100, Math.floor((factor * good) / all));
}

/** Total panic: nobody asks about health any more. */
function spreadByCount(view: HostView): void {
  const total = sum(view.priorities.map((set) => set.all.length));
  view.degradedLoad.fill(0);
  if (total === 0) return;
  let left = 100;
  let first = -1;
  view.priorities.forEach((set, p) => {
    const load = Math.floor((100 * set.all.length) / total);
    view.healthyLoad[p] = load;
    left -= load;
    if (first < 0 && set.all.length > 0) first = p;
  });
  view.healthyLoad[first] = (view.healthyLoad[first] as number) + left;
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** @returns a host by number, or −1 when there is none to choose from. */
export function chooseHost(sim: Sim, cluster: ClusterState, view: HostView, hash: bigint | null, retry: number): number {
  const hosts = view.onlyHosts;
  if (hosts === null) return chooseByPriority(sim, cluster, view, hash, retry);
  return hosts.length === 0 ? -1 : cluster.traits.policy.pick(sim, cluster, hosts, view.firstSource + 1, hash, retry);
}

function chooseByPriority(sim: Sim, cluster: ClusterState, view: HostView, hash: bigint | null, retry: number): number {
  const draw = hash !== null && isHashing(cluster) ? Number(hash % 100n) : nextBelow(sim.random, cluster.stream, 100);
  let reach = 0;
  for (const [kind, load] of [
    [1, view.healthyLoad],
    [2, view.degradedLoad],
  ] as const) {
    for (let p = 0; p < load.length; p++) {
      reach += load[p] as number;
      if (draw < reach) return chooseInPriority(sim, cluster, view, p, kind, hash, retry);
    }
  }
  return -1;
}

export function chooseInPriority(
  sim: Sim,
  cluster: ClusterState,
  view: HostView,
  priority: number,
  wanted: 1 | 2,
  hash: bigint | null,
  retry: number,
): number {
  // A ring or table holds no degraded hosts, although they have their share in which priority is chosen.
  const kind = wanted === 2 && isHashing(cluster) ? 1 : wanted;
  const set = view.priorities[priority] as HostSet;
  const inPanic = view.panic[priority] === true;
  if (inPanic && failsInPanic(cluster)) return -1;
  const kindUsed = inPanic ? 0 : kind;
  let hosts = inPanic ? set.all : kind === 1 ? set.healthy : set.degraded;
  let locality = -1;
  if (!inPanic && (view.localities[priority] as LocalitySet[]).length > 0) {
    locality = chooseLocality(sim, cluster, view, priority, kind);
    const group = view.localities[priority]?.[locality];
    if (group !== undefined) hosts = kind === 1 ? group.hosts.healthy : group.hosts.degraded;
  }
  if (view.zones !== null && priority === 0 && locality < 0 && !inPanic) {
    locality = chooseZone(sim, cluster, view.zones);
    if (locality === nowhere) return -1;
    const zone = view.zones.zones[locality];
    if (zone !== undefined) hosts = kind === 1 ? zone.healthy : zone.degraded;
  }
  if (hosts.length === 0) return -1;
  const source = view.firstSource + 3 * (priority * 64 + locality + 1) + kindUsed;
  return cluster.traits.policy.pick(sim, cluster, hosts, source, hash, retry);
}

/** fail_traffic_on_panic belongs to the zone-aware policies; the hashing ones do not read it. */
function failsInPanic(cluster: ClusterState): boolean {
  return cluster.compiled.config.lb.failTrafficOnPanic === true && !isHashing(cluster);
}

/** Only these go by the request's hash, in the choice of a priority too. */
export function isHashing(cluster: ClusterState): boolean {
  const { policy } = cluster.compiled.config.lb;
  return policy === "RING_HASH" || policy === "MAGLEV";
}

/** EDF over weight · min(1, 1.4 · available share); −1 when no locality has hosts. */
function chooseLocality(sim: Sim, cluster: ClusterState, view: HostView, priority: number, kind: 1 | 2): number {
  const groups = view.localities[priority] ?? [];
  const { overprovisioningFactor } = cluster.compiled.config.lb;
  const factor = overprovisioningFactor < 10 ? overprovisioningFactor : overprovisioningFactor / 100;
  const weights = groups.map(({ weight, hosts }) => {
    const good = kind === 1 ? hosts.healthy.length : hosts.degraded.length;
    return good === 0 ? 0 : weight * Math.min(1, (factor * good) / hosts.counted);
  });
  const items = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  if (items.length === 0) return -1;
  const key = -(1 + view.firstSource + priority * 2 + kind);
  cluster.schedulers ??= new Map();
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
