/** Which pushes of a plan carry only the clusters of what changed. */
import { expect, test } from "vitest";
import { planChange, planRun } from "#scenario";

const service = (name: string, port = 8080) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: ${port} }] }
`;
const rule = (connections: number) => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: a, namespace: shop }
spec: { host: a, trafficPolicy: { connectionPool: { tcp: { maxConnections: ${connections} } } } }
`;
const routes = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a, namespace: shop }
spec: { hosts: [a], http: [{ route: [{ destination: { host: a } }] }] }
`;
const indented = (text: string) => text.replaceAll(/^/gm, "      ");
const experiment = `---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: one }
spec:
  duration: 10s
  workloads: [{ name: a, namespace: shop, service: a, labels: { app: a } }, { name: client, namespace: shop }]
  traffic: [{ name: t, from: client, to: "http://a.shop:8080/", users: 1, requests: 1 }]
  timeline:
  - at: 1s
    apply: |
${indented(rule(2))}
  - at: 2s
    apply: |
${indented(rule(3) + routes)}
  - at: 3s
    delete: { kind: DestinationRule, name: a, namespace: shop }
  - at: 4s
    delete: { kind: VirtualService, name: a, namespace: shop }
`;
const text = (own = rule(1)) => service("a") + own + experiment;
const planned = planRun([{ name: "one.yaml", text: text() }]);
if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
const { plan } = planned;

test("of a timeline those whose documents are DestinationRules and services", () => {
  expect(plan.config.timeline.map(({ atMs, change }) => [atMs, change.type === "config" && change.delta === true])).toEqual([
    [1000, true],
    [2000, false],
    [3000, true],
    [4000, false],
  ]);
});

test.each([
  ["another DestinationRule", text(rule(5)), true],
  ["one less", text(""), true],
  ["a service more", text() + service("b"), true],
  ["routes as well", text(rule(5)) + routes, false],
  ["nothing", text(), false],
])("of changes by hand: %s", (_, changed, delta) => {
  const answer = planChange(plan, { files: [{ name: "one.yaml", text: changed }], since: [], actions: [], nowMs: 0 });
  expect(answer.ok && answer.change.delta).toBe(delta);
});
