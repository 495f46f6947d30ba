import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Diagnostic } from "#mesh";
import { createRunController, type RunController } from "../../../../src/ui/sandbox/run/run-controller.ts";
import { type FakeOptions, fakeMesh, fakePlan, fakeSimulation } from "../fake-simulation.ts";

const mesh = { name: "mesh.yaml", text: "kind: VirtualService\n" };
const experiment = { name: "experiment.yaml", text: "kind: Experiment\nspec:\n  seed: 1\n" };
const files = [mesh, experiment];
const withMesh = (text: string) => [{ ...mesh, text }, experiment];

let controllers: RunController[] = [];

/** @param paceMs 0: the numbers come with every animation frame */
function start(options: FakeOptions & { paceMs?: number; now?: () => number } = {}) {
  const links: ReturnType<typeof fakeSimulation>[] = [];
  const meshLinks: ReturnType<typeof fakeMesh>[] = [];
  const connect = {
    mesh() {
      meshLinks.push(fakeMesh(options));
      return meshLinks.at(-1)!;
    },
    simulation() {
      links.push(fakeSimulation(options));
      return links.at(-1)!;
    },
  };
  const controller = createRunController({ connect, patienceMs: 50, paceMs: options.paceMs ?? 0, now: options.now ?? (() => 0) });
  controllers.push(controller);
  return { controller, links, meshLinks };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

beforeEach(() => {
  controllers = [];
});
afterEach(() => {
  vi.useRealTimers();
  for (const controller of controllers) controller.close();
});

test("files with a plan run without the worker that reads text; without one it is asked", async () => {
  const { controller, meshLinks } = start();
  expect(await controller.open(files, 1, async () => fakePlan)).toBe(true);
  expect(controller.getState()).toMatchObject({ phase: "ready", applied: files, diagnosed: files });
  expect(meshLinks).toEqual([]);
  expect(await controller.open(withMesh("b"), 1, async () => null)).toBe(true);
  expect(meshLinks[0]?.asked).toEqual([{ type: "plan", files: withMesh("b") }]);
});

test("nothing moves before run, each tick asks for one slice of real time × speed, nothing moves after pause", async () => {
  const { controller } = start();
  await controller.open(files, 1);
  controller.tick(16);
  await settle();
  expect(controller.getState().frame?.nowMs).toBe(0);

  controller.setSpeed(10);
  controller.run();
  controller.tick(16);
  await settle();
  expect(controller.getState().frame?.nowMs).toBe(160);

  controller.pause();
  const frozen = controller.getState();
  controller.tick(16);
  await settle();
  expect(controller.getState()).toBe(frozen);
});

test("while it runs the numbers come at their own pace, the dots with every frame, and pause shows the very moment", async () => {
  let nowMs = 0;
  const { controller, links } = start({ paceMs: 250, now: () => nowMs });
  let told = 0;
  let flew = 0;
  await controller.open(files, 1);
  controller.subscribe(() => told++);
  controller.onFlights((flights) => {
    flew += flights.length;
  });
  controller.run();
  for (let frame = 1; frame <= 60; frame++) {
    nowMs += 16;
    controller.tick(16);
    await settle();
  }
  // The start, and about a second in quarters.
  expect(told).toBe(1 + 3);
  expect(flew).toBeGreaterThan(100);
  const whole = links[0]!.asked.filter((message) => message.type === "move" && message.frame !== null);
  expect(whole).toHaveLength(3);
  controller.pause();
  await settle();
  expect(controller.getState().frame).toMatchObject({ nowMs: 960, edges: [{ requests: 96 }, { requests: 96 }] });
});

test("an animation frame that finds the worker busy owes its time to the next one", async () => {
  let release = (): void => undefined;
  let slow = false;
  const before = () =>
    slow
      ? new Promise<void>((resolve) => {
          release = resolve;
        })
      : undefined;
  const { controller } = start({ before });
  await controller.open(files, 1);
  controller.run();
  slow = true;
  for (let frame = 0; frame < 4; frame++) controller.tick(16);
  await settle();
  slow = false;
  release();
  await settle();
  controller.tick(16);
  await settle();
  expect(controller.getState().frame?.nowMs).toBe(5 * 16);
});

test("with a worker that stopped answering, every number freezes", async () => {
  let silent = false;
  const { controller } = start({ before: () => (silent ? new Promise<void>(() => undefined) : undefined) });
  await controller.open(files, 1);
  controller.run();
  controller.tick(100);
  await settle();
  silent = true;
  const before = controller.getState().frame;
  for (let frame = 0; frame < 50; frame++) controller.tick(16);
  await settle();
  expect(controller.getState().frame).toBe(before);
});

test("a silent worker is reported as stuck; stopping starts it again with the same files and seed", async () => {
  vi.useFakeTimers();
  let silent = false;
  const { controller, links } = start({ before: () => (silent ? new Promise<void>(() => undefined) : undefined) });
  await controller.open(files, 7);
  silent = true;
  controller.run();
  controller.tick(16);
  await vi.advanceTimersByTimeAsync(60);
  expect(controller.getState().phase).toBe("stuck");
  silent = false;
  await controller.restart();
  expect(links[0]?.closed).toBe(true);
  expect(links[1]?.asked[0]).toEqual({ type: "open", seed: 7, plan: fakePlan });
  expect(controller.getState().phase).toBe("ready");
});

test("a crash keeps what reproduces it and can be restarted", async () => {
  let broken = false;
  const { controller, links } = start({
    before(message) {
      if (broken && message.type === "move") throw new Error("invariant broken: time went back");
    },
  });
  await controller.open(files, 3);
  broken = true;
  controller.run();
  controller.tick(16);
  await settle();
  expect(controller.getState()).toMatchObject({
    phase: "crashed",
    running: false,
    crash: { message: "invariant broken: time went back", seed: 3, files },
  });
  broken = false;
  await controller.restart();
  expect(links).toHaveLength(2);
  expect(controller.getState()).toMatchObject({ phase: "ready", seed: 3, crash: null });
});

test("a broken reader of text costs the run nothing, says what happened and is started again", async () => {
  let broken = false;
  const { controller, links, meshLinks } = start({
    before(message) {
      if (broken && message.type === "planChange") throw new Error("invariant broken: no such document");
    },
  });
  await controller.open(files, 3);
  await controller.stepRequest();
  const { frame } = controller.getState();
  broken = true;
  const typed = withMesh("kind: VirtualService # breaks it\n");
  await controller.apply(typed);
  expect(controller.getState()).toMatchObject({ phase: "ready", reading: "crashed", applied: files, frame });
  expect(controller.getState().readingCrash).toMatchObject({ message: "invariant broken: no such document", seed: 3 });
  await controller.stepRequest();
  expect(controller.getState().frame?.nowMs).toBeGreaterThan(frame?.nowMs ?? 0);
  broken = false;
  controller.restartMesh();
  await controller.apply(typed);
  expect(controller.getState()).toMatchObject({ reading: "ready", readingCrash: null, applied: typed });
  expect([links.length, meshLinks.length]).toEqual([1, 2]);
});

test("each change says what the run was opened with and what was applied since; a new start forgets it", async () => {
  const { controller, meshLinks } = start();
  const texts = ["kind: VirtualService # 1\n", "kind: VirtualService # 2\n", "kind: VirtualService # 3\n"];
  const [first, second, third] = texts.map(withMesh);
  await controller.open(files, 1);
  await controller.stepRequest();
  await controller.apply(first!);
  await controller.apply(second!);
  expect(meshLinks[0]?.asked.at(-1)).toMatchObject({
    type: "planChange",
    opened: files,
    since: [first],
    files: second,
    nowMs: 10,
  });
  await controller.reset();
  await controller.stepRequest();
  await controller.apply(third!);
  expect(meshLinks[0]?.asked.at(-1)).toMatchObject({ type: "planChange", opened: second, since: [], files: third });
});

test("a refused mesh document changes nothing that runs and says so", async () => {
  const { controller } = start();
  await controller.open(files, 1);
  controller.run();
  controller.tick(50);
  await settle();
  await controller.apply(withMesh("kind: VirtualService # REFUSE\n"));
  const state = controller.getState();
  expect(state).toMatchObject({ refusedLast: true, applied: files, running: true, phase: "ready" });
  expect(state.diagnostics).toHaveLength(1);
  expect(state.frame?.nowMs).toBe(50);

  await controller.apply(withMesh("kind: VirtualService # better\n"));
  expect(controller.getState()).toMatchObject({ refusedLast: false, diagnostics: [] });
  expect(controller.getState().frame?.nowMs).toBe(50);
});

test("a changed experiment starts from zero, with the seed it asks for", async () => {
  const { controller } = start();
  await controller.open(files, 1);
  controller.run();
  controller.tick(50);
  await settle();
  await controller.apply([mesh, { ...experiment, text: "kind: Experiment\nspec:\n  seed: 9\n" }]);
  expect(controller.getState()).toMatchObject({ seed: 9, running: false });
  expect(controller.getState().frame?.nowMs).toBe(0);
});

test("a refused experiment leaves the last good run as it stands, with the findings in sight", async () => {
  const { controller } = start();
  await controller.open(files, 1);
  controller.run();
  controller.tick(50);
  await settle();
  await controller.apply([mesh, { ...experiment, text: "kind: Experiment # REFUSE\n" }]);
  const state = controller.getState();
  expect(state).toMatchObject({
    phase: "ready",
    refusedLast: true,
    applied: files,
    attempted: [mesh, { ...experiment, text: "kind: Experiment # REFUSE\n" }],
  });
  expect(state.diagnostics).toHaveLength(1);
  expect(state.frame?.nowMs).toBe(50);
  await controller.stepRequest();
  expect(controller.getState().phase).toBe("ready");
});

test("refused at the very beginning: nothing runs", async () => {
  const { controller } = start();
  await controller.open(withMesh("REFUSE"), 1);
  controller.run();
  expect(controller.getState()).toMatchObject({
    phase: "refused",
    running: false,
    topology: null,
    attempted: withMesh("REFUSE"),
  });
});

test("next failing one runs on until there is one and explains it", async () => {
  const { controller } = start({ failEvery: 20 });
  await controller.open(files, 1);
  await controller.findFailing();
  expect(controller.getState()).toMatchObject({ chosen: 20, explanation: { requestId: 20 } });
  await controller.findFailing();
  expect(controller.getState().chosen).toBe(40);
});

test("next failing one says when there is none before the run ends", async () => {
  const { controller } = start({ failEvery: 0, durationMs: 2000 });
  await controller.open(files, 1);
  await controller.findFailing();
  expect(controller.getState()).toMatchObject({ noneFailing: true, chosen: null });
  expect(controller.getState().frame?.finished).toBe(true);
});

test("each flight is handed on once, in order", async () => {
  const { controller } = start();
  const seen: number[] = [];
  controller.onFlights((flights) => seen.push(...flights.map((flight) => flight.id)));
  await controller.open(files, 1);
  for (let step = 0; step < 5; step++) await controller.stepRequest();
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  expect(controller.getState().steps.map((line) => line.flightId)).toEqual(seen);
});

test("a moment that is gone to shows what was on its way there, in the list of steps too", async () => {
  const { controller } = start();
  const told: { flights: readonly { atMs: number }[]; nowMs: number; speed: number }[] = [];
  controller.onPassing((passing) => told.push(passing));
  await controller.open(files, 1);
  controller.setSpeed(2);
  await controller.runTo(4000);
  await controller.seekTime(2500);
  expect(told).toHaveLength(1);
  const [{ flights, ...moment }] = told as [(typeof told)[number]];
  expect(moment).toEqual({ nowMs: 2500, speed: 2 });
  expect(flights.length).toBeGreaterThan(20);
  for (const { atMs } of flights) expect(2500 - atMs).toBeLessThanOrEqual(1000);
  expect(controller.getState().steps.at(-1)?.atMs).toBe(flights.at(-1)?.atMs);
});

test("applied to a run that has ended, a configuration starts from zero", async () => {
  const { controller } = start({ durationMs: 100 });
  await controller.open(files, 1);
  controller.run();
  controller.tick(100);
  await settle();
  expect(controller.getState().frame?.finished).toBe(true);
  await controller.apply(withMesh("kind: VirtualService # other\n"));
  expect(controller.getState().frame).toMatchObject({ nowMs: 0, finished: false });
});

test("reset keeps what was found in text that is not applied yet", async () => {
  const finding = { code: "MESH1101" } as unknown as Diagnostic;
  const { controller, meshLinks } = start();
  await controller.open(files, 1);
  meshLinks[0]!.ask = (() => Promise.resolve({ type: "linted", diagnostics: [finding] })) as never;
  const typed = withMesh("kind: Wrong\n");
  await controller.lint(typed);
  await controller.reset();
  expect(controller.getState()).toMatchObject({ diagnostics: [finding], diagnosed: typed, applied: files });
});

test("a live change remembers what was counted when it took over; a new start forgets it", async () => {
  const { controller } = start();
  await controller.open(files, 1);
  controller.run();
  controller.tick(100);
  await settle();
  expect(controller.getState().changedAt).toBeNull();
  await controller.apply(withMesh("kind: VirtualService\nmetadata: {}\n"));
  expect(controller.getState().changedAt?.nowMs).toBe(100);
  await controller.reset();
  expect(controller.getState().changedAt).toBeNull();
});

test("reset goes back to zero with the same seed and forgets the old requests", async () => {
  const { controller } = start();
  await controller.open(files, 5);
  await controller.findFailing();
  await controller.reset();
  const state = controller.getState();
  expect(state).toMatchObject({ seed: 5, chosen: null, explanation: null });
  expect(state.frame?.nowMs).toBe(0);
  expect(state.log.newest).toEqual([]);
});
