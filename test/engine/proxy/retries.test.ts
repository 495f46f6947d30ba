/** Retries as measured on Envoy 1.40: which failures, how many, how long after, and within which limits (groups b, b3, b4). */
import { expect, test } from "vitest";
import type { HeaderMatcher, RetryPolicy, SimulationConfig } from "#engine";
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

function failing(outcome: number | "reset", retry: Partial<RetryPolicy>): SimulationConfig {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p", { retryPolicy: retryPolicy({ numRetries: 2, ...retry }) }))],
      clusters: [cluster("p")],
      endpoints: { p: [endpoint(address)] },
    }),
    workloads: [server("p", [address], { errors: { type: "rate", rate: 1, outcome, serviceTime: null } })],
    traffic: [toEnvoy("/", { requests: 1 })],
  });
}

// Attempts by upstream outcome: checks "retry_on=…: attempts by upstream outcome".
const matrix: Record<string, Record<string, number>> = {
  "5xx": { 500: 3, 502: 3, 503: 3, 504: 3, 404: 1, 409: 1, 429: 1, reset: 3 },
  "gateway-error": { 500: 1, 502: 3, 503: 3, 504: 3, 404: 1, 409: 1, 429: 1, reset: 3 },
  reset: { 500: 1, 502: 1, 503: 1, 504: 1, 404: 1, 409: 1, 429: 1, reset: 3 },
  "connect-failure": { 500: 1, 502: 1, 503: 1, 504: 1, 404: 1, 409: 1, 429: 1, reset: 1 },
  "retriable-4xx": { 500: 1, 502: 1, 503: 1, 504: 1, 404: 1, 409: 3, 429: 1, reset: 1 },
  "retriable-status-codes": { 500: 1, 502: 1, 503: 1, 504: 1, 404: 1, 409: 1, 429: 3, reset: 1 },
  "reset-before-request": { 500: 1, 502: 1, 503: 1, 504: 1, 404: 1, 409: 1, 429: 1, reset: 1 },
};

for (const [retryOn, outcomes] of Object.entries(matrix)) {
  test(`retry_on ${retryOn} retries what it names and nothing else`, () => {
    const tried = Object.fromEntries(
      Object.keys(outcomes).map((outcome) => {
        const code = outcome === "reset" ? "reset" : Number(outcome);
        return [outcome, edgeOf(failing(code, { retryOn: [retryOn], retriableStatusCodes: [429] })).attempts];
      }),
    );
    expect(tried).toEqual(outcomes);
  });
}

// Asked of Envoy 1.40: answers of 200 and 404 without a header of their own. An inverted value never matches a header that is absent.
const matchersOfAnswers: [HeaderMatcher, { 200: number; 404: number }][] = [
  [
    { name: ":status", invert: false, value: { type: "exact", value: "404" } },
    { 200: 1, 404: 3 },
  ],
  [
    { name: ":status", invert: true, value: { type: "exact", value: "404" } },
    { 200: 3, 404: 1 },
  ],
  [
    { name: ":status", invert: false, range: { start: 200, end: 404 } },
    { 200: 3, 404: 1 },
  ],
  [
    { name: "x-no", invert: true, value: { type: "exact", value: "v" } },
    { 200: 1, 404: 1 },
  ],
  [
    { name: "x-no", invert: true, value: { type: "exact", value: "v" }, treatMissingAsEmpty: true },
    { 200: 3, 404: 3 },
  ],
  [
    { name: "x-no", invert: false },
    { 200: 1, 404: 1 },
  ],
  [
    { name: "x-no", invert: true },
    { 200: 3, 404: 3 },
  ],
];

test("retriable_headers judge the status too, and answers without headers", () => {
  for (const [matcher, expected] of matchersOfAnswers) {
    const tried = (status: number) =>
      edgeOf(failing(status, { retryOn: ["retriable-headers"], retriableHeaders: [matcher] })).attempts;
    expect({ 200: tried(200), 404: tried(404) }, JSON.stringify(matcher)).toEqual(expected);
  }
});

