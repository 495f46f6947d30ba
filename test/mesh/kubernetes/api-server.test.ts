/** Kubernetes' own kinds as the API server judges them (held against its own code, 1.35): one object of each without fault, and faults. */
import { expect, test } from "vitest";
import { lintText } from "../support/verdict.ts";

function refusals(text: string): string[] {
  return lintText(text)
    .filter((each) => each.source === "apiserver")
    .map((each) => `${each.code} ${each.path}`);
}

const object = (apiVersion: string, kind: string, rest: string, name = "cart") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n${rest}\n`;
const service = (spec: string, name?: string) => object("v1", "Service", `spec: ${spec}`, name);
const pod = (spec: string) => object("v1", "Pod", `spec: ${spec}`);
const workload = (kind: string, spec: string) => object(kind.endsWith("Job") ? "batch/v1" : "apps/v1", kind, `spec: ${spec}`);
const ingress = (spec: string) => object("networking.k8s.io/v1", "Ingress", `spec: ${spec}`);

const container = `{ name: cart, image: 'cart:1', ports: [{ name: http, containerPort: 8080 }], env: [{ name: A, value: '1' }],
  resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 1, memory: 0.5Gi } },
  volumeMounts: [{ name: conf, mountPath: /etc/conf }], livenessProbe: { httpGet: { path: /, port: http } } }`;
const podSpec = `serviceAccountName: cart, volumes: [{ name: conf, configMap: { name: conf } }], containers: [${container}]`;
const template = `template: { metadata: { labels: { app: cart } }, spec: { ${podSpec} } }`;
const selector = "selector: { matchLabels: { app: cart } }";

test.each([
  ["Service", service("{ selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: http, appProtocol: http }] }")],
  ["headless Service", service("{ clusterIP: None, selector: { app: cart } }")],
  ["ExternalName", service("{ type: ExternalName, externalName: api.example.com. }")],
  ["null for what is not there", service("{ selector: null, ports: [{ port: 80, name: null }], type: '' }")],
  ["Endpoints", object("v1", "Endpoints", "subsets: [{ addresses: [{ ip: 10.0.0.1 }], ports: [{ port: 80 }] }]")],
  [
    "EndpointSlice",
    object(
      "discovery.k8s.io/v1",
      "EndpointSlice",
      "addressType: IPv4\nendpoints: [{ addresses: [10.0.0.1] }]\nports: [{ port: 80 }]",
    ),
  ],
  ["Pod", pod(`{ ${podSpec} }`)],
  ["Deployment", workload("Deployment", `{ replicas: 2, ${selector}, ${template} }`)],
  ["StatefulSet", workload("StatefulSet", `{ serviceName: cart, ${selector}, ${template} }`)],
  ["DaemonSet", workload("DaemonSet", `{ ${selector}, ${template} }`)],
  ["ReplicaSet", workload("ReplicaSet", `{ ${selector}, ${template} }`)],
  ["Job", workload("Job", `{ template: { spec: { restartPolicy: Never, ${podSpec} } } }`)],
  [
    "CronJob",
    workload(
      "CronJob",
      `{ schedule: '@daily', jobTemplate: { spec: { template: { spec: { restartPolicy: Never, ${podSpec} } } } } }`,
    ),
  ],
  ["ServiceAccount", object("v1", "ServiceAccount", "automountServiceAccountToken: false")],
  ["Secret", object("v1", "Secret", "type: kubernetes.io/tls\ndata:\n  tls.key: YQ==\n  tls.crt: |\n    YWFh\n    YQ==")],
  ["ConfigMap", object("v1", "ConfigMap", "data: { mesh: 'a: b' }\nbinaryData: { b: YQ== }")],
  ["IngressClass", object("networking.k8s.io/v1", "IngressClass", "spec: { controller: istio.io/ingress-controller }")],
  [
    "Ingress",
    ingress(
      "{ rules: [{ host: '*.example.com', http: { paths: [{ path: /a, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }] } }] }",
    ),
  ],
  ["Namespace", "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n"],
])("%s without fault", (_what, text) => {
  expect(refusals(text)).toEqual([]);
});

test.each<[what: string, text: string, expected: string[]]>([
  [
    "a misspelt field",
    service("{ selectors: { app: cart }, ports: [{ port: 80, targetport: 8080 }] }"),
    ["MESH1101 spec.selectors", "MESH1101 spec.ports[0].targetport"],
  ],
  ["a number in quotes", service("{ ports: [{ port: '80' }] }"), ["MESH1102 spec.ports[0].port"]],
  ["no port", service("{ selector: { app: cart } }"), ["MESH1103 spec.ports"]],
  ["a port out of range", service("{ ports: [{ port: 70000 }] }"), ["MESH1124 spec.ports[0].port"]],
  ["two ports without names", service("{ ports: [{ port: 80 }, { port: 81, name: x }] }"), ["MESH1103 spec.ports[0].name"]],
  ["a port twice", service("{ ports: [{ port: 80, name: a }, { port: 80, name: b }] }"), ["MESH1143 spec.ports[1]"]],
  ["a protocol nobody knows", service("{ ports: [{ port: 80, protocol: HTTP }] }"), ["MESH1104 spec.ports[0].protocol"]],
  ["a name that starts with a digit", service("{ ports: [{ port: 80 }] }", "1cart"), ["MESH1154 metadata.name"]],
  ["a name in capitals", service("{ ports: [{ port: 80 }] }", "Cart"), ["MESH1154 metadata.name"]],
  ["a nodePort on a ClusterIP", service("{ ports: [{ port: 80, nodePort: 30080 }] }"), ["MESH1159 spec.ports[0].nodePort"]],
  ["a name that YAML reads as no", service("{ ports: [{ port: 80 }] }", "off"), ["MESH1102 metadata.name"]],
  ["ExternalName without a name", service("{ type: ExternalName }"), ["MESH1103 spec.externalName"]],
  ["an impossible address", service("{ clusterIP: 10.0.0.300, ports: [{ port: 80 }] }"), ["MESH1152 spec.clusterIP"]],
  [
    "a label that is a number",
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: cart, labels: { version: 1 } }\n`,
    ["MESH1102 metadata.labels.version"],
  ],
  [
    "a label of an Istio kind that is a number",
    `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: cart, labels: { version: 1 }, lables: {} }\nspec: { egress: [{ hosts: ['./*'] }] }\n`,
    ["MESH1102 metadata.labels.version", "MESH1101 metadata.lables"],
  ],
  [
    "a loopback endpoint",
    object("v1", "Endpoints", "subsets: [{ addresses: [{ ip: 127.0.0.1 }] }]"),
    ["MESH1161 subsets[0].addresses[0].ip"],
  ],
  [
    "IPv6 in a slice of IPv4",
    object("discovery.k8s.io/v1", "EndpointSlice", "addressType: IPv4\nendpoints: [{ addresses: ['2001:db8::1'] }]"),
    ["MESH1159 endpoints[0].addresses[0]"],
  ],
  ["no containers", pod("{}"), ["MESH1103 spec.containers"]],
  ["a container without image", pod("{ containers: [{ name: a }] }"), ["MESH1103 spec.containers[0].image"]],
  [
    "a mount of no volume",
    pod("{ containers: [{ name: a, image: a, volumeMounts: [{ name: conf, mountPath: /a }] }] }"),
    ["MESH1160 spec.containers[0].volumeMounts[0].name"],
  ],
  [
    "a probe with two ways",
    pod("{ containers: [{ name: a, image: a, livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }] }"),
    ["MESH1111 spec.containers[0].livenessProbe.tcpSocket"],
  ],
  [
    "a probe's misspelt field, five levels down",
    pod("{ containers: [{ name: a, image: a, livenessProbe: { httpGet: { port: 80, pth: / } } }] }"),
    ["MESH1101 spec.containers[0].livenessProbe.httpGet.pth"],
  ],
  [
    "more asked than allowed",
    pod("{ containers: [{ name: a, image: a, resources: { requests: { cpu: 2 }, limits: { cpu: 500m } } }] }"),
    ["MESH1106 spec.containers[0].resources.requests.cpu"],
  ],
  [
    "an amount with a space",
    pod("{ containers: [{ name: a, image: a, resources: { limits: { memory: 5 Mi } } }] }"),
    ["MESH1102 spec.containers[0].resources.limits.memory"],
  ],
  [
    "a selector that misses the template",
    workload("Deployment", `{ selector: { matchLabels: { app: basket } }, ${template} }`),
    ["MESH1158 spec.selector.matchLabels.app"],
  ],
  ["no selector", workload("Deployment", `{ ${template} }`), ["MESH1103 spec.selector"]],
  ["less than no replicas", workload("Deployment", `{ replicas: -1, ${selector}, ${template} }`), ["MESH1107 spec.replicas"]],
  [
    "no way to roll",
    workload("Deployment", `{ ${selector}, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0% } }, ${template} }`),
    ["MESH1111 spec.strategy.rollingUpdate.maxUnavailable"],
  ],
  [
    "a Job that restarts for ever",
    workload("Job", `{ template: { spec: { restartPolicy: Always, ${podSpec} } } }`),
    ["MESH1104 spec.template.spec.restartPolicy"],
  ],
  [
    "a Secret without its key",
    object("v1", "Secret", "type: kubernetes.io/tls\ndata: { tls.crt: YQ== }"),
    ['MESH1103 data["tls.key"]'],
  ],
  ["no base64", object("v1", "Secret", "data: { a: 'plain text' }"), ["MESH1102 data.a"]],
  ["a ConfigMap's number", object("v1", "ConfigMap", "data: { retries: 3 }"), ["MESH1102 data.retries"]],
  ["an Ingress to nowhere", ingress("{}"), ["MESH1145 spec"]],
  [
    "a relative path",
    ingress(
      "{ rules: [{ http: { paths: [{ path: a, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }] }",
    ),
    ["MESH1149 spec.rules[0].http.paths[0].path"],
  ],
  [
    "a backend of the old shape",
    ingress("{ rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { serviceName: a, servicePort: 80 } }] } }] }"),
    [
      "MESH1101 spec.rules[0].http.paths[0].backend.serviceName",
      "MESH1101 spec.rules[0].http.paths[0].backend.servicePort",
      "MESH1145 spec.rules[0].http.paths[0].backend",
    ],
  ],
  ["a version that is gone", object("networking.k8s.io/v1beta1", "Ingress", "spec: {}"), ["MESH1112 apiVersion"]],
  ["a kind that is not there", object("v1", "Sevice", "spec: {}"), ["MESH1114 kind"]],
])("the API server on %s", (_what, text, expected) => {
  expect(refusals(text).sort()).toEqual([...expected].sort());
});

test("text that YAML reads otherwise is to be put in quotes", () => {
  const [fault] = lintText(service("{ ports: [{ port: 80 }] }", "off"));
  expect(fault?.params).toEqual({ expected: 'string ("…")', found: "boolean" });
});
