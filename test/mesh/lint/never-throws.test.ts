/** Whatever is pasted: verdicts and a translation, never an exception. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { lint, parseResources, translate, type WorkloadInput, xds } from "../../../src/mesh/index.ts";
import { nodeAt, schemaOf } from "../../../src/mesh/schema/schema.ts";
import type { SchemaNode } from "../../../src/mesh/schema/schema-table.ts";
import { shopDocuments } from "../../bench/lint-files.ts";
import { whileWorking } from "../../support/speed.ts";

const kinds = [
  ["networking.istio.io/v1", "VirtualService"],
  ["networking.istio.io/v1", "DestinationRule"],
  ["networking.istio.io/v1", "Gateway"],
  ["networking.istio.io/v1", "ServiceEntry"],
  ["networking.istio.io/v1", "Sidecar"],
  ["networking.istio.io/v1", "WorkloadEntry"],
  ["networking.istio.io/v1", "WorkloadGroup"],
  ["networking.istio.io/v1alpha3", "EnvoyFilter"],
  ["networking.istio.io/v1beta1", "ProxyConfig"],
  ["security.istio.io/v1", "AuthorizationPolicy"],
  ["security.istio.io/v1", "RequestAuthentication"],
  ["security.istio.io/v1", "PeerAuthentication"],
  ["telemetry.istio.io/v1", "Telemetry"],
  ["extensions.istio.io/v1alpha1", "WasmPlugin"],
  ["gateway.networking.k8s.io/v1", "Gateway"],
  ["gateway.networking.k8s.io/v1", "GatewayClass"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["gateway.networking.k8s.io/v1", "GRPCRoute"],
  ["gateway.networking.k8s.io/v1alpha3", "TLSRoute"],
  ["gateway.networking.k8s.io/v1alpha2", "TCPRoute"],
  ["gateway.networking.k8s.io/v1beta1", "ReferenceGrant"],
  ["gateway.networking.k8s.io/v1", "BackendTLSPolicy"],
] as const;

const plainKinds = [
  ["v1", "Service"],
  ["v1", "Pod"],
  ["v1", "Endpoints"],
  ["v1", "Secret"],
  ["v1", "ConfigMap"],
  ["v1", "Namespace"],
  ["v1", "ServiceAccount"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
  ["networking.k8s.io/v1", "Ingress"],
  ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"],
  ["example.com/v1", "Gizmo"],
] as const;

const words = [
  "",
  "*",
  "x",
  "a.b",
  "*.e.com",
  "mesh",
  "1.2.3.4",
  "10.0.0.0/8",
  "::1",
  "(",
  "5s",
  "-1s",
  "80",
  "http",
  "{*}",
  "%REQ(",
  "é",
];
const anything = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.constantFrom(0, -1, 1, 80, 65536, 1e20, 0.5) },
  fc.constantFrom(true, false, null),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Mostly what the schema asks for, sometimes anything. */
