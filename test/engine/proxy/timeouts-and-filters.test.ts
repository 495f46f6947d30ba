/** Timeouts, faults, rate limits, mirroring and flags as measured on Envoy 1.40 (groups f, g, h, j, m). */
import { expect, test } from "vitest";
import type { ForwardAction, HttpFilterConfig, Route, SimulationConfig } from "#engine";
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
import { arrivalsOf, edgeOf, finish } from "../support/outcomes.ts";

const address = "10.0.0.1:8080";

function through(action: Partial<ForwardAction>, serviceMs: number, over: Partial<SimulationConfig> = {}): SimulationConfig {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p", action))],
      clusters: [cluster("p")],
      endpoints: { p: [endpoint(address)] },
    }),
    workloads: [server("p", [address], { serviceTime: { type: "constant", ms: serviceMs } })],
    traffic: [toEnvoy("/", { requests: 5, load: { type: "users", users: 1, thinkTimeMs: 0 } })],
    durationMs: 100_000,
    ...over,
  });
}

const fast = { baseIntervalMs: 1, maxIntervalMs: 10 };
const retries = (over: Partial<Parameters<typeof retryPolicy>[0]>) => ({
  retryPolicy: retryPolicy({ backOff: fast, numRetries: 2, ...over }),
});

// Upstream answers 200 after 600 ms: [name, action, status, flags, attempts, latency].
const slow: [string, Partial<ForwardAction>, number, string, number, number][] = [
  ["route timeout", { timeoutMs: 300 }, 504, "UT", 1, 300],
  ["timeout 0 disables", { timeoutMs: 0 }, 200, "", 1, 600],
  ["per-try timeout under 5xx", retries({ perTryTimeoutMs: 100 }), 504, "URX,UT", 3, 300],
  ["per-try timeout under gateway-error", retries({ perTryTimeoutMs: 100, retryOn: ["gateway-error"] }), 504, "URX,UT", 3, 300],
  ["per-try timeout under reset", retries({ perTryTimeoutMs: 100, retryOn: ["reset"] }), 504, "URX,UT", 3, 300],
  ["not under connect-failure", retries({ perTryTimeoutMs: 100, retryOn: ["connect-failure"] }), 504, "UT", 1, 100],
  ["num_retries 0 still sets URX", retries({ perTryTimeoutMs: 100, numRetries: 0 }), 504, "URX,UT", 1, 100],
  ["the route timeout cuts the third try", { timeoutMs: 250, ...retries({ perTryTimeoutMs: 100 }) }, 504, "UT", 3, 250],
  ["per-try above the route timeout is ignored", { timeoutMs: 100, ...retries({ perTryTimeoutMs: 200 }) }, 504, "UT", 1, 100],
  ["the route timeout is not retried", { timeoutMs: 100, ...retries({}) }, 504, "UT", 1, 100],
  ["max_stream_duration has no flag", { maxStreamDurationMs: 200 }, 504, "", 1, 200],
  ["stream idle timeout", { idleTimeoutMs: 150 }, 504, "SI", 1, 150],
];

test.each(slow)("%s", (_name, action, status, flags, attempts, latencyMs) => {
  const edge = edgeOf(through(action, 600));
  expect(edge.statuses).toEqual({ [status]: 5 });
  expect(Object.keys(edge.flags).sort()).toEqual(flags === "" ? [] : flags.split(",").sort());
  expect(edge.attempts).toBe(attempts * 5);
  // One whole millisecond at most for each back-off of base 1.
  expect(Math.abs(edge.latency.p50 - latencyMs)).toBeLessThanOrEqual(attempts);
});

test("a timeout during back-off gives 504 UT, the last 503 is discarded", () => {
  const action = {
    timeoutMs: 100,
    retryPolicy: retryPolicy({ numRetries: 5, backOff: { baseIntervalMs: 100_000, maxIntervalMs: 100_000 } }),
  };
  const failing = server("p", [address], { errors: { type: "rate", rate: 1, outcome: 503, serviceTime: null } });
  expect(edgeOf(through(action, 0, { workloads: [failing] }))).toMatchObject({ statuses: { 504: 5 }, flags: { UT: 5 } });
});

test("hedging keeps the slow try: its answer still wins; without hedging both time out", () => {
  const pattern = server("p", [address], {
    serviceTime: { type: "constant", ms: 160 },
    errors: null,
  });
  const policy = retries({ perTryTimeoutMs: 100, numRetries: 1 });
  const hedged = edgeOf(
    through({ ...policy, hedgePolicy: { initialRequests: 1, hedgeOnPerTryTimeout: true } }, 160, { workloads: [pattern] }),
  );
  expect(hedged).toMatchObject({ statuses: { 200: 5 }, flags: {}, attempts: 10 });
  expect(hedged.latency.p50).toBe(160);
  expect(edgeOf(through(policy, 160))).toMatchObject({ statuses: { 504: 5 }, flags: { URX: 5, UT: 5 }, attempts: 10 });
});

