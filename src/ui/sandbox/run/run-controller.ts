/**
 * Drives one simulation: has the text planned by the mesh worker and the plan run by the simulation worker, asks for time slices while
 * running, keeps the newest state, tells listeners. Either worker may break without the other. It never advances on its own clock: a
 * slice that is not answered changes nothing, so a dead worker freezes every number.
 */
import type { Flight, SimulationChange } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { SimulationAnswers } from "#protocol";
import type { ActionText, ExportFormat, Frame, RunPlan, SeriesPoint } from "#scenario";
import type { EditorHelp } from "../editor/editor-help.ts";
import { worldText, writtenSeed } from "./documents.ts";
import { nextFailing } from "./request-log.ts";
import { createRunChanges, type DeliveryChoice } from "./run-changes.ts";
import { createRunCore, type Passing, type RunControllerOptions } from "./run-core.ts";
import type { RunState } from "./run-state.ts";
import { createRunTravel } from "./run-travel.ts";
import { type EditLabel, labelOf, type OpenedPlan, start, type World } from "./world.ts";
import { createYamlDesk } from "./yaml-desk.ts";

/** Null where there is none after all. */
export type LoadPlan = () => Promise<RunPlan | null>;

export interface RunController extends EditorHelp {
  getState(): RunState;
  subscribe(listener: () => void): () => void;
  /** Every message as it arrives, for the dots; at most `maxFlights` of a frame. */
  onFlights(listener: (flights: readonly Flight[]) => void): () => void;
  /** What was on its way at a moment that was gone to. */
  onPassing(listener: (passing: Passing) => void): () => void;
  /** @param loadPlan the plan of just these files where one was made before: then the mesh worker is not asked */
  open(files: readonly MeshFile[], seed?: number, loadPlan?: LoadPlan): Promise<boolean>;
  /** Loads the worker that reads text before it is asked. */
  startReading(): void;
  lint(files: readonly MeshFile[]): Promise<void>;
  /** From one mesh text to another; null where the text cannot be read now. */
  countEdits(from: string, to: string): Promise<number | null>;
  /** What would run, without running it; null where it is refused. */
  plan(files: readonly MeshFile[]): Promise<RunPlan | null>;
  /** As `kubectl apply`: live when only mesh documents changed, from the start when the experiment did. */
  apply(files: readonly MeshFile[], delivery?: DeliveryChoice): Promise<void>;
  run(): void;
  pause(): void;
  stepEvent(): Promise<void>;
  stepRequest(): Promise<void>;
  /** Changes the run now: a fault, an outage, other traffic. */
  change(change: SimulationChange): Promise<void>;
  /** The same as an entry of spec.timeline says it. */
  act(action: ActionText): Promise<readonly Diagnostic[]>;
  /** To another moment of the run so far; a change made there begins another future. */
  seekTime(atMs: number): Promise<void>;
  backEvent(): Promise<void>;
  backRequest(): Promise<void>;
  /** The run as a value, and back to it: undo and redo. */
  world(): World | null;
  goTo(world: World): Promise<void>;
  /** Each edit of the run, with the world before it. */
  onEdit(listener: (label: EditLabel, before: World) => void): () => void;
  reset(): Promise<void>;
  setSpeed(speed: number): void;
  setSeed(seed: number): Promise<void>;
  /** One animation frame passed: asks for the next slice. @param realMs since the last one. */
  tick(realMs: number): void;
  /** Runs on without pacing to a moment of virtual time, e.g. where a picture made earlier stands. */
  runTo(untilMs: number): Promise<void>;
  explain(requestId: number): Promise<void>;
  /** The run's numbers over time, oldest first; null where the simulation is lost. */
  series(maxPoints: number): Promise<readonly SeriesPoint[] | null>;
  /** The run so far as a file; null where the simulation is lost. */
  exportRun(format: ExportFormat): Promise<SimulationAnswers["export"] | null>;
  /** Chooses the next failing request, running on until there is one. */
  findFailing(): Promise<void>;
  /** Ends a simulation that does not answer, or starts a crashed one again with the same seed and configuration. */
  restart(): Promise<void>;
  /** The same for the worker that reads the text: the run goes on meanwhile. */
  restartMesh(): void;
  close(): void;
}

const budgetMs = 10;
const longestSliceRealMs = 100;

