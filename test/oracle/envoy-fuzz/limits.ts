/** Random rate_limits of routes, virtual hosts and filters, and local rate limits with buckets for what they come to. */
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import { headerMatcher, queryMatcher, type Tree } from "./words.ts";

const values = ["one", "two", ""] as const;

/** A filter of its own stage, with buckets that are filled again when everything is over. */
export function limitFilter(dice: Dice, table: Tree): Tree {
  const own = dice.maybe(0.2, () => ({ rate_limits: dice.many(1, 2, () => ({ actions: dice.many(1, 2, () => action(dice)) })) }));
  const asked = "rate_limits" in own ? (own.rate_limits as Tree[]) : rateLimitsIn(table);
  // Of two that leave values open and fit one request Envoy takes either.
  const distinct = new Map(
    dice
      .many(1, 6, () => descriptor(dice, asked))
      .map((one) => {
        const isOpen = one.entries.some(({ value }) => value === undefined);
        return [isOpen ? "open" : JSON.stringify(one.entries), one];
      }),
  );
  return {
    name: "envoy.filters.http.local_ratelimit",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
      stat_prefix: "limit",
      token_bucket: bucket(dice, [2, 20, 1000]),
      filter_enabled: { default_value: { numerator: 100 } },
      filter_enforced: { default_value: { numerator: 100 } },
      descriptors: [...distinct.values()],
      ...own,
      ...dice.maybe(0.3, () => ({ stage: dice.pick([0, 1]) })),
      ...dice.maybe(0.4, () => ({ vh_rate_limits: dice.pick(["OVERRIDE", "INCLUDE", "IGNORE"]) })),
      ...dice.maybe(0.3, () => ({ always_consume_default_token_bucket: dice.chance(0.5) })),
      ...dice.maybe(0.5, () => ({ enable_x_ratelimit_headers: dice.pick(["DRAFT_VERSION_03", "OFF"]) })),
      ...dice.maybe(0.2, () => ({ status: { code: "ServiceUnavailable" } })),
    },
  };
}

function bucket(dice: Dice, sizes: readonly number[]): Tree {
  return { max_tokens: dice.pick(sizes), tokens_per_fill: 1, fill_interval: "1000000s" };
}

function rateLimitsIn(table: Tree): Tree[] {
  const [host] = table.virtual_hosts as { rate_limits?: Tree[]; routes: { route: { rate_limits?: Tree[] } }[] }[];
  return [...(host?.rate_limits ?? []), ...(host?.routes ?? []).flatMap(({ route }) => route.rate_limits ?? [])];
}

/** What one of the rate limits may come to. */
function descriptor(dice: Dice, asked: readonly Tree[]): Tree & { entries: Tree[] } {
  const actions = (asked.length === 0 ? [] : dice.pick(asked).actions) as Tree[] | undefined;
  const entries = (actions ?? []).map((one) => entryOf(dice, one));
  return {
    entries: entries.length > 0 ? entries : [{ key: "generic_key", value: "one" }],
    token_bucket: bucket(dice, [1, 2, 4]),
    ...dice.maybe(0.1, () => ({ shadow_mode: true })),
  };
}

function entryOf(dice: Dice, written: Tree): Tree {
  const [kind = "", config] = Object.entries(written)[0] as [string, Tree];
  const usual: Readonly<Record<string, string>> = {
    header_value_match: "header_match",
    query_parameter_value_match: "query_match",
    remote_address: "remote_address",
    masked_remote_address: "masked_remote_address",
  };
  const key = (config.descriptor_key as string | undefined) ?? usual[kind] ?? kind;
  const value =
    kind === "remote_address"
      ? "127.0.0.1"
      : kind === "masked_remote_address"
        ? dice.pick(["127.0.0.0/8", "127.0.0.1/32"])
        : kind === "destination_cluster"
          ? dice.pick(["echo1", "echo2"])
          : kind === "source_cluster"
            ? "oracle"
            : ((config.descriptor_value as string | undefined) ?? dice.pick(values));
  // Without a value: a bucket for each.
  return dice.chance(0.2) ? { key } : { key, ...(value === "" ? {} : { value }) };
}

