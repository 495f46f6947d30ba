/** What ends a TCP session in a mesh: a DestinationRule's connectionPool.tcp, as istiod gives it to the TCP proxy. */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const world = (tcp: string) => `apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, clusterIP: 10.96.0.9, ports: [{ name: tcp, port: 5432 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: db, namespace: shop }
spec: { host: db, trafficPolicy: { connectionPool: { tcp: ${tcp} } } }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: sessions }
spec:
  duration: 10s
  workloads:
  - { name: client, namespace: shop }
  - { name: db, namespace: shop, service: db, labels: { app: db }, behaviour: { serviceTime: { constant: 1500ms } } }
  traffic: [{ name: t, from: client, to: "tcp://db.shop:5432", rate: 2/s, arrivals: constant, requests: 10 }]
`;

function sessions(tcp: string) {
  const opened = openSession([{ name: "x.yaml", text: world(tcp) }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const [edge] = opened.session.report().edges;
  return { flags: edge?.flags, statuses: edge?.statuses, p50: Math.round(edge?.latencyMs?.p50 ?? 0) };
}

test("without a limit, and within it, the session ends by its answer", () => {
  const answered = { flags: {}, statuses: { 200: 10 }, p50: 1500 };
  expect(sessions("{}")).toEqual(answered);
  expect(sessions("{ idleTimeout: 2s, maxConnectionDuration: 3s }")).toEqual(answered);
});

test("silence closes it without a flag, its age with DT", () => {
  expect(sessions("{ idleTimeout: 500ms }")).toEqual({ flags: {}, statuses: { 0: 10 }, p50: 500 });
  expect(sessions("{ maxConnectionDuration: 700ms }")).toEqual({ flags: { DT: 10 }, statuses: { 0: 10 }, p50: 700 });
});
