/** What stands around a field while it is asked whether anybody reads it. */

export const neighbours = `apiVersion: v1
kind: Namespace
metadata: { name: a }
---
apiVersion: v1
kind: Service
metadata: { name: x, namespace: a }
spec: { selector: { app: x }, ports: [{ name: http, port: 80 }, { name: tcp, port: 90 }, { name: tls, port: 443 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: istio }
spec: { controllerName: istio.io/gateway-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: kgw, namespace: a }
spec:
  gatewayClassName: istio
  listeners:
  - { name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }
  - { name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }
  - { name: tcp, port: 90, protocol: TCP }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: a }
spec: { selector: { app: gw }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: main, namespace: a }
spec: { hosts: [x.a.svc.cluster.local], gateways: [mesh, gw], http: [{ delegate: { name: part } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: part, namespace: a }
spec: { http: [{ route: [{ destination: { host: x } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: subset, namespace: a }
spec: { hosts: [y.example.com], http: [{ route: [{ destination: { host: x.a.svc.cluster.local, subset: v2, port: { number: 80 } } }] }] }
---
apiVersion: v1
kind: Secret
metadata: { name: cert, namespace: a }
type: kubernetes.io/tls
data: { tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t, tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ca, namespace: a }
data: { ca.crt: "-----BEGIN CERTIFICATE-----" }
---
apiVersion: v1
kind: Service
metadata: { name: far, namespace: b }
spec: { selector: { app: far }, ports: [{ name: http, port: 80 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: across, namespace: a }
spec: { parentRefs: [{ name: kgw }], rules: [{ backendRefs: [{ name: far, namespace: b, port: 80 }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: machines, namespace: a }
spec:
  hosts: [machines.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: STATIC
  workloadSelector: { labels: { app: vm } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders: [{ name: x, envoyExtAuthzHttp: { service: x.a.svc.cluster.local, port: 80 } }]
`;

/** The smallest resource of each kind that does something beside its neighbours. */
export const bases: Readonly<Record<string, object>> = {
  "networking.istio.io/VirtualService": {
    hosts: ["x.a.svc.cluster.local"],
    gateways: ["mesh", "gw"],
    http: [{ route: [{ destination: { host: "x" } }] }],
  },
  "networking.istio.io/DestinationRule": { host: "x", subsets: [{ name: "v2", labels: { app: "x" } }] },
  "networking.istio.io/Gateway": {
    selector: { app: "gw" },
    servers: [{ port: { number: 8080, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
  },
  "networking.istio.io/ServiceEntry": {
    hosts: ["e.example.com"],
    ports: [{ number: 80, name: "http", protocol: "HTTP" }],
    resolution: "STATIC",
    endpoints: [{ address: "1.2.3.4" }],
  },
  "networking.istio.io/Sidecar": { egress: [{ hosts: ["*/*"] }] },
  "networking.istio.io/WorkloadEntry": { address: "1.2.3.4", labels: { app: "vm" } },
  "networking.istio.io/WorkloadGroup": { template: {} },
  "security.istio.io/AuthorizationPolicy": { rules: [{}] },
  "security.istio.io/RequestAuthentication": { jwtRules: [{ issuer: "i" }] },
  "security.istio.io/PeerAuthentication": { mtls: { mode: "STRICT" } },
  "gateway.networking.k8s.io/Gateway": {
    gatewayClassName: "istio",
    listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
  },
  "gateway.networking.k8s.io/GatewayClass": { controllerName: "istio.io/gateway-controller" },
  "gateway.networking.k8s.io/HTTPRoute": {
    parentRefs: [{ name: "kgw" }],
    rules: [{ backendRefs: [{ name: "x", port: 80 }] }],
  },
  "gateway.networking.k8s.io/GRPCRoute": {
    parentRefs: [{ name: "kgw" }],
    rules: [{ backendRefs: [{ name: "x", port: 80 }] }],
  },
  "gateway.networking.k8s.io/TLSRoute": {
    parentRefs: [{ name: "kgw" }],
    hostnames: ["a.example.com"],
    rules: [{ backendRefs: [{ name: "x", port: 443 }] }],
  },
  "gateway.networking.k8s.io/TCPRoute": {
    parentRefs: [{ name: "kgw" }],
    rules: [{ backendRefs: [{ name: "x", port: 90 }] }],
  },
  "gateway.networking.k8s.io/ReferenceGrant": {
    from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "a" }],
    to: [{ group: "", kind: "Service", name: "far" }],
  },
  "gateway.networking.k8s.io/BackendTLSPolicy": {
    targetRefs: [{ group: "", kind: "Service", name: "x" }],
    validation: { hostname: "h", wellKnownCACertificates: "System" },
  },
};

type Written = Readonly<Record<string, unknown>>;
/** A function is told the steps below: `type` of a filter names the field that is used. */
type Companions = readonly (readonly [ending: string, written: Written | ((next: string, below: string) => Written)])[];

const clientTls = { mode: "MUTUAL", clientCertificate: "c", privateKey: "k", caCertificates: "ca" };
const filterTypes: Readonly<Record<string, string>> = { cors: "CORS", urlRewrite: "URLRewrite" };
const filterType = (next: string): Written => ({
  type: filterTypes[next] ?? next.replace(/^./, (letter) => letter.toUpperCase()),
});
const routeParts: Companions = [
  [".parentRefs[]", { name: "kgw" }],
  [".backendRefs[]", { name: "x", port: 80 }],
  [".filters[]", filterType],
  [".requestMirror", { backendRef: { name: "x", port: 80 } }],
  [".urlRewrite.path", (next) => ({ type: next === "replaceFullPath" ? "ReplaceFullPath" : "ReplacePrefixMatch" })],
  [".requestRedirect.path", (next) => ({ type: next === "replaceFullPath" ? "ReplaceFullPath" : "ReplacePrefixMatch" })],
  [".add[]", { name: "x", value: "x" }],
  [".set[]", { name: "x", value: "x" }],
];
const kgw = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "kgw" };
const gatewayTarget: Companions = [
  [".targetRef", kgw],
  [".targetRefs[]", kgw],
];
const patchedBy = [
  [".match.cluster", "CLUSTER"],
  [".match.routeConfiguration", "HTTP_ROUTE"],
] as const;
const patchOf = (applyTo: string): Written => ({
  applyTo,
  patch: { operation: applyTo === "HTTP_FILTER" ? "INSERT_BEFORE" : "MERGE", value: { name: "x" } },
});
const authority = { group: "", kind: "ConfigMap", name: "ca" };

