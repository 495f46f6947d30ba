/** Random HTTP filters in random order, and what routes and virtual hosts override of them. */
import { accessTree } from "./access-trees.ts";
import type { Dice } from "./dice.ts";
import { logFilter } from "./logs.ts";
import { headerAddition, headerMatcher, headerNames, methods, pathOf, stringMatcher, type Tree } from "./words.ts";

const v3 = "type.googleapis.com/envoy.extensions.filters.http";

const filterNames = ["rbac", "fault", "local_ratelimit", "cors", "ext_authz", "csrf", "header_mutation", "health_check"] as const;
type FilterName = (typeof filterNames)[number];
/** What answers the questions of ext_authz, by cluster. */
export const authorizers = { allows: 200, denies: 403, fails: 500, says401: 401 } as const;

const types: Readonly<Record<FilterName, string>> = {
  rbac: `${v3}.rbac.v3.RBAC`,
  fault: `${v3}.fault.v3.HTTPFault`,
  local_ratelimit: `${v3}.local_ratelimit.v3.LocalRateLimit`,
  cors: `${v3}.cors.v3.Cors`,
  ext_authz: `${v3}.ext_authz.v3.ExtAuthz`,
  csrf: `${v3}.csrf.v3.CsrfPolicy`,
  header_mutation: `${v3}.header_mutation.v3.HeaderMutation`,
  health_check: `${v3}.health_check.v3.HealthCheck`,
};
const routeTypes: Readonly<Record<FilterName, string>> = {
  ...types,
  rbac: `${v3}.rbac.v3.RBACPerRoute`,
  cors: `${v3}.cors.v3.CorsPolicy`,
  ext_authz: `${v3}.ext_authz.v3.ExtAuthzPerRoute`,
  header_mutation: `${v3}.header_mutation.v3.HeaderMutationPerRoute`,
};

/** Each at most once. */
export function filterChain(dice: Dice): { names: readonly FilterName[]; filters: Tree[] } {
  const names = filterNames.filter(() => dice.chance(0.6)).sort(() => dice.below(3) - 1);
  const filters = names.map((name) => ({
    name: `envoy.filters.http.${name}`,
    typed_config: { "@type": types[name], ...configurations[name](dice) },
    ...dice.maybe(0.1, () => ({ disabled: true })),
  }));
  return { names, filters };
}

/** typed_per_filter_config for some of the filters of a chain. */
export function overrides(names: readonly FilterName[]): (dice: Dice) => Tree {
  return (dice) => {
    const chosen = names.filter((name) => dice.chance(name === "cors" ? 0.5 : name === "header_mutation" ? 0.3 : 0.15));
    if (chosen.length === 0) return {};
    return {
      typed_per_filter_config: Object.fromEntries(chosen.map((name) => [`envoy.filters.http.${name}`, override(dice, name)])),
    };
  };
}

function override(dice: Dice, name: FilterName): Tree {
  const wrapper = "type.googleapis.com/envoy.config.route.v3.FilterConfig";
  // Of it a route can say nothing but that it is off.
  if (dice.chance(0.2) || name === "health_check") return { "@type": wrapper, disabled: true };
  const own = { "@type": routeTypes[name], ...routeConfigurations[name](dice) };
  return dice.chance(0.2) ? { "@type": wrapper, config: own } : own;
}

const configurations: Readonly<Record<FilterName, (dice: Dice) => Tree>> = {
  rbac: (dice) => ({
    ...(dice.chance(0.3) ? { matcher: accessTree(dice, 2) } : dice.maybe(0.85, () => ({ rules: rules(dice) }))),
    ...(dice.chance(0.1) ? { shadow_matcher: accessTree(dice, 1) } : dice.maybe(0.3, () => ({ shadow_rules: rules(dice) }))),
  }),
  fault,
  local_ratelimit: localRateLimit,
  cors: () => ({}),
  ext_authz: (dice) => ({
    http_service: {
      server_uri: { uri: "http://authz", cluster: dice.pick([...Object.keys(authorizers), "allows", "closed"]), timeout: "1s" },
    },
    ...dice.maybe(0.3, () => ({ failure_mode_allow: true })),
    ...dice.maybe(0.3, () => ({ status_on_error: { code: dice.pick(["ServiceUnavailable", "BadGateway"]) } })),
  }),
  csrf,
  header_mutation: (dice) => ({
    mutations: mutations(dice),
    ...dice.maybe(0.4, () => ({ most_specific_header_mutations_wins: true })),
  }),
  health_check: healthCheck,
};