test("the client gives up: status 0, DC, and the server's work is not repeated", () => {
  const config = through({}, 600, { traffic: [toEnvoy("/", { requests: 3, timeoutMs: 100 })] });
  const edge = edgeOf(config);
  expect(edge).toMatchObject({ statuses: { 0: 3 }, flags: { DC: 3 }, ok: 0 });
  expect(edge.latency.max).toBe(100);
});

function withFault(
  config: Extract<HttpFilterConfig, { name: "fault" }>["config"],
  action: Partial<ForwardAction> = {},
  requests = 4000,
  serviceMs = 0,
) {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p", action))],
      clusters: [cluster("p")],
      endpoints: { p: [endpoint(address)] },
      filters: [{ name: "fault", config }],
    }),
    workloads: [server("p", [address], { serviceTime: { type: "constant", ms: serviceMs } })],
    traffic: [toEnvoy("/", { requests, load: { type: "rate", perSecond: 100, arrivals: "constant" } })],
    durationMs: 1e6,
  });
}

const within = (actual: number, share: number, n: number) =>
  expect(Math.abs(actual / n - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / n));

test("faults: independent draws for delay and abort; aborts never reach the server and are never retried", () => {
  const both = edgeOf(withFault({ delay: { fixedMs: 50, percent: 30 }, abort: { httpStatus: 500, percent: 20 } }));
  within(both.flags.DI ?? 0, 0.3, 4000);
  within(both.flags.FI ?? 0, 0.2, 4000);
  within(both.statuses[500] ?? 0, 0.2, 4000);
  const all = finish(withFault({ abort: { httpStatus: 503, percent: 100 } }, { retryPolicy: retryPolicy() }, 100));
  expect(all.telemetry.edges()[0]).toMatchObject({ statuses: { 503: 100 }, flags: { FI: 100 }, attempts: 0 });
  expect(arrivalsOf(all, "p")).toEqual([]);
  expect(edgeOf(withFault({ abort: { httpStatus: 503, percent: 0 } }, {}, 200)).statuses).toEqual({ 200: 200 });
});

test("a fault's delay is outside the route timeout", () => {
  const edge = edgeOf(withFault({ delay: { fixedMs: 250, percent: 100 } }, { timeoutMs: 100 }, 5, 50));
  expect(edge).toMatchObject({ statuses: { 200: 5 }, latency: { p50: 300 } });
});

test("requests above max_active_faults pass unharmed", () => {
  const config = withFault({ delay: { fixedMs: 1000, percent: 100 }, maxActiveFaults: 3 });
  const edge = edgeOf({ ...config, traffic: [toEnvoy("/", { load: { type: "burst", size: 10 } })] });
  expect(edge.flags).toEqual({ DI: 3 });
});

function limited(
  bucket: { maxTokens: number; tokensPerFill: number; fillIntervalMs: number },
  enforcedPercent = 100,
  enabledPercent = 100,
) {
  const filter: HttpFilterConfig = {
    name: "localRateLimit",
    config: { tokenBucket: bucket, enabledPercent, enforcedPercent, status: 429 },
  };
  return (traffic: SimulationConfig["traffic"]) =>
    edgeOf(
      simulation({
        mesh: bootstrap({
          routes: [route("/", forward("p"))],
          clusters: [cluster("p")],
          endpoints: { p: [endpoint(address)] },
          filters: [filter],
        }),
        workloads: [server("p", [address])],
        traffic,
        durationMs: 1e6,
      }),
    );
}

test("the bucket refills continuously, one token every 200 ms, and never exceeds its size", () => {
  const run = limited({ maxTokens: 10, tokensPerFill: 5, fillIntervalMs: 1000 });
  // 10 at once and 5 a second for 10 s.
  const edge = run([toEnvoy("/", { load: { type: "rate", perSecond: 50, arrivals: "constant" }, durationMs: 10_000 })]);
  expect(edge.statuses[200]).toBeGreaterThanOrEqual(59);
  expect(edge.statuses[200]).toBeLessThanOrEqual(60);
  expect(edge.flags.RL).toBe(500 - (edge.statuses[200] ?? 0));
  const burst = run([toEnvoy("/", { load: { type: "burst", size: 30 }, startMs: 100_000 })]);
  expect(burst.statuses).toEqual({ 200: 10, 429: 20 });
  expect(burst.attempts).toBe(10);
});

