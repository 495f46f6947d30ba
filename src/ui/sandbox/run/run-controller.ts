/**
 * Drives one simulation: asks the worker for time slices while running, keeps the newest state, tells listeners.
 * It never advances on its own clock: a slice that is not answered changes nothing, so a dead worker freezes every number.
 */
import type { Flight } from "#engine";
import type { MeshFile } from "#mesh";
import type { WorkerRequest, WorkerResponse } from "#protocol";
import type { Frame, FrameOptions } from "#scenario";
import { worldText, writtenSeed } from "./documents.ts";
import { createRateWindow, type RateWindow } from "./rate-window.ts";
import { addToRequestLog, emptyRequestLog, nextFailing } from "./request-log.ts";
import { initialRunState, type RunState, type StepLine } from "./run-state.ts";
import type { ConnectSimulation, SimulationLink } from "./simulation-link.ts";

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
  /** Ends a worker that does not answer, or starts a crashed one again with the same seed and configuration. */
  restart(): Promise<void>;
  close(): void;
}

export interface RunControllerOptions {
  connect: ConnectSimulation;
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
  let link: SimulationLink | null = null;
  let rates: RateWindow = createRateWindow();
  let lastFlightId = -1;
  let slicing = false;
  let epoch = 0;
  let queue: Promise<unknown> = Promise.resolve();
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

  /** Questions go out one after the other, so that answers cannot overtake. */
  function ask(message: WorkerRequest): Promise<WorkerResponse | null> {
    const asked = epoch;
    const answer = queue.then(async () => {
      if (asked !== epoch) return null;
      link ??= connect();
      const slow = setTimeout(() => asked === epoch && change({ phase: "stuck", running: false }), patienceMs);
      const response = await link.ask(message);
      clearTimeout(slow);
      if (asked !== epoch) return null;
      if (current().phase === "stuck") change({ phase: "ready" });
      if (response.type !== "crashed") return response;
      const { seed, applied } = current();
      const crash = { message: response.message, stack: response.stack, seed, files: applied };
      change({ phase: "crashed", running: false, explaining: false, crash });
      return null;
    });
    queue = answer.catch(() => null);
    return answer;
  }

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
    change({ phase: "opening", running: false, seed, attempted: files, crash: null });
    const response = await ask({ type: "open", files: [...files], seed });
    if (response?.type === "opened") {
      const { topology, diagnostics, frame } = response;
      // The same text from the start again: what was found since, in text not yet applied, stays in sight.
      const findings = files === before.applied ? {} : { diagnostics, diagnosed: files };
      change({ ...forget(), phase: "ready", applied: files, refusedLast: false, topology, ...findings, frame: null });
      takeFrame(frame, "", "now");
      return true;
    }
    if (response?.type !== "refused") return false;
    const hadGood = before.topology !== null && before.applied.length > 0 && before.applied !== files;
    // The refused one took the place of the run: the last good one starts again, and the findings stay in sight.
    const back = hadGood && (await open(before.applied, before.seed));
    const { diagnostics } = response;
    change({ phase: back ? "ready" : "refused", refusedLast: hadGood, attempted: files, diagnostics, diagnosed: files });
    return false;
  }

  async function step(unit: "event" | "request"): Promise<void> {
    change({ running: false });
    const response = await ask({ type: "step", unit, frame: frameOptions() });
    if (response?.type !== "frame") return;
    const lines = takeFrame(response.frame, response.traceHash, "now");
    change({ steps: [...current().steps, ...lines].slice(-50) });
  }

  async function advance(untilMs: number, requests = maxRequests): Promise<Frame | null> {
    const response = await ask({ type: "advance", untilMs, budgetMs, frame: frameOptions(requests) });
    if (response?.type !== "frame") return null;
    const ended = response.frame.finished;
    takeFrame(response.frame, response.traceHash, ended ? "now" : "paced");
    if (ended) change({ running: false });
    return response.frame;
  }

  async function explain(requestId: number): Promise<void> {
    change({ chosen: requestId, explaining: true, explanation: null, noneFailing: false });
    const response = await ask({ type: "explain", requestId });
    if (response?.type === "explained" && current().chosen === requestId) {
      change({ explanation: response.explanation, explaining: false });
    }
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
      const response = await ask({ type: "lint", files: [...files] });
      if (response?.type === "linted") change({ diagnostics: response.diagnostics, diagnosed: files });
    },
    async apply(files) {
      const { applied, phase, frame } = current();
      // Before the first event and after the last one there is no run to change: it starts anew.
      const idle = frame === null || frame.eventCount === 0 || frame.finished;
      if (phase !== "ready" || idle || worldText(files) !== worldText(applied)) {
        const seed = writtenSeed(files);
        await open(files, seed === writtenSeed(applied) ? current().seed : (seed ?? current().seed));
        return;
      }
      const response = await ask({ type: "applyFiles", files: [...files], frame: frameOptions() });
      if (response?.type !== "applied") return;
      const { diagnostics, topology } = response;
      const answer = { attempted: files, diagnostics, diagnosed: files };
      if (response.applied) change({ ...answer, applied: files, refusedLast: false, topology, changedAt: response.frame });
      else change({ ...answer, refusedLast: true });
      takeFrame(response.frame, current().traceHash, "now");
    },
    run() {
      if (current().phase === "ready" && !current().frame?.finished) change({ running: true, noneFailing: false });
    },
    pause: () => change({ running: false }),
    stepEvent: () => step("event"),
    stepRequest: () => step("request"),
    async reset() {
      await open(current().applied, current().seed);
    },
    setSpeed: (speed) => change({ speed }),
    async setSeed(seed) {
      if (current().applied.length > 0) await open(current().applied, seed);
      else change({ seed });
    },
    tick(realMs) {
      const { running, frame, speed, phase } = current();
      if (!running || slicing || phase !== "ready") return;
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
      epoch++;
      link?.close();
      link = null;
      queue = Promise.resolve();
      slicing = false;
      const { applied, seed, crash } = current();
      await open(applied.length > 0 ? applied : (crash?.files ?? []), seed);
    },
    close() {
      epoch++;
      link?.close();
      link = null;
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
