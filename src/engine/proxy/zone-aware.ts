/**
 * Zone-aware routing (ZoneAwareLoadBalancerBase): the proxies of one zone send as much as they can to hosts of their own zone, and the
 * rest where other zones have room, so that every host gets its share. For priority 0 only; in ten-thousandths, as Envoy counts.
 */
import { nextBelow } from "../kernel/random.ts";
import type { ZoneAwareRouting } from "../model/index.ts";
import type { ClusterState, HostSet, HostState, HostView, Sim, ZoneRouting } from "../sim.ts";

const whole = 10_000;

/** A host set whose share of usable hosts is below the threshold. */
export function isInPanic(set: HostSet, threshold: number): boolean {
  const percent = set.counted === 0 ? 0 : (100 * (set.healthy.length + set.degraded.length)) / set.counted;
  return percent < Math.min(100, threshold);
}

/** @returns null where zones play no part: too few of them or of hosts, or the own zone is not in the local cluster */
export function zoneRouting(cluster: ClusterState, view: HostView): ZoneRouting | null {
  const { zoneAware, panicThresholdPercent } = cluster.compiled.config.lb;
  const local = cluster.localCluster;
  const hosts = view.priorities[0];
  if (zoneAware === undefined || local === null || hosts === undefined) return null;
  const { zone, forceLocalMinSize } = zoneAware;
  const names = zonesOf(cluster, zone);
  const localNames = zonesOf(local, zone);
  if (names.length < 2 || localNames[0] !== zone) return null;
  if (forceLocalMinSize === undefined && localNames.length < 2) return null;
  if (hosts.healthy.length < zoneAware.minClusterSize) return null;
  const zones = names.map((name) => membersOf(cluster, hosts, name));
  const upstream = shares(zones.map(({ healthy }) => sizeOf(cluster, healthy, zoneAware)));
  const origin = sharesByZone(local, localNames, zoneAware);
  const localShares = names.map((name, i) => ((zones[i] as HostSet).healthy.length > 0 ? (origin.get(name) ?? 0) : 0));
  const hasOwn = names[0] === zone;
  const [own = 0] = upstream;
  const [ownOrigin = 0] = localShares;
  const forced = forceLocalMinSize !== undefined && (zones[0] as HostSet).healthy.length >= forceLocalMinSize;
  const isDirect = hasOwn && ((own > 0 && own >= ownOrigin) || forced);
  let sum = 0;
  const reach = upstream.map((share, i) => {
    if (i > 0 || !hasOwn) sum += Math.max(0, share - (localShares[i] as number));
    return sum;
  });
  return {
    names,
    zones,
    localShare: isDirect ? whole : hasOwn && ownOrigin > 0 ? Math.floor((own * whole) / ownOrigin) : 0,
    reach,
    localPanic: isInPanic(local.priorities[0] as HostSet, panicThresholdPercent),
  };
}

/** Zones with hosts of priority 0, in Envoy's order: the own one first where it has some, then by region, zone and sub-zone. */
function zonesOf(cluster: ClusterState, own: string): string[] {
  const names = new Set<string>();
  for (const host of cluster.hosts) if (host.present && host.priority === 0) names.add(zoneOf(cluster, host));
  const sorted = [...names].sort((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1));
  return names.has(own) && own !== "" ? [own, ...sorted.filter((name) => name !== own)] : sorted;
}

/** Parts compare one by one: the separator has to sort before everything else. */
function inOrder(zone: string): string {
  return zone.replaceAll("/", "\u0000");
}

function zoneOf(cluster: ClusterState, host: HostState): string {
  return cluster.compiled.assignment?.localities[host.locality]?.locality ?? "";
}

function membersOf(cluster: ClusterState, hosts: HostSet, zone: string): HostSet {
  const inZone = (list: readonly number[]) => list.filter((one) => zoneOf(cluster, cluster.hosts[one] as HostState) === zone);
  const all = inZone(hosts.all);
  return { all, counted: all.length, healthy: inZone(hosts.healthy), degraded: inZone(hosts.degraded) };
}

/** locality_basis: how many there are, or how heavy they are. */
function sizeOf(cluster: ClusterState, hosts: readonly number[], { byWeight }: ZoneAwareRouting): number {
  if (!byWeight) return hosts.length;
  return hosts.reduce((sum, one) => sum + (cluster.hosts[one] as HostState).weight, 0);
}

function sharesByZone(local: ClusterState, names: readonly string[], settings: ZoneAwareRouting): Map<string, number> {
  const hosts = local.priorities[0] as HostSet;
  const found = shares(names.map((name) => sizeOf(local, membersOf(local, hosts, name).healthy, settings)));
  return new Map(names.map((name, i) => [name, found[i] as number]));
}

function shares(sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, one) => sum + one, 0);
  return sizes.map((size) => (total === 0 ? 0 : Math.floor((whole * size) / total)));
}

/** Not by zone: any host of the priority. Nowhere: the request fails. */
const notByZone = -1;
export const nowhere = -2;

/** @returns which of the zones gets this request */
export function chooseZone(sim: Sim, cluster: ClusterState, { zones, localShare, reach, localPanic }: ZoneRouting): number {
  const { zoneAware, failTrafficOnPanic } = cluster.compiled.config.lb;
  const { routingPercent } = zoneAware as ZoneAwareRouting;
  if (routingPercent < 100 && (routingPercent === 0 || nextBelow(sim.random, cluster.stream, 100) >= routingPercent))
    return notByZone;
  if (localPanic) return failTrafficOnPanic === true ? nowhere : notByZone;
  if (localShare >= whole || nextBelow(sim.random, cluster.stream, whole) < localShare) return 0;
  const room = reach.at(-1) as number;
  if (room === 0) return nextBelow(sim.random, cluster.stream, zones.length);
  const point = nextBelow(sim.random, cluster.stream, room);
  return reach.findIndex((end) => point < end);
}