test("enforced 0 % counts and lets pass; enabled 50 % judges every other request", () => {
  const bucket = { maxTokens: 1, tokensPerFill: 1, fillIntervalMs: 3_600_000 };
  expect(limited(bucket, 0)([toEnvoy("/", { requests: 50 })]).statuses).toEqual({ 200: 50 });
  const half = limited(bucket, 100, 50)([toEnvoy("/", { requests: 1000 })]);
  within((half.statuses[200] ?? 0) - 1, 0.5, 999);
});

function mirrored(percent: number, action: Partial<ForwardAction> = {}, requests = 1000, errors = 0) {
  const thresholds = noBreakers;
  return finish(
    simulation({
      mesh: bootstrap({
        routes: [route("/", forward("p", { mirrors: [{ cluster: "s", percent }], ...action }))],
        clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } }), cluster("s")],
        endpoints: { p: [endpoint(address)], s: [endpoint("10.0.0.2:8080")] },
      }),
      workloads: [
        server("p", [address], { errors: errors > 0 ? { type: "rate", rate: errors, outcome: 503, serviceTime: null } : null }),
        server("s", ["10.0.0.2:8080"], { serviceTime: { type: "constant", ms: 300 } }),
      ],
      traffic: [toEnvoy("/", { requests })],
      durationMs: 1e6,
    }),
  );
}

const shadowsOf = (run: ReturnType<typeof mirrored>) =>
  run.telemetry.arrivals().find((row) => row.workload === "s")?.shadows ?? 0;

test("mirroring: once per request, by percentage, never waited for", () => {
  const all = mirrored(100);
  expect([arrivalsOf(all, "p")[0], shadowsOf(all)]).toEqual([1000, 1000]);
  expect(all.telemetry.edges()[0]?.latency.max).toBe(0);
  within(shadowsOf(mirrored(50, {}, 4000)), 0.5, 4000);
  expect(shadowsOf(mirrored(0))).toBe(0);
  // A retried original has one copy.
  expect(shadowsOf(mirrored(100, { retryPolicy: retryPolicy({ numRetries: 2 }) }, 2000, 0.3))).toBe(2000);
});

test("each origin of a failure has its flag", () => {
  const none = { ...noBreakers, maxRequests: 0 };
  const routes: Route[] = [
    route("/e503", forward("e503")),
    route("/close", forward("close")),
    route("/refused", forward("refused")),
    route("/uh", forward("empty")),
    route("/uo", forward("full")),
    route("/nc", forward("undefined")),
    route("/redirect", { type: "redirect", status: 301 }),
    route("/direct", { type: "directResponse", status: 418 }),
  ];
  const failing = (outcome: number | "reset") => ({ errors: { type: "rate" as const, rate: 1, outcome, serviceTime: null } });
  const config = simulation({
    mesh: bootstrap({
      routes,
      clusters: [
        cluster("e503"),
        cluster("close"),
        cluster("refused"),
        cluster("empty"),
        cluster("full", { circuitBreakers: { default: none, high: none } }),
      ],
      endpoints: {
        e503: [endpoint("10.0.0.1:1")],
        close: [endpoint("10.0.0.2:1")],
        refused: [endpoint("10.0.0.3:1")],
        full: [endpoint("10.0.0.1:1")],
      },
    }),
    workloads: [server("e503", ["10.0.0.1:1"], failing(503)), server("close", ["10.0.0.2:1"], failing("reset"))],
    traffic: ["/e503", "/close", "/refused", "/uh", "/uo", "/nc", "/none", "/redirect", "/direct"].map((path) =>
      toEnvoy(path, { requests: 1 }),
    ),
  });
  const run = finish(config);
  const seen = run.telemetry
    .edges()
    .map((edge) => [
      config.traffic[edge.traffic]?.name,
      `${Object.keys(edge.statuses)[0]} ${Object.keys(edge.flags).join(",") || "-"}`,
      edge.attempts,
    ]);
  expect(Object.fromEntries(seen.map(([path, outcome]) => [path, outcome]))).toEqual({
    "/e503": "503 -",
    "/close": "503 UC",
    "/refused": "503 UF",
    "/uh": "503 UH",
    "/uo": "503 UO",
    "/nc": "503 NC",
    "/none": "404 NR",
    "/redirect": "301 -",
    "/direct": "418 -",
  });
  const attempts = Object.fromEntries(seen.map(([path, , count]) => [path, count]));
  expect(attempts).toMatchObject({ "/uh": 1, "/uo": 1, "/nc": 0, "/none": 0 });
});
