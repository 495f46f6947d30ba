/** max_connection_duration and per_host_thresholds; what they do to others at a real Envoy: connection-age.yaml of the oracle. */
import { expect, test } from "vitest";
import type { CircuitBreakerThresholds, Cluster, SimulationConfig } from "#engine";
import { bootstrap, cluster, endpoint, forward, noBreakers, route, server, simulation, toEnvoy } from "../support/build.ts";
import { edgeOf } from "../support/outcomes.ts";

const address = "10.0.0.1:8080";

function config(
  over: Partial<Cluster>,
  limits: Partial<CircuitBreakerThresholds>,
  traffic: SimulationConfig["traffic"],
): SimulationConfig {
  const thresholds = { ...noBreakers, ...limits };
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds }, ...over })],
      endpoints: { p: [endpoint(address)] },
    }),
    workloads: [server("p", [address], { serviceTime: { type: "constant", ms: 100 } })],
    traffic,
  });
}

const burst = (path: string, size: number, startMs: number) => toEnvoy(path, { load: { type: "burst", size }, startMs });

test.each(["http1", "http2"] as const)(
  "%s: an idle connection is closed at its age, so that a burst finds the pool cold",
  (upstreamProtocol) => {
    const traffic = [burst("/warm", 1, 0), burst("/", 2, 5000)];
    const flags = (maxConnectionAgeMs: number) =>
      edgeOf(config({ upstreamProtocol, maxConnectionAgeMs }, { maxPendingRequests: 1 }, traffic), 1).flags;
    expect(flags(10_000)).toEqual({});
    expect(flags(4000)).toEqual({ UO: 1 });
  },
);

test("idle connections are closed each in its own time", () => {
  // Two connections: one of 0 ms, one of 50 ms, which is given back last.
  const traffic = [burst("/a", 1, 0), burst("/b", 1, 50), burst("/", 3, 1025)];
  const flags = (maxConnectionAgeMs: number) =>
    edgeOf(config({ maxConnectionAgeMs }, { maxPendingRequests: 1 }, traffic), 2).flags;
  // Both, one, and none is left.
  expect(flags(2000)).toEqual({});
  expect(flags(1000)).toEqual({ UO: 1 });
  expect(flags(900)).toEqual({ UO: 2 });
});

test("a connection in use drains: its stream ends as it would have", () => {
  const traffic = [burst("/", 1, 0)];
  expect(edgeOf(config({ maxConnectionAgeMs: 30 }, {}, traffic)).statuses).toEqual({ 200: 1 });
});

test("a host's own limit of connections lets requests wait for them", () => {
  const { latency } = edgeOf(config({}, { maxConnectionsPerHost: 2 }, [burst("/", 6, 0)]));
  expect(latency).toMatchObject({ p50: 200, max: 300 });
});
