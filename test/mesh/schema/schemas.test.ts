import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deriveSchemas } from "../../../src/mesh/schema/derive-schemas.ts";
import { verdict } from "../support/verdict.ts";

test("the committed tables are what the packages give (run src/mesh/schema/derive-schemas.ts)", () => {
  const committed = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../../src/mesh/schema/${name}.generated.json`, import.meta.url), "utf8"));
  const { mesh, kubernetes } = JSON.parse(JSON.stringify(deriveSchemas())) as Record<string, unknown>;
  expect(committed("schemas")).toEqual(mesh);
  expect(committed("kubernetes-schemas")).toEqual(kubernetes);
});

const gateway = (rest: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: istio
  ${rest}
`;
const route = (rule: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart }
spec: { rules: [${rule}] }
`;

test.each<[what: string, text: string, expected: string[]]>([
  ["a Gateway", gateway("listeners: [{ name: http, port: 80, protocol: HTTP }]"), []],
  [
    "a route",
    route("{ matches: [{ path: { type: PathPrefix, value: /a } }], backendRefs: [{ name: cart, port: 80, weight: 3 }] }"),
    [],
  ],
  [
    "an unknown field deep down",
    route("{ backendRefs: [{ name: cart, port: 80, wieght: 3 }] }"),
    ["apiserver error MESH1101 spec.rules[0].backendRefs[0].wieght"],
  ],
  [
    "a wrong type",
    gateway("listeners: [{ name: http, port: eighty, protocol: HTTP }]"),
    ["apiserver error MESH1102 spec.listeners[0].port"],
  ],
  [
    "a port out of range",
    gateway("listeners: [{ name: http, port: 70000, protocol: HTTP }]"),
    ["apiserver error MESH1106 spec.listeners[0].port"],
  ],
  [
    "a field that must be there",
    gateway("listeners: [{ name: http, port: 80 }]"),
    ["apiserver error MESH1103 spec.listeners[0].protocol"],
  ],
  [
    "a value that is not among the allowed",
    route("{ matches: [{ path: { type: Fuzzy, value: /a } }] }"),
    ["apiserver error MESH1104 spec.rules[0].matches[0].path.type"],
  ],
])("the API server on %s", (_what, text, expected) => {
  expect(verdict(text).filter((each) => each.startsWith("apiserver"))).toEqual(expected);
});

test.each([
  [
    "a redirect beside backends",
    "{ filters: [{ type: RequestRedirect, requestRedirect: {} }], backendRefs: [{ name: cart, port: 80 }] }",
  ],
  ["a path without its slash", "{ matches: [{ path: { type: PathPrefix, value: a } }] }"],
  ["a filter of another type than it says", "{ filters: [{ type: RequestMirror, requestRedirect: {} }] }"],
  ["a Service without port", "{ backendRefs: [{ name: cart }] }"],
  ["a timeout under its part", "{ timeouts: { request: 1s, backendRequest: 2s } }"],
])("the rules of the CRD refuse %s", (_what, rule) => {
  expect(verdict(route(rule)).some((each) => /^apiserver error MESH11[1-5]/.test(each))).toBe(true);
});

test.each([
  ["a version that is not served", "networking.istio.io/v1alpha1", "Gateway", ["apiserver error MESH1112 apiVersion"]],
  ["a kind the group does not have", "networking.istio.io/v1", "VirtualServise", ["apiserver error MESH1114 kind"]],
  ["a kind of somebody else", "example.com/v1", "Thing", ["meshwise info MESH1902 kind"]],
  ["a kind of Kubernetes that no mesh reads", "networking.k8s.io/v1", "ServiceCIDR", []],
  ["an Experiment: judged where it is read", "meshwise.dev/v1", "Experiment", []],
])("%s", (_what, apiVersion, kind, expected) => {
  expect(verdict(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec: {}\n`)).toEqual(expected);
});

test("names are DNS names", () => {
  expect(verdict("apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: My_Sidecar }\nspec: {}\n")).toContain(
    "apiserver error MESH1113 metadata.name",
  );
});

test("what is accepted and not simulated is said once per field", () => {
  const text = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: ["*"]
      tls: { mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_2 }
`;
  expect(verdict(text)).toContain("meshwise info MESH1901 spec.servers[0].tls.minProtocolVersion");
});
