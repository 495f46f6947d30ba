/**
 * What is wrong (or oddly right) with a field itself, asked of the real Envoy beside refusal-cases.ts: its name, its kind, the name of an
 * enumeration, two of one oneof, limits of the API that the model does not read.
 */
import type { RefusalCase } from "./refusals.ts";

const v3 = "type.googleapis.com/envoy.extensions";

const cluster = (fields: object) => ({ cluster: { ...fields } });
const action = (fields: object) => ({ action: { ...fields } });
const manager = (fields: object) => ({ manager: { ...fields } });
const matching = (fields: object) => ({ route: { match: { prefix: "/", ...fields }, route: { cluster: "one" } } });
const answering = (fields: object) => ({ route: { match: { prefix: "/" }, direct_response: { status: 200, ...fields } } });
const filter = (type: string, fields: object = {}) => ({
  filters: [{ name: "f", typed_config: { "@type": `${v3}.filters.http.${type}`, ...fields } }],
});
const router = { name: "r", typed_config: { "@type": `${v3}.filters.http.router.v3.Router` } };
const buffer = { name: "b", typed_config: { "@type": `${v3}.filters.http.buffer.v3.Buffer`, max_request_bytes: 1024 } };
const fault = (fields: object) => filter("fault.v3.HTTPFault", fields);
const check = { timeout: "1s", interval: "1s", unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {} };
const tls = (fields: object) => ({
  cluster: {
    transport_socket: {
      name: "tls",
      typed_config: { "@type": `${v3}.transport_sockets.tls.v3.UpstreamTlsContext`, ...fields },
    },
  },
});
const http2 = (fields: object) => ({
  cluster: {
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${v3}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: fields },
      },
    },
  },
});
const named = (cases: Readonly<Record<string, Omit<RefusalCase, "name">>>): RefusalCase[] =>
  Object.entries(cases).map(([name, one]) => ({ name, ...one }));

/** A name that nobody knows. In an update Envoy passes over it (`--reject-unknown-dynamic-fields` is off), so these are asked as updates. */
export const misspeltCases: readonly RefusalCase[] = named({
  "field: of a cluster": cluster({ lb_polcy: "RANDOM" }),
  "field: of a cluster, in the other spelling": cluster({ lbPolicy: "RANDOM" }),
  "field: capital letter in front": cluster({ LbPolicy: "RANDOM" }),
  "field: dashes": cluster({ "lb-policy": "RANDOM" }),
  "field: of API v2": cluster({ hosts: [] }),
  "field: @type where nothing is of any type": cluster({ "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster" }),
  "field: of a threshold": cluster({ circuit_breakers: { thresholds: [{ max_request: 5 }] } }),
  "field: of a threshold, in the other spelling": cluster({ circuitBreakers: { thresholds: [{ maxRequests: 5 }] } }),
  "field: of outlier detection": cluster({ outlier_detection: { consecutive_5x: 5 } }),
  "field: of outlier detection, in the other spelling": cluster({ outlierDetection: { consecutive5xx: 5 } }),
  "field: of a health check": cluster({ health_checks: [{ ...check, interva: "1s" }] }),
  "field: of a percentage": cluster({ common_lb_config: { healthy_panic_threshold: { val: 50 } } }),
  "field: of metadata, free within a filter's": cluster({ metadata: { filter_metadata: { a: { b: [1, null, { c: "d" }] } } } }),
  "field: of metadata": cluster({ metadata: { filters: { a: {} } } }),
  "field: of an endpoint": { endpoint: { endpoint: { adress: {} } } },
  "field: of a locality": { locality: { priorty: 0 } },
  "field: of a route's action": action({ timeot: "1s" }),
  "field: of a route's action, in the other spelling": action({ retryPolicy: { retryOn: "5xx", numRetries: 2 } }),
  "field: of a retry policy": action({ retry_policy: { retry_on: "5xx", num_retry: 2 } }),
  "field: of a hash policy": action({ hash_policy: [{ header: { header_name: "x", header_nam: "y" } }] }),
  "field: of a mirror": action({ request_mirror_policies: [{ cluster: "one", percentage: 50 }] }),
  "field: of a match": matching({ case_sensitve: false }),
  "field: of a header's match": matching({ headers: [{ name: "x", exact: "y" }] }),
  "field: of a virtual host": { host: { domain: ["*"] } },
  "field: of a table": { table: { virtualHost: [] } },
  "field: of the manager": manager({ stream_idle_timout: "1s" }),
  "field: of the manager, in the other spelling": manager({ streamIdleTimeout: "1s" }),
  "field: of a listener": { listener: { filter_chain: [] } },
  "field: of an address": {
    listener: { address: { socket_address: { address: "127.0.0.1", port_value: 15_999, port: 15_999 } } },
  },
  "field: of a filter": fault({ abort: { http_status: 503, percent: 50 } }),
  "field: of a filter's delay": fault({ delay: { fixed_delay: "1s", percentage: { numerator: 1, denominater: "HUNDRED" } } }),
  "field: of TLS": tls({ sni: "a", alpn: "h2" }),
  "field: of TLS, deep": tls({ common_tls_context: { validation_context: { trusted_cas: {} } } }),
  "field: of TLS, right": tls({ common_tls_context: { alpn_protocols: ["h2"] } }),
  "field: of HTTP/2": http2({ max_concurrent_stream: 10 }),
  "name: of an enumeration": cluster({ lb_policy: "ROUND_ROBBIN" }),
  "name: in small letters": cluster({ lb_policy: "round_robin" }),
  "name: with a dash": cluster({ lb_policy: "ROUND-ROBIN" }),
  "name: empty": cluster({ lb_policy: "" }),
  "name: of a list": cluster({ health_checks: [{ ...check, http_health_check: undefined, tcp_health_check: {}, type: 1 }] }),
});

