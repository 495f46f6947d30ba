/** Outlier detection as measured on Envoy 1.40: when, for how long, how many, and what reaches the host meanwhile (group d). */
import { expect, test } from "vitest";
import type { ErrorBehaviour, LoadBalancing, OutlierDetection, SimulationConfig } from "#engine";
import { bootstrap, cluster, endpoint, forward, lb, outlier, route, server, simulation, toEnvoy } from "../support/build.ts";
import { arrivalsOf, finish } from "../support/outcomes.ts";

const always = (outcome: number | "reset"): ErrorBehaviour => ({ type: "rate", rate: 1, outcome, serviceTime: null });

interface Setup {
  detection: Partial<OutlierDetection>;
  balancing?: Partial<LoadBalancing>;
  bad: (ErrorBehaviour | null)[];
  good: number;
  over?: Partial<SimulationConfig>;
}

/** Bad hosts first, then good ones; one request every 10 ms. */
function detected({ detection, balancing, bad, good, over }: Setup) {
  const addresses = Array.from({ length: bad.length + good }, (_, i) => `10.0.0.${i + 1}:8080`);
  return finish(
    simulation({
      mesh: bootstrap({
        routes: [route("/", forward("p"))],
        clusters: [cluster("p", { lb: lb({ panicThresholdPercent: 0, ...balancing }), outlierDetection: outlier(detection) })],
        endpoints: { p: addresses.map((address) => endpoint(address)) },
      }),
      workloads: addresses.map((address, i) => server(`h${i}`, [address], { service: "p", errors: bad[i] ?? null })),
      traffic: [toEnvoy("/")],
      durationMs: 26_000,
      ...over,
    }),
  );
}

const timeline = { intervalMs: 1000, baseEjectionTimeMs: 2000, maxEjectionPercent: 100 };

test("five failures eject at once; times are base · k, rounded up to the next sweep", () => {
  const run = detected({ detection: timeline, bad: [always(503)], good: 2 });
  const ejections = run.telemetry.ejections();
  const durations = ejections.slice(0, 4).map((one) => ((one.untilMs ?? Infinity) - one.atMs) / 1000);
  expect(durations).toHaveLength(4);
  durations.forEach((seconds, i) => {
    expect(seconds).toBeGreaterThanOrEqual(2 * (i + 1));
    expect(seconds).toBeLessThanOrEqual(2 * (i + 1) + 1.1);
  });
  for (const one of ejections) if (one.untilMs !== null) expect(one.untilMs % 1000).toBe(0);
});

/** Requests that reached the bad host in each visit: before the first ejection and after each return. */
function visits(run: ReturnType<typeof detected>, windows: number): number[] {
  return Array.from(
    { length: windows },
    (_, i) => run.telemetry.arrivals(i + 1).find((row) => row.workload === "h0")?.requests ?? 0,
  );
}

test("the first visit is five requests; a return lasts a merge window: 5 + 33 a second", () => {
  const first = detected({ detection: timeline, bad: [always(503)], good: 2 });
  const ejections = first.telemetry.ejections();
  const windows = ejections.map((one, i) => ({ fromMs: i === 0 ? 0 : (ejections[i - 1]?.untilMs ?? 0), toMs: one.atMs + 1500 }));
  const counts = visits(detected({ detection: timeline, bad: [always(503)], good: 2, over: { windows } }), windows.length);
  expect(counts[0]).toBe(5);
  for (const count of counts.slice(1, 4)) {
    expect(count).toBeGreaterThanOrEqual(34);
    expect(count).toBeLessThanOrEqual(42);
  }
});

test("without a merge window every visit is five requests", () => {
  const balancing = { updateMergeWindowMs: 0 };
  const run = detected({ detection: timeline, balancing, bad: [always(500)], good: 2 });
  const visitsMade = run.telemetry.ejections().length;
  expect(visitsMade).toBeGreaterThan(3);
  expect(arrivalsOf(run, "h0")[0]).toBe(visitsMade * 5);
});

test("the multiplier falls back by one per healthy sweep", () => {
  const at = (atMs: number, errors: ErrorBehaviour | null) => ({
    atMs,
    change: { type: "errors" as const, workload: "h0", namespace: "default", replica: null, errors },
  });
  const run = detected({
    detection: timeline,
    balancing: { updateMergeWindowMs: 0 },
    bad: [always(500)],
    good: 2,
    over: { timeline: [at(1000, null), at(10_000, always(500))], durationMs: 16_000 },
  });
  const after = run.telemetry.ejections().find((one) => one.atMs > 10_000);
  const seconds = ((after?.untilMs ?? 0) - (after?.atMs ?? 0)) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(2);
  expect(seconds).toBeLessThanOrEqual(3.1);
});

test("a success between failures resets the count: FFFFS is never ejected", () => {
  const pattern: ErrorBehaviour = { type: "pattern", outcomes: [500, 500, 500, 500, 200], serviceTime: null };
  const run = detected({ detection: timeline, bad: [pattern], good: 2, over: { traffic: [toEnvoy("/", { requests: 1500 })] } });
  expect(run.telemetry.ejections()).toEqual([]);
  expect(arrivalsOf(run, "h0")).toEqual([500]);
});

