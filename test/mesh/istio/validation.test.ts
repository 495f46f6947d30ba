/** Istio's webhook and the API server, kind by kind: one object without fault, and faults each with its code and place. */
import { expect, test } from "vitest";
import { istio, verdict } from "../support/verdict.ts";

/** Analyzers and notes about the simulation are another matter. */
function ownVerdict(kind: string, spec: string): string[] {
  return verdict(istio(kind, spec)).filter((each) => /^(apiserver|istioctl error)/.test(each));
}

test.each([
  [
    "VirtualService",
    `hosts: [cart]
http:
- match: [{ uri: { prefix: /v2 } }]
  route: [{ destination: { host: cart }, weight: 10 }, { destination: { host: cart2 }, weight: 90 }]
  timeout: 2s
  retries: { attempts: 2, perTryTimeout: 500ms, retryOn: '5xx,reset' }
- route: [{ destination: { host: cart } }]`,
  ],
  [
    "DestinationRule",
    `host: cart
trafficPolicy:
  connectionPool: { tcp: { maxConnections: 10, connectTimeout: 1s }, http: { http1MaxPendingRequests: 5 } }
  outlierDetection: { consecutive5xxErrors: 3, interval: 5s, baseEjectionTime: 30s, maxEjectionPercent: 50 }
  loadBalancer: { simple: LEAST_REQUEST }
subsets: [{ name: v1, labels: { version: v1 } }]`,
  ],
  [
    "Gateway",
    `selector: { istio: ingressgateway }
servers:
- port: { number: 443, name: https, protocol: HTTPS }
  hosts: ['*.example.com']
  tls: { mode: SIMPLE, credentialName: cert }`,
  ],
  [
    "ServiceEntry",
    `hosts: [api.example.com]
ports: [{ number: 443, name: https, protocol: TLS }]
resolution: DNS
location: MESH_EXTERNAL`,
  ],
  [
    "WorkloadEntry",
    `address: 10.0.0.7
labels: { app: cart }`,
  ],
  ["WorkloadGroup", `template: { ports: { http: 80 }, serviceAccount: a }`],
  ["Sidecar", `egress: [{ hosts: ['./*', 'istio-system/*'] }]`],
  ["PeerAuthentication", `mtls: { mode: STRICT }`],
  ["RequestAuthentication", `jwtRules: [{ issuer: a@b, jwksUri: 'https://a.b/keys' }]`],
  [
    "AuthorizationPolicy",
    `action: ALLOW
rules: [{ from: [{ source: { principals: ['*/sa/a'] } }], to: [{ operation: { methods: [GET], paths: ['/a*'] } }], when: [{ key: 'request.headers[x]', values: [a] }] }]`,
  ],
  ["Telemetry", `tracing: [{ randomSamplingPercentage: 10 }]`],
  ["ProxyConfig", `concurrency: 2`],
  [
    "EnvoyFilter",
    `configPatches: [{ applyTo: CLUSTER, match: { context: SIDECAR_OUTBOUND }, patch: { operation: MERGE, value: { connect_timeout: 1s } } }]`,
  ],
  [
    "WasmPlugin",
    `url: oci://example.com/a:1
phase: AUTHN`,
  ],
])("%s without fault", (kind, spec) => {
  expect(ownVerdict(kind, spec)).toEqual([]);
});