test("a 200 that retriable_status_codes names is tried again", () => {
  expect(edgeOf(failing(200, { retryOn: ["retriable-status-codes"], retriableStatusCodes: [200] }))).toMatchObject({
    statuses: { 200: 1 },
    flags: { URX: 1 },
    attempts: 3,
  });
});

test("an exhausted retry has URX; num_retries 0 with a matching retry_on too", () => {
  expect(edgeOf(failing(503, {})).flags).toEqual({ URX: 1 });
  expect(edgeOf(failing(503, { numRetries: 0 }))).toMatchObject({ flags: { URX: 1 }, attempts: 1 });
  expect(edgeOf(failing("reset", {})).flags).toEqual({ URX: 1, UC: 1 });
});

test("a closed port is a connect failure: UF, retried under connect-failure", () => {
  const config = failing(503, { retryOn: ["connect-failure"] });
  expect(edgeOf({ ...config, workloads: [] })).toMatchObject({ statuses: { 503: 1 }, flags: { URX: 1, UF: 1 }, attempts: 3 });
});

test("back-off n is uniform over whole milliseconds below 25 · 2^(n−1), capped at ten times the base", () => {
  const config = failing(503, { numRetries: 6 });
  const run = finish({ ...config, traffic: [toEnvoy("/", { requests: 2000 })], durationMs: 100_000, accessLogLimit: 1 });
  const [edge] = run.telemetry.edges();
  expect(edge?.attempts).toBe(14_000);
  // Sum of means (I − 1) / 2 for 25, 50, 100, 200, 250, 250; sd of a sum of uniforms, 4 standard errors.
  const intervals = [25, 50, 100, 200, 250, 250];
  const mean = intervals.reduce((sum, interval) => sum + (interval - 1) / 2, 0);
  const sd = Math.sqrt(intervals.reduce((sum, interval) => sum + (interval * interval - 1) / 12, 0));
  expect(Math.abs((edge?.latency.mean ?? 0) - mean)).toBeLessThan((4 * sd) / Math.sqrt(2000));
  expect(edge?.latency.max).toBeLessThanOrEqual(intervals.reduce((sum, interval) => sum + interval - 1, 0));
});

function twoHosts(retry: Partial<RetryPolicy>, policy: "RANDOM" | "ROUND_ROBIN"): SimulationConfig {
  const other = "10.0.0.2:8080";
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p", { retryPolicy: retryPolicy(retry) }))],
      clusters: [cluster("p", { lb: { ...cluster("p").lb, policy } })],
      endpoints: { p: [endpoint(address), endpoint(other)] },
    }),
    workloads: [
      server("bad", [address], { service: "p", errors: { type: "rate", rate: 1, outcome: 503, serviceTime: null } }),
      server("good", [other], { service: "p" }),
    ],
    traffic: [toEnvoy("/", { requests: 4000, load: { type: "rate", perSecond: 20, arrivals: "constant" } })],
    durationMs: 300_000,
  });
}

test("hosts tried before are avoided up to the configured number of draws", () => {
  const previous = { avoidPreviousHosts: true, hostSelectionRetryMaxAttempts: 5 };
  expect(edgeOf(twoHosts(previous, "ROUND_ROBIN")).ok).toBe(4000);
  const withPredicate = edgeOf(twoHosts(previous, "RANDOM")).ok / 4000;
  expect(Math.abs(withPredicate - (1 - 0.5 ** 7))).toBeLessThan(4 * Math.sqrt((0.5 ** 7 * (1 - 0.5 ** 7)) / 4000));
  const without = edgeOf(twoHosts({}, "RANDOM")).ok / 4000;
  expect(Math.abs(without - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / 4000));
});

function burst(limits: Partial<typeof noBreakers> & { retryBudget?: { budgetPercent: number; minRetryConcurrency: number } }) {
  const thresholds = { ...noBreakers, ...limits };
  const config = simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p", { retryPolicy: retryPolicy({ backOff: { baseIntervalMs: 100, maxIntervalMs: 1000 } }) }))],
      clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } })],
      endpoints: { p: [endpoint(address)] },
    }),
    workloads: [
      server("p", [address], {
        serviceTime: { type: "constant", ms: 200 },
        errors: { type: "rate", rate: 1, outcome: 503, serviceTime: null },
      }),
    ],
    traffic: [toEnvoy("/", { load: { type: "burst", size: 50 } })],
  });
  const edge = edgeOf(config);
  return { retried: edge.attempts - 50, flags: edge.flags };
}

