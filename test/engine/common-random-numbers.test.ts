/** Named streams: what changes in one component leaves the draws of every other as they were, so two configurations can be compared. */
import { expect, test } from "vitest";
import { createSimulation, type LoadBalancing, type SimulationConfig } from "#engine";
import { bootstrap, cluster, endpoint, forward, lb, retryPolicy, route, server, simulation, toEnvoy } from "./support/build.ts";

const hosts = (part: number) => [1, 2, 3].map((n) => `10.3.${part}.${n}:8080`);

function config(left: { policy: LoadBalancing["policy"]; retries: number; meanMs: number }): SimulationConfig {
  const random = { type: "rate" as const, perSecond: 50, arrivals: "poisson" as const };
  const flaky = { type: "rate" as const, rate: 0.3, outcome: 503, serviceTime: null };
  return simulation({
    mesh: bootstrap({
      routes: [
        route("/left", forward("left", { retryPolicy: retryPolicy({ numRetries: left.retries }) })),
        route("/right", forward("right", { retryPolicy: retryPolicy({ numRetries: 2 }) })),
      ],
      clusters: [cluster("left", { lb: lb({ policy: left.policy }) }), cluster("right", { lb: lb({ policy: "RANDOM" }) })],
      endpoints: {
        left: hosts(1).map((address) => endpoint(address)),
        right: hosts(2).map((address) => endpoint(address)),
      },
    }),
    workloads: [
      server("left", hosts(1), { serviceTime: { type: "exponential", meanMs: left.meanMs } }),
      server("right", hosts(2), { serviceTime: { type: "exponential", meanMs: 20 }, errors: flaky }),
    ],
    traffic: [toEnvoy("/left", { load: random }), toEnvoy("/right", { load: random })],
    durationMs: 20_000,
  });
}

/** Everything measured of the untouched half. */
function right(of: SimulationConfig) {
  const run = createSimulation(of, { seed: 5 });
  run.run();
  return {
    edges: run.telemetry.edges().filter((edge) => edge.traffic === 1),
    arrivals: run.telemetry.arrivals().filter((row) => row.workload === "right"),
  };
}

test.each([
  ["another policy", { policy: "LEAST_REQUEST" as const, retries: 1, meanMs: 20 }],
  ["another service time", { policy: "RANDOM" as const, retries: 1, meanMs: 90 }],
])("%s of one service changes no figure of another", (_, change) => {
  expect(right(config(change))).toEqual(right(config({ policy: "RANDOM", retries: 1, meanMs: 20 })));
});
