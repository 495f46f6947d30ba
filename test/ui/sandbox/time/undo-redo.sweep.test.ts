/** Undo and redo against the real workers' code: a run is the same again, event for event. */
import { afterEach, expect, test } from "vitest";
import type { SimulationChange } from "#engine";
import type { Crashed, MeshRequest, SimulationRequest, WorkerResponse } from "#protocol";
import type { ActionText } from "#scenario";
import { packRun, resumeRun } from "../../../../src/ui/sandbox/run/carried-run.ts";
import { createRunController, type RunController } from "../../../../src/ui/sandbox/run/run-controller.ts";
import type { MeshLink, SimulationLink } from "../../../../src/ui/sandbox/run/worker-link.ts";
import { packHistory, unpackHistory } from "../../../../src/ui/sandbox/time/carried-history.ts";
import { type Edit, emptyHistory, recordEdit, redoEdit, undoEdit } from "../../../../src/ui/sandbox/time/edit-history.ts";
import { createMeshAnswerer } from "../../../../src/worker/answer-mesh.ts";
import { createSimulationAnswerer } from "../../../../src/worker/answer-simulation.ts";

const experiment = {
  name: "experiment.yaml",
  text: `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 60s
  workloads:
  - { name: a }
  - { name: b, service: b, labels: { app: b }, replicas: 3, behaviour: { serviceTime: { exponential: 5ms }, concurrency: 4 } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 200/s }]
  timeline: [{ at: 20s, fault: { slow: { workload: b, factor: 2 } } }]
`,
};
const route = (timeout: string) => ({
  name: "mesh.yaml",
  text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec: { hosts: [b], http: [{ timeout: ${timeout}, route: [{ destination: { host: b } }] }] }
`,
});

const place = { workload: "b", namespace: "default" };
const faults: SimulationChange[] = [
  { type: "slow", ...place, replica: null, factor: 4 },
  { type: "crash", ...place, replica: 1, removedAfterMs: 100, mesh: null },
  { type: "errors", ...place, replica: 0, errors: null },
  { type: "recover", ...place, replica: 1, mesh: null },
  { type: "controlPlane", up: false },
  { type: "traffic", name: "t", load: { type: "rate", perSecond: 350, arrivals: "poisson" } },
];

/** Done by hand as the timeline writes it: planned by the worker that reads the text. */
const actions: ActionText[] = [
  { traffic: { name: "guest", from: "a", to: "http://b/guest", rate: "120/s" } },
  { traffic: { name: "t", headers: { "x-user": "beta" }, method: "POST" } },
  { traffic: { name: "guest", to: "http://b/elsewhere", users: 4 } },
  { traffic: { name: "more", from: "b", to: "http://b/", burst: 9 } },
  { traffic: { name: "guest", remove: true } },
  { traffic: { name: "guest", from: "b", to: "http://b/again", rate: "40/s" } },
];

function linkTo(answerer: { answer(data: unknown): { message: WorkerResponse } }) {
  let id = 0;
  return {
    ask: async (message: MeshRequest | SimulationRequest): Promise<WorkerResponse | Crashed> =>
      structuredClone(answerer.answer(structuredClone({ version: 2, id: ++id, message })).message),
    close: () => undefined,
  };
}

/** The page without a page: text, run and history together. */
function sandbox() {
  const controller = createRunController({
    connect: {
      mesh: () => linkTo(createMeshAnswerer()) as unknown as MeshLink,
      simulation: () => linkTo(createSimulationAnswerer(() => 0)) as unknown as SimulationLink,
    },
    paceMs: 0,
  });
  opened.push(controller);
  let files = [route("1s"), experiment];
  let history = emptyHistory;
  controller.onEdit((label, world) => {
    history = recordEdit(history, { label, world });
  });
  const now = () => ({ files, ...(controller.world() ? { world: controller.world()! } : {}) });
  const go = async (step: ReturnType<typeof undoEdit>) => {
    if (!step) throw new Error("nothing to undo or redo");
    history = step.history;
    if (step.edit.files) files = [...step.edit.files];
    if (step.edit.world) await controller.goTo(step.edit.world);
  };
  return {
    controller,
    files: () => files,
    history: () => history,
    setHistory(next: typeof history) {
      history = next;
    },
    type(text: string) {
      history = recordEdit(history, { label: { code: "text", params: {} }, files });
      files = [{ name: "mesh.yaml", text }, experiment];
    },
    undo: () => go(undoEdit(history, now())),
    redo: () => go(redoEdit(history, now())),
    /** What can be seen of text and run. */
    seen() {
      const { frame, traceHash, seed, applied, reached } = controller.getState();
      const { nowMs, eventCount, changesMade, edges, replicas, goal } = frame ?? {};
      return { files, traceHash, seed, applied, reached, nowMs, eventCount, changesMade, edges, replicas, goal };
    },
  };
}

const opened: RunController[] = [];
afterEach(() => {
  for (const controller of opened.splice(0)) controller.close();
});

/** An edit of the text, of documents, of the seed, a fault: by its number. */
async function anyEdit({ controller, files, type }: ReturnType<typeof sandbox>, edit: number): Promise<void> {
  if (edit % 5 === 3) type(route(`${edit + 1}00ms`).text);
  else if (edit % 5 === 4) await controller.apply(files());
  else if (edit === 12) await controller.setSeed(9);
  else await controller.change(faults[edit % faults.length]!);
  if (edit === 12) await controller.runTo(500);
}

async function clientEdit({ controller }: ReturnType<typeof sandbox>, edit: number): Promise<void> {
  expect(await controller.act(actions[edit % actions.length]!)).toEqual([]);
}

test.each([
  ["text, documents, seed and faults", anyEdit],
  ["clients that join, change and leave", clientEdit],
])("20 edits (%s) and 20 undos give the same hash; 20 redos give the later one", async (_, make) => {
  const page = sandbox();
  const { controller, files, undo, redo, seen, history } = page;
  await controller.open(files(), 5);
  await controller.runTo(2000);
  const moments = [seen()];
  for (let edit = 0; edit < 20; edit++) {
    await make(page, edit);
    if (edit % 2 === 0) await controller.stepEvent();
    else await controller.runTo((controller.getState().frame?.nowMs ?? 0) + 700);
    if (edit < 19) moments.push(seen());
  }
  const end = seen();
  expect(history().past).toHaveLength(20);
  expect(new Set(moments.map(({ traceHash }) => traceHash)).size).toBeGreaterThan(15);

  for (const before of moments.toReversed()) {
    await undo();
    expect(files()).toEqual(before.files);
    expect(seen().applied).toEqual(before.applied);
  }
  const { traceHash, applied, nowMs, edges, seed } = seen();
  expect({ traceHash, applied, nowMs, edges, seed, files: files() }).toEqual({
    traceHash: moments[0]!.traceHash,
    applied: moments[0]!.applied,
    nowMs: moments[0]!.nowMs,
    edges: moments[0]!.edges,
    seed: 5,
    files: moments[0]!.files,
  });
  for (let edit = 0; edit < 20; edit++) await redo();
  expect(seen()).toEqual(end);
});

test("a change in the past drops the later future, in words; undo brings it back whole", async () => {
  const { controller, files, undo, seen } = sandbox();
  await controller.open(files(), 1);
  await controller.runTo(4000);
  await controller.change(faults[0]!);
  await controller.runTo(9000);
  const end = seen();
  await controller.seekTime(3000);
  expect(controller.getState()).toMatchObject({ frame: { nowMs: 3000, changesMade: 0 }, reached: { nowMs: 9000 } });
  const past = seen();
  await controller.change(faults[1]!);
  expect(controller.getState()).toMatchObject({ branched: { atMs: 3000, untilMs: 9000 }, reached: { nowMs: 3000 } });
  await controller.runTo(9000);
  expect(seen().traceHash).not.toBe(end.traceHash);
  await undo();
  expect(seen()).toEqual(past);
  await controller.runTo(9000);
  expect(seen()).toEqual(end);
});

test("a crashed simulation starts again with the seed and every change, and reaches the same moment", async () => {
  const { controller, files, seen } = sandbox();
  await controller.open(files(), 3);
  await controller.runTo(1000);
  await controller.change(faults[1]!);
  await controller.apply([route("250ms"), experiment]);
  await controller.runTo(5000);
  const before = seen();
  await controller.restart();
  expect(controller.getState().frame?.nowMs).toBe(0);
  await controller.runTo(5000);
  expect(seen()).toEqual(before);
});

test("a run carried to the page's other language stands at the same moment with the same hash, and goes on alike", async () => {
  const here = sandbox();
  await here.controller.open(here.files(), 7);
  await here.controller.runTo(1500);
  await here.controller.change(faults[0]!);
  await here.controller.act({ fault: { crash: "b", replica: 1 } });
  await here.controller.apply([route("250ms"), experiment]);
  await here.controller.runTo(6000);
  await here.controller.seekTime(4321);
  here.controller.setSpeed(5);
  const failing = here.controller.getState().log.failing[0]?.requestId ?? 1;
  await here.controller.explain(failing);

  const there = sandbox();
  const text = packRun(here.controller);
  expect(await resumeRun(there.controller, text!)).toBe(true);
  expect(there.seen()).toEqual({ ...here.seen(), files: there.files() });
  const { speed, running, chosen, explanation, changes } = there.controller.getState();
  expect({ speed, running, chosen }).toEqual({ speed: 5, running: false, chosen: failing });
  expect(explanation).toEqual(here.controller.getState().explanation);

  // Its past and its future are the same too, and a change made there is a new one.
  for (const { controller } of [here, there]) {
    await controller.change(faults[2]!);
    await controller.runTo(9000);
  }
  expect(there.controller.getState().changes.map(({ id }) => id)).toEqual([...changes.map(({ id }) => id), changes.length + 1]);
  expect(there.seen()).toEqual({ ...here.seen(), files: there.files() });
});

test("the list of undo goes along: there its steps lead back and forth as they would have here", async () => {
  const here = sandbox();
  const { controller, files, undo, redo, seen, history } = here;
  await controller.open(files(), 7);
  await controller.runTo(1000);
  await controller.change(faults[0]!);
  await controller.runTo(2000);
  await controller.apply([route("250ms"), experiment]);
  await controller.runTo(3000);
  await controller.change(faults[1]!);
  await undo();
  const edit = { label: { code: "text", params: { file: "mesh.yaml" } }, files: [route("9s"), experiment] };
  const before = recordEdit(history(), { ...edit, typing: { file: "mesh.yaml", atMs: 1 } });
  const opened = controller.world()?.opened;
  const [run, packed] = [packRun(controller)!, packHistory(history(), opened)!];
  expect(packed.length).toBeLessThan(200_000);

  const there = sandbox();
  expect(await resumeRun(there.controller, run)).toBe(true);
  there.setHistory(unpackHistory(packed, there.controller.world()?.opened));
  expect(there.history().past.map(({ label }) => label)).toEqual(history().past.map(({ label }) => label));
  for (const step of ["redo", "undo", "undo", "undo", "redo"] as const) {
    await { undo, redo }[step]();
    await there[step]();
    expect(there.seen()).toEqual({ ...seen(), files: there.files() });
  }
  // Where no run stands, texts can be taken back all the same; what was typed next is a step of its own.
  expect(unpackHistory(packHistory(before, opened)!, undefined)).toEqual({ past: [edit], future: [] });
  expect(packHistory(emptyHistory, opened)).toBeUndefined();
});

test("of a list of undo that is too much for the way the newest steps go along", () => {
  const past = Array.from({ length: 40 }, (_, at): Edit => {
    return { label: { code: "text", params: {} }, files: [{ name: "mesh.yaml", text: `${at}`.repeat(60_000) }] };
  });
  const carried = unpackHistory(packHistory({ past, future: [] }, undefined)!, undefined).past;
  expect(carried.length).toBeGreaterThan(3);
  expect(carried).toEqual(past.slice(-carried.length));
});

test("files that are refused by now bring no run", async () => {
  const here = sandbox();
  await here.controller.open(here.files(), 1);
  const text = packRun(here.controller)!.replaceAll("kind: Service\\n", "kind: Sevrice\\n");
  expect(text).toContain("Sevrice");
  const there = sandbox();
  expect(packRun(there.controller)).toBeUndefined();
  expect(await resumeRun(there.controller, text)).toBe(false);
});

test("typing in one file is one edit; a pause, another file or another edit begins a new one", () => {
  const typed = (file: string, atMs: number, files: Edit["files"]): Edit => ({
    label: { code: "text", params: {} },
    files,
    typing: { file, atMs },
  });
  const [first, later] = [[route("1s")], [route("2s")]];
  let history = recordEdit(emptyHistory, typed("a", 0, first));
  history = recordEdit(history, typed("a", 900, later));
  history = recordEdit(history, typed("a", 1800, later));
  expect(history.past).toHaveLength(1);
  expect(history.past[0]?.files).toBe(first);
  history = recordEdit(history, typed("b", 1900, later));
  history = recordEdit(history, typed("b", 9000, later));
  expect(history.past).toHaveLength(3);
});
