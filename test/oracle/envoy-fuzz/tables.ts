/** Random route tables: virtual hosts by every kind of domain, ordered routes with every kind of match, action and header change. */
import type { Dice } from "./dice.ts";
import { headerChanges, headerMatcher, methods, pathMatcher, pathOf, queryMatcher, substitution, type Tree } from "./words.ts";

/** Where a table may lead. */
export interface Places {
  clusters: readonly string[];
  /** Names of clusters that are not there. */
  missing: readonly string[];
}

/** What requests are made of, so that they meet what was written. */
export const domains = [
  "a.example",
  "*.example",
  "b.*",
  "*",
  "A.example:10000",
  "*-b.example",
  "a.example:81",
  "b.example",
  "a.*",
  "*.b.example",
] as const;

export function routeTable(dice: Dice, places: Places, perFilter: (dice: Dice) => Tree = () => ({})): Tree {
  const taken = new Set<string>();
  const hosts = dice.many(1, 4, () => {
    const own = dice
      .many(1, 3, () => dice.pick(domains))
      .filter((one) => !taken.has(one.toLowerCase()) && taken.add(one.toLowerCase()));
    return own;
  });
  const named = hosts.filter((own) => own.length > 0).map((own, at) => virtualHost(dice, `v${at}`, own, places, perFilter));
  if (!taken.has("*") && dice.chance(0.7)) named.push(virtualHost(dice, "rest", ["*"], places, perFilter));
  return {
    name: "table",
    validate_clusters: false,
    virtual_hosts: named,
    ...headerChanges(dice, 0.2),
    ...dice.maybe(0.3, () => ({ most_specific_header_mutations_wins: true })),
    ...dice.maybe(0.3, () => ({ ignore_port_in_host_matching: true })),
  };
}

function virtualHost(dice: Dice, name: string, own: readonly string[], places: Places, perFilter: (dice: Dice) => Tree): Tree {
  return {
    name,
    domains: own,
    routes: dice.many(1, 5, () => route(dice, places, perFilter)),
    ...headerChanges(dice, 0.2),
    ...perFilter(dice),
    ...dice.maybe(0.05, () => ({ require_tls: "ALL" })),
    ...dice.maybe(0.2, () => ({ include_request_attempt_count: true })),
    ...dice.maybe(0.2, () => ({ include_attempt_count_in_response: true })),
  };
}

function route(dice: Dice, places: Places, perFilter: (dice: Dice) => Tree): Tree {
  const path = pathMatcher(dice);
  return {
    name: `r${dice.below(100)}`,
    match: {
      ...path,
      ...dice.maybe(0.35, () => ({ headers: dice.many(1, 2, () => headerMatcher(dice)) })),
      ...dice.maybe(0.15, () => ({ headers: [{ name: ":method", string_match: { exact: dice.pick(methods) } }] })),
      ...dice.maybe(0.2, () => ({ query_parameters: dice.many(1, 2, () => queryMatcher(dice)) })),
      ...dice.maybe(0.04, () => ({ grpc: {} })),
      ...dice.maybe(0.08, () => ({ runtime_fraction: { default_value: { numerator: dice.pick([0, 100]) } } })),
    },
    ...action(dice, places, "path_match_policy" in path),
    ...headerChanges(dice, 0.3),
    ...perFilter(dice),
  };
}

function action(dice: Dice, places: Places, isTemplate: boolean): Tree {
  const kind = dice.below(10);
  if (kind === 0)
    return {
      direct_response: {
        status: dice.pick([200, 204, 301, 404, 503]),
        ...dice.maybe(0.5, () => ({ body: { inline_string: "said" } })),
      },
    };
  if (kind <= 2) return { redirect: redirect(dice, isTemplate) };
  return { route: forward(dice, places, isTemplate) };
}

function redirect(dice: Dice, isTemplate: boolean): Tree {
  return {
    ...dice.maybe(0.3, () =>
      dice.pick<Tree>([{ https_redirect: true }, { scheme_redirect: "https" }, { scheme_redirect: "HTTP" }]),
    ),
    ...dice.maybe(0.4, () => ({ host_redirect: dice.pick(["new.example", "new.example:81"]) })),
    ...dice.maybe(0.3, () => ({ port_redirect: dice.pick([80, 443, 8080]) })),
    ...dice.maybe(0.6, () =>
      dice.pick<() => Tree>([
        () => ({ path_redirect: dice.pick(["/new", "/new?n=1", "/new/", "/%61"]) }),
        () => (isTemplate ? {} : { prefix_rewrite: dice.pick(["/", "/new", "/new/", ""]) }),
        () => ({ regex_rewrite: substitution(dice) }),
      ])(),
    ),
    ...dice.maybe(0.3, () => ({ strip_query: true })),
    ...dice.maybe(0.5, () => ({ response_code: dice.pick(["FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"]) })),
  };
}

function forward(dice: Dice, places: Places, isTemplate: boolean): Tree {
  const host = dice.pick<Tree>([
    {},
    {},
    { host_rewrite_literal: "new.example" },
    { host_rewrite_header: "X-Host" },
    {
      host_rewrite_path_regex: {
        pattern: { regex: dice.pick(["^/([a-z]*).*$", "^/([^/]?).*$"]) },
        substitution: dice.pick(["h\\1.example", "h", "\\1"]),
      },
    },
  ]);
  return {
    ...target(dice, places),
    ...dice.pick<() => Tree>([
      () => ({}),
      () => (isTemplate ? {} : { prefix_rewrite: dice.pick(["/", "/new", "/new/", pathOf(dice, 2)]) }),
      () => ({ regex_rewrite: substitution(dice) }),
    ])(),
    ...host,
    ...dice.maybe(0.3, () => ({ append_x_forwarded_host: true })),
    ...dice.maybe(0.1, () => ({ timeout: dice.pick(["0s", "2s", "30s"]) })),
    ...dice.maybe(0.2, () => ({
      cluster_not_found_response_code: dice.pick(["NOT_FOUND", "INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"]),
    })),
  };
}

function target(dice: Dice, places: Places): Tree {
  const cluster = () => dice.pick(dice.chance(0.05) ? places.missing : places.clusters);
  const kind = dice.below(8);
  if (kind === 0) return { cluster_header: dice.pick(["x-a", "x-cluster", "X-Cluster"]) };
  if (kind > 2) return { cluster: cluster() };
  const hosts = dice.many(1, 3, () => ({
    name: cluster(),
    weight: dice.pick([0, 1, 3]),
    ...headerChanges(dice, 0.3),
    ...dice.maybe(0.2, () => ({ host_rewrite_literal: "drawn.example" })),
  }));
  // Where a header says which, it is no draw; without it only one may have a weight.
  const clusters = hosts.map((one, at) => ({ ...one, weight: at === 0 ? 1 : 0 }));
  return { weighted_clusters: { clusters } };
}