export function action(dice: Dice): Tree {
  const named = () => dice.maybe(0.5, () => ({ descriptor_key: dice.pick(["k", "header_match"]) }));
  return dice.pick<() => Tree>([
    () => ({ generic_key: { descriptor_value: dice.pick(["one", "two"]), ...named() } }),
    () => ({
      request_headers: { header_name: dice.pick(["x-a", "x-b"]), descriptor_key: dice.pick(["k", "a"]), ...skipping(dice) },
    }),
    () => ({ query_parameters: { query_parameter_name: dice.pick(["p", "q"]), descriptor_key: "q", ...skipping(dice) } }),
    () => ({ remote_address: {} }),
    () => ({ masked_remote_address: dice.maybe(0.7, () => ({ v4_prefix_mask_len: dice.pick([8, 32]) })) }),
    () => ({ destination_cluster: {} }),
    () => ({ source_cluster: {} }),
    () => ({
      header_value_match: {
        descriptor_value: "one",
        ...named(),
        ...dice.maybe(0.3, () => ({ expect_match: dice.chance(0.5) })),
        headers: dice.many(1, 2, () => headerMatcher(dice)),
      },
    }),
    () => ({
      query_parameter_value_match: {
        descriptor_value: "two",
        ...named(),
        ...dice.maybe(0.3, () => ({ expect_match: dice.chance(0.5) })),
        query_parameters: [queryMatcher(dice)],
      },
    }),
    () => ({
      metadata: {
        descriptor_key: "m",
        source: dice.pick(["ROUTE_ENTRY", "DYNAMIC"]),
        metadata_key: { key: "own", path: [{ key: dice.pick(["v", "none"]) }] },
        ...dice.maybe(0.4, () => ({ default_value: "two" })),
        ...skipping(dice),
      },
    }),
  ])();
}

function skipping(dice: Dice): Tree {
  return dice.maybe(0.4, () => ({ skip_if_absent: true }));
}

function rateLimits(dice: Dice): Tree {
  return {
    rate_limits: dice.many(1, 3, () => ({
      actions: dice.many(1, 3, () => action(dice)),
      ...dice.maybe(0.2, () => ({ stage: dice.pick([0, 1]) })),
      ...dice.maybe(0.05, () => ({ disable_key: "off" })),
    })),
  };
}

export function limitTable(dice: Dice): Tree {
  const routes = dice
    .many(3, 5, () => dice.below(1000))
    .map((number) => ({
      name: `r${number}`,
      match: { prefix: `/r${number}/` },
      ...dice.maybe(0.5, () => ({ metadata: { filter_metadata: { own: { v: dice.pick(["one", "two", 1]) } } } })),
      route: {
        cluster: dice.pick(["echo1", "echo2"]),
        ...dice.maybe(0.7, () => rateLimits(dice)),
        ...dice.maybe(0.3, () => ({ include_vh_rate_limits: dice.chance(0.7) })),
      },
    }));
  return { name: "table", virtual_hosts: [{ name: "v", domains: ["*"], ...dice.maybe(0.6, () => rateLimits(dice)), routes }] };
}

export function limitRequest(dice: Dice, listener: number, table: Tree): FuzzRequest {
  const [host] = table.virtual_hosts as { routes: { match: { prefix: string } }[] }[];
  const { prefix } = dice.pick(host?.routes ?? []).match;
  return {
    listener,
    method: "GET",
    path: `${prefix}x${dice.pick(["", "?p=one", "?q=two", "?p=two&q=one", "?q", "?P=one"])}`,
    headers: {
      host: "a.example",
      ...dice.maybe(0.6, () => ({ "x-a": dice.chance(0.1) ? ["one", "two"] : dice.pick(["one", "two", ""]) })),
      ...dice.maybe(0.4, () => ({ "x-b": dice.pick(["one", "two"]) })),
    },
  };
}
