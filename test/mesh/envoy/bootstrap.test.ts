/** What a bootstrap says that the simulation does not do is named, field by field. */
import { expect, test } from "vitest";
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
