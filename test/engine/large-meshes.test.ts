/** Runs of many services: what they cost to make (steps are counted, since a clock would tell the machine's load), and what they look ahead to. */
import { expect, test } from "vitest";
import { createSimulation } from "#engine";
import { type MeshbenchOptions, meshbench } from "../bench/meshbench-config.ts";

/** How often the making of a run asks for a caller, by caller. */
function questionsFor(chains: MeshbenchOptions["chains"]): number {
  let questions = 0;
  const config = meshbench({ chains, hops: 3, requests: chains, failureRate: 0 });
  const traffic = config.traffic.map((entry) => {
    const { entryNodeId } = entry;
    return Object.defineProperty({ ...entry }, "entryNodeId", {
      enumerable: true,
      get: () => {
        questions++;
        return entryNodeId;
      },
    });
  });
  const run = createSimulation({ ...config, traffic }, { seed: 1 });
  run.run(1);
  return questions / chains;
}

test("each client finds its proxy in as many steps among few as among many", () => {
  expect(questionsFor(10)).toBeGreaterThan(0);
  expect(questionsFor(300)).toBe(questionsFor(10));
});

test("what was served by crashed replicas is looked at ahead of time like any other", () => {
  const config = meshbench({ chains: 60, hops: 3, requests: 6000, failureRate: 0.1 });
  const crash = config.workloads.map(({ name, namespace }, i) => {
    const atMs = 50 + i;
    return { atMs, change: { type: "crash" as const, workload: name, namespace, replica: 0, removedAfterMs: 1e6, mesh: null } };
  });
  const run = createSimulation({ ...config, timeline: crash }, { seed: 1 });
  run.run(Number.POSITIVE_INFINITY);
  const first = run.telemetry.edges().filter(({ firstHop }) => firstHop);
  expect(first.reduce((sum, { requests }) => sum + requests, 0)).toBe(6000);
});