/** Fields that matter only beside others: the end of a path above them → what to write there first. */
export const companions: Readonly<Record<string, Companions>> = {
  "networking.istio.io/VirtualService": [
    [".http[]", { mirror: { host: "x" } }],
    [".retries", { attempts: 2 }],
    [".fault.delay", { fixedDelay: "1s" }],
    [".fault.abort", { httpStatus: 500 }],
  ],
  "networking.istio.io/DestinationRule": [
    [".portLevelSettings[]", { port: { number: 80 } }],
    [".tls", clientTls],
    [".outlierDetection", { splitExternalLocalOriginErrors: true }],
    [".httpCookie", { name: "c" }],
  ],
  "networking.istio.io/Gateway": [
    [".servers[].tls", { mode: "MUTUAL" }],
    [".servers[]", { port: { number: 8443, name: "https", protocol: "HTTPS" } }],
  ],
  "networking.istio.io/Sidecar": [
    [".ingress[]", { port: { number: 80, name: "http", protocol: "HTTP" } }],
    [".egress[]", { port: { number: 80, name: "http", protocol: "HTTP" } }],
    [".outboundTrafficPolicy", { mode: "ALLOW_ANY" }],
    [".egressProxy", { host: "x.a.svc.cluster.local", port: { number: 80 } }],
  ],
  "networking.istio.io/EnvoyFilter": [
    [".spec", (next) => (next === "configPatches" ? {} : { configPatches: [patchOf("CLUSTER")] })],
    [".configPatches[]", (_, below) => patchOf(patchedBy.find(([match]) => below.startsWith(match))?.[1] ?? "HTTP_FILTER")],
    [".filter", { name: "envoy.filters.network.http_connection_manager" }],
    [".targetRefs[]", kgw],
  ],
  "networking.istio.io/ServiceEntry": [[".endpoints[]", { address: "1.2.3.4" }]],
  "security.istio.io/AuthorizationPolicy": [
    ...gatewayTarget,
    [".spec", (next) => (next === "provider" ? { action: "CUSTOM" } : {})],
  ],
  "security.istio.io/RequestAuthentication": gatewayTarget,
  "security.istio.io/PeerAuthentication": [[".spec", { selector: { matchLabels: { app: "x" } } }]],
  "gateway.networking.k8s.io/Gateway": [
    [".addresses[]", { type: "Hostname", value: "x.a.svc.cluster.local" }],
    [".spec", { listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "cert" }] } }] }],
    [".perPort[]", { port: 443 }],
    [".caCertificateRefs[]", authority],
    [".namespaces.selector.matchExpressions[]", { key: "k", operator: "In", values: ["v"] }],
    [".namespaces", { from: "Selector" }],
  ],
  "gateway.networking.k8s.io/HTTPRoute": routeParts,
  "gateway.networking.k8s.io/GRPCRoute": routeParts,
  "gateway.networking.k8s.io/BackendTLSPolicy": [
    [".validation", (next) => (next === "caCertificateRefs" ? { wellKnownCACertificates: undefined } : {})],
    [".caCertificateRefs[]", authority],
    [".subjectAltNames[]", (next) => ({ type: next === "uri" ? "URI" : "Hostname" })],
  ],
};

/** Names and notes of their own, the group that a kind implies, and what the neighbour field already says. */
export const fieldsAloneMeanNothing: readonly string[] = [
  ".description",
  ".rules[].name",
  ".servers[].name",
  ".port.name",
  ".caCertificateRefs[].group",
  ".targetRef.group",
  ".targetRefs[].group",
  ".tls.privateKey",
];
