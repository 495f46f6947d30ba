/** EnvoyFilters over Istio's own configuration: what comes of them in a run, as istiod places patches and Envoy takes them. */
import { expect, test } from "vitest";
import { openSession, type Session } from "#scenario";

const http = "envoy.filters.network.http_connection_manager";
const local = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
const always = "filter_enabled: { default_value: { numerator: 100 } }, filter_enforced: { default_value: { numerator: 100 } }";

const service = (name: string, port: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ ${port} }] }
---`;

const envoyFilter = (patches: string, more = "workloadSelector: { labels: { app: api } }", namespace = "shop") => `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: patch, namespace: ${namespace} }
spec:
  ${more}
  configPatches:
${patches}
---`;

const experiment = (traffic: string, workloads = "") => `
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 12s
  workloads:
  - { name: client, namespace: shop }
  - { name: api, namespace: shop, labels: { app: api }, replicas: 3 }
${workloads}
  traffic:
  - ${traffic}
`;

function ran(...documents: string[]): Session {
  const opened = openSession([{ name: "x.yaml", text: documents.join("") }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  return opened.session;
}

const statuses = (session: Session, to = "api") => session.report().edges.find((edge) => edge.to === to)?.statuses;
const toApi = '{ name: t, from: client, to: "http://api.shop:8080/", rate: 100/s, arrivals: constant, requests: 1000 }';
const api = service("api", "name: http, port: 8080");

const limit = (typed: string) => `
  - applyTo: HTTP_FILTER
    match: { context: SIDECAR_INBOUND, listener: { filterChain: { filter: { name: ${http} } } } }
    patch:
      operation: INSERT_BEFORE
      value: { name: envoy.filters.http.local_ratelimit, typed_config: ${typed} }`;

const bucket = `token_bucket: { max_tokens: 10, tokens_per_fill: 10, fill_interval: 1s }, ${always}`;

test.each([
  ["as its own message", `{ "@type": ${local}, stat_prefix: rl, ${bucket} }`],
  [
    "as a TypedStruct",
    `{ "@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: ${local}, value: { stat_prefix: rl, ${bucket} } }`,
  ],
])("a local limit of each pod: bucket and refill times replicas are served, %s", (_, typed) => {
  const session = ran(api, envoyFilter(limit(typed)), experiment(toApi));
  const served = statuses(session)?.[200] ?? 0;
  // Three pods, each 10 at once and 10 a second for ten seconds; what comes unevenly is lost.
  expect(served).toBeGreaterThan(315);
  expect(served).toBeLessThanOrEqual(330);
  expect(session.report().diagnostics.filter(({ code }) => code === "MESH1901")).toEqual([]);
});

test.each([
  ["another workload", "workloadSelector: { labels: { app: other } }", "shop"],
  ["another namespace", "workloadSelector: { labels: { app: api } }", "elsewhere"],
])("%s is none of its business", (_, selector, namespace) => {
  const patch = envoyFilter(limit(`{ "@type": ${local}, stat_prefix: rl, ${bucket} }`), selector, namespace);
  expect(statuses(ran(api, patch, experiment(toApi)))).toEqual({ 200: 1000 });
});

test("the root namespace speaks of all, and a route turns on what the filter leaves off", () => {
  const filter = envoyFilter(limit(`{ "@type": ${local}, stat_prefix: rl }`), "priority: 1", "istio-system");
  const route = envoyFilter(`
  - applyTo: HTTP_ROUTE
    match: { context: SIDECAR_INBOUND, routeConfiguration: { portNumber: 8080, vhost: { name: "inbound|http|8080", route: { action: ANY } } } }
    patch:
      operation: MERGE
      value: { typed_per_filter_config: { envoy.filters.http.local_ratelimit: { "@type": ${local}, stat_prefix: rl, ${bucket} } } }`);
  expect(statuses(ran(api, filter, experiment(toApi)))).toEqual({ 200: 1000 });
  const served = statuses(ran(api, filter, route, experiment(toApi)))?.[200] ?? 0;
  expect(served).toBeGreaterThan(315);
  expect(served).toBeLessThanOrEqual(330);
});