/** What is no message at all, or breaks a limit: no control plane can send the former. */
export const fieldKindCases: readonly RefusalCase[] = named({
  "kind: text for an object": cluster({ circuit_breakers: "x" }),
  "kind: list for an object": cluster({ circuit_breakers: [{}] }),
  "kind: nothing for an object": cluster({ circuit_breakers: null }),
  "kind: an object for a list": cluster({ health_checks: check }),
  "kind: text for a list": { host: { domains: "*" } },
  "kind: a list in a list": { host: { domains: [["*"]] } },
  "kind: nothing for a list": cluster({ health_checks: null }),
  "kind: list for text": cluster({ alt_stat_name: ["x"] }),
  "kind: number for text": cluster({ alt_stat_name: 5 }),
  "kind: flag for text": cluster({ alt_stat_name: true }),
  "kind: text for a number": cluster({ per_connection_buffer_limit_bytes: "lots" }),
  "kind: number in quotes": cluster({ per_connection_buffer_limit_bytes: "1024" }),
  "kind: number in quotes, of base 16": cluster({ per_connection_buffer_limit_bytes: "0x400" }),
  "kind: number as an object": cluster({ per_connection_buffer_limit_bytes: { value: 1024 } }),
  "kind: number with a fraction": cluster({ per_connection_buffer_limit_bytes: 1.5 }),
  "kind: number with a fraction of nothing": cluster({ per_connection_buffer_limit_bytes: "1024.0" }),
  "kind: number below nothing": cluster({ per_connection_buffer_limit_bytes: -1 }),
  "kind: number of 33 bits": cluster({ per_connection_buffer_limit_bytes: 4_294_967_296 }),
  "kind: number in quotes with a space": cluster({ per_connection_buffer_limit_bytes: " 1024" }),
  "kind: flag in quotes": manager({ normalize_path: "true" }),
  "kind: yes in quotes": manager({ normalize_path: "yes" }),
  "kind: on in quotes": manager({ normalize_path: "on" }),
  "kind: number for a flag": manager({ normalize_path: 1 }),
  "kind: number of an enumeration": cluster({ lb_policy: 3 }),
  "kind: number of an enumeration, in quotes": cluster({ lb_policy: "3" }),
  "kind: number that an enumeration does not have": cluster({ lb_policy: 99 }),
  "kind: flag for an enumeration": cluster({ lb_policy: true }),
  "kind: bytes": answering({ body: { inline_bytes: "YQ==" } }),
  "kind: bytes without their padding": answering({ body: { inline_bytes: "YQ" } }),
  "kind: bytes that are none": answering({ body: { inline_bytes: "!!" } }),
  "kind: free metadata that is a list": cluster({ metadata: { filter_metadata: { a: [] } } }),
  "kind: a map that is a list": cluster({ typed_extension_protocol_options: [] }),
  "duration: number": cluster({ connect_timeout: 1 }),
  "duration: number in quotes": cluster({ connect_timeout: "1" }),
  "duration: milliseconds": cluster({ connect_timeout: "100ms" }),
  "duration: minutes": action({ timeout: "1m" }),
  "duration: a fraction": action({ timeout: "0.25s" }),
  "duration: a fraction without its nought": action({ timeout: ".25s" }),
  "duration: ten digits behind the point": action({ timeout: "0.0000000001s" }),
  "duration: as an object": action({ timeout: { seconds: 1, nanos: 500 } }),
  "duration: as another object": action({ timeout: { secs: 1 } }),
  "oneof: two of a match": matching({ path: "/x" }),
  "oneof: two, one of them nothing": matching({ path: null }),
  "oneof: two of an action": action({ cluster_header: "x" }),
  "oneof: none": { route: { match: {}, route: { cluster: "one" } } },
  "oneof: two of rewriting": action({ host_rewrite_literal: "a", auto_host_rewrite: true }),
  "type: a slip": filter("fault.v3.HTTPFaults"),
  "type: of API v2": {
    filters: [{ name: "f", typed_config: { "@type": "type.googleapis.com/envoy.config.filter.http.fault.v2.HTTPFault" } }],
  },
  "type: without its host": {
    filters: [{ name: "f", typed_config: { "@type": "envoy.extensions.filters.http.fault.v3.HTTPFault" } }],
  },
  "type: of another host": {
    filters: [{ name: "f", typed_config: { "@type": "x.y/envoy.extensions.filters.http.fault.v3.HTTPFault" } }],
  },
  "type: nothing configured": { filters: [{ name: "envoy.filters.http.fault" }] },
  "type: nothing configured, but optional": { filters: [{ name: "envoy.filters.http.fault", is_optional: true }] },
  "type: no predicate's": action({
    retry_policy: { retry_on: "5xx", retry_host_predicate: [{ name: "envoy.retry_host_predicates.previous_hosts" }] },
  }),
  "type: no transport socket's": cluster({ transport_socket: { name: "envoy.transport_sockets.raw_buffer" } }),
  "chain: no router": manager({ http_filters: [buffer] }),
  "chain: a router in front": manager({ http_filters: [router, buffer] }),
  "chain: two routers": manager({ http_filters: [router, router] }),
  "chain: a router that is switched off": manager({ http_filters: [{ ...router, disabled: true }] }),
  "chain: no filters of HTTP": manager({ http_filters: [] }),
  "chain: none": { listener: { filter_chains: [] } },
  "chain: no filters": { listener: { filter_chains: [{}] } },
  "listener: no address": { listener: { address: null } },
  "type: not said": { filters: [{ name: "envoy.filters.http.fault", typed_config: {} }] },
  "limit: a name that is empty": { filters: [{ name: "", typed_config: { "@type": `${v3}.filters.http.fault.v3.HTTPFault` } }] },
  "limit: port": { listener: { address: { socket_address: { address: "127.0.0.1", port_value: 70_000 } } } },
  "limit: a match on no header": matching({ headers: [{ present_match: true }] }),
  "limit: window of HTTP/2": http2({ initial_stream_window_size: 100 }),
  "limit: window of HTTP/2, wide enough": http2({ initial_stream_window_size: 65_536 }),
  "limit: no domains": { host: { domains: [] } },
  "limit: a check without its interval": cluster({ health_checks: [{ ...check, interval: undefined }] }),
  "limit: SNI of 300 characters": tls({ sni: "a".repeat(300) }),
  "limit: a line break in a header's name": { table: { request_headers_to_remove: ["a\nb"] } },
  "limit: a header that no router checks": manager({
    http_filters: [{ name: "r", typed_config: { ...router.typed_config, strict_check_headers: ["x-a"] } }],
  }),
  "limit: a header that routers check": manager({
    http_filters: [{ name: "r", typed_config: { ...router.typed_config, strict_check_headers: ["x-envoy-retry-on"] } }],
  }),
  "limit: a field that is switched off": action({
    rate_limits: [{ actions: [{ dynamic_metadata: { descriptor_key: "a", metadata_key: { key: "a", path: [{ key: "b" }] } } }] }],
  }),
});