test("connect failures count as 5xx; the gateway detector has its own count", () => {
  const refused = finish(
    simulation({
      mesh: bootstrap({
        routes: [route("/", forward("p"))],
        clusters: [
          cluster("p", {
            lb: lb({ panicThresholdPercent: 0 }),
            outlierDetection: outlier({ ...timeline, baseEjectionTimeMs: 60_000 }),
          }),
        ],
        endpoints: { p: [endpoint("10.0.0.1:8080"), endpoint("10.0.0.2:8080")] },
      }),
      workloads: [server("h1", ["10.0.0.2:8080"], { service: "p" })],
      traffic: [toEnvoy("/", { requests: 200 })],
    }),
  );
  expect(refused.telemetry.edges()[0]?.statuses[503]).toBe(5);
  const gateway = detected({
    detection: {
      ...timeline,
      baseEjectionTimeMs: 60_000,
      consecutive5xx: 100,
      consecutiveGatewayFailure: 3,
      enforcingConsecutiveGatewayFailurePercent: 100,
    },
    bad: [always(502)],
    good: 2,
  });
  expect(gateway.telemetry.edges()[0]?.statuses[502]).toBe(3);
});

// Checks "d2-outlier-limits": hosts, bad ones, max_ejection_percent, always_eject_one_host, ejected.
const limits: [number, number, number, boolean, number][] = [
  [4, 2, 10, false, 0],
  [4, 2, 10, true, 1],
  [4, 2, 24, false, 0],
  [4, 2, 25, false, 1],
  [4, 2, 49, false, 1],
  [4, 2, 50, false, 2],
  [4, 3, 50, false, 2],
  [4, 3, 100, false, 3],
  [4, 4, 100, false, 4],
  [4, 4, 50, false, 2],
  [3, 1, 33, false, 0],
  [3, 1, 34, false, 1],
  [1, 1, 100, false, 1],
  [1, 1, 10, true, 1],
  [4, 2, 0, true, 1],
  [7, 3, 42, false, 2],
  [7, 3, 43, false, 3],
];

test.each(limits)("%d hosts, %d bad, max %d %%, always one: %s: %d ejected", (hosts, bad, percent, one, ejected) => {
  const run = detected({
    detection: { intervalMs: 60_000, baseEjectionTimeMs: 60_000, maxEjectionPercent: percent, alwaysEjectOneHost: one },
    bad: Array.from({ length: bad }, () => always(500)),
    good: hosts - bad,
    over: { traffic: [toEnvoy("/", { requests: 40 * hosts })] },
  });
  expect(run.telemetry.ejections().length).toBe(ejected);
});

/** One host answers 200 and 500 in turn, the others always 200. */
function swept(detection: Partial<OutlierDetection>, hosts: number): number {
  const run = detected({
    detection: { intervalMs: 2000, baseEjectionTimeMs: 60_000, maxEjectionPercent: 100, consecutive5xx: 1000, ...detection },
    bad: [{ type: "pattern", outcomes: [200, 500], serviceTime: null }],
    good: hosts - 1,
    over: { traffic: [toEnvoy("/", { load: { type: "rate", perSecond: 1000, arrivals: "constant" }, requests: 5000 })] },
  });
  return run.telemetry.ejections().length;
}

test("success rate: below mean − factor · population deviation (90, 20: 50 < 52, not < 48)", () => {
  const successRate = {
    enforcingPercent: 100,
    enforcingLocalOriginPercent: 100,
    minimumHosts: 5,
    requestVolume: 100,
    stdevFactor: 1.9,
  };
  expect(swept({ successRate }, 5)).toBe(1);
  expect(swept({ successRate: { ...successRate, stdevFactor: 2.1 } }, 5)).toBe(0);
  // Envoy takes up to 4,294,967 deviations (its field is in thousandths): nothing is that far below.
  expect(swept({ successRate: { ...successRate, stdevFactor: 1000 } }, 5)).toBe(0);
  expect(swept({ successRate: { ...successRate, requestVolume: 100_000 } }, 5)).toBe(0);
  expect(swept({ successRate }, 4)).toBe(0);
  expect(swept({ successRate: { ...successRate, enforcingPercent: 0 } }, 5)).toBe(0);
});

test("failure percentage: at or above the threshold, with enough hosts", () => {
  const failurePercentage = {
    enforcingPercent: 100,
    enforcingLocalOriginPercent: 0,
    threshold: 40,
    minimumHosts: 5,
    requestVolume: 50,
  };
  expect(swept({ failurePercentage }, 5)).toBe(1);
  expect(swept({ failurePercentage: { ...failurePercentage, threshold: 60 } }, 5)).toBe(0);
  expect(swept({ failurePercentage }, 4)).toBe(0);
});
