/**
 * Drives one simulation: has the text planned by the mesh worker and the plan run by the simulation worker, asks for time slices while
 * running, keeps the newest state, tells listeners. Either worker may break without the other. It never advances on its own clock: a slice that is not answered changes nothing, so a dead worker freezes every number.
 */
import type { Flight } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { Crashed, MeshAnswers, MeshRequest, SimulationAnswers, SimulationRequest } from "#protocol";
import type { Frame, FrameOptions, RunPlan } from "#scenario";
import { worldText, writtenSeed } from "./documents.ts";
import { createRateWindow, type RateWindow } from "./rate-window.ts";
import { addToRequestLog, emptyRequestLog, nextFailing } from "./request-log.ts";
import { type CrashReport, initialRunState, type RunState, type StepLine } from "./run-state.ts";
import { createWorkerLane } from "./worker-lane.ts";
import type { ConnectWorkers } from "./worker-link.ts";

export interface RunController {
  getState(): RunState;
  subscribe(listener: () => void): () => void;
  /** Every message as it arrives, for the dots; at most `maxFlights` of a frame. */
  onFlights(listener: (flights: readonly Flight[]) => void): () => void;
  open(files: readonly MeshFile[], seed?: number): Promise<boolean>;
  lint(files: readonly MeshFile[]): Promise<void>;
  /** As `kubectl apply`: live when only mesh documents changed, from the start when the experiment did. */
  apply(files: readonly MeshFile[]): Promise<void>;
  run(): void;
  pause(): void;
  stepEvent(): Promise<void>;
  stepRequest(): Promise<void>;
  reset(): Promise<void>;
  setSpeed(speed: number): void;
  setSeed(seed: number): Promise<void>;
  /** One animation frame passed: asks for the next slice. @param realMs since the last one. */
  tick(realMs: number): void;
  /** Runs on without pacing to a moment of virtual time, e.g. where a picture made earlier stands. */
  runTo(untilMs: number): Promise<void>;
  explain(requestId: number): Promise<void>;
  /** Chooses the next failing request, running on until there is one. */
  findFailing(): Promise<void>;
  /** Ends a simulation that does not answer, or starts a crashed one again with the same seed and configuration. */
  restart(): Promise<void>;
  /** The same for the worker that reads the text: the run goes on meanwhile. */
  restartMesh(): void;
  close(): void;
}

export interface RunControllerOptions {
  connect: ConnectWorkers;
  /** Real time after which an unanswered question counts as stuck, ms. */
  patienceMs?: number;
  /** Real time between two states handed to listeners while running, ms. */
  paceMs?: number;
  now?: () => number;
}

const budgetMs = 10;
const longestSliceRealMs = 100;
const maxFlights = 400;
const maxRequests = 200;

