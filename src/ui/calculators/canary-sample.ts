/** How many requests a canary needs before its share of errors means something, and how long that takes. */
import { type Calculator, type FieldValues, field } from "./calculator.ts";
import { sampleSize } from "./formulas.ts";

/** Standard deviations for 95 % of all samples. */
const z95 = 1.96;

export const canarySample: Calculator = {
  id: "canary",
  fields: [
    { name: "rate", least: 1, most: 100_000, step: 1, usual: 100 },
    { name: "weight", least: 1, most: 99, step: 1, usual: 5 },
    { name: "errors", least: 0.1, most: 50, step: 0.1, usual: 2 },
    { name: "margin", least: 0.1, most: 20, step: 0.1, usual: 1 },
  ],
  facts: ["can-sample"],
  lessons: ["progressive-delivery", "automated-canary"],
  rows(values) {
    const needed = neededRequests(values);
    const perSecond = (field(values, "rate") * field(values, "weight")) / 100;
    return [
      { name: "needed", value: needed, unit: "count" },
      { name: "seconds", value: needed / perSecond, unit: "seconds", warning: needed / perSecond > 600 },
      { name: "failures", value: (needed * field(values, "errors")) / 100, unit: "count" },
    ];
  },
  experiment: canaryOfThatSize,
};

function neededRequests(values: FieldValues): number {
  return sampleSize(field(values, "errors") / 100, field(values, "margin") / 100, z95);
}

/** One run with as many requests: in 19 of 20 of them the error rate is within the margin. */
function canaryOfThatSize(values: FieldValues): string {
  const needed = Math.min(50_000, neededRequests(values));
  const [errors, margin] = [field(values, "errors") / 100, field(values, "margin") / 100];
  return `apiVersion: v1
kind: Service
metadata: { name: canary, namespace: shop }
spec: { selector: { app: canary }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: canary-sample }
spec:
  duration: ${Math.ceil(needed / 500) + 5}s
  workloads:
    - { name: client, namespace: shop }
    - { name: canary, namespace: shop, service: canary, labels: { app: canary }, behaviour: { errors: { rate: ${errors}, status: 500 } } }
  traffic:
    - { name: in, from: client, to: "http://canary.shop.svc.cluster.local:8080/", rate: 500/s, arrivals: constant, requests: ${needed} }
  expect:
    - { metric: errorRate, traffic: in, between: [${Math.max(0, Number((errors - margin).toFixed(6)))}, ${Number((errors + margin).toFixed(6))}] }
`;
}
