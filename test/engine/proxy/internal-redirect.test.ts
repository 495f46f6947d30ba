/** A redirect that the proxy follows itself is one request to its client; what it cost is counted whole. */
import { expect, test } from "vitest";
import { createSimulation, type InternalRedirectPolicy, type SimulationConfig } from "#engine";
import { bootstrap, cluster, endpoint, forward, listenerAddress, route, server, simulation, toEnvoy } from "../support/build.ts";
import { edgeOf, finish } from "../support/outcomes.ts";

const policy: InternalRedirectPolicy = {
  maxRedirects: 1,
  codes: [302],
  allowsCrossScheme: false,
  headersToCopy: [],
  avoidsPreviousRoutes: false,
  safeCrossScheme: false,
};

interface Over {
  timeoutMs?: number;
  clientMs?: number;
  max?: number;
  /** The one route that may be led to. */
  onlyTo?: string;
  /** Of the redirect. */
  body?: "stall";
}

function redirected(over: Over = {}): SimulationConfig {
  const headers = { location: `http://${listenerAddress}:10000/new` };
  const allowed = over.onlyTo === undefined ? {} : { allowedRoutes: [over.onlyTo] };
  const body = over.body === undefined ? {} : { body: over.body };
  const outer = forward("old", { internalRedirect: { ...policy, maxRedirects: over.max ?? 1, ...allowed }, timeoutMs: 30 });
  return simulation({
    mesh: bootstrap({
      routes: [route("/old", outer), route("/new", forward("new", { timeoutMs: over.timeoutMs ?? 0 }))],
      clusters: [cluster("old"), cluster("new")],
      endpoints: { old: [endpoint("10.0.0.1:80")], new: [endpoint("10.0.0.2:80")] },
    }),
    workloads: [
      server("old", ["10.0.0.1:80"], {
        serviceTime: { type: "constant", ms: 20 },
        errors: { type: "rate", rate: 1, outcome: 302, serviceTime: null, response: { headers, ...body } },
      }),
      server("new", ["10.0.0.2:80"], { serviceTime: { type: "constant", ms: 40 } }),
    ],
    traffic: [toEnvoy("/old", { requests: 3, timeoutMs: over.clientMs ?? null })],
    accessLogLimit: 20,
  });
}

test("the edge counts one request with the tries of both, the log a line for each", () => {
  expect(edgeOf(redirected())).toMatchObject({ requests: 3, ok: 3, attempts: 6, statuses: { 200: 3 }, latency: { mean: 60 } });
  const lines = finish(redirected()).telemetry.accessLog().slice(0, 2);
  expect(lines.map((line) => [line.PATH, line.RESPONSE_CODE, line.RESPONSE_CODE_DETAILS, line.DURATION])).toEqual([
    ["/old", 302, "internal_redirect", 20],
    ["/old", 302, "internal_redirect", 20],
  ]);
});

test("the first route's timeout is over with it, the second's begins with the redirect, the client's goes on", () => {
  expect(edgeOf(redirected({ timeoutMs: 25 }))).toMatchObject({ statuses: { 504: 3 }, flags: { UT: 3 }, latency: { mean: 45 } });
  expect(edgeOf(redirected({ clientMs: 50 }))).toMatchObject({ statuses: { 0: 3 }, flags: { DC: 3 }, latency: { mean: 50 } });
});

test("beyond the limit the redirect is the answer", () => {
  expect(edgeOf(redirected({ max: 0 }))).toMatchObject({ statuses: { 302: 3 }, attempts: 3 });
});

test("the log names the route that was looked up and not taken; the limits of the one that was go on", () => {
  const [line] = finish(redirected({ onlyTo: "elsewhere" }))
    .telemetry.accessLog()
    .slice(-1);
  expect([line?.ROUTE_NAME, line?.UPSTREAM_CLUSTER, line?.RESPONSE_CODE]).toEqual(["/new", "new", 302]);
  expect(edgeOf(redirected({ onlyTo: "elsewhere", body: "stall" }))).toMatchObject({ statuses: { 302: 3 }, flags: { UT: 3 } });
});

test("a run rewound into the middle of a redirect ends as the one that was not", () => {
  const run = createSimulation(redirected(), { seed: 1, recordFlights: false, checkpointEvery: 4 });
  run.run();
  const end = run.traceHash();
  const edges = run.telemetry.edges();
  for (const atMs of [10, 25, 45, 65]) {
    run.seekTime(atMs);
    run.run();
    expect(run.traceHash()).toBe(end);
    expect(run.telemetry.edges()).toEqual(edges);
  }
});
