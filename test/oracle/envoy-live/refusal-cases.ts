/** The cases that the real Envoy and ours are asked about (refusals.ts). */
import { patternRefusalCases } from "./pattern-refusal-cases.ts";
import { rateLimitRefusalCases } from "./rate-limit-refusal-cases.ts";
import { plainCluster, type RefusalCase } from "./refusals.ts";
import { tokenRefusalCases } from "./token-refusal-cases.ts";
import { unsaidRefusalCases } from "./unsaid-refusal-cases.ts";

const extensions = "envoy.extensions";
const v3 = `type.googleapis.com/${extensions}`;
const adding = (key: string, value = "x", more = {}) => ({ request_headers_to_add: [{ header: { key, value }, ...more }] });
const matching = (match: object) => ({ route: { match, direct_response: { status: 200 } } });
const localLimit = (bucket: object) => ({
  filters: [
    {
      name: "limit",
      typed_config: { "@type": `${v3}.filters.http.local_ratelimit.v3.LocalRateLimit`, stat_prefix: "l", token_bucket: bucket },
    },
  ],
});
const fault = (config: object) => ({
  filters: [{ name: "fault", typed_config: { "@type": `${v3}.filters.http.fault.v3.HTTPFault`, ...config } }],
});
const percentage = { numerator: 100 };
const check = { timeout: "1s", interval: "1s", unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: { path: "/" } };
const xff = {
  original_ip_detection_extensions: [
    { name: "xff", typed_config: { "@type": `${v3}.http.original_ip_detection.xff.v3.XffConfig`, xff_num_trusted_hops: 1 } },
  ],
};
const tcp = (config: object) => {
  const typed = { "@type": `${v3}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: "t", cluster: "one", ...config };
  return { listener: { filter_chains: [{ filters: [{ name: "tcp", typed_config: typed }] }] } };
};
const connectionRules = (permissions: object[], principals: object[]) => {
  const rules = { action: "DENY", policies: { p: { permissions, principals } } };
  const judge = { name: "r", typed_config: { "@type": `${v3}.filters.network.rbac.v3.RBAC`, stat_prefix: "r", rules } };
  const { filter_chains: chains } = tcp({}).listener;
  return { filter_chains: chains.map(({ filters }) => ({ filters: [judge, ...filters] })) };
};
const outlier = (settings: object) => ({ cluster: { outlier_detection: settings } });
const retry = (policy: object) => ({ action: { retry_policy: { retry_on: "5xx", ...policy } } });
const subset = (selector: object) => ({ cluster: { lb_subset_config: { subset_selectors: [selector] } } });
const weightedTo = (...weights: number[]) => ({
  action: { cluster: undefined, weighted_clusters: { clusters: weights.map((weight) => ({ name: "one", weight })) } },
});

const policies = (...list: object[]) => ({ policies: list });
const policy = (name: string, config: object = {}) => ({
  typed_extension_config: { name, typed_config: { "@type": `${v3}.load_balancing_policies.${name}`, ...config } },
});
const balancing = (...list: object[]) => ({ cluster: { load_balancing_policy: policies(...list) } });
const roundRobin = (config: object = {}) => policy("round_robin.v3.RoundRobin", config);
const byLoad = policy("client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin");
const byLocality = (...list: object[]) => policy("wrr_locality.v3.WrrLocality", { endpoint_picking_policy: policies(...list) });
const bySubset = (config: object) => policy("subset.v3.Subset", { subset_selectors: [{ keys: ["a"] }], ...config });
const perHost = (limits: object) => ({ cluster: { circuit_breakers: { per_host_thresholds: [limits] } } });
const common = (options: object) => ({
  cluster: {
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${v3}.upstreams.http.v3.HttpProtocolOptions`,
        common_http_protocol_options: options,
        explicit_http_config: { http_protocol_options: {} },
      },
    },
  },
});

