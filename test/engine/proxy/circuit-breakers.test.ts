/** Limits of a cluster as measured on Envoy 1.40 (group c) and against queueing theory (Erlang B, M/M/c/K). */
import { expect, test } from "vitest";
import type { CircuitBreakerThresholds, SimulationConfig } from "#engine";
import {
  bootstrap,
  cluster,
  endpoint,
  forward,
  noBreakers,
  route,
  server,
  simulation,
  toEnvoy,
  unlimited,
} from "../support/build.ts";
import { edgeOf } from "../support/outcomes.ts";

const address = "10.0.0.1:8080";

function limited(limits: Partial<CircuitBreakerThresholds>, over: Partial<SimulationConfig> = {}): SimulationConfig {
  const thresholds = { ...noBreakers, ...limits };
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } })],
      endpoints: { p: [endpoint(address)] },
    }),
    workloads: [server("p", [address], { serviceTime: { type: "constant", ms: 200 } })],
    ...over,
  });
}

function burst(connections: number, pending: number, requests: number, size: number, warm: boolean) {
  const config = limited({ maxConnections: connections, maxPendingRequests: pending, maxRequests: requests });
  const warmUp = Math.min(connections, requests, size);
  const traffic = [toEnvoy("/", { load: { type: "burst", size }, startMs: 5000 })];
  if (warm) {
    // Overlapping requests, 20 ms apart, open as many connections as the breaker allows.
    traffic.push(toEnvoy("/warm", { load: { type: "rate", perSecond: 50, arrivals: "constant" }, requests: warmUp }));
  }
  return edgeOf({ ...config, traffic });
}

// Checks "c1-breaker-burst": [connections, pending, requests, burst, admitted when warm].
const warmCases: [number, number, number, number, number][] = [
  [1, 1, unlimited, 10, 2],
  [1, 2, unlimited, 10, 3],
  [1, 5, unlimited, 10, 6],
  [5, 1, unlimited, 10, 6],
  [5, 5, unlimited, 20, 10],
  [unlimited, unlimited, 1, 10, 1],
  [unlimited, unlimited, 5, 10, 5],
  [unlimited, unlimited, 10, 10, 10],
  [unlimited, unlimited, 10, 30, 10],
  [unlimited, 1, unlimited, 10, 10],
  [10, 10, unlimited, 30, 20],
];

test.each(warmCases)(
  "warm pool, max_connections %d, max_pending %d, max_requests %d: a burst of %d admits %d",
  (c, p, r, n, admitted) => {
    // A pool is warm when each of the burst could have an idle connection, as far as the limits allow.
    const edge = burst(c, p, r, n, true);
    expect(edge.statuses).toEqual(admitted === n ? { 200: n } : { 200: admitted, 503: n - admitted });
    expect(edge.flags.UO ?? 0).toBe(n - admitted);
    expect(edge.attempts).toBe(n);
  },
);

// A truly simultaneous burst at a cold pool admits exactly max_pending: requests wait while their connections are opened.
test.each([
  [1, 1, 10],
  [1, 2, 10],
  [1, 5, 10],
  [2, 3, 10],
  [5, 1, 10],
  [unlimited, 1, 10],
  [unlimited, 5, 10],
  [10, 10, 30],
])("cold pool, max_connections %d, max_pending %d: a burst of %d admits max_pending", (c, p, n) => {
  expect(burst(c, p, unlimited, n, false).ok).toBe(Math.min(p, n));
});

test("max_requests never queues and also holds when the pool is cold", () => {
  expect(burst(unlimited, unlimited, 5, 10, false)).toMatchObject({ ok: 5, flags: { UO: 5 } });
});

test("max_connections never starves a host: each of three hosts gets its one connection", () => {
  const hosts = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"];
  const thresholds = { ...noBreakers, maxConnections: 1 };
  const edge = edgeOf(
    simulation({
      mesh: bootstrap({
        routes: [route("/", forward("p"))],
        clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } })],
        endpoints: { p: hosts.map((host) => endpoint(host)) },
      }),
      workloads: [server("p", hosts, { serviceTime: { type: "constant", ms: 100 } })],
      traffic: [toEnvoy("/", { load: { type: "burst", size: 3 } })],
    }),
  );
  expect(edge).toMatchObject({ ok: 3, latency: { max: 100 } });
});

test("closed loop: one active and one pending is exactly the allowance", () => {
  const config = limited({ maxConnections: 1, maxPendingRequests: 1 });
  const traffic = [
    toEnvoy("/", { load: { type: "users", users: 1, thinkTimeMs: 0 }, requests: 500 }),
    toEnvoy("/second", { load: { type: "users", users: 1, thinkTimeMs: 0 }, requests: 500, startMs: 1 }),
  ];
  expect(edgeOf({ ...config, traffic, durationMs: 500_000 }).flags).toEqual({});
});

/** Blocking of M/M/c/K: c servers, K places in all. */
function blocking(load: number, servers: number, places: number): number {
  let weight = 1;
  let sum = 1;
  for (let n = 1; n <= places; n++) {
    weight *= load / Math.min(n, servers);
    sum += weight;
  }
  return weight / sum;
}

const servers: [string, Partial<CircuitBreakerThresholds>, number, number, number][] = [
  ["M/M/1/2", { maxConnections: 1, maxPendingRequests: 1 }, 50, 1, 2],
  ["M/M/1/4", { maxConnections: 1, maxPendingRequests: 3 }, 50, 1, 4],
  ["M/M/5/6", { maxConnections: 5, maxPendingRequests: 1 }, 250, 5, 6],
  ["M/M/5/15", { maxConnections: 5, maxPendingRequests: 10 }, 300, 5, 15],
  ["Erlang B, 1 server", { maxRequests: 1 }, 50, 1, 1],
  ["Erlang B, 5 servers", { maxRequests: 5 }, 250, 5, 5],
  ["Erlang B, 10 servers", { maxRequests: 10 }, 500, 10, 10],
];

test.each(servers)("%s: the share of overflows is the blocking probability", (_name, limits, rate, c, k) => {
  const requests = 40_000;
  const config = limited(limits, {
    workloads: [server("p", [address], { serviceTime: { type: "exponential", meanMs: 20 } })],
    traffic: [toEnvoy("/", { load: { type: "rate", perSecond: rate, arrivals: "poisson" }, requests })],
    durationMs: 1e9,
  });
  const share = (edgeOf(config).flags.UO ?? 0) / requests;
  const expected = blocking((rate * 20) / 1000, c, k);
  // 4 sd, × 2 for the correlation of neighbouring arrivals.
  expect(Math.abs(share - expected)).toBeLessThan(8 * Math.sqrt((expected * (1 - expected)) / requests));
});

test("M/M/1: mean latency 1 / (μ − λ) without any limit", () => {
  const config = limited(
    {},
    {
      workloads: [server("p", [address], { serviceTime: { type: "exponential", meanMs: 10 }, concurrency: 1 })],
      traffic: [toEnvoy("/", { load: { type: "rate", perSecond: 60, arrivals: "poisson" }, requests: 400_000 })],
      durationMs: 1e9,
    },
  );
  const { mean } = edgeOf(config).latency;
  expect(mean / 25).toBeGreaterThan(0.98);
  expect(mean / 25).toBeLessThan(1.02);
});
