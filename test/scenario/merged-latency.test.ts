import { expect, test } from "vitest";
import { openSession } from "#scenario";

const experiment = `apiVersion: v1
kind: Service
metadata: { name: fast }
spec: { selector: { app: fast }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: merged }
spec:
  duration: 10s
  workloads:
  - { name: client }
  - name: fast
    service: fast
    labels: { app: fast }
    replicas: 2
    behaviour: { serviceTime: { constant: 10ms }, perReplica: { 1: { serviceTime: { constant: 30ms } } } }
  traffic:
  - { name: a, from: client, to: "http://fast/", rate: 50/s, arrivals: constant, requests: 200 }
  - { name: b, from: client, to: "http://fast/", rate: 25/s, arrivals: constant, requests: 100 }
  expect:
  - { metric: meanMs, from: client, to: fast, between: [10, 30] }
  - { metric: p99Ms, from: client, to: fast, equals: 30, tolerance: 0.3 }
  - { metric: requests, of: fast, equals: 300 }
`;

test("the latency of two traffic entries on one edge is measured together, not left unmeasured", () => {
  const opened = openSession([{ name: "merged.yaml", text: experiment }], { seed: 3 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const { checks } = opened.session.goal();
  expect(checks.map((check) => [check.metric, check.passed])).toEqual([
    ["meanMs", true],
    ["p99Ms", true],
    ["requests", true],
  ]);
  const rows = opened.session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 }).edges;
  const total = rows.reduce((sum, row) => sum + row.requests, 0);
  const mean = rows.reduce((sum, row) => sum + row.latency.mean * row.requests, 0) / total;
  expect(checks[0]?.value).toBeCloseTo(mean, 6);
});