const routeConfigurations: Readonly<Record<FilterName, (dice: Dice) => Tree>> = {
  rbac: (dice) => dice.maybe(0.8, () => ({ rbac: configurations.rbac(dice) })),
  fault,
  local_ratelimit: localRateLimit,
  cors: corsPolicy,
  ext_authz: () => ({ disabled: true }),
  csrf,
  header_mutation: (dice) => ({ mutations: mutations(dice) }),
  health_check: () => ({}),
};

function csrf(dice: Dice): Tree {
  return {
    filter_enabled: { default_value: { numerator: dice.pick([0, 100, 100, 100]), denominator: "HUNDRED" } },
    ...dice.maybe(0.2, () => ({ shadow_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } } })),
    ...dice.maybe(0.5, () => ({
      additional_origins: dice.many(1, 2, () =>
        dice.pick<Tree>([{ exact: "a.example" }, { suffix: "example" }, { prefix: "b" }]),
      ),
    })),
  };
}

function mutations(dice: Dice): Tree {
  const list = () =>
    dice.many(1, 3, () =>
      dice.chance(0.25)
        ? { remove: dice.pick([...headerNames, "X-New", "origin"]) }
        : dice.chance(0.15)
          ? {
              remove_on_match: {
                key_matcher: dice.pick([{ exact: "x-a" }, { exact: "X-A" }, { suffix: "-n" }, { prefix: "x-u" }]),
              },
            }
          : { append: headerAddition(dice, true) },
    );
  return {
    ...dice.maybe(0.7, () => ({ request_mutations: list() })),
    ...dice.maybe(0.7, () => ({ response_mutations: list() })),
  };
}

function healthCheck(dice: Dice): Tree {
  return {
    pass_through_mode: dice.chance(0.4),
    headers: [
      dice.pick([
        () => headerMatcher(dice),
        () => ({ name: ":method", string_match: { exact: dice.pick(methods) } }),
        () => ({ name: ":path", string_match: { prefix: "/a" } }),
      ])(),
    ],
    ...dice.maybe(0.5, () => ({
      cluster_min_healthy_percentages: Object.fromEntries(
        // Of two at fault either may be told.
        dice.many(1, 1, () => [
          dice.pick(["echo1", "closed", "empty", "half", "missing"]),
          { value: dice.pick([0, 50, 51, 100]) },
        ]),
      ),
    })),
  };
}

/** local_reply_config and headers_with_underscores_action. */
export function replyPolicy(dice: Dice): Tree {
  return {
    ...dice.maybe(0.5, () => ({ local_reply_config: { mappers: dice.many(1, 3, () => mapper(dice)) } })),
    ...dice.maybe(0.3, () => ({
      common_http_protocol_options: {
        headers_with_underscores_action: dice.pick(["ALLOW", "DROP_HEADER", "DROP_HEADER"]),
      },
    })),
  };
}

function mapper(dice: Dice): Tree {
  return {
    filter: logFilter(dice, 2),
    ...dice.maybe(0.6, () => ({ status_code: dice.pick([200, 299, 403, 404, 499, 503, 599]) })),
    ...dice.maybe(0.6, () => ({ headers_to_add: dice.many(1, 2, () => headerAddition(dice, true)) })),
    ...dice.maybe(0.2, () => ({ body: { inline_string: "said" } })),
  };
}

function rules(dice: Dice): Tree {
  const policies = Object.fromEntries(
    dice.many(0, 3, () => dice.pick(["first", "second", "third", "a b"])).map((name) => [name, policy(dice)]),
  );
  return { ...dice.maybe(0.9, () => ({ action: dice.pick(["ALLOW", "DENY", "ALLOW", "DENY", "LOG"]) })), policies };
}

