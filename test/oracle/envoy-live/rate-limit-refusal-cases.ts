/** Cases about limits of rates (refusal-cases.ts). */
import type { RefusalCase } from "./refusals.ts";

const v3 = "type.googleapis.com/envoy.extensions";
const filling = (fill_interval: string) => ({ max_tokens: 1, fill_interval });
const limiting = (config: object) => ({
  filters: [
    {
      name: "limit",
      typed_config: {
        "@type": `${v3}.filters.http.local_ratelimit.v3.LocalRateLimit`,
        stat_prefix: "l",
        token_bucket: filling("60s"),
        ...config,
      },
    },
  ],
});
const describing = (...descriptors: object[]) => limiting({ descriptors });
const descriptor = (key: string, value: string, token_bucket: object = filling("60s")) => ({
  entries: [{ key, value }],
  token_bucket,
});
const rated = (...actions: object[]) => ({ action: { rate_limits: [{ actions }] } });

const own = (limit: object) => limiting({ rate_limits: [{ actions: [{ remote_address: {} }], ...limit }] });
const limitedRoute = (config: object) => ({
  route: {
    match: { prefix: "/" },
    route: { cluster: "one" },
    typed_per_filter_config: {
      limit: { "@type": `${v3}.filters.http.local_ratelimit.v3.LocalRateLimit`, stat_prefix: "l", ...config },
    },
  },
  filters: [
    {
      name: "limit",
      typed_config: { "@type": `${v3}.filters.http.local_ratelimit.v3.LocalRateLimit`, stat_prefix: "l" },
    },
  ],
});
const metadata = (config: object) =>
  rated({ metadata: { descriptor_key: "k", metadata_key: { key: "x", path: [{ key: "y" }] }, ...config } });
const ranges = [{ address_prefix: "10.0.0.0", prefix_len: 8 }];
const matched = (config: object) =>
  rated({ remote_address_match: { descriptor_value: "x", address_matcher: { ranges }, ...config } });
