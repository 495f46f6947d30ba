/** Filters that ask a service, tokens, health checks, HTTP/2 pools and weighted clusters. */
import { expect, test } from "vitest";
import type { BehaviourConfig, Cluster, HttpFilterConfig, Route, SimulationConfig, TokenFacts } from "#engine";
import { bootstrap, cluster, endpoint, forward, lb, noBreakers, route, server, simulation, toEnvoy } from "../support/build.ts";
import { arrivalsOf, edgeOf, finish } from "../support/outcomes.ts";

const app = "10.0.0.1:8080";
const asked = "10.0.0.9:9000";

function guarded(
  filter: HttpFilterConfig,
  service: Partial<BehaviourConfig> | null,
  over: Partial<SimulationConfig> = {},
): SimulationConfig {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p"), cluster("asked")],
      endpoints: { p: [endpoint(app)], asked: [endpoint(asked)] },
      filters: [filter],
    }),
    workloads: [server("p", [app]), ...(service === null ? [] : [server("asked", [asked], service)])],
    traffic: [toEnvoy("/", { requests: 20 })],
    ...over,
  });
}

const authz = (failureModeAllow: boolean): HttpFilterConfig => ({
  name: "extAuthz",
  config: { cluster: "asked", timeoutMs: 100, failureModeAllow, statusOnError: 403 },
});
const answers = (outcome: number): Partial<BehaviourConfig> => ({
  serviceTime: { type: "constant", ms: 3 },
  errors: { type: "rate", rate: 1, outcome, serviceTime: null },
});

test("external authorization: its answer decides, its silence fails closed unless told otherwise", () => {
  expect(edgeOf(guarded(authz(false), answers(200)))).toMatchObject({ statuses: { 200: 20 }, latency: { p50: 3 } });
  expect(edgeOf(guarded(authz(false), answers(403)))).toMatchObject({ statuses: { 403: 20 }, flags: { UAEX: 20 }, attempts: 0 });
  expect(edgeOf(guarded(authz(false), null))).toMatchObject({ statuses: { 403: 20 }, flags: { UAEX: 20 } });
  expect(edgeOf(guarded(authz(true), null))).toMatchObject({ statuses: { 200: 20 }, flags: {} });
  const silent: Partial<BehaviourConfig> = { serviceTime: { type: "constant", ms: 500 } };
  expect(edgeOf(guarded(authz(false), silent))).toMatchObject({ statuses: { 403: 20 }, latency: { p50: 100 } });
});

test("global rate limit: so many a second over all, fails open when the service is down", () => {
  const limit = (failureModeDeny: boolean): HttpFilterConfig => ({
    name: "rateLimit",
    config: {
      domain: "shop",
      cluster: "asked",
      timeoutMs: 20,
      failureDenyPercent: failureModeDeny ? 100 : 0,
      requestsPerSecond: 5,
    },
  });
  const traffic = [toEnvoy("/", { requests: 100, load: { type: "rate", perSecond: 20, arrivals: "constant" } })];
  expect(edgeOf(guarded(limit(false), {}, { traffic }))).toMatchObject({ statuses: { 200: 25, 429: 75 }, flags: { RL: 75 } });
  expect(edgeOf(guarded(limit(false), null, { traffic }))).toMatchObject({ statuses: { 200: 100 } });
  expect(edgeOf(guarded(limit(true), null, { traffic }))).toMatchObject({ statuses: { 500: 100 } });
});

test("tokens: invalid ones are refused with 401, missing ones pass where they may", () => {
  const filter = (allowMissing: boolean): HttpFilterConfig => ({
    name: "jwtAuthn",
    config: {
      providers: { idp: { issuer: "idp", jwks: "keys", forwards: true } },
      rules: [
        {
          match: { path: { type: "prefix", value: "/", ignoreCase: false }, headers: [], queryParameters: [] },
          requires: {
            type: "any",
            requirements: [{ type: "provider", provider: "idp" }, ...(allowMissing ? [{ type: "allowMissing" as const }] : [])],
          },
        },
      ],
    },
  });
  const withToken = (token: TokenFacts | undefined) => {
    const traffic = toEnvoy("/", { requests: 5 });
    const variants = traffic.variants.map((variant) => ({
      ...variant,
      request: {
        ...variant.request,
        ...(token === undefined ? {} : { headers: { authorization: "Bearer e.y.J" }, tokens: { "e.y.J": token } }),
      },
    }));
    return { traffic: [{ ...traffic, variants }] };
  };
  const token = { problem: "", header: {}, claims: { iss: "idp", sub: "ada" }, signatures: { keys: "" } };
  expect(edgeOf(guarded(filter(false), null, withToken(token))).statuses).toEqual({ 200: 5 });
  expect(edgeOf(guarded(filter(true), null, withToken({ ...token, signatures: {} }))).statuses).toEqual({ 401: 5 });
  expect(edgeOf(guarded(filter(true), null, withToken({ ...token, claims: { iss: "other" } }))).statuses).toEqual({ 401: 5 });
  expect(edgeOf(guarded(filter(true), null, withToken(undefined))).statuses).toEqual({ 200: 5 });
  expect(edgeOf(guarded(filter(false), null, withToken(undefined))).statuses).toEqual({ 401: 5 });
});

