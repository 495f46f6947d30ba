/** RBAC of connections in front of HTTP: who is refused is never read, and has no answer (of TCP and between proxies: envoy-live/network-rbac). */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const types = "type.googleapis.com/envoy.extensions.filters";
const world = (principal: string) => `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.9, port_value: 8080 } }
    filter_chains:
    - filters:
      - name: rbac
        typed_config:
          "@type": ${types}.network.rbac.v3.RBAC
          stat_prefix: r
          rules: { action: ALLOW, policies: { p: { permissions: [{ any: true }], principals: [${principal}] } } }
      - name: http
        typed_config:
          "@type": ${types}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, direct_response: { status: 200 } }] }] }
          http_filters: [{ name: router, typed_config: { "@type": "${types}.http.router.v3.Router" } }]
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: connections }
spec:
  dataPlane: none
  duration: 1s
  workloads: []
  traffic: [{ name: t, from: client, to: "http://127.0.0.9:8080/", burst: 3 }]
`;

function statuses(principal: string) {
  const opened = openSession([{ name: "x.yaml", text: world(principal) }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  return opened.session.report().edges[0]?.statuses;
}

test("who is allowed is answered, who is not has its connection closed", () => {
  expect(statuses("{ direct_remote_ip: { address_prefix: 127.0.0.0, prefix_len: 8 } }")).toEqual({ 200: 3 });
  expect(statuses("{ direct_remote_ip: { address_prefix: 10.0.0.0, prefix_len: 8 } }")).toEqual({ 0: 3 });
});