const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec: { hosts: ["*"], gateways: [public], http: [{ route: [{ destination: { host: api } }] }] }
---`;

const globalLimit = (grpc: string) =>
  envoyFilter(
    `
  - applyTo: HTTP_FILTER
    match: { context: GATEWAY, listener: { filterChain: { filter: { name: ${http}, subFilter: { name: envoy.filters.http.router } } } } }
    patch:
      operation: INSERT_BEFORE
      value:
        name: envoy.filters.http.ratelimit
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
          domain: shop
          rate_limit_service: { transport_api_version: V3, grpc_service: { envoy_grpc: { ${grpc} } } }
  - applyTo: VIRTUAL_HOST
    match: { context: GATEWAY, routeConfiguration: { vhost: { name: "*:80" } } }
    patch:
      operation: MERGE
      value: { rate_limits: [{ actions: [{ request_headers: { header_name: ":path", descriptor_key: PATH } }] }] }`,
    "workloadSelector: { labels: { istio: ingressgateway } }",
    "istio-system",
  );

const limiter = (more: string) =>
  `  - { name: limiter, namespace: shop, labels: { app: limiter }, ${more}behaviour: { serviceTime: { constant: 3333us }, concurrency: 1, queue: 0, whenFull: 429 } }`;
const fromOutside = '{ name: t, from: internet, to: "http://shop.example:80/", rate: 500/s, arrivals: constant, duration: 4s }';
const cluster = "cluster_name: outbound|8081||limiter.shop.svc.cluster.local";

test.each([
  ["its authority said: every second request", `${cluster}, authority: limiter.shop`, "", { 200: 1000, 429: 1000 }],
  // Asked of Envoy 1.40: its HTTP/2 codec takes no authority with the bars of a cluster's name, and the filter fails open.
  ["none said, at a proxy: nothing is limited", cluster, "", { 200: 2000 }],
  ["none said, without a proxy: every second request", cluster, "meshed: false, ", { 200: 1000, 429: 1000 }],
])("a global limit at the gateway, %s", (_, grpc, meshed, expected) => {
  const world = [api, service("limiter", "name: grpc, port: 8081"), gateway, globalLimit(grpc)];
  expect(statuses(ran(...world, experiment(fromOutside, limiter(meshed))))).toEqual(expected);
});

const outbound = (patch: string) => envoyFilter(patch, "priority: 0");
const outboundRoute = (operation: string, value: string) =>
  outbound(`
  - applyTo: HTTP_ROUTE
    match: { context: SIDECAR_OUTBOUND, routeConfiguration: { name: "8080", vhost: { name: "api.shop.svc.cluster.local:8080", route: { action: ROUTE } } } }
    patch: { operation: ${operation}${value} }`);

test("routes: merged, put first, taken away", () => {
  const once = '{ name: t, from: client, to: "http://api.shop:8080/", burst: 1 }';
  const slow = experiment(once).replace("replicas: 3", "replicas: 1, behaviour: { serviceTime: { constant: 300ms } }");
  expect(statuses(ran(api, outboundRoute("MERGE", ", value: { route: { timeout: 0.1s } }"), slow))).toEqual({ 504: 1 });
  const teapot = ", value: { name: no, match: { prefix: / }, directResponse: { status: 418 } }";
  expect(statuses(ran(api, outboundRoute("INSERT_FIRST", teapot), slow))).toEqual({ 418: 1 });
  expect(statuses(ran(api, outboundRoute("REMOVE", ""), slow))).toEqual({ 404: 1 });
});

const clusterPatch = (operation: string, value: string, match = "service: api.shop.svc.cluster.local, portNumber: 8080") =>
  outbound(`
  - applyTo: CLUSTER
    match: { context: SIDECAR_OUTBOUND, cluster: { ${match} } }
    patch: { operation: ${operation}${value} }`);

test("clusters: taken away, merged; a list of limits stands behind Istio's own, of which Envoy takes the first", () => {
  const one = experiment('{ name: t, from: client, to: "http://api.shop:8080/", burst: 1 }');
  const burst = experiment('{ name: t, from: client, to: "http://api.shop:8080/", burst: 20 }').replace(
    "replicas: 3",
    "behaviour: { serviceTime: { constant: 10ms } }",
  );
  const gone = ran(api, clusterPatch("REMOVE", ""), one);
  expect([statuses(gone), gone.report().edges[0]?.flags]).toEqual([{ 503: 1 }, { NC: 1 }]);
  const limits = ", value: { circuit_breakers: { thresholds: [{ max_requests: 1, max_pending_requests: 1 }] } }";
  expect(statuses(ran(api, clusterPatch("MERGE", limits), burst))).toEqual({ 200: 20 });
  const failing = experiment(
    '{ name: t, from: client, to: "http://api.shop:8080/", rate: 10/s, arrivals: constant, requests: 20 }',
  ).replace("replicas: 3", "replicas: 3, behaviour: { errors: { rate: 1, status: 500 } }");
  const detection = "outlier_detection: { consecutive_5xx: 2, max_ejection_percent: 100, base_ejection_time: 60s }";
  const requests = (value: string) =>
    ran(api, clusterPatch("MERGE", `, value: { ${value} }`), failing)
      .report()
      .workloads.find(({ name }) => name === "api")?.requests;
  // With all hosts out Envoy panics, where Istio's own outlier detection would have set the threshold to 0.
  expect(requests(detection)).toBe(20);
  expect(requests(`${detection}, common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: 0s }`)).toBe(6);
});

test("a cluster of one's own leads to the pods of the Service its address names", () => {
  const added = outbound(`
  - applyTo: CLUSTER
    match: { context: SIDECAR_OUTBOUND }
    patch:
      operation: ADD
      value:
        name: mine
        type: STRICT_DNS
        connect_timeout: 1s
        load_assignment: { cluster_name: mine, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: api.shop.svc.cluster.local, port_value: 8080 } } } }] }] }
  - applyTo: HTTP_ROUTE
    match: { context: SIDECAR_OUTBOUND, routeConfiguration: { vhost: { name: "api.shop.svc.cluster.local:8080" } } }
    patch: { operation: MERGE, value: { route: { cluster: mine } } }`);
  const session = ran(
    api,
    added,
    experiment('{ name: t, from: client, to: "http://api.shop:8080/", rate: 30/s, arrivals: constant, requests: 30 }'),
  );
  expect(statuses(session)).toEqual({ 200: 30 });
  expect(
    session
      .report()
      .workloads.find(({ name }) => name === "api")
      ?.replicas.every(({ requests }) => requests > 0),
  ).toBe(true);
});

test("a connection manager's own limits", () => {
  const idle = outbound(`
  - applyTo: NETWORK_FILTER
    match: { context: SIDECAR_OUTBOUND, listener: { filterChain: { filter: { name: envoy.http_connection_manager } } } }
    patch:
      operation: MERGE
      value: { typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stream_idle_timeout: 0.2s } }`);
  const slow = experiment('{ name: t, from: client, to: "http://api.shop:8080/", burst: 1 }').replace(
    "replicas: 3",
    "behaviour: { serviceTime: { constant: 300ms } }",
  );
  const session = ran(api, idle, slow);
  expect([statuses(session), session.report().edges[0]?.flags]).toEqual([{ 504: 1 }, { SI: 1 }]);
});

test("what Envoy would refuse is told in its words, at the patch", () => {
  const slots = outbound(`
  - applyTo: HTTP_FILTER
    match: { context: SIDECAR_INBOUND }
    patch:
      operation: INSERT_FIRST
      value: { name: envoy.filters.http.local_ratelimit, typed_config: { "@type": ${local}, stat_prefix: rl, token_bucket: { max_tokens: 1, fill_interval: 0.01s }, ${always} } }`);
  const once = '{ name: t, from: client, to: "http://api.shop:8080/", burst: 1 }';
  const told = ran(api, slots, experiment(once))
    .report()
    .diagnostics.filter(({ code }) => code === "MESH1920");
  expect(told).toMatchObject([
    {
      severity: "warning",
      path: "spec.configPatches[0].patch.value",
      params: { reason: expect.stringContaining("fill") },
    },
  ]);
});