function checked(over: Partial<Cluster>, extra: Partial<SimulationConfig> = {}): SimulationConfig {
  const addresses = ["10.0.0.1:8080", "10.0.0.2:8080"];
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p", { lb: lb({ panicThresholdPercent: 0, updateMergeWindowMs: 0 }), ...over })],
      endpoints: { p: addresses.map((address) => endpoint(address)) },
    }),
    workloads: [server("p", addresses, { serviceTime: { type: "constant", ms: 1 } })],
    traffic: [toEnvoy("/")],
    ...extra,
  });
}

test("health checks take a crashed host out after so many failures and bring it back", () => {
  const healthChecks = [{ path: "/", intervalMs: 500, timeoutMs: 100, unhealthyThreshold: 2, healthyThreshold: 2 }];
  const crash = { type: "crash" as const, workload: "p", namespace: "default", replica: 0, removedAfterMs: 1e9, mesh: null };
  const recover = { type: "recover" as const, workload: "p", namespace: "default", replica: 0, mesh: null };
  const timeline = [
    { atMs: 1250, change: crash },
    { atMs: 5250, change: recover },
  ];
  const windows = [
    { fromMs: 2100, toMs: 5250 },
    { fromMs: 6600, toMs: 10_000 },
  ];
  const run = finish(checked({ healthChecks }, { timeline, windows }));
  expect(run.telemetry.edges(1)[0]?.flags).toEqual({});
  expect(run.telemetry.edges(0)[0]?.flags.UF).toBeGreaterThan(0);
  expect(run.telemetry.arrivals(2).map((row) => row.requests)).toEqual([170, 170]);
});

test("HTTP/2: one connection carries many streams, up to max_concurrent_streams at once", () => {
  const burst = [toEnvoy("/", { load: { type: "burst", size: 10 } })];
  const thresholds = { ...noBreakers, maxConnections: 1 };
  const breakers = { default: thresholds, high: thresholds };
  const one = (maxConcurrentStreams: number) =>
    edgeOf(
      simulation({
        mesh: bootstrap({
          routes: [route("/", forward("p"))],
          clusters: [cluster("p", { upstreamProtocol: "http2", maxConcurrentStreams, circuitBreakers: breakers })],
          endpoints: { p: [endpoint(app)] },
        }),
        workloads: [server("p", [app], { serviceTime: { type: "constant", ms: 10 } })],
        traffic: burst,
      }),
    );
  expect(one(100).latency.max).toBe(10);
  expect(one(5).latency.max).toBe(20);
  expect(one(5).ok).toBe(10);
});

test("the draw of weighted clusters can be pinned by a header", () => {
  const clusters = [
    { cluster: "a", weight: 90 },
    { cluster: "b", weight: 10 },
  ];
  const routes: Route[] = [route("/", forward("a", { clusters, pinnedByHeader: "x-rand" }))];
  const config = simulation({
    mesh: bootstrap({ routes, clusters: [cluster("a"), cluster("b")], endpoints: { a: [endpoint(app)], b: [endpoint(asked)] } }),
    workloads: [server("a", [app], { service: "s" }), server("b", [asked], { service: "s" })],
    traffic: Array.from({ length: 200 }, (_, i) =>
      toEnvoy("/", { name: `t${i}`, requests: 1, headers: { "x-rand": String(i) } }),
    ),
  });
  const run = finish(config);
  // value mod total weight: 90–99 and 190–199 go to b.
  expect([arrivalsOf(run, "a")[0], arrivalsOf(run, "b")[0]]).toEqual([180, 20]);
});

test("independent draws: counts are binomial, gaps geometric, weight 0 gets nothing", () => {
  const weights = [
    { cluster: "a", weight: 90 },
    { cluster: "b", weight: 10 },
    { cluster: "c", weight: 0 },
  ];
  const config = simulation({
    mesh: bootstrap({
      routes: [route("/", forward("a", { clusters: weights }))],
      clusters: [cluster("a"), cluster("b"), cluster("c")],
      endpoints: { a: [endpoint(app)], b: [endpoint(asked)], c: [endpoint("10.0.0.5:1")] },
    }),
    workloads: [
      server("a", [app], { service: "s" }),
      server("b", [asked], { service: "s" }),
      server("c", ["10.0.0.5:1"], { service: "s" }),
    ],
    traffic: [toEnvoy("/", { requests: 10_000 })],
    durationMs: 1e6,
    orderedServices: [{ name: "s", namespace: "default" }],
  });
  const run = finish(config);
  expect(Math.abs((arrivalsOf(run, "b")[0] ?? 0) - 1000)).toBeLessThan(120);
  expect(arrivalsOf(run, "c")).toEqual([]);
  const hits = run.telemetry.arrivalOrder("s", "default").flatMap(({ workload }, i) => (workload === "b" ? [i] : []));
  const gaps = hits.slice(1).map((at, i) => at - (hits[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const sd = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(Math.abs(mean - 10)).toBeLessThan(1.3);
  expect(Math.abs(sd - 9.487)).toBeLessThan(1.6);
});