test.each<[kind: string, what: string, spec: string, expected: string[]]>([
  [
    "VirtualService",
    "a timeout under a millisecond",
    `hosts: [cart]
http: [{ timeout: 100us, route: [{ destination: { host: cart } }] }]`,
    ["apiserver error MESH1120 spec.http[0].timeout", "istioctl error MESH1216 spec.http[0].timeout"],
  ],
  [
    "VirtualService",
    "an unfinished expression",
    `hosts: [cart]
http: [{ match: [{ uri: { regex: '(' } }], route: [{ destination: { host: cart } }] }]`,
    ["istioctl error MESH1225 spec.http[0].match[0].uri.regex"],
  ],
  [
    "VirtualService",
    "an expression RE2 does not know",
    `hosts: [cart]
http: [{ match: [{ uri: { regex: 'a(?=b)' } }], route: [{ destination: { host: cart } }] }]`,
    ["istioctl error MESH1225 spec.http[0].match[0].uri.regex"],
  ],
  [
    "VirtualService",
    "redirect beside route",
    `hosts: [cart]
http: [{ redirect: { uri: / }, route: [{ destination: { host: cart } }] }]`,
    ["istioctl error MESH1211 spec.http[0].route"],
  ],
  [
    "VirtualService",
    "a percentage over 100",
    `hosts: [cart]
http: [{ fault: { abort: { httpStatus: 500, percentage: { value: 101 } } }, route: [{ destination: { host: cart } }] }]`,
    ["istioctl error MESH1214 spec.http[0].fault.abort.percentage.value"],
  ],
  [
    "VirtualService",
    "a wildcard in the middle of a host",
    `hosts: ['a_b.*.com']
http: [{ route: [{ destination: { host: cart } }] }]`,
    ["istioctl error MESH1218 spec.hosts[0]"],
  ],
  ["VirtualService", "no rule at all", `hosts: [cart]`, ["istioctl error MESH1245 spec"]],
  [
    "VirtualService",
    "weights that are all zero",
    `hosts: [cart]
http: [{ route: [{ destination: { host: a }, weight: 0 }, { destination: { host: b }, weight: 0 }] }]`,
    ["istioctl error MESH1244 spec.http[0].route"],
  ],
  [
    "VirtualService",
    "a weight in words",
    `hosts: [cart]
http: [{ route: [{ destination: { host: a }, weight: lots }] }]`,
    ["apiserver error MESH1102 spec.http[0].route[0].weight", "istioctl error MESH1201 spec.http[0].route[0].weight"],
  ],
  [
    "VirtualService",
    "a retry condition nobody knows",
    `hosts: [cart]
http: [{ retries: { attempts: 1, retryOn: sometimes }, route: [{ destination: { host: a } }] }]`,
    ["istioctl error MESH1328 spec.http[0].retries.retryOn"],
  ],
  [
    "DestinationRule",
    "ejecting more than all",
    `host: cart
trafficPolicy: { outlierDetection: { maxEjectionPercent: 120 } }`,
    ["istioctl error MESH1214 spec.trafficPolicy.outlierDetection.maxEjectionPercent"],
  ],
  [
    "DestinationRule",
    "an interval of nothing",
    `host: cart
trafficPolicy: { outlierDetection: { interval: 0s } }`,
    [
      "apiserver error MESH1120 spec.trafficPolicy.outlierDetection.interval",
      "istioctl error MESH1216 spec.trafficPolicy.outlierDetection.interval",
    ],
  ],
  [
    "DestinationRule",
    "two subsets of one name",
    `host: cart
subsets: [{ name: v1, labels: { a: b } }, { name: v1, labels: { a: c } }]`,
    ["istioctl error MESH1228 spec.subsets[1].name"],
  ],
  [
    "DestinationRule",
    "a load balancer nobody knows",
    `host: cart
trafficPolicy: { loadBalancer: { simple: BEST } }`,
    [
      "apiserver error MESH1104 spec.trafficPolicy.loadBalancer.simple",
      "istioctl error MESH1202 spec.trafficPolicy.loadBalancer.simple",
    ],
  ],
  [
    "DestinationRule",
    "mutual TLS without certificates",
    `host: cart
trafficPolicy: { tls: { mode: MUTUAL } }`,
    [
      "istioctl error MESH1210 spec.trafficPolicy.tls.clientCertificate",
      "istioctl error MESH1210 spec.trafficPolicy.tls.privateKey",
    ],
  ],
  [
    "Gateway",
    "HTTPS without TLS",
    `selector: { istio: ingressgateway }
servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: ['*'] }]`,
    ["istioctl error MESH1210 spec.servers[0].tls"],
  ],
  [
    "Gateway",
    "port 0",
    `selector: { istio: ingressgateway }
servers: [{ port: { number: 0, name: http, protocol: HTTP }, hosts: ['*'] }]`,
    ["istioctl error MESH1215 spec.servers[0].port.number"],
  ],
  [
    "Gateway",
    "two servers with one port name",
    `selector: { istio: ingressgateway }
servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [a.com] }, { port: { number: 81, name: http, protocol: HTTP }, hosts: [b.com] }]`,
    ["istioctl error MESH1228 spec.servers[1].port.name"],
  ],
  [
    "ServiceEntry",
    "endpoints without resolution",
    `hosts: [api.example.com]
ports: [{ number: 443, name: https, protocol: TLS }]
resolution: NONE
endpoints: [{ address: 1.1.1.1 }]`,
    ["apiserver error MESH1130 spec.endpoints", "istioctl error MESH1268 spec.endpoints"],
  ],
  [
    "ServiceEntry",
    "no hosts",
    `ports: [{ number: 443, name: https, protocol: TLS }]`,
    ["apiserver error MESH1103 spec.hosts", "istioctl error MESH1210 spec.hosts"],
  ],
  [
    "ServiceEntry",
    "an impossible address",
    `hosts: [a.b]
addresses: [10.0.0.300]
ports: [{ number: 80, name: http, protocol: HTTP }]
resolution: STATIC`,
    ["istioctl error MESH1224 spec.addresses[0]"],
  ],
  [
    "WorkloadEntry",
    "no address",
    `labels: { app: cart }`,
    ["apiserver error MESH1125 spec", "istioctl error MESH1210 spec.address"],
  ],
  [
    "WorkloadGroup",
    "no template",
    `metadata: { labels: { a: b } }`,
    ["apiserver error MESH1103 spec.template", "istioctl error MESH1210 spec.template"],
  ],
  ["Sidecar", "a host without namespace", `egress: [{ hosts: ['cart'] }]`, ["istioctl error MESH1221 spec.egress[0].hosts[0]"]],
  [
    "Sidecar",
    "egress without hosts",
    `egress: [{ port: { number: 80, name: http, protocol: HTTP } }]`,
    ["apiserver error MESH1103 spec.egress[0].hosts", "istioctl error MESH1210 spec.egress[0].hosts"],
  ],
  [
    "PeerAuthentication",
    "port settings without selector",
    `mtls: { mode: STRICT }
portLevelMtls: { '80': { mode: DISABLE } }`,
    ["apiserver error MESH1136 spec.portLevelMtls", "istioctl error MESH1329 spec.portLevelMtls"],
  ],
  [
    "PeerAuthentication",
    "a mode nobody knows",
    `mtls: { mode: MAYBE }`,
    ["apiserver error MESH1104 spec.mtls.mode", "istioctl error MESH1202 spec.mtls.mode"],
  ],
  [
    "RequestAuthentication",
    "keys at no URI",
    `jwtRules: [{ issuer: a, jwksUri: 'not a uri' }]`,
    ["apiserver error MESH1137 spec.jwtRules[0].jwksUri", "istioctl error MESH1331 spec.jwtRules[0].jwksUri"],
  ],
  [
    "AuthorizationPolicy",
    "empty parts of a rule",
    `action: ALLOW
rules: [{ from: [] , to: [{ operation: {} }] }]`,
    ["istioctl error MESH1245 spec.rules[0].to[0].operation"],
  ],
  [
    "AuthorizationPolicy",
    "a condition nobody knows",
    `action: DENY
rules: [{ when: [{ key: request.colour, values: [red] }] }]`,
    ["istioctl error MESH1350 spec.rules[0].when[0].key"],
  ],
  [
    "AuthorizationPolicy",
    "CUSTOM without provider",
    `action: CUSTOM
rules: [{}]`,
    ["istioctl error MESH1210 spec.provider.name"],
  ],
  [
    "Telemetry",
    "sampling over 100 %",
    `tracing: [{ randomSamplingPercentage: 101 }]`,
    [
      "apiserver error MESH1106 spec.tracing[0].randomSamplingPercentage",
      "istioctl error MESH1214 spec.tracing[0].randomSamplingPercentage",
    ],
  ],
  ["EnvoyFilter", "no patch", `configPatches: [{ applyTo: CLUSTER }]`, ["istioctl error MESH1210 spec.configPatches[0].patch"]],
  [
    "EnvoyFilter",
    "an Any without its type",
    `configPatches: [{ applyTo: HTTP_FILTER, patch: { operation: INSERT_BEFORE, value: { name: lua, typed_config: { inline_code: x } } } }]`,
    ["istioctl error MESH1210 spec.configPatches[0].patch.value.typed_config.@type"],
  ],
  [
    "EnvoyFilter",
    "a type of API v2",
    `configPatches: [{ applyTo: NETWORK_FILTER, patch: { operation: MERGE, value: { typed_config: { '@type': type.googleapis.com/envoy.config.filter.network.http_connection_manager.v2.HttpConnectionManager } } } }]`,
    ["istioctl error MESH1356 spec.configPatches[0].patch.value.typed_config.@type"],
  ],
  [
    "EnvoyFilter",
    "a duration without its unit",
    `configPatches: [{ applyTo: CLUSTER, patch: { operation: MERGE, value: { connect_timeout: 5, metadata: { timeout: x } } } }]`,
    ["istioctl error MESH1357 spec.configPatches[0].patch.value.connect_timeout"],
  ],
  ["WasmPlugin", "no url", `phase: AUTHN`, ["apiserver error MESH1103 spec.url", "istioctl error MESH1210 spec.url"]],
  [
    "WasmPlugin",
    "a scheme nobody fetches",
    `url: ftp://example.com/a`,
    ["apiserver error MESH1137 spec.url", "istioctl error MESH1331 spec.url"],
  ],
])("%s: %s", (kind, _what, spec, expected) => {
  expect(ownVerdict(kind, spec)).toEqual(expected);
});
