import { expect, test } from "vitest";
import { describeAt, parseResources, translate } from "#mesh";
import { fieldDefaults } from "../../../src/mesh/assist/field-defaults.ts";
import { childShape, shapeOfKind } from "../../../src/mesh/assist/shape.ts";

const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments }
spec:
  hosts: [payments]
  http:
  - retries:
      attempts: 3
    fault:
      delay: { fixedDelay: 1s, exponentialDelay: 1s }
    route:
    - destination: { host: payments }
`;
const at = (word: string) => describeAt([{ name: "f", text }], "f", text.indexOf(word) + 1);

test("a field's path, type, default and place", () => {
  const attempts = at("attempts");
  expect(attempts).toMatchObject({
    kind: "VirtualService",
    path: ["spec", "http", "retries", "attempts"],
    type: "integer",
    required: false,
    simulated: true,
    default: { value: "2" },
  });
  expect(text.slice(attempts?.from, attempts?.to)).toBe("attempts");
});

test("beside the words of a line its own field is meant", () => {
  const start = text.indexOf("      attempts");
  expect(describeAt([{ name: "f", text }], "f", start + 1)?.path.at(-1)).toBe("attempts");
  expect(describeAt([{ name: "f", text }], "f", text.indexOf("- retries"))?.path.at(-1)).toBe("retries");
});

test("a value, a required field, rivals and what is not simulated", () => {
  expect(at("3\n")).toMatchObject({ path: ["spec", "http", "retries", "attempts"] });
  expect(at("destination")).toMatchObject({ required: true, type: "object" });
  expect(at("fixedDelay")).toMatchObject({ atMostOneOf: ["exponentialDelay"], simulated: true });
  expect(at("exponentialDelay")).toMatchObject({ simulated: false });
  expect(at("payments]")).toMatchObject({ path: ["spec", "hosts"] });
  expect(describeAt([{ name: "f", text: "kind: Nobody\nspec: 1" }], "f", 15)).toBeNull();
});

test("every default belongs to a field that exists", () => {
  const versions: Record<string, string> = {
    PeerAuthentication: "security.istio.io/v1",
    AuthorizationPolicy: "security.istio.io/v1",
    HTTPRoute: "gateway.networking.k8s.io/v1",
  };
  for (const [kind, table] of Object.entries(fieldDefaults)) {
    if (kind === "Experiment") continue;
    const known = new Set<string>();
    collect(shapeOfKind(versions[kind] ?? "networking.istio.io/v1", kind), [], known);
    for (const key of Object.keys(table)) {
      expect(
        [...known].some((path) => path === key || path.endsWith(`.${key}`)),
        `${kind} ${key}`,
      ).toBe(true);
    }
  }
});

test("defaults the translation fills in are those it says", () => {
  const mesh = (extra: string) => `apiVersion: v1
kind: Service
metadata: { name: payments }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments }
spec: { host: payments, trafficPolicy: { outlierDetection: ${extra}, connectionPool: { tcp: {} } } }
`;
  const cluster = (extra: string) => {
    const { resources } = parseResources([{ name: "f", text: mesh(extra) }]);
    const client = {
      name: "client",
      namespace: "default",
      labels: {},
      serviceAccount: "",
      meshed: true,
      replicas: [{ ip: "10.0.0.1", locality: "" }],
    };
    const { config } = translate(resources, [client]);
    return config.nodes.flatMap(({ clusters }) => clusters).find(({ name }) => name.startsWith("outbound|80||payments"));
  };
  const said = (key: string) => fieldDefaults.DestinationRule?.[`outlierDetection.${key}`]?.[0];
  const written = `{ consecutive5xxErrors: ${said("consecutive5xxErrors")}, interval: ${said("interval")}, baseEjectionTime: ${said("baseEjectionTime")}, maxEjectionPercent: ${said("maxEjectionPercent")} }`;
  const { written: _one, ...byDefault } = { written: 0, ...cluster("{ minHealthPercent: 0 }")?.outlierDetection };
  const { written: _other, ...byText } = { written: 0, ...cluster(written)?.outlierDetection };
  expect(byDefault.intervalMs).toBe(10_000);
  expect(byText).toEqual(byDefault);
  expect(cluster("{}")?.connectTimeoutMs).toBe(10_000);
});

function collect(shape: ReturnType<typeof shapeOfKind>, path: readonly string[], into: Set<string>): void {
  if (!shape) return;
  into.add(path.join("."));
  for (const name of Object.keys(shape.properties ?? {})) collect(childShape(shape, name), [...path, name], into);
  collect(childShape(shape, 0), path, into);
}
