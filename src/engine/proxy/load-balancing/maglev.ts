/**
 * MAGLEV (Envoy's MaglevLoadBalancer, after the Google paper): each host claims places of a prime-sized table in the order of its own
 * permutation (offset and skip from xxHash64 with seeds 0 and 1), hosts sorted by address; a key's hash modulo the size is its place.
 */
import type { ClusterState, Sim } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";
import { keyOf, membersOf, randomHash, type WeightedAddress } from "./ring-hash.ts";
import { xxHash64 } from "./xxhash64.ts";

const tables = new Map<string, Int32Array>();
const tableLimit = 256;

export function buildMaglev(members: readonly WeightedAddress[], size: number): Int32Array {
  const table = new Int32Array(size).fill(-1);
  let largest = 0;
  for (const member of members) largest = Math.max(largest, member.weight);
  const big = BigInt(size);
  const entries = members
    .map((member, host) => ({
      host,
      address: member.address,
      weight: member.weight / largest,
      at: Number(xxHash64(member.address, 0n) % big),
      skip: Number(xxHash64(member.address, 1n) % (big - 1n)) + 1,
      target: 0,
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  let filled = 0;
  for (let turn = 1; filled < size; turn++) {
    for (const entry of entries) {
      if (filled === size) break;
      // A lighter host takes its turn only when its share has caught up.
      if (turn * entry.weight < entry.target) continue;
      entry.target += 1;
      while (table[entry.at] !== -1) entry.at = (entry.at + entry.skip) % size;
      table[entry.at] = entry.host;
      entry.at = (entry.at + entry.skip) % size;
      filled++;
    }
  }
  return table;
}

function pick(
  sim: Sim,
  cluster: ClusterState,
  hosts: readonly number[],
  _source: number,
  hash: bigint | null,
  retry: number,
): number {
  const size = cluster.compiled.config.lb.maglev?.tableSize ?? 65537;
  const members = membersOf(cluster, hosts);
  const key = `${size}|${keyOf(members)}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = buildMaglev(members, size);
    if (tables.size >= tableLimit) tables.clear();
    tables.set(key, table);
  }
  let h = hash ?? randomHash(sim, cluster);
  // Another place for another try at choosing a host.
  if (retry > 0) h ^= 0xffffffffffffffffn - BigInt(retry) + 1n;
  return hosts[table[Number(h % BigInt(size))] as number] as number;
}

export const maglev: LoadBalancingPolicy = { name: "MAGLEV", pick };
