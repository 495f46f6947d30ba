/** What a bootstrap says that the simulation does not do is named, field by field. */
import { expect, test } from "vitest";
import { type Diagnostic, lint } from "#mesh";
import { planRun } from "#scenario";

const bootstrap = (cluster: string) => `
static_resources:
  listeners: []
  clusters:
  - name: one
    type: STATIC
    ${cluster}
    load_assignment:
      cluster_name: one
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.2, port_value: 8080 } } } }] }]
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: one }
spec:
  dataPlane: none
  duration: 1s
  workloads: [{ name: one, addresses: ["127.0.0.2:8080"] }]
  traffic: [{ name: t, from: client, to: "http://127.0.0.2:8080/", users: 1, requests: 1 }]
`;

function notSimulated(cluster: string): unknown[] {
  const planned = planRun([{ name: "envoy.yaml", text: bootstrap(cluster) }]);
  const { diagnostics } = planned.ok ? planned.plan : planned;
  return diagnostics.filter(({ code }) => code === "MESH1901").map(({ params }) => params.field);
}

const check = "{ timeout: 1s, interval: 1s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {} }";
const subsets = "subset_selectors: [{ keys: [version] }]";

test.each([
  ["one health check", `health_checks: [${check}]`, []],
  ["subsets", `lb_subset_config: { ${subsets} }`, []],
  ["a list of fallbacks", `lb_subset_config: { ${subsets}, metadata_fallback_policy: FALLBACK_LIST }`, []],
  ["zones", "common_lb_config: { zone_aware_lb_config: { min_cluster_size: 2, routing_enabled: { value: 50 } } }", []],
  [
    "a policy that is not known",
    'load_balancing_policy: { policies: [{ typed_extension_config: { name: x, typed_config: { "@type": x, pace: 1 } } }] }',
    ["pace"],
  ],
])("%s", (_, cluster, fields) => {
  const found = notSimulated(cluster);
  if (fields.length === 0) expect(found).toEqual([]);
  for (const field of fields) expect(found).toContainEqual(expect.stringContaining(field));
});

/** @returns fields named as not simulated, with their lines */
function namedIn(route: string, filter: string): unknown[] {
  return remarksOn(route, filter).map(({ params, line }) => [String(params.field).replace(/.*typed_config\./, ""), line]);
}

function remarksOn(route: string, filter: string): Diagnostic[] {
  const v3 = "type.googleapis.com/envoy.extensions.filters";
  const text = `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: hcm
        typed_config:
          "@type": ${v3}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          http_filters: [{ name: f, typed_config: { "@type": ${v3}.http.${filter} } }, { name: r, typed_config: { "@type": ${v3}.http.router.v3.Router } }]
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: / }, route: { cluster: one, ${route} } }]
  clusters:
  - name: one
    load_assignment: { cluster_name: one }
`;
  return lint([{ name: "envoy.yaml", text }]).filter(({ code }) => code === "MESH1901");
}

const limit = "local_ratelimit.v3.LocalRateLimit, stat_prefix: l";
const token = "jwt_authn.v3.JwtAuthentication, providers: { a: { local_jwks: { inline_string: '{}' }";

test.each([
  ["all of a rate limit", "rate_limits: [{ actions: [{ remote_address: {} }] }]", `${limit}, descriptors: []`, []],
  [
    "a limit that metadata says",
    "rate_limits: [{ actions: [{ remote_address: {} }], limit: { dynamic_metadata: { metadata_key: { key: a, path: [{ key: b }] } } } }]",
    limit,
    [["route_config.virtual_hosts[0].routes[0].route.rate_limits[0].limit", 16]],
  ],
  ["a bucket for each connection", "timeout: 1s", `${limit}, local_rate_limit_per_downstream_connection: true`, []],
  ["tokens by state", "timeout: 1s", `${token} } }, filter_state_rules: { name: x }`, [["filter_state_rules", 11]]],
  ["the rest of tokens", "timeout: 1s", `${token}, subjects: { exact: x }, audiences: [x], forward: true } }`, []],
  ["who only counts", "timeout: 1s", "grpc_stats.v3.FilterConfig, emit_filter_state: true, stats_for_all_methods: true", []],
  ["hosts' names", "auto_host_rewrite: true", limit, []],
])("%s: what is not simulated is named, with its line", (_, route, filter, expected) => {
  expect(namedIn(route, filter)).toEqual(expected);
});

test("a filter that is not simulated is one warning, whatever stands in it", () => {
  const lua = "lua.v3.Lua, default_source_code: { inline_string: 'function envoy_on_request(h) end' }, stat_prefix: l";
  expect(remarksOn("timeout: 1s", lua).map(({ severity, params }) => [severity, String(params.field).slice(-15)])).toEqual([
    ["warning", "http_filters[0]"],
  ]);
});