const network = (config: object) => ({
  listener: {
    filter_chains: [
      {
        filters: [
          {
            name: "limit",
            typed_config: { "@type": `${v3}.filters.network.local_ratelimit.v3.LocalRateLimit`, stat_prefix: "l", ...config },
          },
          {
            name: "tcp",
            typed_config: { "@type": `${v3}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: "t", cluster: "one" },
          },
        ],
      },
    ],
  },
});
const asking = (config: object) => ({
  filters: [
    {
      name: "ask",
      typed_config: {
        "@type": `${v3}.filters.http.ratelimit.v3.RateLimit`,
        domain: "d",
        rate_limit_service: { transport_api_version: "V3", grpc_service: { envoy_grpc: { cluster_name: "one" } } },
        ...config,
      },
    },
  ],
});

export const rateLimitRefusalCases: readonly RefusalCase[] = [
  { name: "a descriptor", ...describing(descriptor("a", "b")) },
  { name: "a descriptor twice", ...describing(descriptor("a", "b"), descriptor("a", "b", filling("90s"))) },
  { name: "an open descriptor twice", ...describing(descriptor("a", ""), descriptor("a", "")) },
  { name: "a descriptor that fills in other steps", ...describing(descriptor("a", "b", filling("90s"))) },
  { name: "a descriptor that fills too fast", ...describing(descriptor("a", "b", filling("0.01s"))) },
  { name: "a descriptor without a bucket", ...describing({ entries: [{ key: "a", value: "b" }] }) },
  { name: "a descriptor without entries", ...describing({ entries: [], token_bucket: filling("60s") }) },
  { name: "a descriptor without a key", ...describing(descriptor("", "b")) },
  { name: "a rate limit without actions", ...rated() },
  { name: "an action that is none", ...rated({}) },
  { name: "an address to limit by", ...rated({ remote_address: {} }) },
  { name: "a generic key without a value", ...rated({ generic_key: {} }) },
  { name: "a header to limit by without a key", ...rated({ request_headers: { header_name: "x" } }) },
  { name: "a header to limit by without a name", ...rated({ request_headers: { descriptor_key: "x" } }) },
  { name: "a match of no headers to limit by", ...rated({ header_value_match: { descriptor_value: "x" } }) },
  { name: "a match of no parameters to limit by", ...rated({ query_parameter_value_match: { descriptor_value: "x" } }) },
  { name: "stage 11", action: { rate_limits: [{ stage: 11, actions: [{ remote_address: {} }] }] } },
  { name: "stage 10", action: { rate_limits: [{ stage: 10, actions: [{ remote_address: {} }] }] } },
  { name: "a host's rate limit without actions", host: { rate_limits: [{ actions: [] }] } },
  {
    name: "metadata of a request to limit by, the old way",
    ...rated({ dynamic_metadata: { descriptor_key: "k", metadata_key: { key: "x" } } }),
  },
  { name: "metadata to limit by", ...metadata({}) },
  { name: "metadata to limit by without a key", ...metadata({ descriptor_key: "" }) },
  { name: "metadata to limit by at no place", ...metadata({ metadata_key: undefined }) },
  { name: "metadata to limit by under no name", ...metadata({ metadata_key: { key: "", path: [{ key: "y" }] } }) },
  { name: "metadata to limit by without a path", ...metadata({ metadata_key: { key: "x" } }) },
  { name: "metadata to limit by at an empty step", ...metadata({ metadata_key: { key: "x", path: [{ key: "" }] } }) },
  { name: "a part of an address to limit by", ...rated({ masked_remote_address: {} }) },
  { name: "more than an address to limit by", ...rated({ masked_remote_address: { v4_prefix_mask_len: 33 } }) },
  { name: "more than a long address to limit by", ...rated({ masked_remote_address: { v6_prefix_mask_len: 129 } }) },
  { name: "addresses to limit by", ...matched({}) },
  { name: "addresses to limit by without a value", ...matched({ descriptor_value: "" }) },
  { name: "addresses to limit by that are not said", ...matched({ address_matcher: undefined }) },
  { name: "no addresses to limit by", ...matched({ address_matcher: { ranges: [] } }) },
  { name: "a value with an odd operator", ...rated({ generic_key: { descriptor_value: "%X" } }) },
  { name: "a filter's own rate limit", ...own({}) },
  { name: "a filter's own rate limit in a stage", ...own({ stage: 1 }) },
  { name: "a filter's own rate limit in the first stage", ...own({ stage: 0 }) },
  { name: "a filter's own rate limit with a key", ...own({ disable_key: "x" }) },
  { name: "a filter's own rate limit with an odd operator", ...own({ hits_addend: { format: "%X" } }) },
  { name: "a filter's own rate limit with a long way to hits", ...own({ hits_addend: { number: "2000000000" } }) },
  {
    name: "a route's rate limit with hits",
    action: { rate_limits: [{ actions: [{ remote_address: {} }], hits_addend: { number: 2 } }] },
  },
  { name: "rate limits by connection", ...limiting({ local_rate_limit_per_downstream_connection: true }) },
  { name: "rate limits without a bucket", ...limiting({ token_bucket: undefined }) },
  {
    name: "rate limits without a bucket that are on",
    ...limiting({ token_bucket: undefined, filter_enabled: { default_value: { numerator: 100 } } }),
  },
  { name: "a route's rate limits", ...limitedRoute({ token_bucket: filling("60s") }) },
  { name: "a route's rate limits without a bucket", ...limitedRoute({}) },
  { name: "a route's rate limits that fill too fast", ...limitedRoute({ token_bucket: filling("0.01s") }) },
  { name: "rate limits of many values", ...limiting({ max_dynamic_descriptors: 0 }) },
  {
    name: "rate limits that say when",
    ...limiting({ enable_x_ratelimit_headers: "DRAFT_VERSION_03", enable_retry_after_header: true }),
  },
  { name: "rate limits in stage 11", ...limiting({ stage: 11 }) },
  { name: "rate limits of connections", ...network({ token_bucket: filling("60s") }) },
  { name: "rate limits of connections without a bucket", ...network({}) },
  { name: "rate limits of connections that fill too fast", ...network({ token_bucket: filling("0.01s") }) },
  { name: "rate limits of connections without tokens", ...network({ token_bucket: { max_tokens: 0, fill_interval: "60s" } }) },
  { name: "a question about rates", ...asking({}) },
  { name: "a question about rates in no domain", ...asking({ domain: "" }) },
  { name: "a question about rates of a kind", ...asking({ request_type: "internal" }) },
  { name: "a question about rates of an odd kind", ...asking({ request_type: "x" }) },
  { name: "a question about rates to nobody", ...asking({ rate_limit_service: undefined }) },
  {
    name: "a question about rates to an unknown cluster",
    ...asking({ rate_limit_service: { transport_api_version: "V3", grpc_service: { envoy_grpc: { cluster_name: "two" } } } }),
  },
  { name: "a question about rates in stage 11", ...asking({ stage: 11 }) },
  {
    name: "a question about rates that is answered by a status",
    ...asking({ rate_limited_status: { code: "TooManyRequests" }, status_on_error: { code: "BadGateway" } }),
  },
  { name: "a question about rates by its own", ...asking({ rate_limits: [{ actions: [{ remote_address: {} }] }] }) },
  {
    name: "a question about rates by its own in a stage",
    ...asking({ rate_limits: [{ stage: 1, actions: [{ remote_address: {} }] }] }),
  },
];
