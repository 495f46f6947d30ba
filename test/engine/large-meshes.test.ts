/** What a run of many services costs to make: steps are counted, since a clock would tell the machine's load. */
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
