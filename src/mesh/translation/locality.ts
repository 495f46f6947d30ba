/** Locality of endpoints as one proxy sees it: weights by `distribute`, priorities by failover (core/loadbalancer). */
import type { LocalityEndpoints } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { at, entries, type Field, flag, items, number, text, texts } from "./field.ts";
import type { Labels } from "./labels.ts";

export interface LocalityPolicy {
  distribute: readonly { from: string; to: readonly [string, number][] }[];
  failover: readonly { from: string; to: string }[];
  failoverPriority: readonly string[];
  hasFailover: boolean;
  /** Nearby endpoints come first without outlier detection too. */
  isForced: boolean;
}

/** What `trafficDistribution` of a Service makes of its endpoints: the same zone, then the same region, then the rest. */
const sameZone: LocalityPolicy = {
  distribute: [],
  failover: [],
  failoverPriority: ["topology.istio.io/network", "topology.kubernetes.io/region", "topology.kubernetes.io/zone"],
  hasFailover: true,
  isForced: true,
};

/** A DestinationRule's setting replaces the Service's, and that the mesh's; `enabled: false` switches it off. */
export function localityPolicyOf(
  rule: Field | undefined,
  service: Resource,
  mesh: Field | undefined,
): LocalityPolicy | undefined {
  if (!rule && prefersSameZone(service)) return sameZone;
  const field = rule ?? mesh;
  if (field && flag(field, "enabled") === false) return undefined;
  return {
    distribute: items(field, "distribute").map((one) => ({
      from: text(one, "from") ?? "",
      to: entries(one, "to").map(([locality, weight]): [string, number] => [locality, number(weight) ?? 0]),
    })),
    failover: items(field, "failover").map((one) => ({ from: text(one, "from") ?? "", to: text(one, "to") ?? "" })),
    failoverPriority: texts(field, "failoverPriority"),
    hasFailover: at(field, "failover") !== undefined || at(field, "failoverPriority") !== undefined,
    isForced: false,
  };
}

function prefersSameZone({ spec, annotations }: Resource): boolean {
  const wanted = spec.trafficDistribution ?? annotations["networking.istio.io/traffic-distribution"];
  return wanted === "PreferClose" || wanted === "PreferSameZone";
}

/** Endpoint groups carry their labels beside the model's endpoints, for failoverPriority. */
export interface LabelledGroup {
  group: LocalityEndpoints;
  labels: readonly Labels[];
}

export interface ProxyPlace {
  locality: string;
  labels: Labels;
}

export function applyLocality(
  groups: readonly LabelledGroup[],
  policy: LocalityPolicy | undefined,
  place: ProxyPlace,
  failoverEnabled: boolean,
): LocalityEndpoints[] {
  if (!policy) return groups.map((one) => one.group);
  if (policy.distribute.length > 0)
    return distribute(
      groups.map((one) => one.group),
      policy,
      place.locality,
    );
  if (!failoverEnabled && !policy.isForced) return groups.map((one) => one.group);
  let current = groups.map((one) => one.group);
  if (policy.failoverPriority.length > 0) {
    current = byPriorityLabels(groups, policy.failoverPriority, { ...localityLabels(place.locality), ...place.labels });
    if (policy.failover.length === 0) return current;
  }
  return byDistance(current, policy.failover, place.locality);
}

function distribute(groups: readonly LocalityEndpoints[], policy: LocalityPolicy, own: string): LocalityEndpoints[] {
  const rule = policy.distribute.find((one) => localityMatches(own, one.from));
  if (!rule) return [...groups];
  const weights = new Map<number, number>();
  const left = new Set(groups.keys());
  for (const [pattern, weight] of rule.to) {
    const matched = [...left].filter((index) => localityMatches(groups[index]!.locality, pattern));
    const total = matched.reduce((sum, index) => sum + groups[index]!.weight, 0);
    for (const index of matched) {
      left.delete(index);
      const share = (groups[index]!.weight * weight) / total;
      weights.set(index, share > 0 ? Math.ceil(share) : groups[index]!.weight);
    }
  }
  return groups.map((group, index) =>
    left.has(index) ? { ...group, endpoints: [] } : { ...group, weight: weights.get(index) ?? group.weight },
  );
}

/** "eu/*" and "*" are allowed; a missing part matches anything. */
function localityMatches(locality: string, pattern: string): boolean {
  const [own, wanted] = [locality.split("/"), pattern.split("/")];
  for (const [index, part] of wanted.entries()) {
    if (part === "*" || part === "") return true;
    if (part !== (own[index] ?? "")) return false;
  }
  return true;
}

function byDistance(
  groups: readonly LocalityEndpoints[],
  failover: LocalityPolicy["failover"],
  own: string,
): LocalityEndpoints[] {
  const region = own.split("/")[0] ?? "";
  const distances = groups.map((group) => {
    let distance = distanceOf(own, group.locality);
    if (distance === 3) {
      const setting = failover.find((one) => one.from === region);
      if (setting && (group.locality.split("/")[0] ?? "") !== setting.to) distance = 4;
    }
    return group.priority * 5 + distance;
  });
  return withDensePriorities(groups, distances);
}

/** 0 the same subzone, 1 the same zone, 2 the same region, 3 elsewhere. */
function distanceOf(own: string, other: string): number {
  const [a, b] = [own.split("/"), other.split("/")];
  const same = (index: number): boolean => (a[index] ?? "") === (b[index] ?? "");
  if (!same(0)) return 3;
  if (!same(1)) return 2;
  return same(2) ? 0 : 1;
}

/** Priorities have to run from 0 without gaps. */
function withDensePriorities(groups: readonly LocalityEndpoints[], raw: readonly number[]): LocalityEndpoints[] {
  const order = [...new Set(raw)].sort((left, right) => left - right);
  return groups.map((group, index) => ({ ...group, priority: order.indexOf(raw[index]!) }));
}

function byPriorityLabels(groups: readonly LabelledGroup[], priorities: readonly string[], own: Labels): LocalityEndpoints[] {
  const split: LocalityEndpoints[] = [];
  const raw: number[] = [];
  for (const { group, labels } of groups) {
    const byPriority = new Map<number, number[]>();
    for (const index of group.endpoints.keys()) {
      const theirs = { ...localityLabels(group.locality), ...labels[index] };
      const mismatch = priorities.findIndex((written) => {
        const [label, override] = written.split("=");
        return (override ?? own[label ?? ""] ?? "") !== (theirs[label ?? ""] ?? "");
      });
      const priority = mismatch < 0 ? 0 : priorities.length - mismatch;
      byPriority.set(priority, [...(byPriority.get(priority) ?? []), index]);
    }
    for (const priority of [...byPriority.keys()].sort((left, right) => left - right)) {
      const endpoints = byPriority.get(priority)!.map((index) => group.endpoints[index]!);
      split.push({ ...group, priority, weight: endpoints.reduce((sum, one) => sum + one.weight, 0), endpoints });
      raw.push(priority);
    }
  }
  return withDensePriorities(split, raw);
}

function localityLabels(locality: string): Labels {
  const [region, zone, subzone] = locality.split("/");
  return {
    ...(region ? { "topology.kubernetes.io/region": region } : {}),
    ...(zone ? { "topology.kubernetes.io/zone": zone } : {}),
    ...(subzone ? { "topology.istio.io/subzone": subzone } : {}),
  };
}