export function createRunController(options: RunControllerOptions): RunController {
  const core = createRunCore(options);
  const { mesh, simulation, current, change, takeFrame, frameOptions } = core;
  const changes = createRunChanges(core);
  const travel = createRunTravel(core, { openPlan: (target, seed) => openPlan(target, seed, null), runTo });
  let slicing = false;
  /** Real time that passed and was not run yet. */
  let owedMs = 0;

  /** @returns true when it runs what was asked for. */
  async function open(files: readonly MeshFile[], seed = current().seed, loadPlan?: LoadPlan): Promise<boolean> {
    const before = current();
    const world = core.world();
    change({ phase: "opening", running: false, attempted: files, crash: null });
    simulation.start();
    const prepared = (await loadPlan?.()) ?? null;
    // Closed, or asked for other files meanwhile.
    if (current().phase !== "opening" || current().attempted !== files) return false;
    const response = prepared
      ? { plan: prepared, diagnostics: prepared.diagnostics }
      : await mesh.ask({ type: "plan", files: [...files] });
    if (response?.plan) {
      const done = await openPlan({ files, plan: response.plan }, seed, response.diagnostics);
      if (done && world) core.tellEdit({ code: files === world.opened.files ? "restart" : "applyFromStart", params: {} }, world);
      return done;
    }
    // What ran before goes on: nothing of it was touched.
    const hadGood = core.opened !== null && before.phase === "ready";
    change({ phase: hadGood ? "ready" : response ? "refused" : before.phase, refusedLast: hadGood });
    if (response) change({ diagnostics: response.diagnostics, diagnosed: files });
    return false;
  }

  /** @param diagnostics null: what was found stays in sight */
  async function openPlan(target: OpenedPlan, seed: number, diagnostics: readonly Diagnostic[] | null): Promise<boolean> {
    const { applied } = current();
    change({ phase: "opening", running: false, seed, crash: null });
    const response = await simulation.ask({ type: "open", plan: target.plan, seed });
    if (!response) return false;
    core.opened = target;
    // The same text from the start again: what was found since, in text not yet applied, stays in sight.
    const findings = diagnostics && target.files !== applied ? { diagnostics, diagnosed: target.files } : {};
    const planned = target.plan.config.timeline.map(({ atMs, change: made }) => ({ atMs, label: labelOf(made) }));
    change({ ...core.forget(), planned, phase: "ready", refusedLast: false, ...findings, frame: null });
    takeFrame(response.frame, "", "now");
    return true;
  }

  /** From time 0 again, with what holds now. */
  async function reopen(seed: number): Promise<void> {
    const { applied, crash, attempted } = current();
    const { opened } = core;
    const world = core.world();
    if (!opened || opened.files !== applied) {
      await open(applied.length > 0 ? applied : (crash?.files ?? attempted), seed);
    } else if ((await openPlan(opened, seed, null)) && world) {
      core.tellEdit(seed === world.seed ? { code: "restart", params: {} } : { code: "seed", params: { seed } }, world);
    }
  }

  async function step(unit: "event" | "request"): Promise<void> {
    change({ running: false });
    const response = await simulation.ask({ type: "step", unit, frame: frameOptions() });
    if (!response) return;
    const lines = takeFrame(response.frame, response.traceHash, "now");
    change({ steps: [...current().steps, ...lines].slice(-50) });
  }

  async function advance(untilMs: number, requests?: number, when: "now" | "paced" = "paced"): Promise<Frame | null> {
    const response = await simulation.ask({ type: "advance", untilMs, budgetMs, frame: frameOptions(requests) });
    if (!response) return null;
    const ended = response.frame.finished;
    takeFrame(response.frame, response.traceHash, ended ? "now" : when);
    if (ended) change({ running: false });
    return response.frame;
  }

  /** One animation frame on. */
  async function move(untilMs: number): Promise<void> {
    const frame = core.numbersAreDue() ? { ...frameOptions(), maxFlights: 0 } : null;
    const answer = await simulation.ask({ type: "move", untilMs, budgetMs, movement: core.movementOptions(), frame });
    if (!answer) return;
    core.takeMovement(answer.movement);
    const { shown } = answer;
    if (!shown) return;
    takeFrame(shown.frame, shown.traceHash, "now");
    if (shown.frame.finished) change({ running: false });
  }

  async function runTo(untilMs: number): Promise<void> {
    while (current().phase === "ready" && (current().frame?.nowMs ?? 0) < untilMs) {
      const before = current().frame?.nowMs ?? 0;
      const frame = await advance(untilMs);
      if (!frame || frame.finished || frame.nowMs <= before) return;
    }
  }

  async function explain(requestId: number): Promise<void> {
    change({ chosen: requestId, explaining: true, explanation: null, noneFailing: false });
    const response = await simulation.ask({ type: "explain", requestId });
    if (response && current().chosen === requestId) change({ explanation: response.explanation, explaining: false });
  }

  return {
    getState: core.shown,
    subscribe: core.subscribe,
    onFlights: core.onFlights,
    onPassing: core.onPassing,
    open,
    startReading: () => mesh.start(),
    async lint(files) {
      const response = await mesh.ask({ type: "lint", files: [...files] });
      if (response) change({ diagnostics: response.diagnostics, diagnosed: files });
    },
    async complete(files, file, offset) {
      return (await mesh.ask({ type: "complete", files: [...files], file, offset }))?.completion ?? null;
    },
    async describe(files, file, offset) {
      return (await mesh.ask({ type: "describe", files: [...files], file, offset }))?.field ?? null;
    },
    async countEdits(from, to) {
      return (await mesh.ask({ type: "countEdits", from, to }))?.edits ?? null;
    },
    desk: createYamlDesk(mesh),
    async plan(files) {
      return (await mesh.ask({ type: "plan", files: [...files] }))?.plan ?? null;
    },
    async apply(files, delivery = "asConfigured") {
      const { applied, phase, frame } = current();
      // Before the first event and after the last one there is no run to change: it starts anew.
      const idle = frame === null || frame.eventCount === 0 || frame.finished;
      if (phase !== "ready" || idle || !core.opened || worldText(files) !== worldText(applied)) {
        const seed = writtenSeed(files);
        await open(files, seed === writtenSeed(applied) ? current().seed : (seed ?? current().seed));
        return;
      }
      await changes.applyLive(files, delivery);
    },
    run() {
      if (current().phase === "ready" && !current().frame?.finished) change({ running: true, noneFailing: false });
    },
    pause() {
      change({ running: false });
      // The numbers of just this moment.
      if (slicing || core.numbersAreOld()) void advance(0, undefined, "now");
    },
    stepEvent: () => step("event"),
    stepRequest: () => step("request"),
    async change(made) {
      if (current().phase === "ready") await changes.changeNow({ change: made, label: labelOf(made) });
    },
    async act(action) {
      return current().phase === "ready" ? changes.act(action) : [];
    },
    seekTime: (atMs) => travel.seek({ atMs: Math.min(Math.max(0, atMs), current().reached.nowMs) }),
    async backEvent() {
      const { eventCount = 0 } = current().frame ?? {};
      if (eventCount > 0) await travel.seek({ eventIndex: eventCount - 1 });
    },
    async backRequest() {
      if ((current().frame?.eventCount ?? 0) > 0) await travel.seek("previousRequest");
    },
    world: core.world,
    goTo: travel.goTo,
    onEdit: core.onEdit,
    reset: () => reopen(current().seed),
    setSpeed: (speed) => change({ speed }),
    async setSeed(seed) {
      if (current().applied.length > 0) await reopen(seed);
      else change({ seed });
    },
    tick(realMs) {
      const { running, frame, speed, phase } = current();
      if (!running || changes.holding || phase !== "ready") {
        owedMs = 0;
        return;
      }
      owedMs = Math.min(owedMs + realMs, longestSliceRealMs);
      if (slicing) return;
      slicing = true;
      const untilMs = (frame?.nowMs ?? 0) + owedMs * speed;
      owedMs = 0;
      void move(untilMs).finally(() => {
        slicing = false;
      });
    },
    runTo,
    explain,
    async series(maxPoints) {
      const response = await simulation.ask({ type: "series", maxPoints });
      return response?.points ?? null;
    },
    exportRun: (format) => simulation.ask({ type: "export", format }),
    async findFailing() {
      change({ running: false, noneFailing: false });
      let found = nextFailing(current().log, current().chosen);
      while (!found && current().phase === "ready" && !current().frame?.finished) {
        const frame = await advance((current().frame?.nowMs ?? 0) + 500, 1000);
        if (!frame) return;
        found = nextFailing(current().log, current().chosen);
      }
      if (found) await explain(found.requestId);
      else change({ noneFailing: true });
    },
    async restart() {
      simulation.drop();
      slicing = false;
      const world = core.world();
      change({ phase: "opening", running: false });
      // Where it broke it might break again: from the start, with every change still to come.
      if (world) await travel.goTo({ ...world, at: start, reached: start });
      else await reopen(current().seed);
    },
    restartMesh() {
      mesh.drop();
      change({ reading: "ready", readingCrash: null });
    },
    close() {
      mesh.drop();
      simulation.drop();
      change({ phase: "closed", running: false });
    },
  };
}
