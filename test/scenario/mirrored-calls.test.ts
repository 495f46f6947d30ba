import { expect, test } from "vitest";
import { openSession } from "#scenario";

const mesh = ["a", "b", "c"]
  .map(
    (name) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }\n`,
  )
  .join("---\n");

const experiment = `${mesh}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  hosts: [a]
  http:
  - route: [{ destination: { host: a } }]
    mirror: { host: b }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: mirrored-calls }
spec:
  duration: 5s
  workloads:
  - { name: client }
  - { name: a, service: a, labels: { app: a }, behaviour: { calls: [{ to: "http://c/" }] } }
  - { name: b, service: b, labels: { app: b }, behaviour: { calls: [{ to: "http://c/" }] } }
  - { name: c, service: c, labels: { app: c } }
  traffic:
  - { name: t, from: client, to: "http://a/", rate: 50/s, arrivals: constant, requests: 100 }
  expect:
  - { metric: shadowRequests, of: b, equals: 100 }
  - { metric: requests, of: b, equals: 0 }
  - { metric: shadowRequests, of: c, equals: 0 }
  - { metric: requests, of: c, equals: 200 }
  - { metric: requests, from: b, to: c, equals: 100 }
`;

test("what the application of a mirrored copy calls is an ordinary request: the side effects double", () => {
  const opened = openSession([{ name: "mirrored.yaml", text: experiment }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  expect(opened.session.goal().checks.map(({ metric, value, passed }) => [metric, value, passed])).toEqual([
    ["shadowRequests", 100, true],
    ["requests", 0, true],
    ["shadowRequests", 0, true],
    ["requests", 200, true],
    ["requests", 100, true],
  ]);
});
