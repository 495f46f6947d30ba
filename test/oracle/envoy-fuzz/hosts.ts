/** Random clusters whose choice of a host is no draw: consistent hashing, subsets, priorities and fixed health. */
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import type { Tree } from "./words.ts";

const versions = ["1", "2"] as const;
const stages = ["prod", "test"] as const;

/** @param addresses of the listeners that answer, with one port for all */
export function hashedCluster(dice: Dice, name: string, addresses: readonly string[], port: number): Tree {
  const policy = dice.pick(["RING_HASH", "MAGLEV"]);
  // No address twice.
  const free = [...addresses];
  const localities = dice
    .many(1, 3, () => 0)
    .map((_, priority) => ({
      priority,
      lb_endpoints: dice
        .many(1, 4, () => free.splice(dice.below(free.length), 1)[0] as string)
        .map((one) => endpoint(dice, one, port)),
    }));
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    lb_policy: policy,
    ...(policy === "RING_HASH" ? dice.maybe(0.6, () => ({ ring_hash_lb_config: ringHash(dice) })) : {}),
    ...dice.maybe(0.3, () => ({ common_lb_config: { healthy_panic_threshold: { value: dice.pick([0, 1, 50, 100]) } } })),
    ...dice.maybe(0.6, () => ({ lb_subset_config: subsets(dice) })),
    load_assignment: { cluster_name: name, endpoints: localities },
  };
}

function ringHash(dice: Dice): Tree {
  return {
    ...dice.maybe(0.5, () => ({ minimum_ring_size: dice.pick([1, 16, 100]) })),
    ...dice.maybe(0.3, () => ({ minimum_ring_size: 16, maximum_ring_size: 128 })),
    ...dice.maybe(0.3, () => ({ hash_function: "MURMUR_HASH_2" })),
  };
}

function endpoint(dice: Dice, address: string, port_value: number): Tree {
  const metadata = {
    ...dice.maybe(0.8, () => ({ v: dice.chance(0.15) ? dice.many(0, 2, () => dice.pick(versions)) : dice.pick(versions) })),
    ...dice.maybe(0.6, () => ({ stage: dice.pick(stages) })),
    ...dice.maybe(0.15, () => ({ canary: true })),
  };
  return {
    endpoint: { address: { socket_address: { address, port_value } } },
    metadata: { filter_metadata: { "envoy.lb": metadata } },
    ...dice.maybe(0.25, () => ({ health_status: dice.pick(["UNHEALTHY", "DEGRADED", "DRAINING"]) })),
  };
}

function subsets(dice: Dice): Tree {
  return {
    fallback_policy: dice.pick(["NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET"]),
    default_subset: dice.pick<Tree>([{ v: "1" }, { stage: "prod" }, { v: "9" }]),
    subset_selectors: dice.pick<Tree[]>([
      [{ keys: ["v"] }],
      [{ keys: ["v"] }, { keys: ["stage", "v"] }],
      [{ keys: ["v"], single_host_per_subset: true }],
      [
        { keys: ["stage"], single_host_per_subset: true },
        { keys: ["v"], fallback_policy: "NO_FALLBACK" },
      ],
      [{ keys: ["stage"], fallback_policy: dice.pick(["NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET"]) }],
      [{ keys: ["stage", "v"], fallback_policy: "KEYS_SUBSET", fallback_keys_subset: ["v"] }, { keys: ["v"] }],
    ]),
    ...dice.maybe(0.2, () => ({ panic_mode_any: true })),
    ...dice.maybe(0.3, () => ({ list_as_any: true })),
  };
}

export function hashedTable(dice: Dice, clusters: readonly string[]): Tree {
  const routes = dice
    .many(4, 8, () => dice.below(1000))
    .map((number) => ({
      name: `r${number}`,
      match: { prefix: `/r${number}/` },
      route: {
        cluster: dice.pick(clusters),
        // Without one the host is a draw.
        hash_policy: [...dice.many(0, 2, () => hashPolicy(dice)), { connection_properties: { source_ip: true } }],
        ...dice.maybe(0.7, () => ({
          metadata_match: {
            filter_metadata: {
              "envoy.lb": {
                ...dice.maybe(0.7, () => ({ v: dice.pick([...versions, "9"]) })),
                ...dice.maybe(0.4, () => ({ stage: dice.pick(stages) })),
              },
            },
          },
        })),
      },
    }));
  return { name: "table", virtual_hosts: [{ name: "v", domains: ["*"], routes }] };
}

function hashPolicy(dice: Dice): Tree {
  return {
    ...dice.pick<Tree>([
      { header: { header_name: "x-a" } },
      { header: { header_name: "X-B" } },
      { cookie: { name: "c" } },
      { query_parameter: { name: "q" } },
      { query_parameter: { name: "Q" } },
    ]),
    ...dice.maybe(0.3, () => ({ terminal: true })),
  };
}

export function hashedRequest(dice: Dice, listener: number, table: Tree): FuzzRequest {
  const [host] = table.virtual_hosts as { routes: { match: { prefix: string } }[] }[];
  const { prefix } = dice.pick(host?.routes ?? []).match;
  const word = () => dice.pick(["one", "two", "three", "", "ONE"]);
  return {
    listener,
    method: "GET",
    path: `${prefix}x${dice.pick(["", `?q=${word()}`, `?Q=${word()}`, "?q", `?p=1&q=${word()}&q=two`])}`,
    headers: {
      host: "a.example",
      ...dice.maybe(0.5, () => ({ "x-a": dice.chance(0.2) ? [word(), word()] : word() })),
      ...dice.maybe(0.5, () => ({ "x-b": word() })),
      ...dice.maybe(0.5, () => ({ cookie: dice.pick([`c=${word()}`, `b=1; c=${word()}`, 'c="one"', "b"]) })),
    },
  };
}
