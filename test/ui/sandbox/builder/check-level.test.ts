/** A level is made and judged by real runs: the site's own levels serve as starts and solutions. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { MeshFile } from "#mesh";
import { protocolVersion } from "#protocol";
import { type BuilderDraft, capture, emptyDraft } from "../../../../src/ui/sandbox/builder/builder-draft.ts";
import { checkLevel, findGaps, findProposals } from "../../../../src/ui/sandbox/builder/check-level.ts";
import { findExperiment, splitExperiment, writeExperiment } from "../../../../src/ui/sandbox/builder/experiment-part.ts";
import { createLevelRuns } from "../../../../src/ui/sandbox/builder/level-runs.ts";
import { proposeGoal } from "../../../../src/ui/sandbox/builder/propose-goal.ts";
import type { ConnectWorkers, MeshLink, SimulationLink } from "../../../../src/ui/sandbox/run/worker-link.ts";
import { createMeshAnswerer } from "../../../../src/worker/answer-mesh.ts";
import { createSimulationAnswerer } from "../../../../src/worker/answer-simulation.ts";
import { directDesk } from "../direct-desk.ts";

const connect: ConnectWorkers = {
  mesh: () => link(createMeshAnswerer()) as MeshLink,
  simulation: () => link(createSimulationAnswerer(() => 0)) as SimulationLink,
};

function link(answerer: { answer(data: unknown): { message: unknown } }) {
  return {
    ask: (message: unknown) =>
      Promise.resolve(answerer.answer({ version: protocolVersion, id: 1, message: structuredClone(message) }).message as never),
    close: () => undefined,
  };
}

const folder = "content/scenarios/canary-by-weight";
const text = (name: string) => readFileSync(`${folder}/${name}.yaml`, "utf8");
const files = (name: string) => [
  { name: "start.yaml", text: text(name) },
  {
    name: "experiment.yaml",
    text: text("experiment").replace("requests: 10000", "requests: 2000"),
  },
];

async function take(draft: BuilderDraft, as: "start" | "solution", from: readonly MeshFile[]): Promise<BuilderDraft> {
  const captured = splitExperiment(from);
  return capture(draft, as, captured, await findExperiment(directDesk, captured.experiment));
}

async function draftOf(start: string, solution: string): Promise<BuilderDraft> {
  const words = { ...emptyDraft, title: "Canary", task: "Five percent." };
  return take(await take(words, "start", files(start)), "solution", files(solution));
}

test("the text of one file is divided into mesh and experiment; of a level's two files each stays what it is", () => {
  const one = splitExperiment([{ name: "all", text: "kind: A\n---\n# who calls\nkind: Experiment\n---\nkind: B\n" }]);
  expect(one).toEqual({ mesh: "kind: A\n---\nkind: B\n", experiment: "# who calls\nkind: Experiment\n" });
  const two = splitExperiment(files("start"));
  expect(two.experiment).toContain("kind: Service");
  expect(two.mesh).not.toContain("kind: Service\n");
});

test("the experiment keeps every comment when it is given another goal, question and seed", async () => {
  const before = text("experiment");
  const goal = [{ metric: "share", of: "payments-v2", atMost: 0.1 }];
  const written = (await writeExperiment(directDesk, before, { goal, question: { metric: "errorRate" }, seed: 12 })) ?? "";
  for (const comment of before.match(/^#.*$/gm) ?? []) expect(written).toContain(comment);
  expect((await findExperiment(directDesk, written))?.spec).toMatchObject({
    expect: goal,
    predict: [{ metric: "errorRate" }],
    seed: 12,
  });
  const plain = (await writeExperiment(directDesk, written, { goal: [], question: null, seed: 12 })) ?? "";
  expect((await findExperiment(directDesk, plain))?.spec.predict).toBeUndefined();
  expect(await writeExperiment(directDesk, "kind: Service\n", { goal, question: null, seed: 1 })).toBeNull();
});

test("what is missing is said before anything runs", async () => {
  const never = createLevelRuns({
    mesh: () => {
      throw new Error("asked");
    },
    simulation: () => {
      throw new Error("asked");
    },
  });
  const judged = await checkLevel(emptyDraft, directDesk, never, [1]);
  expect(judged.ok ? [] : judged.findings.map(({ code }) => code)).toEqual([
    "noTitle",
    "noTask",
    "noStart",
    "noSolution",
    "noGoal",
  ]);
  const noExperiment = await take(emptyDraft, "start", [{ name: "a", text: "kind: Service\n" }]);
  expect((await findGaps(noExperiment, directDesk)).map(({ code }) => code)).toContain("noExperiment");
});

test("a level of the site is a level: its goal is taken over, the par is counted, with and without seeds to spare", async () => {
  const draft = {
    ...(await draftOf("start", "solution")),
    goal: [{ metric: "share", of: "payments-v2", between: [0.02, 0.08] }],
  };
  const judged = await checkLevel(draft, directDesk, createLevelRuns(connect), [1, 2]);
  if (!judged.ok) throw new Error(JSON.stringify(judged.findings));
  expect(judged.par).toBeGreaterThan(3);
  expect(judged.level.start).not.toContain("VirtualService");
  expect(judged.level.experiment).toContain("0.02");
  expect((await take(emptyDraft, "start", files("start"))).goal).toHaveLength(2);
});

test("a near miss is no solution, a solution no start, and a broken text does not run: each is said", async () => {
  const goal = [{ metric: "share", of: "payments-v2", between: [0.02, 0.08] }];
  const codes = async (draft: BuilderDraft) => {
    const judged = await checkLevel({ ...draft, goal }, directDesk, createLevelRuns(connect), [1]);
    return judged.ok ? [] : judged.findings.map(({ code }) => code);
  };
  expect(existsSync(`${folder}/near-miss-swapped.yaml`)).toBe(true);
  expect(await codes(await draftOf("start", "near-miss-swapped"))).toEqual(["solutionMisses"]);
  expect(await codes(await draftOf("solution", "solution"))).toEqual(["same", "startReaches"]);
  const broken = await draftOf("start", "solution");
  expect(
    await codes({ ...broken, start: { ...broken.start!, mesh: "kind: VirtualService\napiVersion: networking.istio.io/v1\n" } }),
  ).toEqual(["startRefused"]);
});

test("the difference of start and solution proposes the goal that the author wrote", async () => {
  const found = await findProposals(
    { ...(await draftOf("start", "solution")), goal: [] },
    directDesk,
    createLevelRuns(connect),
    [1, 2],
  );
  if (!found.ok) throw new Error(JSON.stringify(found.findings));
  const share = found.proposals.find(({ check }) => check.metric === "share" && check.of === "payments-v2");
  const [low = 0, high = 0] = (share?.check.between ?? []) as number[];
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThan(0.05);
  expect(high).toBeGreaterThan(0.05);
  expect(high).toBeLessThan(0.19);
  // What was proposed holds as a goal.
  const goal = found.proposals.map(({ check }) => check);
  expect(
    (await checkLevel({ ...(await draftOf("start", "solution")), goal }, directDesk, createLevelRuns(connect), [1, 2])).ok,
  ).toBe(true);
});

test("a stopped run is no verdict", async () => {
  const runs = createLevelRuns(connect);
  runs.stop();
  const judged = await checkLevel({ ...(await draftOf("start", "solution")) }, directDesk, runs, [1]);
  expect(judged).toEqual({ ok: false, findings: [{ code: "stopped" }] });
});

test("only what never overlaps is proposed, with room on both sides", () => {
  const checks = (...values: (number | null)[]) => values.map((value) => ({ metric: "x", value, passed: false }));
  const asked = [{ metric: "errorRate" }, { metric: "p99Ms" }, { metric: "flagCount", flag: "UO" }, { metric: "requests" }];
  const found = proposeGoal(
    asked,
    [checks(0.2, 50, 9, null), checks(0.24, 90, 12, 4)],
    [checks(0.02, 60, 0, 3), checks(0.04, 70, 0, 3)],
  );
  expect(found.map(({ check }) => check)).toEqual([
    { metric: "flagCount", flag: "UO", equals: 0 },
    { metric: "errorRate", atMost: 0.12 },
  ]);
});
