/** Calls in a circle that only a route closes, and crowds without bound: the run ends, and says where and why. */
import { expect, test } from "vitest";
import { openSession, type Session } from "#scenario";

const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---`;

/** `b` is routed back to `a` with this weight, and to a leaf with the rest. */
const routed = (back: number) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b, namespace: shop }
spec:
  hosts: [b]
  http:
  - route:
    - { destination: { host: a }, weight: ${back} }
    - { destination: { host: leaf }, weight: ${100 - back} }
---`;

const experiment = (calls: string, more = "") => `
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 20s
  workloads:
  - { name: client, namespace: shop }
  - name: a
    namespace: shop
    labels: { app: a }
    behaviour:
      serviceTime: { constant: 10ms }
      calls: ${calls}
  - { name: leaf, namespace: shop, labels: { app: leaf } }
  traffic:
  - { from: client, to: "http://a/", rate: 2/s, arrivals: constant${more} }
`;

const world = (back: number, calls: string, more?: string) =>
  ["a", "b", "leaf"].map(service).join("") + routed(back) + experiment(calls, more);

function opened(text: string): Session {
  const result = openSession([{ name: "x.yaml", text }], { seed: 1 });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.session;
}

test("a circle that a route closes ends the run, with the way round and the line of its calls", () => {
  const text = world(100, '[{ to: "http://b/" }]');
  const session = opened(text);
  session.run();
  expect(session.finished).toBe(true);
  expect(session.endless()).toMatchObject({
    code: "MESH1526",
    severity: "error",
    params: { circle: "shop/a → shop/a" },
    path: "spec.workloads[1].behaviour.calls",
    line: text.split("\n").findIndex((line) => line.includes("calls:")) + 1,
  });
  expect(session.nowMs).toBeLessThan(4000);
  expect(session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 }).endless?.code).toBe("MESH1526");
});

test("timeouts do not hide it: the chain goes on although nobody waits for it", () => {
  const session = opened(world(100, '[{ to: "http://b/", timeout: 50ms }]', ", timeout: 100ms"));
  session.run();
  expect(session.endless()?.code).toBe("MESH1526");
});

test("before the end it can be left by going back, and is met again", () => {
  const session = opened(world(100, '[{ to: "http://b/" }]'));
  session.run();
  const { nowMs, eventCount } = session;
  const hash = session.traceHash();
  session.seekTime(100);
  expect([session.finished, session.endless()]).toEqual([false, null]);
  session.run();
  expect([session.nowMs, session.eventCount, session.traceHash()]).toEqual([nowMs, eventCount, hash]);
  expect(session.endless()?.code).toBe("MESH1526");
});

test("a request that goes round now and then is none", () => {
  const session = opened(world(50, '[{ to: "http://b/" }]'));
  session.run();
  expect(session.endless()).toBeNull();
  expect(session.report().edges.find(({ to }) => to === "a")?.statuses).toEqual({ 200: 40 });
});

const selfCalling = (protocol: string) => `
static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: self } }] }] }
          http_filters:
          - { name: envoy.filters.http.router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
  clusters:
  - name: self
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: { ${protocol}: {} }
    load_assignment: { cluster_name: self, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 10000 } } } }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 20s
  traffic:
  - { from: client, to: "http://127.0.0.1:10000/", rate: 2/s, arrivals: constant }
`;

test.each(["http_protocol_options", "http2_protocol_options"])("a proxy that sends its requests to itself: %s", (protocol) => {
  const session = opened(selfCalling(protocol));
  session.run();
  expect(session.endless()).toMatchObject({ code: "MESH1526", params: { circle: "envoy → envoy" }, path: "spec.traffic" });
});

test("a request that hangs for ever does not keep the run open: nothing can happen any more", () => {
  const session = opened(`
${service("a")}
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 5s
  dataPlane: none
  workloads:
  - { name: client, namespace: shop }
  - { name: a, namespace: shop, labels: { app: a }, behaviour: { response: { body: stall } } }
  traffic:
  - { from: client, to: "http://a/", burst: 3 }
`);
  session.run();
  expect([session.finished, session.nowMs, session.endless()]).toEqual([true, 5000, null]);
});
