import { expect, test } from "vitest";
import { parseResources } from "#mesh";
import { podIp, podsOf } from "../../../src/scenario/build/pods.ts";
import { planWorkloads } from "../../../src/scenario/build/workloads.ts";
import { isExperiment, readExperiment } from "../../../src/scenario/experiment/read-experiment.ts";

function plan(yaml: string, proxies = true) {
  const { resources } = parseResources([{ name: "", text: yaml }]);
  const document = resources.find(isExperiment);
  return planWorkloads(document ? readExperiment(document).experiment.workloads : [], resources, proxies);
}

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: payments, namespace: shop }
spec:
  replicas: 3
  template:
    metadata: { labels: { app: payments } }
    spec: { serviceAccountName: payer }
---
apiVersion: v1
kind: Service
metadata: { name: pay, namespace: shop }
spec: { selector: { app: payments }, ports: [{ port: 80 }] }
`;

const experiment = (workloads: string) =>
  `---\napiVersion: meshwise.dev/v1\nkind: Experiment\nmetadata: { name: x }\nspec: { workloads: ${workloads} }\n`;

test("a Deployment alone is a workload behind the Service that selects it", () => {
  expect(plan(deployment)).toMatchObject([
    { name: "payments", service: "pay", replicas: 3, labels: { app: "payments" }, serviceAccount: "payer", meshed: true },
  ]);
});

test("an Experiment's entry adds to the Deployment of its name, and wins where both speak", () => {
  const [joined, ...others] = plan(
    `${deployment}${experiment("[{ name: payments, namespace: shop, replicas: 5, behaviour: { serviceTime: { constant: 3ms } } }]")}`,
  );
  expect(others).toEqual([]);
  expect(joined).toMatchObject({ replicas: 5, labels: { app: "payments" }, serviceAccount: "payer", service: "pay" });
  expect(joined?.behaviour.serviceTime).toEqual({ type: "constant", ms: 3 });
});

test("the same name in another namespace is another workload", () => {
  expect(plan(`${deployment}${experiment("[{ name: payments }]")}`).map((one) => `${one.namespace}/${one.name}`)).toEqual([
    "default/payments",
    "shop/payments",
  ]);
});

test("a pod that refuses injection has no proxy; the Experiment may say otherwise", () => {
  const outside = deployment.replace(
    "{ app: payments } }\n    spec",
    '{ app: payments, sidecar.istio.io/inject: "false" } }\n    spec',
  );
  expect(plan(outside)[0]?.meshed).toBe(false);
  expect(plan(`${outside}${experiment("[{ name: payments, namespace: shop, meshed: true }]")}`)[0]?.meshed).toBe(true);
  expect(plan(deployment, false)[0]?.meshed).toBe(false);
});

test("the namespace and the pod's label decide for workloads without a Deployment too", () => {
  const closed = "---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: disabled } }\n---\n";
  const meshed = (workload: string) => plan(closed + experiment(`[${workload}]`))[0]?.meshed;
  expect(meshed("{ name: a, namespace: shop }")).toBe(false);
  expect(meshed("{ name: a, namespace: other }")).toBe(true);
  expect(meshed("{ name: a, namespace: shop, meshed: true }")).toBe(true);
  expect(meshed('{ name: a, namespace: shop, labels: { sidecar.istio.io/inject: "true" } }')).toBe(true);
  expect(meshed('{ name: a, namespace: other, labels: { sidecar.istio.io/inject: "false" } }')).toBe(false);
});

test("without Service and Deployment a workload stands for itself", () => {
  expect(plan(experiment("[{ name: client }]"))).toMatchObject([
    { name: "client", namespace: "default", service: "client", serviceAccount: "default", replicas: 1, labels: {} },
  ]);
});

test("addresses: pods differ over all workloads, given ones are kept, localities repeat the last", () => {
  const ips = Array.from({ length: 400 }, (_, workload) => [podIp(workload, 0), podIp(workload, 999)]).flat();
  expect(new Set(ips).size).toBe(800);
  for (const ip of ips) expect(ip).toMatch(/^10\.\d{1,3}\.\d{1,3}\.\d{1,3}$/);
  const [workload] = plan(experiment("[{ name: a, addresses: ['127.9.1.1:80', '127.9.1.2:80'], locality: [eu/1, us/1] }]"));
  expect(workload && podsOf(workload, 3)).toMatchObject([
    { ip: "127.9.1.1", locality: "eu/1" },
    { ip: "127.9.1.2", locality: "us/1" },
    { locality: "us/1" },
  ]);
  expect(workload?.replicas).toBe(2);
});
