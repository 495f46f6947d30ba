/** What an Experiment says of nobody is warned of: it would change nothing, and nothing would say so. */
import { expect, test } from "vitest";
import { planRun } from "#scenario";

function warnings(timeline: string, perReplica = "{}"): string[] {
  const text = `apiVersion: v1
kind: Service
metadata: { name: pay, namespace: shop }
spec: { selector: { app: pay }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  workloads:
  - { name: client, namespace: shop, locality: eu/one/a }
  - { name: pay-1, namespace: shop, labels: { app: pay }, locality: us/two/b, replicas: 2, behaviour: { perReplica: ${perReplica} } }
  traffic: [{ name: t, from: client, to: "http://pay.shop/", rate: 1/s }]
  timeline: ${timeline}
`;
  const planned = planRun([{ name: "x.yaml", text }]);
  const found = planned.ok ? planned.plan.diagnostics : planned.diagnostics;
  return found.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

const cut = (to: string) => `[{ at: 1s, fault: { partition: { from: client, to: "${to}" } } }]`;

test.each(["pay", "pay-1", "shop/pay-1", "pay-1.shop", "shop/pay", "us/*", "us/two", "*"])("%s can be cut off", (to) => {
  expect(warnings(cut(to))).toEqual([]);
});

test.each(["pai", "shop/pai", "asia/*", "us/tw", "pay.shop.svc.cluster.local"])("%s is nobody to cut off", (to) => {
  expect(warnings(cut(to))).toEqual(["warning MESH1507 spec.timeline[0].fault.partition.to"]);
});

test("a replica that never is has no behaviour of its own", () => {
  const third = "{ 2: { serviceTime: { constant: 1s } } }";
  expect(warnings("[]", third)).toEqual(["warning MESH1511 spec.workloads[1].behaviour.perReplica.2"]);
  expect(warnings("[{ at: 1s, scale: { workload: pay-1, replicas: 3 } }]", third)).toEqual([]);
});

const deletion = "delete: { kind: Service, name: pay, namespace: shop }";
const again = `kind: Service\\nmetadata: { name: pay, namespace: shop }\\nspec: { selector: { app: pay }, ports: [{ name: http, port: 80, targetPort: 8080 }] }`;

test("what is not there cannot be deleted, nor be deleted twice", () => {
  const vain = (at: number) => `warning MESH1529 spec.timeline[${at}].delete`;
  expect(warnings(`[{ at: 1s, ${deletion} }]`)).toEqual([]);
  expect(warnings(`[{ at: 1s, ${deletion.replace("Service", "VirtualService")} }]`)).toEqual([vain(0)]);
  expect(warnings(`[{ at: 1s, ${deletion.replace(", namespace: shop", "")} }]`)).toEqual([vain(0)]);
  expect(warnings(`[{ at: 2s, ${deletion} }, { at: 1s, ${deletion} }]`)).toEqual([vain(0)]);
  const applied = `{ at: 2s, apply: "apiVersion: v1\\n${again}" }`;
  expect(warnings(`[{ at: 1s, ${deletion} }, ${applied}, { at: 3s, ${deletion} }]`)).toEqual([]);
});

test("what comes when the run is over is no part of it", () => {
  const slow = (at: string) => `[{ at: ${at}, fault: { slow: { workload: pay-1, factor: 2 } } }]`;
  expect(warnings(slow("29999ms"))).toEqual([]);
  expect(warnings(slow("30s"))).toEqual(["warning MESH1528 spec.timeline[0].at"]);
  expect(warnings(slow("2m"))).toEqual(["warning MESH1528 spec.timeline[0].at"]);
});