export function createRunController(options: RunControllerOptions): RunController {
  const { connect, patienceMs = 5000, paceMs = 100, now = () => performance.now() } = options;
  let state: RunState = initialRunState;
  let pending: RunState | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  /** What the run was opened with, and what was applied to it since. */
  let opened: { files: readonly MeshFile[]; plan: RunPlan } | null = null;
  let since: (readonly MeshFile[])[] = [];
  /** A change is being translated for this very moment: time stands still. */
  let holding = false;
  let rates: RateWindow = createRateWindow();
  let lastFlightId = -1;
  let slicing = false;
  const listeners = new Set<() => void>();
  const flightListeners = new Set<(flights: readonly Flight[]) => void>();

  const current = () => pending ?? state;
  const frameOptions = (requests = maxRequests): FrameOptions => ({
    afterFlightId: lastFlightId,
    maxFlights,
    maxRequests: requests,
  });

  function change(part: Partial<RunState>, when: "now" | "paced" = "now"): void {
    pending = { ...current(), ...part };
    if (when === "paced" && now() - toldAt < paceMs) return;
    state = pending;
    pending = null;
    toldAt = now();
    for (const listener of listeners) listener();
  }

  const crashOf = ({ message, stack }: Crashed, files: readonly MeshFile[]): CrashReport => {
    return { message, stack, seed: current().seed, files };
  };
  const mesh = createWorkerLane<MeshRequest, MeshAnswers>({
    connect: connect.mesh,
    patienceMs,
    onLate: () => change({ reading: "late" }),
    onAnswer: () => change({ reading: "ready" }),
    onCrash: (crash) => change({ reading: "crashed", readingCrash: crashOf(crash, current().attempted) }),
  });
  const simulation = createWorkerLane<SimulationRequest, SimulationAnswers>({
    connect: connect.simulation,
    patienceMs,
    onLate: () => change({ phase: "stuck", running: false }),
    onAnswer: () => current().phase === "stuck" && change({ phase: "ready" }),
    onCrash: (crash) => change({ phase: "crashed", running: false, explaining: false, crash: crashOf(crash, current().applied) }),
  });

  function takeFrame(frame: Frame, traceHash: string, when: "now" | "paced"): StepLine[] {
    const fresh = frame.flights.filter((flight) => flight.id > lastFlightId);
    rates.push(frame);
    lastFlightId = Math.max(lastFlightId, ...fresh.map((flight) => flight.id));
    // A full batch means that more are waiting than can be drawn: skip on rather than lag behind.
    if (fresh.length >= maxFlights) lastFlightId += fresh.length * 4;
    if (fresh.length > 0) for (const listener of flightListeners) listener(fresh);
    change({ frame, traceHash, rates: rates.recent(), log: addToRequestLog(current().log, frame) }, when);
    return fresh.map(toStepLine);
  }

  function forget(): Partial<RunState> {
    rates = createRateWindow();
    lastFlightId = -1;
    return {
      log: emptyRequestLog,
      steps: [],
      chosen: null,
      explanation: null,
      explaining: false,
      noneFailing: false,
      changedAt: null,
    };
  }

  /** @returns true when it runs what was asked for. */
  async function open(files: readonly MeshFile[], seed = current().seed): Promise<boolean> {
    const before = current();
    change({ phase: "opening", running: false, attempted: files, crash: null });
    simulation.start();
    const response = await mesh.ask({ type: "plan", files: [...files] });
    if (response?.plan) return openPlan(files, response.plan, seed, response.diagnostics);
    // What ran before goes on: nothing of it was touched.
    const hadGood = opened !== null && before.phase === "ready";
    change({ phase: hadGood ? "ready" : response ? "refused" : before.phase, refusedLast: hadGood });
    if (response) change({ diagnostics: response.diagnostics, diagnosed: files });
    return false;
  }

  async function openPlan(
    files: readonly MeshFile[],
    plan: RunPlan,
    seed: number,
    diagnostics: readonly Diagnostic[],
  ): Promise<boolean> {
    const before = current();
    change({ phase: "opening", running: false, seed, crash: null });
    const response = await simulation.ask({ type: "open", plan, seed });
    if (!response) return false;
    opened = { files, plan };
    since = [];
    // The same text from the start again: what was found since, in text not yet applied, stays in sight.
    const findings = files === before.applied ? {} : { diagnostics, diagnosed: files };
    const { topology } = plan;
    change({ ...forget(), phase: "ready", applied: files, refusedLast: false, topology, ...findings, frame: null });
    takeFrame(response.frame, "", "now");
    return true;
  }

  /** From time 0 again, with what holds now. */
  async function reopen(seed: number): Promise<void> {
    const { applied, crash, attempted } = current();
    if (opened && opened.files === applied) await openPlan(applied, opened.plan, seed, []);
    else await open(applied.length > 0 ? applied : (crash?.files ?? attempted), seed);
  }

  /** Into the running mesh, at the moment at which it stands. */
  async function applyLive(files: readonly MeshFile[]): Promise<void> {
    if (!opened) return;
    holding = true;
    try {
      const nowMs = current().frame?.nowMs ?? 0;
      const question = { opened: [...opened.files], since: since.map((one) => [...one]), files: [...files], nowMs };
      const planned = await mesh.ask({ type: "change", ...question });
      if (!planned) return;
      const { diagnostics, change: documents } = planned;
      const answer = { attempted: files, diagnostics, diagnosed: files };
      if (!documents) {
        change({ ...answer, refusedLast: true });
        return;
      }
      const response = await simulation.ask({ type: "applyDocuments", change: documents, frame: frameOptions() });
      if (!response) return;
      since.push(files);
      const { topology } = documents;
      change({ ...answer, applied: files, refusedLast: false, topology, changedAt: response.frame });
      takeFrame(response.frame, response.traceHash, "now");
    } finally {
      holding = false;
    }
  }

  async function step(unit: "event" | "request"): Promise<void> {
    change({ running: false });
    const response = await simulation.ask({ type: "step", unit, frame: frameOptions() });
    if (!response) return;
    const lines = takeFrame(response.frame, response.traceHash, "now");
    change({ steps: [...current().steps, ...lines].slice(-50) });
  }

  async function advance(untilMs: number, requests = maxRequests): Promise<Frame | null> {
    const response = await simulation.ask({ type: "advance", untilMs, budgetMs, frame: frameOptions(requests) });
    if (!response) return null;
    const ended = response.frame.finished;
    takeFrame(response.frame, response.traceHash, ended ? "now" : "paced");
    if (ended) change({ running: false });
    return response.frame;
  }

  async function explain(requestId: number): Promise<void> {
    change({ chosen: requestId, explaining: true, explanation: null, noneFailing: false });
    const response = await simulation.ask({ type: "explain", requestId });
    if (response && current().chosen === requestId) change({ explanation: response.explanation, explaining: false });
  }

  const controller: RunController = {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFlights(listener) {
      flightListeners.add(listener);
      return () => flightListeners.delete(listener);
    },
    open,
    async lint(files) {
      const response = await mesh.ask({ type: "lint", files: [...files] });
      if (response) change({ diagnostics: response.diagnostics, diagnosed: files });
    },
    async apply(files) {
      const { applied, phase, frame } = current();
      // Before the first event and after the last one there is no run to change: it starts anew.
      const idle = frame === null || frame.eventCount === 0 || frame.finished;
      if (phase !== "ready" || idle || !opened || worldText(files) !== worldText(applied)) {
        const seed = writtenSeed(files);
        await open(files, seed === writtenSeed(applied) ? current().seed : (seed ?? current().seed));
        return;
      }
      await applyLive(files);
    },
    run() {
      if (current().phase === "ready" && !current().frame?.finished) change({ running: true, noneFailing: false });
    },
    pause: () => change({ running: false }),
    stepEvent: () => step("event"),
    stepRequest: () => step("request"),
    reset: () => reopen(current().seed),
    setSpeed: (speed) => change({ speed }),
    async setSeed(seed) {
      if (current().applied.length > 0) await reopen(seed);
      else change({ seed });
    },
    tick(realMs) {
      const { running, frame, speed, phase } = current();
      if (!running || slicing || holding || phase !== "ready") return;
      slicing = true;
      const untilMs = (frame?.nowMs ?? 0) + Math.min(realMs, longestSliceRealMs) * speed;
      void advance(untilMs).finally(() => {
        slicing = false;
      });
    },
    async runTo(untilMs) {
      while (current().phase === "ready" && (current().frame?.nowMs ?? 0) < untilMs) {
        const before = current().frame?.nowMs ?? 0;
        const frame = await advance(untilMs);
        if (!frame || frame.finished || frame.nowMs <= before) return;
      }
    },
    explain,
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
      await reopen(current().seed);
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
  return controller;
}

function toStepLine(flight: Flight): StepLine {
  return {
    flightId: flight.id,
    atMs: flight.atMs,
    kind: flight.kind,
    from: flight.from,
    to: flight.to,
    workload: flight.toWorkload,
    replica: flight.toReplica,
    status: flight.status,
    flags: flight.flags,
  };
}