/** Right as they stand, in one spelling or the other: taken as updates too. */
export const rightCases: readonly RefusalCase[] = named({
  "right: how a cluster's names are looked up": cluster({ dns_lookup_family: "v4_only", dnsRefreshRate: "5s" }),
  "right: keepalive": cluster({ upstream_connection_options: { tcpKeepalive: { keepalive_probes: 3, keepaliveTime: "60" } } }),
  "right: connections ahead": cluster({ preconnect_policy: { perUpstreamPreconnectRatio: 1.5 } }),
  "right: statistics of a cluster": cluster({ track_cluster_stats: { timeout_budgets: "true" } }),
  "right: hosts before their first check": cluster({ commonLbConfig: { ignore_new_hosts_until_first_hc: true } }),
  "right: merging of updates": cluster({ common_lb_config: { updateMergeWindow: "0.5s" } }),
  "right: warming": cluster({ wait_for_warm_on_init: false, cleanupInterval: "10s" }),
  "right: a check's jitter": cluster({ health_checks: { ...check, intervalJitterPercent: 10, reuse_connection: false } }),
  "right: a check by text": cluster({
    health_checks: [{ ...check, tcp_health_check: { send: { text: "50" }, receive: { text: "51" } } }],
  }),
  "right: an API's version": cluster({ eds_cluster_config: null, type: "static" }),
  "right: priority by number": cluster({ circuit_breakers: { thresholds: { priority: 1, max_requests: "5" } } }),
  "right: a socket's options": cluster({ upstream_bind_config: { source_address: { address: "127.0.0.1", portValue: 0 } } }),
  "right: what a listener keeps": { listener: { perConnectionBufferLimitBytes: 2048, drain_type: "MODIFY_ONLY" } },
  "right: a listener's direction": { listener: { traffic_direction: 2, metadata: { filterMetadata: { a: { b: true } } } } },
  "right: a single filter of a listener": {
    listener: {
      listener_filters: {
        name: "tls",
        typed_config: { "@type": `${v3}.filters.listener.tls_inspector.v3.TlsInspector`, enableJa3Fingerprinting: true },
      },
    },
  },
  "right: an action's priority": action({ priority: "high", maxStreamDuration: { max_stream_duration: "5s" } }),
  "right: an upgrade": action({ upgrade_configs: { upgrade_type: "websocket", enabled: "yes" } }),
  "right: a retry's back-off": action({
    retryPolicy: { retry_on: "5xx", retryBackOff: { base_interval: "0.025s", maxInterval: "1s" } },
  }),
  "right: statuses to retry": action({ retry_policy: { retry_on: "retriable-status-codes", retriable_status_codes: 503 } }),
  "right: a rewrite": action({ regex_rewrite: { pattern: { regex: "^/a" }, substitution: "/b" } }),
  "right: a rewrite in the other spelling": action({
    regexRewrite: { pattern: { googleRe2: {}, regex: "^/a" }, substitution: "/b" },
  }),
  "right: metadata to match": action({ metadata_match: { filter_metadata: { "envoy.lb": { version: 1.5, list: [null, {}] } } } }),
  "right: a match in the other spelling": matching({
    caseSensitive: false,
    queryParameters: [{ name: "a", presentMatch: true }],
  }),
  "right: a share": matching({ runtime_fraction: { default_value: { numerator: "50" }, runtimeKey: "x" } }),
  "right: a range": matching({ headers: { name: "x", range_match: { start: "1", end: 10 } } }),
  "right: an answer": answering({ body: { inlineString: "1" } }),
  "right: headers to add, one": { host: { response_headers_to_add: { header: { key: "a", value: "1" }, append_action: 2 } } },
  "right: a table's headers": { table: { requestHeadersToRemove: "x-a", most_specific_header_mutations_wins: true } },
  "right: limits of a table": { table: { max_direct_response_body_size_bytes: { value: "100" } } },
  "right: of the manager": manager({ codec_type: 1, serverName: "x", via: "y", useRemoteAddress: "true" }),
  "right: underscores": manager({ commonHttpProtocolOptions: { headersWithUnderscoresAction: "reject_request" } }),
  "right: HTTP/1.0": manager({ http_protocol_options: { acceptHttp10: true, default_host_for_http_10: "x" } }),
  "right: sampling": manager({ tracing: { randomSampling: { value: 50 } } }),
  "right: addresses inside": manager({ internal_address_config: { cidr_ranges: { address_prefix: "10.0.0.0", prefix_len: 8 } } }),
  "right: a log of any shape": manager({
    access_log: [
      {
        name: "log",
        filter: { status_code_filter: { comparison: { op: "GE", value: { default_value: 400, runtime_key: "x" } } } },
        typed_config: {
          "@type": `${v3}.access_loggers.stream.v3.StdoutAccessLog`,
          log_format: { json_format: { any: "%PROTOCOL%", deep: { er: 1 } } },
        },
      },
    ],
  }),
  "right: a filter's share": fault({ abort: { httpStatus: "503", percentage: { numerator: 1, denominator: "ten_thousand" } } }),
  "right: a buffer": filter("buffer.v3.Buffer", { maxRequestBytes: { value: 1024 } }),
  "right: versions of TLS": tls({
    commonTlsContext: { tls_params: { tlsMinimumProtocolVersion: "TLSv1_2" } },
    allow_renegotiation: false,
  }),
});
