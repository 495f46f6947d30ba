/** Istio's analyzers on small clusters of our own: what each says, and that it says nothing about the same thing done right. */
import { expect, test } from "vitest";
import { istio, service, shop, verdict } from "../support/verdict.ts";

const virtualService = (host: string, destination: string, extra = "") =>
  istio("VirtualService", `hosts: [${host}]\n${extra}http:\n- route: [{ destination: { host: ${destination} } }]`);
const gateway = (spec: string, name = "edge") => istio("Gateway", spec, name);
const ingressPod = `apiVersion: v1\nkind: Pod\nmetadata: { name: edge-0, namespace: shop, labels: { istio: edge } }\nspec: { containers: [{ name: istio-proxy, image: proxyv2 }] }\n---\n`;
const onPort80 = `selector: { istio: edge }\nservers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]`;

test.each<[what: string, text: string, expected: string[]]>([
  ["host that exists", shop + service("cart") + virtualService("cart", "cart"), []],
  [
    "host that does not exist",
    shop + service("cart") + virtualService("cart", "kart"),
    ["error IST0101 spec.http[0].route[0].destination.host"],
  ],
  [
    "subset that exists nowhere",
    shop +
      service("cart") +
      istio("VirtualService", "hosts: [cart]\nhttp:\n- route: [{ destination: { host: cart, subset: v9 } }]"),
    ["error IST0101 spec.http[0].route[0].destination.subset"],
  ],
  [
    "subset without pods",
    shop + service("cart") + istio("DestinationRule", "host: cart\nsubsets: [{ name: v9, labels: { version: v9 } }]"),
    ["error IST0173 spec.subsets[0].name"],
  ],
  [
    "subset with pods",
    shop +
      service("cart", "app: cart, version: v9") +
      istio("DestinationRule", "host: cart\nsubsets: [{ name: v9, labels: { version: v9 } }]"),
    [],
  ],
  [
    "gateway that does not exist",
    shop + service("cart") + virtualService("cart", "cart", "gateways: [nowhere]\n"),
    ["error IST0101 spec.gateways[0]", "warning IST0132 spec.gateways[0]"],
  ],
  ["gateway without pods", shop + gateway(onPort80), ["error IST0101 spec.selector"]],
  ["gateway with pods", shop + ingressPod + service("edge", "istio: edge, app: edge") + gateway(onPort80), []],
  [
    "two virtual services of one host",
    shop +
      service("cart") +
      virtualService("cart", "cart") +
      "---\n" +
      virtualService("cart", "cart").replace("name: it", "name: other"),
    ["error IST0109 spec.hosts[0]", "error IST0109 spec.hosts[0]"],
  ],
  [
    "rule after a rule for all",
    shop +
      service("cart") +
      istio(
        "VirtualService",
        "hosts: [cart]\nhttp:\n- route: [{ destination: { host: cart } }]\n- match: [{ uri: { prefix: /a } }]\n  route: [{ destination: { host: cart } }]",
      ),
    ["warning IST0130 spec.http[1]"],
  ],
  [
    "port name",
    shop + service("cart").replace("name: http, port: 80", "name: web, port: 80"),
    ["info IST0118 spec.ports[0].name"],
  ],
  [
    "namespace without injection",
    shop.replace(", labels: { istio-injection: enabled }", "") + service("cart"),
    ["info IST0102 metadata.name"],
  ],
  ["pod without sidecar", shop + service("cart").replace("istio-proxy", "app"), ["warning IST0103 metadata.name"]],
  [
    "sidecars of one namespace",
    shop +
      istio("Sidecar", "egress: [{ hosts: ['./*'] }]", "a") +
      "---\n" +
      istio("Sidecar", "egress: [{ hosts: ['./*'] }]", "b"),
    ["error IST0111 metadata.name", "error IST0111 metadata.name"],
  ],
  [
    "sidecar selecting nothing",
    shop + istio("Sidecar", "workloadSelector: { labels: { app: none } }\negress: [{ hosts: ['./*'] }]"),
    ["error IST0101 spec.workloadSelector"],
  ],
  [
    "policy selecting nothing",
    shop + istio("AuthorizationPolicy", "selector: { matchLabels: { app: none } }\nrules: [{}]"),
    ["warning IST0127 spec.selector"],
  ],
  [
    "policy naming a namespace that is not there",
    shop + service("cart") + istio("AuthorizationPolicy", "rules: [{ from: [{ source: { namespaces: [mars] } }] }]"),
    ["error IST0101 spec.rules[0].from[0].source.namespaces[0]"],
  ],
  [
    "gateway secret missing",
    shop +
      ingressPod +
      service("edge", "istio: edge, app: edge") +
      gateway(
        "selector: { istio: edge }\nservers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: ['a.com'], tls: { mode: SIMPLE, credentialName: gone } }]",
      ),
    ["error IST0101 spec.servers[0].tls.credentialName", "warning IST0162 spec.servers[0].port.number"],
  ],
  [
    "service entry with protocol and no address",
    istio(
      "ServiceEntry",
      "hosts: [db.example.com]\nports: [{ number: 3306, name: tcp, protocol: TCP }]\nresolution: DNS\nlocation: MESH_EXTERNAL",
    ),
    ["warning IST0134 spec.ports[0]"],
  ],
  [
    "DR without CA",
    shop + service("cart") + istio("DestinationRule", "host: cart\ntrafficPolicy: { tls: { mode: SIMPLE } }"),
    ["warning IST0128 spec.trafficPolicy.tls"],
  ],
  [
    "unknown annotation",
    service("cart").replace(
      "name: cart, namespace: shop }",
      "name: cart, namespace: shop, annotations: { networking.istio.io/exprtTo: '.' } }",
    ),
    ['warning IST0108 metadata.annotations["networking.istio.io/exprtTo"]'],
  ],
  [
    "uid 1337",
    shop +
      service("cart").replace(
        "image: proxyv2 }]",
        "image: proxyv2 }, { name: app, image: a, securityContext: { runAsUser: 1337 } }]",
      ),
    ["warning IST0144 spec.containers[1].securityContext.runAsUser"],
  ],
  [
    "jwt claim route",
    shop +
      ingressPod +
      service("edge", "istio: edge, app: edge") +
      gateway(onPort80) +
      "---\n" +
      service("cart") +
      istio(
        "VirtualService",
        "hosts: ['*']\ngateways: [edge]\nhttp:\n- match: [{ headers: { '@request.auth.claims.group': { exact: a } } }]\n  route: [{ destination: { host: cart.shop.svc.cluster.local } }]",
      ),
    [
      'error IST0149 spec.http[0].match[0].headers["@request.auth.claims.group"]',
      'error IST0149 spec.http[0].match[0].headers["@request.auth.claims.group"]',
    ],
  ],
  [
    "conflicting gateways",
    `${shop + ingressPod + service("edge", "istio: edge, app: edge") + gateway(onPort80)}---\n${gateway(onPort80, "other")}`,
    ["error IST0145 spec.servers[0].hosts", "error IST0145 spec.servers[0].hosts"],
  ],
  [
    "envoy filter relative",
    shop +
      istio(
        "EnvoyFilter",
        "configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: INSERT_BEFORE, value: { name: a } } }]",
      ),
    ["warning IST0133 spec", "warning IST0151 spec.configPatches[0].patch.operation"],
  ],
  [
    "suppressed",
    shop +
      service("cart") +
      virtualService("cart", "kart").replace(
        "namespace: shop }",
        "namespace: shop, annotations: { galley.istio.io/analyze-suppress: IST0101 } }",
      ),
    [],
  ],
])("%s", (_what, text, expected) => {
  const found = verdict(text).filter((each) => each.startsWith("analyzer"));
  expect(found.map((each) => each.replace("analyzer ", ""))).toEqual(expected);
});

