/** A live change of a DestinationRule makes another cluster of it, as in Envoy; other changes leave connections and ejections alone. */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const rule = (policy: string) =>
  `{ apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: p }, spec: { host: p, trafficPolicy: ${policy} } }`;
const route =
  "{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: p }, spec: { hosts: [p], http: [{ timeout: 9s, route: [{ destination: { host: p } }] }] } }";

function checksOf(parts: { documents?: string[]; workload?: string; traffic: string; timeline: string[]; expect: string }) {
  const { documents = [], workload = "", traffic, timeline, expect: goal } = parts;
  const text = `apiVersion: v1
kind: Service
metadata: { name: p }
spec: { selector: { app: p }, ports: [{ name: http, port: 80 }] }
---
${documents.map((document) => `${document}\n---\n`).join("")}
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 10s
  workloads:
  - { name: client }
  - { name: p, service: p, labels: { app: p }${workload} }
  traffic: [{ name: t, from: client, to: "http://p/"${traffic} }]
  timeline: [${timeline.join(", ")}]
  expect: ${goal}
`;
  const opened = openSession([{ name: "x.yaml", text }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  return opened.session.report({ accessLog: 0 }).goal.checks.map(({ value }) => value);
}

const applied = (at: string, document: string) => `{ at: ${at}, apply: ${JSON.stringify(document)} }`;

test("connections of the cluster before carry no new request: plaintext begins with the change", () => {
  const values = checksOf({
    traffic: ", rate: 20/s, arrivals: constant, requests: 200",
    timeline: [applied("5s", rule("{ tls: { mode: DISABLE } }"))],
    expect:
      "[{ metric: plaintextShare, traffic: t, window: [0s, 5s], equals: 0 }, { metric: plaintextShare, traffic: t, window: [5s, 10s], equals: 1 }, { metric: errorRate, traffic: t, equals: 0 }]",
  });
  expect(values).toEqual([0, 1, 0]);
});

const failing = ", replicas: 3, behaviour: { perReplica: { 0: { errors: { rate: 1, status: 500 } } } }";
const watched = "{ outlierDetection: { consecutive5xxErrors: 2, interval: 1s, baseEjectionTime: 60s, maxEjectionPercent: 100 } }";
const ejections = "[{ metric: ejections, of: p, equals: 0 }, { metric: ejectedNow, of: p, window: [0s, 4.9s], equals: 0 }]";

test("its ejections end with it, and the new one makes its own", () => {
  const parts = { documents: [rule(watched)], workload: failing, traffic: ", rate: 30/s, requests: 280", expect: ejections };
  const stricter = watched.replace("consecutive5xxErrors: 2", "consecutive5xxErrors: 3");
  expect(checksOf({ ...parts, timeline: [applied("5s", rule(stricter))] })).toEqual([2, 1]);
  expect(checksOf({ ...parts, timeline: [applied("5s", rule(watched)), applied("5s", route)] })).toEqual([1, 1]);
  expect(checksOf({ ...parts, timeline: ["{ at: 5s, scale: { workload: p, replicas: 4 } }"] })).toEqual([1, 1]);
});

test("what waits for its next try goes to the new one, and what is under way ends with the old", () => {
  const retried =
    "{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: p }, spec: { hosts: [p], http: [{ retries: { attempts: 1, retryOn: 5xx, backoff: 2s }, route: [{ destination: { host: p } }] }] } }";
  const values = checksOf({
    documents: [retried],
    workload: ", behaviour: { serviceTime: { constant: 100ms }, errors: { pattern: [500, 200, 200] } }",
    // The first waits for its second try, the second is being served.
    traffic: ", rate: 2/s, arrivals: constant, start: 1s, requests: 2",
    timeline: [
      applied("1110ms", rule("{ loadBalancer: { simple: RANDOM } }")),
      applied("1550ms", rule("{ loadBalancer: { simple: ROUND_ROBIN } }")),
    ],
    expect: "[{ metric: statusCount, traffic: t, status: 200, equals: 2 }, { metric: attempts, traffic: t, equals: 3 }]",
  });
  expect(values).toEqual([2, 3]);
});