export const refusalCases: readonly RefusalCase[] = [
  { name: "plain" },
  { name: "duplicate cluster", addCluster: plainCluster("one", "127.0.0.3") },
  { name: "no connect timeout", cluster: { connect_timeout: "0s" } },
  { name: "negative connect timeout", cluster: { connect_timeout: "-1s" } },
  { name: "panic threshold over 100", cluster: { common_lb_config: { healthy_panic_threshold: { value: 101 } } } },
  { name: "panic threshold 100", cluster: { common_lb_config: { healthy_panic_threshold: { value: 100 } } } },
  { name: "negative panic threshold", cluster: { common_lb_config: { healthy_panic_threshold: { value: -1 } } } },
  {
    name: "ring minimum over maximum",
    cluster: { lb_policy: "RING_HASH", ring_hash_lb_config: { minimum_ring_size: 2000, maximum_ring_size: 1000 } },
  },
  {
    name: "ring maximum below the default minimum",
    cluster: { lb_policy: "RING_HASH", ring_hash_lb_config: { maximum_ring_size: 1000 } },
  },
  { name: "ring too large", cluster: { lb_policy: "RING_HASH", ring_hash_lb_config: { maximum_ring_size: 8_388_609 } } },
  {
    name: "ring settings of another policy",
    cluster: { ring_hash_lb_config: { minimum_ring_size: 2000, maximum_ring_size: 1000 } },
  },
  { name: "table not prime", cluster: { lb_policy: "MAGLEV", maglev_lb_config: { table_size: 1000 } } },
  { name: "table prime", cluster: { lb_policy: "MAGLEV", maglev_lb_config: { table_size: 1009 } } },
  { name: "table too large", cluster: { lb_policy: "MAGLEV", maglev_lb_config: { table_size: 5_000_077 } } },
  { name: "one choice", cluster: { lb_policy: "LEAST_REQUEST", least_request_lb_config: { choice_count: 1 } } },
  {
    name: "slow start from over 100 %",
    cluster: { round_robin_lb_config: { slow_start_config: { slow_start_window: "1s", min_weight_percent: { value: 101 } } } },
  },
  { name: "weight 0 of a host", endpoint: { load_balancing_weight: 0 } },
  { name: "weight 1 of a host", endpoint: { load_balancing_weight: 1 } },
  { name: "priority 129", locality: { priority: 129 } },
  { name: "priority 128", locality: { priority: 128 } },
  { name: "a gap in the priorities", locality: { priority: 2 } },
  {
    name: "a name in a static cluster",
    endpoint: { endpoint: { address: { socket_address: { address: "db.example", port_value: 1 } } } },
  },
  {
    name: "a name in DNS",
    cluster: { type: "STRICT_DNS" },
    endpoint: { endpoint: { address: { socket_address: { address: "db.example", port_value: 1 } } } },
  },
  {
    name: "two hosts in logical DNS",
    cluster: {
      type: "LOGICAL_DNS",
      load_assignment: {
        cluster_name: "one",
        endpoints: [
          {
            lb_endpoints: ["a.example", "b.example"].map((address) => ({
              endpoint: { address: { socket_address: { address, port_value: 1 } } },
            })),
          },
        ],
      },
    },
  },
  {
    name: "breaker budget over 100",
    cluster: { circuit_breakers: { thresholds: [{ retry_budget: { budget_percent: { value: 101 } } }] } },
  },
  {
    name: "breakers of 0",
    cluster: { circuit_breakers: { thresholds: [{ max_connections: 0, max_requests: 0, max_retries: 0 }] } },
  },
  { name: "ejection percent over 100", ...outlier({ max_ejection_percent: 101 }) },
  { name: "enforcing over 100", ...outlier({ enforcing_consecutive_5xx: 101 }) },
  { name: "enforcing gateway over 100", ...outlier({ enforcing_consecutive_gateway_failure: 101 }) },
  { name: "enforcing local over 100", ...outlier({ enforcing_consecutive_local_origin_failure: 101 }) },
  { name: "enforcing success rate over 100", ...outlier({ enforcing_success_rate: 101 }) },
  { name: "enforcing failure percentage over 100", ...outlier({ enforcing_failure_percentage: 101 }) },
  { name: "failure percentage over 100", ...outlier({ failure_percentage_threshold: 101 }) },
  { name: "no sweep interval", ...outlier({ interval: "0s" }) },
  { name: "no base ejection time", ...outlier({ base_ejection_time: "0s" }) },
  { name: "max ejection below base", ...outlier({ base_ejection_time: "10s", max_ejection_time: "5s" }) },
  { name: "base ejection over the default maximum", ...outlier({ base_ejection_time: "400s" }) },
  { name: "detectors off", ...outlier({ consecutive_5xx: 0, enforcing_success_rate: 0 }) },
  { name: "one health check", cluster: { health_checks: [check] } },
  { name: "two health checks", cluster: { health_checks: [check, check] } },
  {
    name: "two named health checks",
    cluster: {
      health_checks: [
        { ...check, name: "a" },
        { ...check, name: "b" },
      ],
    },
  },
  {
    name: "two health checks of one name",
    cluster: {
      health_checks: [
        { ...check, name: "a" },
        { ...check, name: "a" },
      ],
    },
  },
  { name: "no health check timeout", cluster: { health_checks: [{ ...check, timeout: "0s" }] } },
  { name: "no health check interval", cluster: { health_checks: [{ ...check, interval: "0s" }] } },
  { name: "no unhealthy interval", cluster: { health_checks: [{ ...check, unhealthy_interval: "0s" }] } },
  { name: "no interval without traffic", cluster: { health_checks: [{ ...check, no_traffic_interval: "0s" }] } },
  {
    name: "empty range of health statuses",
    cluster: { health_checks: [{ ...check, http_health_check: { path: "/", expected_statuses: [{ start: 300, end: 300 }] } }] },
  },
  {
    name: "health statuses below 100",
    cluster: { health_checks: [{ ...check, http_health_check: { path: "/", expected_statuses: [{ start: 99, end: 300 }] } }] },
  },
  {
    name: "health statuses over 599",
    cluster: { health_checks: [{ ...check, http_health_check: { path: "/", expected_statuses: [{ start: 200, end: 601 }] } }] },
  },
  { name: "fallback keys", ...subset({ keys: ["a", "b"], fallback_policy: "KEYS_SUBSET", fallback_keys_subset: ["a"] }) },
  {
    name: "fallback keys not among keys",
    ...subset({ keys: ["a", "b"], fallback_policy: "KEYS_SUBSET", fallback_keys_subset: ["c"] }),
  },
  { name: "no fallback keys", ...subset({ keys: ["a", "b"], fallback_policy: "KEYS_SUBSET" }) },
  {
    name: "all keys as fallback",
    ...subset({ keys: ["a", "b"], fallback_policy: "KEYS_SUBSET", fallback_keys_subset: ["a", "b"] }),
  },
  { name: "no streams", cluster: { http2_protocol_options: { max_concurrent_streams: 0 } } },
  {
    name: "no streams, by the extension",
    cluster: {
      typed_extension_protocol_options: {
        [`${extensions}.upstreams.http.v3.HttpProtocolOptions`]: {
          "@type": `${v3}.upstreams.http.v3.HttpProtocolOptions`,
          explicit_http_config: { http2_protocol_options: { max_concurrent_streams: 0 } },
        },
      },
    },
  },
  { name: "two wildcards", addHost: { name: "w", domains: ["*"], routes: [] } },
  { name: "a domain twice", host: { domains: ["a.example"] }, addHost: { name: "w", domains: ["a.example"], routes: [] } },
  {
    name: "a domain twice in other letters",
    host: { domains: ["a.example"] },
    addHost: { name: "w", domains: ["A.example"], routes: [] },
  },
  { name: "a domain twice in one host", host: { domains: ["a.example", "a.example"] } },
  { name: "a suffix twice", host: { domains: ["*.example"] }, addHost: { name: "w", domains: ["*.example"], routes: [] } },
  { name: "a host's name twice", host: { domains: ["a.example"] }, addHost: { name: "v", domains: ["b.example"], routes: [] } },
  { name: "no domains", host: { domains: [] } },
  { name: "a route without a path", ...matching({ headers: [{ name: "x" }] }) },
  { name: "a route for CONNECT", ...matching({ connect_matcher: {} }) },
  { name: "no hosts", table: { virtual_hosts: [] } },
  { name: "no weights", ...weightedTo(0, 0) },
  { name: "one weight", ...weightedTo(0, 1) },
  { name: "unknown cluster", action: { cluster: "two" } },
  { name: "unknown cluster, not validated", action: { cluster: "two" }, table: { validate_clusters: false } },
  {
    name: "unknown weighted cluster",
    action: { cluster: undefined, weighted_clusters: { clusters: [{ name: "two", weight: 1 }] } },
  },
  { name: "unknown mirror", action: { request_mirror_policies: [{ cluster: "two" }] } },
  { name: "cluster by header", action: { cluster: undefined, cluster_header: "x-cluster" } },
  { name: "broken path", ...matching({ safe_regex: { regex: "(" } }) },
  { name: "look-ahead", ...matching({ safe_regex: { regex: "/(?=a)" } }) },
  { name: "broken header", ...matching({ prefix: "/", headers: [{ name: "a", string_match: { safe_regex: { regex: "[" } } }] }) },
  {
    name: "broken query",
    ...matching({ prefix: "/", query_parameters: [{ name: "a", string_match: { safe_regex: { regex: "*" } } }] }),
  },
  { name: "broken rewrite", action: { regex_rewrite: { pattern: { regex: "(" }, substitution: "" } } },
  { name: "group that is not there", action: { regex_rewrite: { pattern: { regex: "a" }, substitution: "\\2" } } },
  { name: "status 100", route: { match: { prefix: "/" }, direct_response: { status: 100 } } },
  { name: "status 199", route: { match: { prefix: "/" }, direct_response: { status: 199 } } },
  { name: "status 600", route: { match: { prefix: "/" }, direct_response: { status: 600 } } },
  {
    name: "a long body",
    route: { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: "x".repeat(4097) } } },
  },
  {
    name: "a long body that is allowed",
    route: { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: "x".repeat(4097) } } },
    table: { max_direct_response_body_size_bytes: 5000 },
  },
  { name: "negative timeout", action: { timeout: "-1s" } },
  { name: "no timeout", action: { timeout: "0s" } },
  { name: "negative idle timeout", action: { idle_timeout: "-1s" } },
  { name: "negative stream duration", action: { max_stream_duration: { max_stream_duration: "-1s" } } },
  { name: "negative per-try timeout", ...retry({ per_try_timeout: "-1s" }) },
  { name: "retry on a word", ...retry({ retry_on: "sometimes" }) },
  { name: "no back-off", ...retry({ retry_back_off: { base_interval: "0s" } }) },
  { name: "back-off of less than a millisecond", ...retry({ retry_back_off: { base_interval: "0.0001s" } }) },
  { name: "back-off over its maximum", ...retry({ retry_back_off: { base_interval: "1s", max_interval: "0.5s" } }) },
  { name: "no reset headers", ...retry({ rate_limited_retry_back_off: { reset_headers: [] } }) },
  { name: "back-off of the host", host: { retry_policy: { retry_on: "5xx", retry_back_off: { base_interval: "0s" } } } },
  { name: "no first request", action: { hedge_policy: { initial_requests: 0 } } },
  {
    name: "two rewrites of the path",
    action: { prefix_rewrite: "/a", regex_rewrite: { pattern: { regex: "a" }, substitution: "b" } },
  },
  { name: "host header added", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("host") } },
  { name: "Host header added", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("Host") } },
  { name: "pseudo header added", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding(":path") } },
  { name: "header without a name", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("") } },
  { name: "header with a line break", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("a\nb") } },
  { name: "header with a space", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("a b") } },
  { name: "unfinished operator", route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("a", "50%") } },
  {
    name: "operator without its argument",
    route: { match: { prefix: "/" }, route: { cluster: "one" }, ...adding("a", "%REQ%") },
  },
  {
    name: "host header removed",
    route: { match: { prefix: "/" }, route: { cluster: "one" }, request_headers_to_remove: ["host"] },
  },
  {
    name: "a header of a connection",
    listener: connectionRules([{ header: { name: "x", present_match: true } }], [{ any: true }]),
  },
  {
    name: "a header of a connection, deep in its principals",
    listener: connectionRules([{ any: true }], [{ not_id: { or_ids: { ids: [{ header: { name: "x", exact_match: "y" } }] } } }]),
  },
  { name: "a path of a connection", listener: connectionRules([{ url_path: { path: { prefix: "/" } } }], [{ any: true }]) },
  { name: "nothing removed by a table", table: { request_headers_to_remove: [""], response_headers_to_remove: ["", "x-a"] } },
  { name: "nothing removed by a host", host: { response_headers_to_remove: [""] } },
  {
    name: "nothing removed by a route",
    route: { match: { prefix: "/" }, route: { cluster: "one" }, request_headers_to_remove: [""] },
  },
  {
    name: "nothing removed by a weighted cluster",
    route: {
      match: { prefix: "/" },
      route: { weighted_clusters: { clusters: [{ name: "one", weight: 1, request_headers_to_remove: [""] }] } },
    },
  },
  { name: "pseudo header removed", host: { request_headers_to_remove: [":path"] } },
  { name: "pseudo header added to answers", host: { response_headers_to_add: [{ header: { key: ":status", value: "1" } }] } },
  { name: "table's host header", table: adding("host") },
  { name: "bucket", ...localLimit({ max_tokens: 1, fill_interval: "1s" }) },
  { name: "bucket without tokens", ...localLimit({ max_tokens: 0, fill_interval: "1s" }) },
  { name: "bucket filled too often", ...localLimit({ max_tokens: 1, fill_interval: "0.049s" }) },
  { name: "bucket filled by nothing", ...localLimit({ max_tokens: 1, tokens_per_fill: 0, fill_interval: "1s" }) },
  { name: "no delay", ...fault({ delay: { fixed_delay: "0s", percentage } }) },
  { name: "abort with 100", ...fault({ abort: { http_status: 100, percentage } }) },
  { name: "abort with 600", ...fault({ abort: { http_status: 600, percentage } }) },
  {
    name: "abort of one route with 100",
    ...fault({}),
    route: {
      match: { prefix: "/" },
      route: { cluster: "one" },
      typed_per_filter_config: {
        fault: { "@type": `${v3}.filters.http.fault.v3.HTTPFault`, abort: { http_status: 100, percentage } },
      },
    },
  },
  { name: "abort of 200 %", ...fault({ abort: { http_status: 503, percentage: { numerator: 200 } } }) },
  { name: "extensions", manager: xff },
  { name: "extensions beside hops", manager: { ...xff, xff_num_trusted_hops: 1 } },
  { name: "extensions beside the remote address", manager: { ...xff, use_remote_address: true } },
  { name: "two ways to strip a port", manager: { strip_matching_host_port: true, strip_any_host_port: true } },
  { name: "one of two ways to strip a port", manager: { strip_matching_host_port: true, strip_any_host_port: false } },
  { name: "negative stream idle timeout", manager: { stream_idle_timeout: "-1s" } },
  { name: "fraction of 200 %", ...matching({ prefix: "/", runtime_fraction: { default_value: { numerator: 200 } } }) },
  {
    name: "two chains of one kind",
    listener: {
      filter_chains: [0, 1].map(() => ({
        filters: [
          {
            name: "tcp",
            typed_config: { "@type": `${v3}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: "t", cluster: "one" },
          },
        ],
      })),
    },
  },
  { name: "tcp without weights", ...tcp({ cluster: undefined, weighted_clusters: { clusters: [{ name: "one", weight: 0 }] } }) },
  { name: "tcp tried once", ...tcp({ max_connect_attempts: 1 }) },
  { name: "tcp never tried", ...tcp({ max_connect_attempts: 0 }) },
  { name: "tcp of no age", ...tcp({ max_downstream_connection_duration: "0s" }) },
  { name: "tcp of half a millisecond", ...tcp({ max_downstream_connection_duration: "0.0005s" }) },
  { name: "tcp of a negative age", ...tcp({ max_downstream_connection_duration: "-1s" }) },
  { name: "tcp without silence", ...tcp({ idle_timeout: "0s" }) },
  { name: "tcp of negative silence", ...tcp({ idle_timeout: "-1s" }) },
  {
    name: "authorization by an unknown cluster",
    filters: [
      {
        name: "authz",
        typed_config: {
          "@type": `${v3}.filters.http.ext_authz.v3.ExtAuthz`,
          grpc_service: { envoy_grpc: { cluster_name: "two" } },
        },
      },
    ],
  },
  ...tokenRefusalCases,
  { name: "connections by host", ...perHost({ max_connections: 1 }) },
  { name: "waiting requests by host", ...perHost({ max_pending_requests: 1 }) },
  { name: "requests by host", ...perHost({ max_requests: 1 }) },
  { name: "retries by host", ...perHost({ max_retries: 1 }) },
  { name: "a retry budget by host", ...perHost({ retry_budget: {} }) },
  { name: "connections of no age", ...common({ max_connection_duration: "0s" }) },
  { name: "connections of a negative age", ...common({ max_connection_duration: "-1s" }) },
  { name: "streams of no duration", ...common({ max_stream_duration: "0s" }) },
  { name: "streams of a negative duration", ...common({ max_stream_duration: "-1s" }) },
  { name: "localities over round robin", ...balancing(byLocality(roundRobin())) },
  {
    name: "localities over round robin that knows them",
    ...balancing(byLocality(roundRobin({ locality_lb_config: { locality_weighted_lb_config: {} } }))),
  },
  { name: "localities over least request", ...balancing(byLocality(policy("least_request.v3.LeastRequest"))) },
  { name: "localities over a ring", ...balancing(byLocality(policy("ring_hash.v3.RingHash"))) },
  { name: "localities over weights by load", ...balancing(byLocality(byLoad)) },
  { name: "localities over round robin before weights by load", ...balancing(byLocality(roundRobin(), byLoad)) },
  { name: "localities over localities", ...balancing(byLocality(byLocality(byLoad))) },
  { name: "localities over subsets", ...balancing(byLocality(bySubset({ subset_lb_policy: policies(roundRobin()) }))) },
  { name: "localities over nothing", ...balancing(byLocality()) },
  { name: "subsets over localities", ...balancing(bySubset({ subset_lb_policy: policies(byLocality(byLoad)) })) },
  { name: "subsets over nothing", ...balancing(bySubset({})) },
  { name: "weights by load", ...balancing(byLoad) },
  { name: "no policy at all", ...balancing() },
  { name: "a policy elsewhere that is nowhere", cluster: { lb_policy: "LOAD_BALANCING_POLICY_CONFIG" } },
  {
    name: "zones and weights of localities",
    cluster: { common_lb_config: { locality_weighted_lb_config: {}, zone_aware_lb_config: {} } },
  },
  { name: "all hosts scanned", ...balancing(policy("least_request.v3.LeastRequest", { selection_method: "FULL_SCAN" })) },
  ...rateLimitRefusalCases,
  ...unsaidRefusalCases,
  ...patternRefusalCases,
  {
    name: "a balance below what is even",
    cluster: { lb_policy: "MAGLEV", common_lb_config: { consistent_hashing_lb_config: { hash_balance_factor: 99 } } },
  },
  {
    name: "a balance that is even",
    cluster: { lb_policy: "MAGLEV", common_lb_config: { consistent_hashing_lb_config: { hash_balance_factor: 100 } } },
  },
  {
    name: "hashing by names of hosts that have none",
    cluster: { lb_policy: "RING_HASH", common_lb_config: { consistent_hashing_lb_config: { use_hostname_for_hashing: true } } },
  },
  {
    name: "a balance of a policy that does not hash",
    cluster: { common_lb_config: { consistent_hashing_lb_config: { hash_balance_factor: 99 } } },
  },
];
