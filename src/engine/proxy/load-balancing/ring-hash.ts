/**
 * RING_HASH (Envoy's RingHashLoadBalancer): points xxHash64("<address>_<i>") on a circle, the first point at or after the key's
 * hash wins. Points per host follow from the minimum size, so a change of membership moves more keys than one would think.
 */
import { nextBits } from "../../kernel/random.ts";
import type { ClusterLoadAssignment } from "../../model/index.ts";
import type { ClusterState, HostState, Sim } from "../../sim.ts";
import { murmurHash2 } from "./murmur-hash-2.ts";
import type { LoadBalancingPolicy } from "./policy.ts";
import { xxHash64 } from "./xxhash64.ts";

export interface Ring {
  readonly points: BigUint64Array;
  readonly hosts: Int32Array;
}

export interface WeightedAddress {
  address: string;
  weight: number;
}

/** Rings by their members: pure data, shared by proxies and never part of a run's state. */
const rings = new Map<string, Ring>();
const ringLimit = 256;

export function buildRing(
  members: readonly WeightedAddress[],
  minimumSize: number,
  maximumSize: number,
  hashOf: (text: string) => bigint = (text) => xxHash64(text, 0n),
): Ring {
  let sum = 0;
  for (const member of members) sum += member.weight;
  let smallest = 1;
  for (const member of members) smallest = Math.min(smallest, member.weight / sum);
  const scale = Math.min(Math.ceil(smallest * minimumSize) / smallest, maximumSize);
  const entries: { point: bigint; host: number }[] = [];
  let current = 0;
  let target = 0;
  members.forEach((member, host) => {
    target += scale * (member.weight / sum);
    for (let i = 0; current < target; i++, current++) entries.push({ point: hashOf(`${member.address}_${i}`), host });
  });
  entries.sort((a, b) => (a.point < b.point ? -1 : a.point > b.point ? 1 : 0));
  return {
    points: BigUint64Array.from(entries, (entry) => entry.point),
    hosts: Int32Array.from(entries, (entry) => entry.host),
  };
}

export function findOnRing(ring: Ring, hash: bigint, retry: number): number {
  const size = ring.points.length;
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ring.points[middle] as bigint) < hash) low = middle + 1;
    else high = middle;
  }
  const at = (low === size ? 0 : low) + retry;
  return ring.hosts[at % size] as number;
}

function pick(
  sim: Sim,
  cluster: ClusterState,
  hosts: readonly number[],
  _source: number,
  hash: bigint | null,
  retry: number,
): number {
  const { minimumRingSize, maximumRingSize, hashFunction } = cluster.compiled.config.lb.ringHash ?? {
    minimumRingSize: 1024,
    maximumRingSize: 8388608,
    hashFunction: undefined,
  };
  const members = membersOf(cluster, hosts);
  const key = `${minimumRingSize},${maximumRingSize},${hashFunction}|${keyOf(members)}`;
  let ring = rings.get(key);
  if (ring === undefined) {
    const hashOf = hashFunction === undefined ? undefined : murmurHash2;
    ring = buildRing(members, minimumRingSize, maximumRingSize, hashOf);
    if (rings.size >= ringLimit) rings.clear();
    rings.set(key, ring);
  }
  return hosts[findOnRing(ring, hash ?? randomHash(sim, cluster), retry)] as number;
}

export function membersOf(cluster: ClusterState, hosts: readonly number[]): WeightedAddress[] {
  return hosts.map((index) => {
    const host = cluster.hosts[index] as HostState;
    return { address: hashKeyOf(cluster, host), weight: host.weight };
  });
}

/** What a host is hashed by: its own hash_key in the metadata, its name, or its address. */
function hashKeyOf({ compiled }: ClusterState, { address, subsetMetadata }: HostState): string {
  const { hash_key: written } = subsetMetadata;
  if (typeof written === "string" && /^"./.test(written)) return JSON.parse(written) as string;
  return (compiled.config.lb.hashesHostnames === true ? hostnameOf(compiled.assignment, address) : undefined) ?? address;
}

function hostnameOf(assignment: ClusterLoadAssignment | undefined, address: string): string | undefined {
  for (const { endpoints } of assignment?.localities ?? [])
    for (const endpoint of endpoints) if (endpoint.address === address) return endpoint.hostname;
  return undefined;
}

export function keyOf(members: readonly WeightedAddress[]): string {
  return members.map((member) => `${member.address}=${member.weight}`).join(",");
}

export function randomHash(sim: Sim, cluster: ClusterState): bigint {
  const high = nextBits(sim.random, cluster.stream);
  return (BigInt(high) << 32n) | BigInt(nextBits(sim.random, cluster.stream));
}

export const ringHash: LoadBalancingPolicy = { name: "RING_HASH", pick };
