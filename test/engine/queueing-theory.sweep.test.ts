/** Mean latency and loss against queueing theory: M/M/1, a Jackson network, Erlang-B for max_requests, M/M/c/K for connections and pending. */
import { expect, test } from "vitest";
import { createSimulation, invariantViolations, type SimulationConfig } from "#engine";
import {
  bootstrap,
  cluster,
  endpoint,
  forward,
  noBreakers,
  request,
  route,
  server,
  service,
  simulation,
  toEnvoy,
} from "./support/build.ts";

/** While working one run of each is enough, with a wider bound. */
const quick = process.env.MESHWISE_SPEED === "check";
const seeds = quick ? [1] : [1, 2, 3, 4];
const bound = quick ? 0.025 : 0.01;

/** Sums over the first hop of all seeds. */
function measure(config: SimulationConfig): { requests: number; ok: number; meanMs: number } {
  let requests = 0;
  let ok = 0;
  let totalMs = 0;
  for (const seed of seeds) {
    const run = createSimulation(config, { seed, recordFlights: false, checkpointEvery: 0 });
    run.run();
    expect(invariantViolations(run)).toEqual([]);
    for (const edge of run.telemetry.edges()) {
      if (!edge.firstHop) continue;
      requests += edge.requests;
      ok += edge.ok;
      totalMs += edge.latency.mean * edge.requests;
    }
  }
  return { requests, ok, meanMs: totalMs / requests };
}

const exponential = (meanMs: number) => ({ type: "exponential" as const, meanMs });

/** Applications without proxies, called by name, each with one place at work. */
function network(
  stations: readonly { name: string; meanMs: number; calls?: readonly string[] }[],
  perSecond: number,
): SimulationConfig {
  const call = (name: string) => ({
    request: request(`http://${name}.shop:8080/`),
    timeoutMs: null,
    forwardHeaders: true,
    onError: "fail" as const,
  });
  return simulation({
    mesh: {
      nodes: [],
      services: stations.map(({ name }, i) => service(name, [`10.1.0.${i + 1}:8080`], { address: `10.96.1.${i}` })),
    },
    workloads: stations.map(({ name, meanMs, calls = [] }, i) =>
      server(name, [`10.1.0.${i + 1}:8080`], {
        serviceTime: exponential(meanMs),
        concurrency: 1,
        calls: calls.map((one) => [call(one)]),
      }),
    ),
    traffic: [
      {
        name: "t",
        from: null,
        fromLabel: "client",
        entryNodeId: null,
        variants: [{ weight: 1, request: request(`http://${stations[0]?.name}.shop:8080/`) }],
        load: { type: "rate", perSecond, arrivals: "poisson" },
        timeoutMs: null,
        startMs: 0,
        durationMs: null,
        requests: 150_000,
      },
    ],
    durationMs: 1,
  });
}

test("M/M/1: the mean time in the system is 1 / (μ − λ), within 1 %", { timeout: 120_000 }, () => {
  const { meanMs } = measure(network([{ name: "one", meanMs: 10 }], 40));
  const theoryMs = 1000 / (100 - 40);
  expect(Math.abs(meanMs / theoryMs - 1)).toBeLessThan(bound);
});

test("a Jackson network: each station as if alone, the sum of 1 / (μ − λ), within 1 %", { timeout: 120_000 }, () => {
  const stations = [
    { name: "front", meanMs: 10, calls: ["middle", "back"] },
    { name: "middle", meanMs: 15 },
    { name: "back", meanMs: 5 },
  ];
  const { meanMs } = measure(network(stations, 25));
  const theoryMs = stations.reduce((sum, one) => sum + 1000 / (1000 / one.meanMs - 25), 0);
  expect(Math.abs(meanMs / theoryMs - 1)).toBeLessThan(bound);
});

/** One Envoy in front of a server that takes everything at once: only the breaker makes requests wait or fail. */
function breaker(limits: Partial<typeof noBreakers>, perSecond: number, meanMs: number): SimulationConfig {
  const thresholds = { ...noBreakers, ...limits };
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } })],
      endpoints: { p: [endpoint("10.2.0.1:8080")] },
    }),
    workloads: [server("p", ["10.2.0.1:8080"], { serviceTime: exponential(meanMs) })],
    traffic: [toEnvoy("/", { load: { type: "rate", perSecond, arrivals: "poisson" }, requests: 60_000 })],
    durationMs: 1,
  });
}

/** Probability that K places are full, with c servers and offered load a: M/M/c/K; K = c is Erlang-B. */
function lossOf(c: number, K: number, a: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= K; n++) {
    term *= a / Math.min(n, c);
    sum += term;
  }
  return term / sum;
}

/** Losses come in clusters, so their spread is that of fewer draws: three times the binomial variance covers it. */
function expectLoss(config: SimulationConfig, theory: number): void {
  const { requests, ok } = measure(config);
  const spread = Math.sqrt((3 * theory * (1 - theory)) / requests);
  expect(Math.abs((requests - ok) / requests - theory)).toBeLessThan(4 * spread);
}

test.each([
  [1, 0.5],
  [5, 4],
  [10, 8],
])("Erlang-B: max_requests %i at %d erlang loses what the formula says", (c, erlang) => {
  expectLoss(breaker({ maxRequests: c }, erlang * 50, 20), lossOf(c, c, erlang));
});

test.each([
  [1, 3, 0.8],
  [2, 4, 1.6],
  [5, 10, 5],
])("M/M/c/K: max_connections %i with max_pending_requests %i at %d erlang", (connections, pending, erlang) => {
  const limits = { maxConnections: connections, maxPendingRequests: pending };
  expectLoss(breaker(limits, erlang * 50, 20), lossOf(connections, connections + pending, erlang));
});
