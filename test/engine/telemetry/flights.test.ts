/** Each kind of message that the graph draws is written where it happens, and nowhere else. */
import { expect, test } from "vitest";
import { createSimulation, type Flight, type Route } from "#engine";
import {
  bootstrap,
  cluster,
  endpoint,
  forward,
  noBreakers,
  retryPolicy,
  route,
  server,
  simulation,
  toEnvoy,
} from "../support/build.ts";

const [open, closed, other] = ["10.4.0.1:8080", "10.4.0.2:8080", "10.4.0.3:8080"] as const;
const hasty = retryPolicy({ retryOn: ["connect-failure", "reset"], numRetries: 1 });

/** What flew for one request of a burst. */
function flightsOf(
  one: Route,
  over: { size?: number; reset?: boolean } = {},
): Pick<Flight, "kind" | "attempt" | "toWorkload" | "status">[] {
  const failing = over.reset ? { errors: { type: "rate" as const, rate: 1, outcome: "reset" as const, serviceTime: null } } : {};
  const run = createSimulation(
    simulation({
      mesh: bootstrap({
        routes: [one],
        clusters: [
          cluster("open"),
          cluster("closed"),
          cluster("other"),
          cluster("empty"),
          cluster("narrow", { circuitBreakers: { default: { ...noBreakers, maxRequests: 0 }, high: noBreakers } }),
        ],
        endpoints: {
          open: [endpoint(open)],
          closed: [endpoint(closed)],
          other: [endpoint(other)],
          narrow: [endpoint(open)],
          empty: [],
        },
      }),
      workloads: [server("open", [open], failing), server("other", [other])],
      traffic: [toEnvoy("/", { load: { type: "burst", size: over.size ?? 1 } })],
    }),
    { seed: 1 },
  );
  run.run();
  return run.flights(0, 100).map(({ kind, attempt, toWorkload, status }) => ({ kind, attempt, toWorkload, status }));
}

test("a request and its answer", () => {
  expect(flightsOf(route("/", forward("open")))).toEqual([
    { kind: "request", attempt: 1, toWorkload: "open", status: 0 },
    { kind: "response", attempt: 0, toWorkload: "open", status: 200 },
  ]);
});

test("a copy goes out beside the original", () => {
  const mirrors = [{ cluster: "other", percent: 100 }];
  const kinds = flightsOf(route("/", forward("open", { mirrors }))).map(({ kind, toWorkload }) => `${kind} ${toWorkload}`);
  expect(kinds.sort()).toEqual(["mirror other", "request open", "response open", "response other"]);
});

test("a port that nobody opens refuses each try; nothing else flies", () => {
  expect(flightsOf(route("/", forward("closed", { retryPolicy: hasty })))).toEqual([
    { kind: "refused", attempt: 1, toWorkload: "", status: 0 },
    { kind: "refused", attempt: 2, toWorkload: "", status: 0 },
  ]);
});

test("a connection closed before the answer: the request was there, and what came back has no status", () => {
  expect(flightsOf(route("/", forward("open")), { reset: true })).toEqual([
    { kind: "request", attempt: 1, toWorkload: "open", status: 0 },
    { kind: "response", attempt: 0, toWorkload: "open", status: 0 },
  ]);
});

test.each([
  ["no host", forward("empty"), 503],
  ["no room at a limit", forward("narrow"), 0],
  ["no cluster", forward("nowhere"), 503],
  ["the proxy's own answer", { type: "directResponse", status: 403 } as const, 403],
])("stopped at the caller's proxy: %s", (_, action, status) => {
  expect(flightsOf(route("/", action))).toMatchObject([{ kind: "refused", toWorkload: "", status }]);
});

test("an answer of the proxy's own that is none of refusal flies nowhere", () => {
  expect(flightsOf(route("/", { type: "directResponse", status: 200 }))).toEqual([]);
});
