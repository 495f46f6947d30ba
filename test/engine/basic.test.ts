/** A first request through one proxy: what comes back, what is counted, and that equal seeds are equal runs. */
import { expect, test } from "vitest";
import { createSimulation, invariantViolations } from "#engine";
import { behaviour, bootstrap, cluster, endpoint, forward, route, server, simulation, toEnvoy } from "./support/build.ts";

function oneServer() {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p")],
      endpoints: { p: [endpoint("10.0.0.1:8080")] },
    }),
    workloads: [server("p", ["10.0.0.1:8080"], behaviour({ serviceTime: { type: "constant", ms: 7 } }))],
    traffic: [toEnvoy("/", { requests: 50 })],
  });
}

test("constant arrivals are all answered after the service time", () => {
  const run = createSimulation(oneServer(), { seed: 1 });
  run.run();
  expect(run.finished).toBe(true);
  const [edge] = run.telemetry.edges();
  expect(edge).toMatchObject({ requests: 50, ok: 50, attempts: 50, statuses: { 200: 50 }, firstHop: true });
  expect(edge?.latency).toMatchObject({ min: 7, max: 7, p50: 7, p99: 7 });
  expect(run.telemetry.arrivals()).toMatchObject([{ workload: "p", requests: 50 }]);
  expect(invariantViolations(run)).toEqual([]);
});

test("equal seeds give equal trace hashes, other seeds others", () => {
  const hash = (seed: number) => {
    const config = oneServer();
    const run = createSimulation(
      { ...config, traffic: [toEnvoy("/", { load: { type: "rate", perSecond: 100, arrivals: "poisson" } })] },
      { seed },
    );
    run.run();
    return run.traceHash();
  };
  expect(hash(1)).toBe(hash(1));
  expect(hash(1)).not.toBe(hash(2));
});
