/** What a bootstrap says that the simulation does not do is named, field by field. */
import { expect, test } from "vitest";
import { lint } from "#mesh";
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

/** @param names of the two hosts; "" = none */
function rewriting(...names: [string, string]): unknown[] {
  const hosts = names.map((name, i) => {
    const named = name === "" ? "" : `hostname: ${name}, `;
    return `{ endpoint: { ${named}address: { socket_address: { address: 127.0.0.${i + 2}, port_value: 8080 } } } }`;
  });
  const type = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
  const text = `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: hcm
        typed_config:
          "@type": ${type}
          stat_prefix: in
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: / }, route: { cluster: one, auto_host_rewrite: true } }]
  clusters:
  - name: one
    load_assignment: { cluster_name: one, endpoints: [{ lb_endpoints: [${hosts.join(", ")}] }] }
`;
  return lint([{ name: "envoy.yaml", text }])
    .filter(({ code }) => code === "MESH1901")
    .map(({ params, line }) => [params.field, line]);
}

test("auto_host_rewrite towards hosts of different names is named, with its line", () => {
  expect(rewriting("a.example", "a.example")).toEqual([]);
  const place = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config";
  const field = `${place}.virtual_hosts[0].routes[0].route.auto_host_rewrite`;
  expect(rewriting("a.example", "b.example")).toEqual([[field, 15]]);
  expect(rewriting("a.example", "")).toEqual([[field, 15]]);
});
