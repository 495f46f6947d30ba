/** A run with changes made by hand can be rewound, branched, taken back and brought back, and every moment is what it was. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulation, type Simulation, type SimulationChange, stateHash, type TrafficConfig } from "#engine";
import { meshbench } from "../bench/meshbench-config.ts";
import { whileWorking } from "../support/speed.ts";
import { configOf, type Topology, topologyArbitrary } from "./support/topology.ts";

const everything = process.env.MESHWISE_SPEED === "verify";
const runs = Number(process.env.MESHWISE_PROPERTY_RUNS ?? (everything ? 300 : whileWorking(10, 30)));

const journeyArbitrary = fc.record({
  topology: topologyArbitrary,
  /** Of the run's length, in order of the changes. */
  moments: fc.array(fc.double({ min: 0.01, max: 0.6, noNaN: true }), { minLength: 1, maxLength: 6 }),
  back: fc.double({ min: 0, max: 1, noNaN: true }),
});

function start(topology: Topology): Simulation {
  return createSimulation(configOf(topology), { seed: topology.seed, checkpointEvery: 60 });
}

/** The n-th change: each kind that needs no configuration, in turns, at the first workload that serves. */
function changeOf(topology: Topology, n: number): SimulationChange {
  const [workload] = configOf(topology).workloads.slice(-1);
  const place = { workload: workload?.name ?? "", namespace: workload?.namespace ?? "" };
  const changes: SimulationChange[] = [
    { type: "slow", ...place, replica: null, factor: 3 },
    { type: "crash", ...place, replica: 0, removedAfterMs: 5, mesh: null },
    { type: "config", mesh: configOf(topology).mesh },
    { type: "recover", ...place, replica: 0, mesh: null },
    { type: "trafficAdded", entry: { ...entryOf(topology), name: `client ${n}`, fromLabel: `client ${n}`, startMs: 0 } },
    { type: "traffic", name: "t", headers: [{ weight: 1, headers: { "x-n": String(n) } }], target: { path: `/${n}` } },
    { type: "trafficAdded", entry: { ...entryOf(topology), name: "more", load: { type: "users", users: 3, thinkTimeMs: 1 } } },
    { type: "trafficRemoved", name: "more" },
  ];
  return changes[(n + topology.seed) % changes.length] as SimulationChange;
}

function entryOf(topology: Topology): TrafficConfig {
  return configOf(topology).traffic[0] as TrafficConfig;
}

/** What can be seen of a moment. The state's own hash holds numbers of interned names, whose order is that of first use. */
function picture(run: Simulation) {
  const { telemetry, nowMs, eventCount, changesMade } = run;
  const seen = [telemetry.edges(), telemetry.arrivals(), run.replicas(), run.finishedRequests(50)];
  return { hash: run.traceHash(), nowMs, eventCount, changesMade, seen };
}

interface Moment {
  atMs: number;
  before: string;
}

/** Runs in uneven slices to each moment and changes something there. */
function changedRun({ topology, moments }: { topology: Topology; moments: readonly number[] }) {
  const run = start(topology);
  const lengthMs = configOf(topology).durationMs;
  const seen: Moment[] = [];
  for (const [n, share] of moments.toSorted((a, b) => a - b).entries()) {
    const atMs = share * lengthMs;
    run.run(atMs * 0.7, 41);
    run.run(atMs);
    seen.push({ atMs, before: run.traceHash() });
    run.apply(changeOf(topology, n));
  }
  run.run();
  return { run, seen, end: run.traceHash(), lengthMs };
}

test("any moment is the same when it is reached again, from before and from behind, by time and by event", () => {
  fc.assert(
    fc.property(journeyArbitrary, ({ topology, moments, back }) => {
      const { run, end, lengthMs } = changedRun({ topology, moments });
      run.seekTime(back * lengthMs);
      const middle = picture(run);
      run.run();
      expect(run.traceHash()).toBe(end);
      run.seek(0);
      run.seekTime(back * lengthMs);
      expect(picture(run)).toEqual(middle);
      while (run.step());
      expect(run.traceHash()).toBe(end);
      expect(run.changesMade).toBe(moments.length);
    }),
    { numRuns: runs, seed: 3 },
  );
}, 600_000);

test("taking changes back one by one ends where each was made, and all of them brought back end where they ended", () => {
  fc.assert(
    fc.property(journeyArbitrary, ({ topology, moments }) => {
      const { run, seen, end } = changedRun({ topology, moments });
      const all = [...run.changes];
      for (const [n, { atMs, before }] of [...seen.entries()].reverse()) {
        run.replaceChanges(n, []);
        run.seekTime(atMs);
        expect(run.traceHash()).toBe(before);
      }
      expect(run.changes).toEqual([]);
      const never = start(topology);
      never.run();
      run.run();
      expect(run.traceHash()).toBe(never.traceHash());
      run.replaceChanges(0, all);
      run.run();
      expect(run.traceHash()).toBe(end);
    }),
    { numRuns: runs, seed: 4 },
  );
}, 600_000);

test("a change made in the past begins another future; the dropped one comes back whole", () => {
  fc.assert(
    fc.property(journeyArbitrary, ({ topology, moments, back }) => {
      const { run, end, lengthMs } = changedRun({ topology, moments });
      const all = [...run.changes];
      run.seekTime(back * lengthMs);
      const kept = run.changesMade;
      const here = run.traceHash();
      run.apply({ type: "controlPlane", up: true });
      expect(run.changes).toHaveLength(kept + 1);
      run.run();
      run.replaceChanges(kept, all.slice(kept));
      run.seekTime(back * lengthMs);
      expect(run.traceHash()).toBe(here);
      run.run();
      expect(run.traceHash()).toBe(end);
    }),
    { numRuns: runs, seed: 5 },
  );
}, 600_000);

test("back by one request ends where the one before ended", () => {
  const { topology } = fc.sample(journeyArbitrary, { numRuns: 1, seed: 6 })[0] as { topology: Topology };
  const run = start(topology);
  const ends: string[] = [run.traceHash()];
  while (run.stepRequest()) ends.push(run.traceHash());
  expect(ends.length).toBeGreaterThan(20);
  for (const hash of ends.toReversed().slice(1, 20)) {
    run.seekPreviousRequest();
    expect(run.traceHash()).toBe(hash);
  }
});

test("clusters that are first used after a checkpoint share with the others what they shared on the way there", () => {
  const run = createSimulation(meshbench({ chains: 4, hops: 3, requests: 1000, failureRate: 0.1 }), {
    seed: 1,
    checkpointEvery: 5,
  });
  for (const moment of [30, 60, 100]) {
    run.run(Number.POSITIVE_INFINITY, moment - run.eventCount);
    const hash = stateHash(run);
    run.run(Number.POSITIVE_INFINITY, 60);
    run.seek(moment - 12);
    run.seek(moment);
    expect(stateHash(run)).toBe(hash);
  }
});