function treeOf(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  const asked = (): fc.Arbitrary<unknown> => {
    if (node.enum) return fc.constantFrom<unknown>(...node.enum);
    if (node.type === "array" && node.items !== undefined)
      return fc.array(treeOf(nodeAt(node.items), depth - 1), { maxLength: 2 });
    if (node.type === "object" && node.properties) {
      const fields = Object.entries(node.properties).map(([name, row]) => [name, treeOf(nodeAt(row), depth - 1)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    }
    if (node.type === "object" && node.values !== undefined) {
      return fc.dictionary(fc.constantFrom("app", "x-user", "80"), treeOf(nodeAt(node.values), depth - 1), { maxKeys: 2 });
    }
    return anything;
  };
  if (depth <= 0) return anything;
  return fc.oneof({ weight: 6, arbitrary: fc.constant(null).chain(asked) }, { weight: 1, arbitrary: anything });
}

const metadata = fc.oneof(
  { weight: 8, arbitrary: fc.record({ name: fc.constantFrom("x", "y"), namespace: fc.constantFrom("shop", "istio-system") }) },
  fc.jsonValue({ maxDepth: 2 }),
);

const resource = fc.oneof(
  ...kinds.map(([apiVersion, kind]) => {
    const spec = treeOf(nodeAt(schemaOf({ apiVersion, kind })!.properties!.spec!), 9);
    return fc.record({ apiVersion: fc.constant(apiVersion), kind: fc.constant(kind), metadata, spec });
  }),
  ...plainKinds.map(([apiVersion, kind]) =>
    fc.record(
      {
        apiVersion: fc.constant(apiVersion),
        kind: fc.constant(kind),
        metadata,
        spec: fc.oneof(
          anything,
          fc.record(
            {
              ports: anything,
              selector: anything,
              template: anything,
              rules: anything,
              containers: anything,
              clusterIP: anything,
            },
            { requiredKeys: [] },
          ),
        ),
        data: anything,
        subsets: anything,
        endpoints: anything,
        webhooks: anything,
      },
      { requiredKeys: ["apiVersion", "kind"] },
    ),
  ),
);

const workloads: WorkloadInput[] = [
  {
    name: "x",
    namespace: "shop",
    labels: { app: "x" },
    serviceAccount: "x",
    meshed: true,
    replicas: [{ ip: "10.1.1.1", locality: "" }],
  },
  { name: "gw", namespace: "shop", labels: {}, serviceAccount: "gw", meshed: true, gateway: true, replicas: [] },
];

function read(text: string): void {
  const files = [{ name: "any.yaml", text }];
  expect(Array.isArray(lint(files)), text).toBe(true);
  const { config } = translate(parseResources(files).resources, workloads);
  for (const node of config.nodes)
    for (const type of ["listeners", "routes", "clusters", "endpoints"] as const) xds(config, node, type);
}

test("any tree of any kind", () => {
  const stream = fc.array(resource, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(stream, (documents) => read(documents.map((each) => stringify(each)).join("---\n"))),
    { numRuns: whileWorking(60, 400) },
  );
}, 120_000);

test("names that every JavaScript object has", () => {
  for (const name of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    for (const kind of ["WorkloadEntry", "DestinationRule", "Service", name]) {
      for (const apiVersion of ["networking.istio.io/v1", "v1", `${name}/v1`, name]) {
        read(
          `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { ${name}: x, labels: { ${name}: x } }\nspec: { ${name}: { ${name}: 1 } }\n`,
        );
      }
    }
  }
});

test("any text", () => {
  const part = fc.constantFrom(
    ..."abk1:-#[]{},'\"&*!|>%@?~ \n\t\r",
    "\n  ",
    "\n- ",
    ": ",
    "---\n",
    "<<: *a",
    "&a ",
    "kind: Service\n",
    "\u0000",
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join("")),
      read,
    ),
    { numRuns: whileWorking(100, 600) },
  );
}, 60_000);

test("any resource while it is typed, and with a mistake in it", () => {
  const documents = shopDocuments("shop").join("---\n");
  const mistake = fc.record({
    at: fc.nat(documents.length),
    removed: fc.nat(40),
    typed: fc.constantFrom("", "\t", "{{ .Values.x }}", "- ", "\r\n", "'", "|\n", "&a ", "*a ", "<<: ", ": ", "\ufeff", "[", "}"),
    ends: fc.boolean(),
  });
  fc.assert(
    fc.property(mistake, ({ at, removed, typed, ends }) => {
      read(documents.slice(0, at) + typed + (ends ? "" : documents.slice(at + removed)));
    }),
    { numRuns: whileWorking(25, 150) },
  );
}, 120_000);

/** The text of each value in quotes: what is plain to one reader is a boolean to another. */
test("printing a resource and reading it again changes nothing", () => {
  fc.assert(
    fc.property(resource, (written) => {
      const object = JSON.parse(JSON.stringify(written)) as object;
      const text = stringify(object, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 });
      const [read] = parseResources([{ name: "", text }]).resources;
      expect(read?.object, text).toEqual(object);
      const [again] = parseResources([{ name: "", text: JSON.stringify(read?.object) }]).resources;
      expect(again?.object).toEqual(object);
    }),
    { numRuns: whileWorking(60, 400) },
  );
});
