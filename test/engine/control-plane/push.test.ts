/** How a configuration reaches a proxy: collected, delayed, type by type, acknowledged or rejected. */
import { expect, test } from "vitest";
import { type ControlPlaneConfig, createSimulation, type MeshConfig, type SimulationConfig, stateHash } from "#engine";
import { bootstrap, cluster, endpoint, forward, lb, route, server, simulation, toEnvoy } from "../support/build.ts";

const [a, b] = ["10.4.0.1:8080", "10.4.0.2:8080"] as const;
const settings: ControlPlaneConfig = {
  debounceMs: 100,
  debounceMaxMs: 1000,
  pushDelay: { type: "constant", ms: 50 },
  order: ["CDS", "EDS", "LDS", "RDS"],
  typeDelayMs: 10,
};

function meshTo(name: "a" | "b", weights: readonly number[] = [1]): MeshConfig {
  const clusters = weights.map((weight) => ({ cluster: name, weight }));
  return bootstrap({
    routes: [route("/", forward(name, { clusters }))],
    clusters: [cluster(name)],
    endpoints: { [name]: [endpoint(name === "a" ? a : b)] },
  });
}

function config(changes: readonly (readonly [number, MeshConfig])[]): SimulationConfig {
  return simulation({
    mesh: meshTo("a"),
    workloads: [server("a", [a]), server("b", [b])],
    traffic: [toEnvoy("/")],
    timeline: changes.map(([atMs, mesh]) => ({ atMs, change: { type: "config" as const, mesh } })),
    controlPlane: settings,
    durationMs: 5000,
  });
}

function firstArrivalAtB(run: ReturnType<typeof createSimulation>): number | undefined {
  return run.telemetry.milestones().find((one) => one.event === "firstRequest" && one.workload === "b")?.atMs;
}

test("a change waits for the pause, the delay and the types before its routes", () => {
  const run = createSimulation(config([[1000, meshTo("b")]]), { seed: 1 });
  run.run(1120);
  expect(run.proxies()).toMatchObject([{ node: "envoy", sent: 1, acked: 0, state: "STALE" }]);
  run.run();
  // 1000 + 100 + 50 + three steps of 10: the next request of one every 10 ms.
  expect(firstArrivalAtB(run)).toBe(1180);
  expect(run.proxies()).toMatchObject([{ acked: 1, state: "SYNCED", versions: { CDS: 1, EDS: 1, LDS: 1, RDS: 1 } }]);
  // CDS took the old cluster away before RDS stopped naming it: istiod's order leaves this gap when a cluster goes.
  expect(run.telemetry.edges()[0]?.flags).toEqual({ NC: 3 });
});

test("changes that keep coming are held no longer than the maximum", () => {
  const changes = Array.from({ length: 30 }, (_, i) => [1000 + 80 * i, meshTo(i < 5 ? "a" : "b")] as const);
  const run = createSimulation(config(changes), { seed: 1 });
  run.run(1990);
  expect(run.proxies()).toMatchObject([{ sent: 0 }]);
  run.run(2010);
  expect(run.proxies()).toMatchObject([{ sent: 1 }]);
});

test("what Envoy refuses is rejected by type, and the last good version goes on", () => {
  const run = createSimulation(config([[1000, meshTo("a", [0, 0])]]), { seed: 1 });
  run.run();
  const [proxy] = run.proxies();
  expect(proxy).toMatchObject({ sent: 1, acked: 0, state: "NACK", versions: { CDS: 1, EDS: 1, LDS: 1, RDS: 0 } });
  expect(proxy?.rejected).toMatch(/^RDS: r: Sum of weights/);
  expect(run.telemetry.edges()[0]).toMatchObject({ requests: 500, ok: 500 });
});

test("of an update with one refused cluster the others are in force, and the version is not acknowledged until a sound one comes", () => {
  const mesh = (version: 1 | 2 | 3) => {
    const broken = { ...lb(), policy: "MAGLEV", maglev: { tableSize: 1000 } } as const;
    const found = bootstrap({
      routes: [route("/a", forward("a")), route("/b", forward("b")), route("/new", forward("new"))],
      clusters: [
        cluster("a"),
        cluster("b"),
        ...(version === 1 ? [] : [cluster("new")]),
        ...(version === 2 ? [cluster("broken", { lb: broken })] : []),
      ],
      endpoints: { a: [endpoint(a)], b: [endpoint(b)], new: [endpoint(a)] },
    });
    return found;
  };
  const run = createSimulation(
    {
      ...config([
        [1000, mesh(2)],
        [3000, mesh(3)],
      ]),
      mesh: mesh(1),
      traffic: [toEnvoy("/a"), toEnvoy("/new")],
    },
    { seed: 1 },
  );
  run.run(3000);
  const reason = "CDS: Error adding/updating cluster(s) broken: The table size of maglev must be prime number";
  expect(run.proxies()).toMatchObject([
    { sent: 1, acked: 0, state: "NACK", versions: { CDS: 0, EDS: 1, LDS: 1, RDS: 1 }, rejected: reason },
  ]);
  const flags = () => run.telemetry.edges().map((edge) => edge.flags);
  // Until 1150 one every 10 ms: the new cluster came although the update was refused.
  expect(flags()).toEqual([{}, { NC: 115 }]);
  run.run();
  expect(flags()).toEqual([{}, { NC: 115 }]);
  expect(run.proxies()).toMatchObject([{ sent: 2, acked: 2, state: "SYNCED", rejected: "" }]);
  expect(run.control().events.filter(({ type }) => type === "answer")).toMatchObject([
    { version: 1, reason },
    { version: 2, reason: "" },
  ]);
});