test("max_retries admits so many at once; the others keep the 503 and get UO", () => {
  expect(burst({ maxRetries: 3 })).toEqual({ retried: 3, flags: { UO: 47, URX: 3 } });
  expect(burst({ maxRetries: 10 })).toEqual({ retried: 10, flags: { UO: 40, URX: 10 } });
  expect(burst({ maxRetries: 0 })).toEqual({ retried: 0, flags: { UO: 50 } });
});

test("a budget admits its share of active and pending requests, at least its minimum", () => {
  expect(burst({ retryBudget: { budgetPercent: 20, minRetryConcurrency: 10 } })).toEqual({
    retried: 10,
    flags: { UO: 40, URX: 10 },
  });
  const share20 = burst({ retryBudget: { budgetPercent: 20, minRetryConcurrency: 3 } }).retried;
  expect(Math.abs(share20 - 9)).toBeLessThanOrEqual(1.5);
  const share50 = burst({ retryBudget: { budgetPercent: 50, minRetryConcurrency: 3 } }).retried;
  expect(Math.abs(share50 - 21)).toBeLessThanOrEqual(5);
});

/**
 * Group b4: 50 first attempts fail one after the other, 15 ms apart, all of them under way when the first one fails; a retry answers
 * after 2500 ms. @returns how many retries were admitted; a refused one has UO.
 */
function staggered(budgetPercent: number, backOffMs: number): number {
  const thresholds = { ...noBreakers, retryBudget: { budgetPercent, minRetryConcurrency: 0 } };
  const outcomes = Array.from({ length: 100 }, (_, i) => (i < 50 ? 503 : 200));
  const edge = edgeOf(
    simulation({
      mesh: bootstrap({
        routes: [
          route(
            "/",
            forward("p", {
              retryPolicy: retryPolicy({ backOff: { baseIntervalMs: backOffMs, maxIntervalMs: backOffMs } }),
              timeoutMs: 4000,
            }),
          ),
        ],
        clusters: [cluster("p", { circuitBreakers: { default: thresholds, high: thresholds } })],
        endpoints: { p: [endpoint(address)] },
      }),
      workloads: [
        server("p", [address], {
          serviceTime: { type: "constant", ms: 2500 },
          errors: { type: "pattern", outcomes, serviceTime: { type: "constant", ms: 1135 } },
        }),
      ],
      traffic: [toEnvoy("/", { load: { type: "rate", perSecond: 1000 / 15, arrivals: "constant" }, requests: 50 })],
    }),
  );
  return 50 - (edge.flags.UO ?? 0);
}

test("budget arithmetic on isolated failures: held < max(min, trunc(percent · (active + pending)))", () => {
  // Retries that restart at once are active again: 20 / 50 / 100 % of 50.
  expect(staggered(50, 1)).toBe(25);
  expect(staggered(100, 1)).toBe(50);
  expect(staggered(1, 1)).toBe(0);
  expect(staggered(2, 1)).toBe(1);
  expect(staggered(3.9, 1)).toBe(1);
  expect(staggered(4, 1)).toBe(2);
  // Retries that sit in back-off are not active.
  expect(staggered(20, 60_000)).toBe(8);
  expect(staggered(50, 60_000)).toBe(17);
  expect(staggered(100, 60_000)).toBe(25);
});

test("round robin resonates with retries: two hosts, one failing, exactly two tries a request", () => {
  const run = finish(twoHosts({}, "ROUND_ROBIN"));
  const [edge] = run.telemetry.edges();
  expect(edge?.ok).toBe(4000);
  const bad = arrivalsOf(run, "bad")[0] ?? 0;
  // Either every first try is bad or (after the first request) none is: the position depends on the random start.
  expect([4000, 0, 1, 3999]).toContain(bad);
});
