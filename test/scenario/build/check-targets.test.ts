/** What is called: addresses that nobody provides are warned of, circles of calls refused, runs without end too. */
import { expect, test } from "vitest";
import { planRun } from "#scenario";

const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---`;

const experiment = (spec: string) => `
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 10s
${spec}`;

function judged(text: string): string[] {
  const planned = planRun([{ name: "x.yaml", text }]);
  const { diagnostics } = planned.ok ? planned.plan : planned;
  return diagnostics.filter(({ kind }) => kind === "Experiment").map((one) => `${one.severity} ${one.code} ${one.path}`);
}

const workloads = (calls: Record<string, string>) =>
  [
    "  workloads:",
    "  - { name: client, namespace: shop }",
    ...Object.entries(calls).map(
      ([name, called]) =>
        `  - { name: ${name}, namespace: shop, labels: { app: ${name.split("-")[0]} }, behaviour: { calls: [${called === "" ? "" : `{ to: "http://${called}.shop/" }`}] } }`,
    ),
    "",
  ].join("\n");

const traffic = (to: string, load = "rate: 1/s") => `  traffic:\n  - { from: client, to: "${to}", ${load} }\n`;

test.each<[string, string[]]>([
  ["http://a.shop/", []],
  ["http://a:80/", []],
  ["http://a.shop:81/", ["warning MESH1523 spec.traffic[0].to"]],
  ["http://nobody.shop/", ["warning MESH1523 spec.traffic[0].to"]],
  ["http://api.bank.example/", []],
  ["http://bank.example/", ["warning MESH1523 spec.traffic[0].to"]],
  ["http://10.64.0.1:8080/", []],
])("%s", (to, expected) => {
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: shop }
spec: { hosts: ["*.bank.example"], location: MESH_EXTERNAL, ports: [{ number: 80, name: http, protocol: HTTP }] }
---`;
  expect(judged(service("a") + entry + experiment(workloads({ a: "" }) + traffic(to)))).toEqual(expected);
});

test("a Service that the timeline brings is known", () => {
  const text = service("late").replace("---", "").trim().replace(/^/gm, "      ");
  const later = `  timeline:\n  - at: 1s\n    apply: |\n${text}\n`;
  expect(judged(service("a") + experiment(workloads({ a: "" }) + traffic("http://late.shop/") + later))).toEqual([]);
});

test("beside a bootstrap its listeners are what can be called", () => {
  const bootstrap = `
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
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, direct_response: { status: 200 } }] }] }
          http_filters:
          - { name: envoy.filters.http.router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
---`;
  const asked = (to: string) => judged(bootstrap + experiment(`  dataPlane: none\n${traffic(to)}`));
  expect(asked("http://127.0.0.1:10000/")).toEqual([]);
  expect(asked("http://127.0.0.2:10000/")).toEqual(["warning MESH1523 spec.traffic[0].to"]);
});

test.each<[string, Record<string, string>, string, string[]]>([
  ["a chain", { a: "b", b: "" }, "", []],
  ["a circle", { a: "b", b: "a" }, "", ["error MESH1524 spec.workloads[1].behaviour.calls"]],
  ["a service that calls itself", { a: "", b: "b" }, "", ["error MESH1524 spec.workloads[2].behaviour.calls"]],
  ["a circle that one version leaves", { "a-v1": "b", "a-v2": "", b: "a" }, "", []],
  [
    "a circle that a route leads out of",
    { a: "b", b: "a" },
    `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a, namespace: shop }
spec: { hosts: [a], http: [{ directResponse: { status: 200 } }] }
---`,
    [],
  ],
])("%s of calls", (_what, calls, route, expected) => {
  const text = service("a") + service("b") + route + experiment(workloads(calls) + traffic("http://a.shop/"));
  expect(judged(text)).toEqual(expected);
});

test("a run that would not end is refused where its length is written", () => {
  const planned = (load: string) => judged(service("a") + experiment(workloads({ a: "" }) + traffic("http://a/", load)));
  expect(planned("rate: 100000001/s")).toEqual(["error MESH1511 spec.traffic[0].rate"]);
  expect(planned("rate: 1/s, requests: 1000000001")).toEqual(["error MESH1511 spec.traffic[0].requests"]);
  expect(planned("rate: 100000001/s, requests: 5")).toEqual([]);
});

test("a replica that there never is has no requests to count", () => {
  const expected = (replica: number) =>
    `${workloads({ a: "" })}${traffic("http://a/")}  timeline: [{ at: 1s, scale: { workload: a, replicas: 3 } }]\n  expect: [{ metric: requests, of: a, replica: ${replica}, atLeast: 0 }]\n`;
  expect(judged(service("a") + experiment(expected(2)))).toEqual([]);
  expect(judged(service("a") + experiment(expected(3)))).toEqual(["error MESH1511 spec.expect[0].replica"]);
});
