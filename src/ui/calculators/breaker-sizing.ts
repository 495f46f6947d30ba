/** The limit of parallel requests that refuses no more than wanted (Erlang's B). */
import { type Calculator, type FieldValues, field } from "./calculator.ts";
import { erlangB, smallestLimit } from "./formulas.ts";

export const breakerSizing: Calculator = {
  id: "breaker",
  fields: [
    { name: "rate", least: 1, most: 10_000, step: 1, usual: 200 },
    { name: "milliseconds", least: 1, most: 10_000, step: 1, usual: 100 },
    { name: "limit", least: 1, most: 10_000, step: 1, usual: 20 },
    { name: "most", least: 0.01, most: 50, step: 0.01, usual: 1 },
  ],
  facts: ["res-erlang-b", "res-cb-istio"],
  lessons: ["breakers-outliers"],
  rows(values) {
    const load = loadOf(values);
    const refused = erlangB(field(values, "limit"), load);
    const most = field(values, "most") / 100;
    return [
      { name: "refused", value: refused, unit: "share", warning: refused > most },
      { name: "load", value: load, unit: "count" },
      { name: "smallest", value: smallestLimit(load, most), unit: "count" },
    ];
  },
  experiment: limitUnderLoad,
};

function loadOf(values: FieldValues): number {
  return (field(values, "rate") * field(values, "milliseconds")) / 1000;
}

/** Bunches make the share of a run scatter; four standard deviations of independent requests, twice as wide. */
function limitUnderLoad(values: FieldValues): string {
  const requests = 20_000;
  const rate = field(values, "rate");
  const refused = erlangB(field(values, "limit"), loadOf(values));
  const width = 8 * Math.sqrt((refused * (1 - refused)) / requests) + 0.002;
  return `apiVersion: v1
kind: Service
metadata: { name: inventory, namespace: shop }
spec: { selector: { app: inventory }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: inventory, namespace: shop }
spec:
  host: inventory.shop.svc.cluster.local
  trafficPolicy: { connectionPool: { http: { http2MaxRequests: ${field(values, "limit")} } } }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: breaker-sizing }
spec:
  duration: ${Math.ceil(requests / rate) + 60}s
  workloads:
    - { name: client, namespace: shop }
    - name: inventory
      namespace: shop
      service: inventory
      labels: { app: inventory }
      behaviour: { serviceTime: { exponential: ${field(values, "milliseconds")}ms } }
  traffic:
    - { name: in, from: client, to: "http://inventory.shop.svc.cluster.local:8080/", rate: ${rate}/s, requests: ${requests} }
  expect:
    - { metric: flagShare, flag: UO, traffic: in, between: [${Math.max(0, refused - width).toFixed(5)}, ${(refused + width).toFixed(5)}] }
`;
}