function policy(dice: Dice): Tree {
  return {
    permissions: dice.many(1, 2, () => permission(dice, 2)),
    principals: dice.many(1, 2, () => principal(dice, 2)),
  };
}

function permission(dice: Dice, depth: number): Tree {
  const below = () => permission(dice, depth - 1);
  return nested(dice, depth, below, "rules", "rule", [
    () => ({ any: true }),
    () => ({ header: headerMatcher(dice) }),
    () => ({ url_path: { path: stringMatcher(dice, pathOf(dice, 2)) } }),
    () => ({ destination_port: dice.pick([10_000, 80]) }),
    () => ({ destination_port_range: { start: dice.pick([1, 9_999, 10_000]), end: dice.pick([10_001, 10_002]) } }),
    () => ({ destination_ip: cidr(dice) }),
    () => ({ requested_server_name: stringMatcher(dice, "a.example") }),
    () => metadata(dice),
    () => ({
      uri_template: {
        name: "envoy.path.match.uri_template.uri_template_matcher",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
          path_template: dice.pick(["/one/*", "/**", "/{x}", "/{x}/two", "/one"]),
        },
      },
    }),
  ]);
}

function principal(dice: Dice, depth: number): Tree {
  const below = () => principal(dice, depth - 1);
  return nested(dice, depth, below, "ids", "id", [
    () => ({ any: true }),
    () => ({ header: headerMatcher(dice) }),
    () => ({ url_path: { path: stringMatcher(dice, pathOf(dice, 2)) } }),
    () => ({ [dice.pick(["direct_remote_ip", "remote_ip", "source_ip"])]: cidr(dice) }),
    () => metadata(dice),
    () => ({ authenticated: dice.maybe(0.5, () => ({ principal_name: stringMatcher(dice, "spiffe://a") })) }),
  ]);
}

/** Nothing here leaves any. */
function metadata(dice: Dice): Tree {
  const value = dice.pick<Tree>([{ string_match: { exact: "a" } }, { present_match: dice.chance(0.5) }, { null_match: {} }]);
  const path = [{ key: "payload" }, { key: "sub" }];
  const matcher = { filter: "envoy.filters.http.jwt_authn", path, value, ...dice.maybe(0.3, () => ({ invert: true })) };
  return dice.chance(0.4)
    ? { sourced_metadata: { metadata_matcher: matcher, metadata_source: "DYNAMIC" } }
    : { metadata: matcher };
}

function nested(dice: Dice, depth: number, below: () => Tree, list: string, one: string, leaves: readonly (() => Tree)[]): Tree {
  const kind = depth === 0 ? 9 : dice.below(8);
  if (kind === 0) return { [`and_${list}`]: { [list]: dice.many(1, 3, below) } };
  if (kind === 1) return { [`or_${list}`]: { [list]: dice.many(1, 3, below) } };
  if (kind === 2) return { [`not_${one}`]: below() };
  return dice.pick(leaves)();
}

function cidr(dice: Dice): Tree {
  const address_prefix = dice.pick(["127.0.0.0", "127.0.0.1", "10.0.0.1", "127.84.1.1", "0.0.0.0"]);
  return { address_prefix, prefix_len: dice.pick([0, 8, 16, 24, 32]) };
}

function fault(dice: Dice): Tree {
  const percentage = () => ({ numerator: dice.pick([0, 100, 100]), denominator: "HUNDRED" });
  return {
    ...dice.maybe(0.7, () => ({
      abort: {
        ...dice.pick<() => Tree>([
          () => ({ http_status: dice.pick([418, 503, 200]) }),
          () => ({ grpc_status: dice.pick([5, 14]) }),
          () => ({ header_abort: {} }),
        ])(),
        percentage: percentage(),
      },
    })),
    ...dice.maybe(0.4, () => ({
      delay: { ...(dice.chance(0.5) ? { fixed_delay: "0.002s" } : { header_delay: {} }), percentage: percentage() },
    })),
    ...dice.maybe(0.4, () => ({ headers: [headerMatcher(dice)] })),
    ...dice.maybe(0.2, () => ({ upstream_cluster: dice.pick(["echo1", "echo2"]) })),
    ...dice.maybe(0.1, () => ({ max_active_faults: dice.pick([0, 1]) })),
  };
}

