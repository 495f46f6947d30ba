/** How many requests a failing service receives for one, when several layers retry. */
import { type Calculator, type FieldValues, field } from "./calculator.ts";
import { amplification, meanAttempts } from "./formulas.ts";

const namesOf = (layers: number) => Array.from({ length: layers }, (_, index) => `s${index + 1}`);

export const retryAmplification: Calculator = {
  id: "retries",
  fields: [
    { name: "layers", least: 1, most: 5, step: 1, usual: 3 },
    { name: "retries", least: 0, most: 5, step: 1, usual: 2 },
    { name: "failing", least: 0, most: 100, step: 1, usual: 100 },
    { name: "rate", least: 1, most: 100_000, step: 1, usual: 100 },
  ],
  facts: ["res-retry-amplify"],
  lessons: ["retry-storms", "why-mesh"],
  rows(values) {
    const [layers, retries] = [field(values, "layers"), field(values, "retries")];
    const worst = amplification(layers, retries);
    return [
      { name: "worst", value: worst, unit: "times", warning: worst > 10 },
      { name: "worstRate", value: worst * field(values, "rate"), unit: "count" },
      { name: "meanAttempts", value: meanAttempts(field(values, "failing") / 100, retries), unit: "times" },
    ];
  },
  experiment: chainThatFails,
};

/** A chain of services whose last one always fails; ten requests enter it. */
function chainThatFails(values: FieldValues): string {
  const names = namesOf(field(values, "layers"));
  const last = names.at(-1);
  const retries = field(values, "retries");
  const requests = 10;
  const services = names.map(
    (name) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec:
  hosts: [${name}]
  http:
    - route: [{ destination: { host: ${name} } }]
      retries: { attempts: ${retries}${retries > 0 ? ", retryOn: 5xx" : ""} }
`,
  );
  const workloads = names.map((name, index) => {
    const next = names[index + 1];
    const does = next ? `calls: [{ to: "http://${next}.shop.svc.cluster.local:8080/" }]` : "errors: { rate: 1, status: 503 }";
    return `    - { name: ${name}, namespace: shop, service: ${name}, labels: { app: ${name} }, replicas: 2, behaviour: { ${does} } }`;
  });
  return `${services.join("---\n")}---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: retry-amplification }
spec:
  duration: 60s
  workloads:
    - { name: client, namespace: shop }
${workloads.join("\n")}
  traffic:
    - { name: in, from: client, to: "http://s1.shop.svc.cluster.local:8080/", rate: 1/s, arrivals: constant, requests: ${requests} }
  expect:
    - { metric: requests, of: ${last}, equals: ${requests * amplification(names.length, retries)} }
`;
}