test("after changes of DestinationRules alone istiod sends their clusters and no others: what was refused stays so, and the rest is acknowledged", () => {
  const mesh = (connectTimeoutMs: number, tableSize: number) =>
    bootstrap({
      routes: [route("/", forward("a"))],
      clusters: [
        cluster("a", { connectTimeoutMs }),
        cluster("broken", { lb: { ...lb(), policy: "MAGLEV", maglev: { tableSize } } }),
      ],
      endpoints: { a: [endpoint(a)], broken: [endpoint(b)] },
    });
  const pushes = (delta: boolean) => [
    { atMs: 1000, change: { type: "config" as const, mesh: mesh(1000, 1000), delta } },
    { atMs: 2000, change: { type: "config" as const, mesh: mesh(2000, 1000), delta } },
    { atMs: 3000, change: { type: "config" as const, mesh: mesh(2000, 65_537), delta } },
  ];
  const states = (delta: boolean) => {
    const run = createSimulation({ ...config([]), mesh: mesh(1000, 101), timeline: pushes(delta) }, { seed: 1 });
    return [1500, 2500, 3500].map((untilMs) => {
      run.run(untilMs);
      const [proxy] = run.proxies();
      return [proxy?.state, proxy?.acked];
    });
  };
  expect(states(true)).toEqual([
    ["NACK", 0],
    ["SYNCED", 2],
    ["SYNCED", 3],
  ]);
  expect(states(false)).toEqual([
    ["NACK", 0],
    ["NACK", 0],
    ["SYNCED", 3],
  ]);
});

test("a delta that another change joined goes out with everything", () => {
  const mesh = (tableSize: number, weight: number) =>
    bootstrap({
      routes: [route("/", forward("a", { clusters: [{ cluster: "a", weight }] }))],
      clusters: [cluster("a"), cluster("broken", { lb: { ...lb(), policy: "MAGLEV", maglev: { tableSize } } })],
      endpoints: { a: [endpoint(a)], broken: [endpoint(b)] },
    });
  const change = (atMs: number, changed: MeshConfig, delta: boolean) => ({
    atMs,
    change: { type: "config" as const, mesh: changed, delta },
  });
  const timeline = [change(1000, mesh(1000, 1), true), change(2000, mesh(1000, 2), false), change(2050, mesh(1000, 3), true)];
  const run = createSimulation({ ...config([]), mesh: mesh(101, 1), timeline }, { seed: 1 });
  run.run();
  expect(run.proxies()).toMatchObject([{ sent: 2, acked: 0, state: "NACK" }]);
});

test("what was pushed and how each proxy answered is kept, and which proxies are behind", () => {
  const run = createSimulation(
    config([
      [1000, meshTo("b")],
      [2000, meshTo("a", [0, 0])],
    ]),
    { seed: 1 },
  );
  run.run(1120);
  expect(run.control()).toMatchObject({ version: 1, events: [{ atMs: 1100, type: "push", version: 1, proxies: 1 }] });
  run.run();
  expect(run.control().events).toMatchObject([
    { atMs: 1100, type: "push", version: 1 },
    { atMs: 1180, type: "answer", version: 1, proxy: "envoy", reason: "" },
    { atMs: 2100, type: "push", version: 2 },
    { atMs: 2180, type: "answer", version: 2, proxy: "envoy", reason: expect.stringMatching(/^RDS/) },
  ]);
  run.seekTime(1150);
  expect(run.control().events).toHaveLength(1);
  // A bootstrap's certificates are files that nobody renews.
  expect(run.control().certificates).toEqual([]);
});

test("time travel through a push gives the same state", () => {
  const straight = createSimulation(config([[1000, meshTo("b")]]), { seed: 1, checkpointEvery: 0 });
  straight.run(Infinity, 700);
  const travelled = createSimulation(config([[1000, meshTo("b")]]), { seed: 1, checkpointEvery: 100 });
  travelled.run();
  travelled.seek(700);
  expect(stateHash(travelled)).toBe(stateHash(straight));
});