/** Refilled when everything is over. */
function localRateLimit(dice: Dice): Tree {
  const fraction = () => ({ default_value: { numerator: dice.pick([0, 100, 100, 100]), denominator: "HUNDRED" } });
  return {
    stat_prefix: "limit",
    token_bucket: { max_tokens: dice.pick([1, 2, 8]), tokens_per_fill: 1, fill_interval: "1000000s" },
    ...dice.maybe(0.9, () => ({ filter_enabled: fraction() })),
    ...dice.maybe(0.9, () => ({ filter_enforced: fraction() })),
    ...dice.maybe(0.3, () => ({ status: { code: dice.pick(["ServiceUnavailable", "OK", "Forbidden"]) } })),
    ...dice.maybe(0.3, () => ({ rate_limited_as_resource_exhausted: true })),
  };
}

function corsPolicy(dice: Dice): Tree {
  return {
    ...dice.maybe(0.9, () => ({
      allow_origin_string_match: dice.many(1, 2, () =>
        dice.pick<Tree>([
          { exact: "http://a.example" },
          { suffix: "example" },
          { safe_regex: { regex: "http://.*" } },
          { exact: "*" },
        ]),
      ),
    })),
    ...dice.maybe(0.6, () => ({ allow_methods: dice.pick(["GET,POST", "GET, PUT", "*"]) })),
    ...dice.maybe(0.4, () => ({ allow_headers: dice.pick(["x-a,x-b", "*"]) })),
    ...dice.maybe(0.4, () => ({ expose_headers: "x-a" })),
    ...dice.maybe(0.4, () => ({ max_age: dice.pick(["100", "0"]) })),
    ...dice.maybe(0.4, () => ({ allow_credentials: dice.chance(0.7) })),
    ...dice.maybe(0.3, () => ({ forward_not_matching_preflights: dice.chance(0.5) })),
  };
}

/** What Envoy believes of some clients alone, or of nobody. */
const privateHeaders = [
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-internal",
  "x-envoy-external-address",
  "x-envoy-decorator-operation",
  "x-envoy-attempt-count",
] as const;

/** Headers that filters ask about. */
export function askedByFilters(dice: Dice): Record<string, string> {
  return {
    ...dice.maybe(0.4, () => ({ origin: dice.pick(["http://a.example", "https://b.example", "HTTP://A.EXAMPLE", "null", ""]) })),
    ...dice.maybe(0.3, () => ({ "access-control-request-method": dice.pick(["GET", "PUT", ""]) })),
    ...dice.maybe(0.2, () => ({ "x-envoy-fault-abort-request": dice.pick(["418", "503", "x", "99", "600"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-fault-abort-request-percentage": dice.pick(["0", "100", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-fault-abort-grpc-request": dice.pick(["5", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-fault-delay-request": dice.pick(["1", "0", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-fault-delay-request-percentage": dice.pick(["0", "100"]) })),
    ...dice.maybe(0.1, () => ({ [dice.pick(privateHeaders)]: dice.pick(["1", "true", "/x"]) })),
    ...dice.maybe(0.2, () => ({ referer: dice.pick(["http://a.example/x", "a.example", "https://x.b.example:81/?q"]) })),
    ...dice.maybe(0.2, () => ({ x_u: "1" })),
    ...dice.maybe(0.2, () => ({ "x-forwarded-for": dice.pick(["10.0.0.1", "10.0.0.1,127.0.0.1", "8.8.8.8, 10.1.2.3", "x"]) })),
  };
}

/** Who counts as the client. */
export function clientPolicy(dice: Dice): Tree {
  return dice.pick<Tree>([
    {},
    { use_remote_address: true },
    { xff_num_trusted_hops: 1 },
    { use_remote_address: true, xff_num_trusted_hops: 1 },
    { use_remote_address: true, skip_xff_append: true },
    {
      internal_address_config: {
        cidr_ranges: [
          { address_prefix: "127.0.0.0", prefix_len: 8 },
          { address_prefix: "10.0.0.0", prefix_len: 8 },
        ],
      },
    },
  ]);
}
