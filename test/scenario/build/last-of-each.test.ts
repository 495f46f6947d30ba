/** Files given together are applied one after the other: a solution's document replaces the one of its name. */
import { expect, test } from "vitest";
import { planRun, startSession } from "#scenario";

const service = `
apiVersion: v1
kind: Service
metadata: { name: a, namespace: shop }
spec: { selector: { app: a }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---`;
const answer = (status: number, metadata: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: ${metadata}
spec: { hosts: [a], http: [{ directResponse: { status: ${status} } }] }
---`;
const experiment = `
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 1s
  workloads:
  - { name: client, namespace: shop }
  - { name: a, namespace: shop, labels: { app: a } }
  traffic: [{ name: t, from: client, to: "http://a/", burst: 1 }]
`;

function statuses(...texts: string[]) {
  const planned = planRun(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, 1);
  session.run();
  return session.report().edges[0]?.statuses;
}

const named = "{ name: a, namespace: shop }";

test("of documents of one name the last holds", () => {
  const start = service + answer(418, named) + experiment;
  expect(statuses(start)).toEqual({ 418: 1 });
  expect(statuses(start, answer(202, named))).toEqual({ 202: 1 });
  expect(statuses(answer(202, named), start)).toEqual({ 418: 1 });
});

test("documents that a cluster would name stay apart", () => {
  const generated = "{ generateName: a-, namespace: shop }";
  expect(statuses(service + answer(418, generated) + answer(202, generated) + experiment)).toEqual({ 418: 1 });
});
