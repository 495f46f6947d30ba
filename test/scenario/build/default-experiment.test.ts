import { expect, test } from "vitest";
import { planRun } from "#scenario";

function plan(yaml: string) {
  const planned = planRun([{ name: "pasted.yaml", text: yaml }]);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  return planned.plan;
}

const split = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
  - match: [{ headers: { end-user: { exact: jason } }, uri: { prefix: /reviews }, method: { exact: PUT } }]
    route: [{ destination: { host: reviews, subset: v2, port: { number: 9080 } } }]
  - match: [{ uri: { regex: "/[a-z]+" } }]
    route: [{ destination: { host: reviews, subset: v1 } }]
  - route: [{ destination: { host: reviews, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
`;

test("a route without Service and pods runs: both are assumed, and it is said so", () => {
  const { topology, diagnostics, config } = plan(split);
  expect(topology).toMatchObject({
    services: [{ name: "reviews", namespace: "default" }],
    callers: [{ name: "client", namespace: "default" }],
    edges: [{ from: "client", to: "reviews" }],
  });
  expect(topology.workloads.map((one) => [one.name, one.service, one.labels.version])).toEqual([
    ["reviews-v1", "reviews", "v1"],
    ["reviews-v2", "reviews", "v2"],
    ["client", "client", undefined],
  ]);
  expect(diagnostics.filter((one) => one.code === "MESH1520")).toMatchObject([
    { severity: "info", params: { name: "reviews", namespace: "default", port: 9080 }, line: expect.any(Number) },
  ]);
  expect(config.workloads[0]?.replicas[0]?.addresses[0]).toMatch(/:9080$/);
});

test("subsets of a made-up Service are versions, and it is said what a cluster would answer", () => {
  const { topology, diagnostics } = plan(split.split("---")[0] ?? "");
  expect(topology.workloads.map((one) => [one.name, one.labels.version])).toEqual([
    ["reviews-v2", "v2"],
    ["reviews-v1", "v1"],
    ["client", undefined],
  ]);
  expect(diagnostics.filter((one) => one.code === "MESH1522")).toMatchObject([
    { severity: "info", params: { name: "reviews", subsets: "v2, v1" } },
  ]);
});

test("subsets that a given Service lacks stay missing", () => {
  const service =
    "---\napiVersion: v1\nkind: Service\nmetadata: { name: reviews }\nspec: { selector: { app: reviews }, ports: [{ port: 9080 }] }\n";
  const { topology, diagnostics } = plan(`${split.split("---")[0]}${service}`);
  expect(topology.workloads.map((one) => one.name)).toEqual(["reviews", "client"]);
  expect(diagnostics.filter((one) => one.code === "MESH1522")).toEqual([]);
});

test("the traffic tries what the route matches on, where that can be written down", () => {
  const [entry] = plan(split).config.traffic;
  expect(entry?.load).toEqual({ type: "rate", perSecond: 10, arrivals: "poisson" });
  expect(entry?.variants.map(({ request }) => [request.method, request.path, request.headers])).toEqual([
    ["GET", "/", {}],
    ["PUT", "/reviews", { "end-user": "jason" }],
  ]);
});

test("Deployments that no Service selects are the callers", () => {
  const deployment = (name: string) =>
    `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: shop }\nspec: { template: { metadata: { labels: { app: ${name} } } } }\n`;
  const service =
    "apiVersion: v1\nkind: Service\nmetadata: { name: pay, namespace: shop }\nspec: { selector: { app: payments }, ports: [{ name: http, port: 80 }] }\n";
  const { topology, config } = plan(`${service}${deployment("payments")}${deployment("web")}${deployment("cron")}`);
  expect(topology.callers.map((one) => one.name)).toEqual(["web", "cron"]);
  expect(topology.edges).toEqual([
    { from: "web", to: "pay" },
    { from: "cron", to: "pay" },
  ]);
  expect(config.traffic.map((one) => one.load)).toEqual([
    { type: "rate", perSecond: 5, arrivals: "poisson" },
    { type: "rate", perSecond: 5, arrivals: "poisson" },
  ]);
});

test("nothing to call, nothing to run", () => {
  expect(planRun([{ name: "", text: "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n" }]).ok).toBe(false);
});

test("an Experiment that lost its apiVersion is refused with the reason, not silently", () => {
  const planned = planRun([{ name: "", text: "kind: Experiment\nmetadata: { name: one }\nspec: { dataPlane: none }\n" }]);
  expect(!planned.ok && planned.diagnostics.map(({ code }) => code)).toEqual(["MESH1012"]);
});
