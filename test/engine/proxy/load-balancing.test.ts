/** Choice of hosts as measured on Envoy 1.40: sequences, weights, slow hosts, panic, priorities, localities, slow start (groups e, l, n, k). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Endpoint, LoadBalancing, ProxyNode, SimulationConfig } from "#engine";
import { buildMaglev } from "../../../src/engine/proxy/load-balancing/maglev.ts";
import { buildRing, findOnRing } from "../../../src/engine/proxy/load-balancing/ring-hash.ts";
import { xxHash64 } from "../../../src/engine/proxy/load-balancing/xxhash64.ts";
import { bootstrap, cluster, endpoint, forward, lb, route, server, simulation, toEnvoy } from "../support/build.ts";
import { arrivalsOf, edgeOf, finish } from "../support/outcomes.ts";

function hosts(prefix: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `10.0.${prefix}.${i + 1}:8080`);
}

function balanced(policy: Partial<LoadBalancing>, endpoints: readonly Endpoint[], requests: number): SimulationConfig {
  return simulation({
    mesh: bootstrap({
      routes: [route("/", forward("p"))],
      clusters: [cluster("p", { lb: lb(policy) })],
      endpoints: { p: endpoints },
    }),
    workloads: [
      server(
        "p",
        endpoints.map((one) => one.address),
      ),
    ],
    traffic: [toEnvoy("/", { requests, load: { type: "rate", perSecond: 100, arrivals: "constant" } })],
    durationMs: 1e9,
  });
}

const weighted = (weights: readonly number[]) =>
  hosts(0, weights.length).map((address, i) => endpoint(address, { weight: weights[i] ?? 1 }));

test("round robin gives equal counts, EDF counts in proportion to weights", () => {
  expect(arrivalsOf(finish(balanced({}, weighted([1, 1, 1]), 600)), "p")).toEqual([200, 200, 200]);
  expect(arrivalsOf(finish(balanced({}, weighted([3, 2, 1]), 600)), "p")).toEqual([300, 200, 100]);
  expect(arrivalsOf(finish(balanced({}, weighted([5, 1]), 600)), "p")).toEqual([500, 100]);
});

test.each([
  [[3, 2, 1], "211213"],
  [[5, 1], "111112"],
])("EDF of weights %j is a rotation of %s, from a random start", (weights, cycle) => {
  const starts = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const endpoints = weighted(weights);
    const config = balanced({}, endpoints, cycle.length);
    const workloads = endpoints.map((one, i) => server(`h${i + 1}`, [one.address], { service: "p" }));
    const run = finish({ ...config, workloads, orderedServices: [{ name: "p", namespace: "default" }] }, seed);
    const sequence = run.telemetry
      .arrivalOrder("p", "default")
      .map(({ workload }) => workload.slice(1))
      .join("");
    expect(`${cycle}${cycle}`).toContain(sequence);
    starts.add(sequence);
  }
  expect(starts.size).toBeGreaterThan(1);
});

test("least request with unequal weights on an idle cluster is EDF; random ignores weights", () => {
  expect(arrivalsOf(finish(balanced({ policy: "LEAST_REQUEST" }, weighted([3, 2, 1]), 600)), "p")).toEqual([300, 200, 100]);
  const random = arrivalsOf(finish(balanced({ policy: "RANDOM" }, weighted([3, 2, 1]), 6000)), "p");
  for (const count of random) expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt(6000 * (1 / 3) * (2 / 3)));
});

function oneSlow(policy: Partial<LoadBalancing>, seed: number): number {
  const addresses = hosts(0, 4);
  const config = balanced(
    policy,
    addresses.map((address) => endpoint(address)),
    3000,
  );
  const run = finish(
    {
      ...config,
      workloads: [
        server("fast", addresses.slice(0, 3), { service: "p", serviceTime: { type: "constant", ms: 10 } }),
        server("slow", addresses.slice(3), { service: "p", serviceTime: { type: "constant", ms: 100 } }),
      ],
      traffic: [toEnvoy("/", { requests: 3000, load: { type: "rate", perSecond: 200, arrivals: "poisson" } })],
    },
    seed,
  );
  return (arrivalsOf(run, "slow")[0] ?? 0) / 3000;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("one slow host of four: exact quarter under round robin, less under least request", () => {
  expect(oneSlow({}, 1)).toBe(0.25);
  expect(Math.abs(oneSlow({ policy: "RANDOM" }, 1) - 0.25)).toBeLessThan(0.032);
  const p2c = mean([1, 2, 3].map((seed) => oneSlow({ policy: "LEAST_REQUEST" }, seed)));
  expect(Math.abs(p2c - 0.1072)).toBeLessThan(0.02);
  const four = mean(
    [1, 2, 3].map((seed) => oneSlow({ policy: "LEAST_REQUEST", leastRequest: { choiceCount: 4, activeRequestBias: 1 } }, seed)),
  );
  expect(Math.abs(four - 0.076)).toBeLessThan(0.02);
  expect(oneSlow({ policy: "PEAK_EWMA" }, 1)).toBeLessThan(0.1);
});

function unhealthy(count: number, threshold: number, health: Endpoint["health"] = "UNHEALTHY") {
  const endpoints = hosts(0, 4).map((address, i) => endpoint(address, { health: i < count ? health : "HEALTHY" }));
  const run = finish(balanced({ panicThresholdPercent: threshold }, endpoints, 2000));
  const [edge] = run.telemetry.edges();
  return { used: arrivalsOf(run, "p"), flags: edge?.flags };
}

test("panic: below the threshold (strictly) health is ignored; threshold 0 never panics", () => {
  expect(unhealthy(0, 50).used).toEqual([500, 500, 500, 500]);
  expect(unhealthy(2, 50).used).toEqual([0, 0, 1000, 1000]);
  expect(unhealthy(3, 50).used).toEqual([500, 500, 500, 500]);
  expect(unhealthy(4, 50).used).toEqual([500, 500, 500, 500]);
  expect(unhealthy(3, 0).used).toEqual([0, 0, 0, 2000]);
  expect(unhealthy(4, 0)).toEqual({ used: [], flags: { UH: 2000 } });
});

test.each([
  [0, 1],
  [1, 1],
  [3, 0.35],
  [4, 0],
])("%d of 4 degraded: %d of the load goes to healthy hosts", (degraded, share) => {
  const { used } = unhealthy(degraded, 50, "DEGRADED");
  const toHealthy = used.slice(degraded).reduce((sum, count) => sum + (count ?? 0), 0) / 2000;
  expect(Math.abs(toHealthy - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / 2000));
});

function twoGroups(first: number, second: number, localityWeights?: [number, number]): number {
  const a = hosts(1, 4).map((address, i) => endpoint(address, { health: i < first ? "UNHEALTHY" : "HEALTHY" }));
  const b = hosts(2, 4).map((address, i) => endpoint(address, { health: i < second ? "UNHEALTHY" : "HEALTHY" }));
  const assignments: ProxyNode["endpoints"] = [
    {
      cluster: "p",
      localities: [
        { locality: "a", priority: 0, weight: localityWeights?.[0] ?? 1, endpoints: a },
        { locality: "b", priority: localityWeights === undefined ? 1 : 0, weight: localityWeights?.[1] ?? 1, endpoints: b },
      ],
    },
  ];
  const policy = lb({ localityWeighted: localityWeights !== undefined });
  const run = finish(
    simulation({
      mesh: bootstrap({
        routes: [route("/", forward("p"))],
        clusters: [cluster("p", { lb: policy })],
        endpoints: {},
        assignments,
      }),
      workloads: [
        server(
          "a",
          a.map((one) => one.address),
          { service: "p" },
        ),
        server(
          "b",
          b.map((one) => one.address),
          { service: "p" },
        ),
      ],
      traffic: [toEnvoy("/", { requests: 6000, load: { type: "rate", perSecond: 100, arrivals: "constant" } })],
      durationMs: 1e9,
    }),
  );
  return arrivalsOf(run, "a").reduce((sum, count) => sum + (count ?? 0), 0) / 6000;
}

test.each([
  [0, 0, 1],
  [1, 0, 1],
  [2, 0, 0.7],
  [3, 0, 0.35],
  [4, 0, 0],
  [3, 2, 0.35],
  [3, 3, 0.5],
  [4, 3, 0.5],
  [4, 4, 0.5],
  [2, 4, 1],
])("priorities with %d and %d of 4 unhealthy: %d of the load stays at priority 0", (first, second, share) => {
  expect(Math.abs(twoGroups(first, second) - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / 6000) + 1e-9);
});

test.each([
  [0, 0.8],
  [2, 0.7368],
  [3, 0.5833],
])("locality weights 80/20 with %d of 4 unhealthy in A: share %d, by EDF and so nearly exact", (first, share) => {
  expect(Math.abs(twoGroups(first, 0, [80, 20]) - share)).toBeLessThan(0.004);
});

test("slow start: a newcomer's share follows (t / window)^(1 / aggression)", () => {
  const old = hosts(0, 3);
  const newcomer = "10.0.0.9:8080";
  for (const aggression of [1, 2]) {
    const policy = lb({ slowStart: { windowMs: 8000, aggression, minWeightPercent: 10 } });
    const meshOf = (addresses: readonly string[]) =>
      bootstrap({
        routes: [route("/", forward("p"))],
        clusters: [cluster("p", { lb: policy })],
        endpoints: { p: addresses.map((address) => endpoint(address)) },
      });
    const windows = Array.from({ length: 9 }, (_, i) => ({ fromMs: 10_000 + i * 1000, toMs: 11_000 + i * 1000 }));
    const run = finish(
      simulation({
        mesh: meshOf(old),
        workloads: [server("old", old, { service: "p" }), server("new", [newcomer], { service: "p" })],
        traffic: [toEnvoy("/", { load: { type: "rate", perSecond: 100, arrivals: "constant" } })],
        timeline: [{ atMs: 10_000, change: { type: "config", mesh: meshOf([...old, newcomer]) } }],
        windows,
        durationMs: 20_000,
      }),
    );
    windows.forEach((_, i) => {
      const share = run.telemetry.arrivals(i + 1).find((row) => row.workload === "new")?.requests ?? 0;
      // Mean of the curve over the second; weights relative to three full hosts.
      const weight = Math.min(1, Math.max(0.1, ((i + 0.5) / 8) ** (1 / aggression)));
      expect(Math.abs(share / 100 - weight / (3 + weight))).toBeLessThan(0.04);
    });
  }
});

test("xxHash64 of the specification's test vectors", () => {
  expect(xxHash64("", 0n)).toBe(0xef46db3751d8e999n);
  expect(xxHash64("a", 0n)).toBe(0xd24ec4f1a98c6e5bn);
  expect(xxHash64("abc", 0n)).toBe(0x44bc2cf5ad770999n);
});

const recordings = process.env.MESHWISE_CONFORMANCE ?? join(import.meta.dirname, "../../../../shared/conformance");
const golden = join(recordings, "envoy/consistent-hash.json");

if (!existsSync(golden)) {
  test("recorded key maps are absent here: set MESHWISE_CONFORMANCE to check them", () => {
    expect(existsSync(golden)).toBe(false);
  });
} else {
  const maps = JSON.parse(readFileSync(golden, "utf8")) as Record<string, unknown>;
  const members = (names: readonly number[]) => names.map((n) => ({ address: `127.77.1.${n}:8080`, weight: 1, name: `n${n}` }));
  const all = [1, 2, 3, 4, 5];
  const without3 = [1, 2, 4, 5];
  const clusters: [string, number[], number][] = [
    ["ring5", all, 1024],
    ["ring4", without3, 1024],
    ["ring5u", without3, 1024],
    ["ringbig5", all, 100_000],
    ["maglev5", all, 0],
    ["maglev4", without3, 0],
  ];
  test.each(clusters)("%s: every recorded key goes to the host the real Envoy chose", (name, present, minimum) => {
    const hostsOf = members(present);
    const ring = minimum > 0 ? buildRing(hostsOf, minimum, 8388608) : undefined;
    const table = ring === undefined ? buildMaglev(hostsOf, 65537) : undefined;
    const wrong = Object.entries(maps[name] as Record<string, string>).filter(([key, host]) => {
      const hash = xxHash64(key, 0n);
      const index = ring === undefined ? (table?.[Number(hash % 65537n)] ?? -1) : findOnRing(ring, hash, 0);
      return hostsOf[index]?.name !== host;
    });
    expect(wrong.length).toBe(0);
    expect(Object.keys(maps[name] as object).length).toBeGreaterThanOrEqual(2000);
  });
}

test("ring hash: places per host follow from the minimum size; a removed host moves other keys too", () => {
  const members = (count: number) => Array.from({ length: count }, (_, i) => ({ address: `127.77.1.${i + 1}:8080`, weight: 1 }));
  expect(buildRing(members(5), 1024, 8388608).points.length).toBe(5 * 205);
  expect(buildRing(members(4), 1024, 8388608).points.length).toBe(4 * 256);
  const ring = buildRing(members(5), 1024, 8388608);
  const smaller = buildRing(
    members(5).filter((_, i) => i !== 2),
    1024,
    8388608,
  );
  const names = [0, 1, 3, 4];
  let moved = 0;
  let kept = 0;
  for (let key = 0; key < 4000; key++) {
    const hash = xxHash64(`key-${String(key).padStart(5, "0")}`, 0n);
    const before = findOnRing(ring, hash, 0);
    if (before === 2) continue;
    if (names[findOnRing(smaller, hash, 0)] === before) kept++;
    else moved++;
  }
  expect([moved, kept + moved]).toEqual([398, 3189]);
  expect(buildMaglev(members(5), 65537).filter((host) => host < 0).length).toBe(0);
});

test("one slow host that fails fast draws traffic under least request (the black hole)", () => {
  const addresses = hosts(0, 4);
  const config = balanced(
    { policy: "LEAST_REQUEST" },
    addresses.map((address) => endpoint(address)),
    12_000,
  );
  const edge = edgeOf({
    ...config,
    workloads: [
      server("good", addresses.slice(0, 3), { service: "p", serviceTime: { type: "exponential", meanMs: 20 } }),
      server("bad", addresses.slice(3), {
        service: "p",
        serviceTime: { type: "constant", ms: 1 },
        errors: { type: "rate", rate: 1, outcome: 503, serviceTime: null },
      }),
    ],
    traffic: [toEnvoy("/", { requests: 12_000, load: { type: "rate", perSecond: 120, arrivals: "poisson" } })],
  });
  expect(Math.abs((edge.statuses[503] ?? 0) / 12_000 - 0.326)).toBeLessThan(0.02);
});