const subsets = istio("DestinationRule", "host: cart\nsubsets: [{ name: v1, labels: { version: v1 } }]");
const policy = istio("AuthorizationPolicy", "selector: { matchLabels: { app: cart } }\nrules: [{}]");

test("an expression that cannot be read is the schema's to refuse", () => {
  const routes =
    "hosts: [cart]\nhttp:\n- match: [{ headers: { x: { regex: 'a(' } } }]\n  route: [{ destination: { host: cart } }]";
  expect(verdict(shop + service("cart") + istio("VirtualService", routes))).toEqual(
    expect.arrayContaining([
      "istioctl error MESH1225 spec.http[0].match[0].headers.x.regex",
      "analyzer error IST0106 spec.http[0].match[0].headers.x.regex",
    ]),
  );
});

test("a control plane elsewhere is called by URL", () => {
  const configuration = (kind: string, name: string, clientConfig: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: { name: ${name} }
webhooks: [{ name: a.istio.io, clientConfig: ${clientConfig} }]
---
`;
  const text =
    configuration(
      "ValidatingWebhookConfiguration",
      "istio-validator-external-istiod",
      "{ service: { name: istiod, namespace: x } }",
    ) +
    configuration("MutatingWebhookConfiguration", "istio-sidecar-injector-external-istiod", "{ url: 'https://a.example.com' }");
  expect(verdict(text)).toEqual(["analyzer error IST0139 webhooks[0]"]);
});

test("an Experiment's workloads count as running pods", () => {
  const labels = { app: "cart", version: "v1" };
  const workload = {
    name: "cart",
    namespace: "shop",
    labels,
    serviceAccount: "cart",
    meshed: true,
    replicas: [{ ip: "10.0.0.1", locality: "" }],
  };
  const text = `${shop}${service("cart")}${subsets}---\n${policy}`.replace("labels: { app: cart } }", "labels: { app: x } }");
  const codes = (workloads: (typeof workload)[]) => verdict(text, workloads).map((each) => each.split(" ")[2]);
  expect(codes([])).toEqual(expect.arrayContaining(["IST0173", "IST0127"]));
  expect(codes([workload])).not.toEqual(expect.arrayContaining(["IST0173"]));
  expect(codes([workload])).not.toEqual(expect.arrayContaining(["IST0127"]));
  const fromAfar = istio("AuthorizationPolicy", "rules: [{ from: [{ source: { namespaces: [ops] } }] }]", "afar").replace(
    "networking.istio.io",
    "security.istio.io",
  );
  const missing = "analyzer error IST0101 spec.rules[0].from[0].source.namespaces[0]";
  expect(verdict(shop + fromAfar, [workload])).toContain(missing);
  expect(verdict(shop + fromAfar, [workload, { ...workload, namespace: "ops" }])).not.toContain(missing);
});

test("while a document cannot be read, nothing is said to be missing", () => {
  const text = shop + virtualService("cart", "kart");
  expect(verdict(text)).toContain("analyzer error IST0101 spec.http[0].route[0].destination.host");
  expect(verdict(`${text}---\nkind: [\n`).filter((each) => each.startsWith("analyzer"))).toEqual([]);
});

test("a document that a later one of its name replaces is not there any more", () => {
  const text = shop + service("cart") + virtualService("cart", "kart") + virtualService("cart", "cart");
  expect(verdict(text).filter((each) => each.startsWith("analyzer"))).toEqual([]);
});
