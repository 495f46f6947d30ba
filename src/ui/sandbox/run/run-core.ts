/**
 * What every part of the run controller shares: the newest state and who hears of it, the two workers, and the taking in of frames.
 * Decides nothing by itself.
 */
import type { Flight } from "#engine";
import type { MeshFile } from "#mesh";
import type { Crashed, MeshAnswers, MeshRequest, SimulationAnswers, SimulationRequest } from "#protocol";
import type { Frame, FrameOptions, Movement, MovementOptions } from "#scenario";
import { createRateWindow } from "./rate-window.ts";
import { addFailed, addToRequestLog, emptyRequestLog } from "./request-log.ts";
import { type CrashReport, initialRunState, type RunState, type StepLine } from "./run-state.ts";
import { createWorkerLane, type WorkerLane } from "./worker-lane.ts";
import type { ConnectWorkers } from "./worker-link.ts";
import { configurationOf, type EditLabel, type OpenedPlan, start, type World } from "./world.ts";

export interface RunControllerOptions {
  connect: ConnectWorkers;
  /** Real time after which an unanswered question counts as stuck, ms. */
  patienceMs?: number;
  /** Real time between two states handed to listeners while running, ms. */
  paceMs?: number;
  now?: () => number;
}

export interface RunCore {
  readonly mesh: WorkerLane<MeshRequest, MeshAnswers>;
  readonly simulation: WorkerLane<SimulationRequest, SimulationAnswers>;
  /** What the run was opened with. */
  opened: OpenedPlan | null;
  /** What listeners see; `current` may be newer while it runs. */
  shown(): RunState;
  current(): RunState;
  /** @param when "later": listeners hear of it with the next change that is told */
  change(part: Partial<RunState>, when?: "now" | "paced" | "later"): void;
  frameOptions(maxRequests?: number): FrameOptions;
  movementOptions(): MovementOptions;
  /** While it runs the numbers are asked for at their own pace. */
  numbersAreDue(): boolean;
  /** What moved since the animation frame before: the clock, messages for the dots, requests that failed. */
  takeMovement(movement: Movement): void;
  /** The clock went on since the numbers were taken. */
  numbersAreOld(): boolean;
  /** @returns what flew since the frame before */
  takeFrame(frame: Frame, traceHash: string, when: "now" | "paced"): StepLine[];
  /** The state of a run that has just begun. */
  forget(): Partial<RunState>;
  /** Counts what is "lately" from another moment on. */
  restartRates(before: Frame): void;
  world(): World | null;
  tellEdit(label: EditLabel, before: World): void;
  subscribe(listener: () => void): () => void;
  onFlights(listener: (flights: readonly Flight[]) => void): () => void;
  /** What was on its way at a moment that was gone to. */
  tellPassing(passing: Passing): void;
  onPassing(listener: (passing: Passing) => void): () => void;
  onEdit(listener: (label: EditLabel, before: World) => void): () => void;
}

/** Messages up to a moment, oldest first, and how fast its time goes. */
export interface Passing {
  flights: readonly Flight[];
  nowMs: number;
  speed: number;
}

const maxFlights = 400;
const maxRequests = 200;
/** Lines of the list for readers without animation, where a moment was gone to. */
const maxSteps = 8;
/** Of an animation frame: as many as become dots, at most. */
const maxMoving = 64;
const maxFailed = 20;

export function createRunCore(options: RunControllerOptions): RunCore {
  const { connect, patienceMs = 5000, paceMs = 250, now = () => performance.now() } = options;
  let state: RunState = initialRunState;
  let pending: RunState | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  let rates = createRateWindow();
  let lastFlightId = -1;
  let requestsEnded = 0;
  let numbersAt = Number.NEGATIVE_INFINITY;
  let old = false;
  const listeners = new Set<() => void>();
  const flightListeners = new Set<(flights: readonly Flight[]) => void>();
  const passingListeners = new Set<(passing: Passing) => void>();
  const editListeners = new Set<(label: EditLabel, before: World) => void>();

  const current = () => pending ?? state;

  function change(part: Partial<RunState>, when: "now" | "paced" | "later" = "now"): void {
    pending = { ...current(), ...part };
    if (when === "later" || (when === "paced" && now() - toldAt < paceMs)) return;
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

  /** More than were sent are skipped rather than lagged behind. */
  function tellFlights({ flights, lastFlightId: newest }: Pick<Frame, "flights" | "lastFlightId">): readonly Flight[] {
    const fresh = flights.filter((flight) => flight.id > lastFlightId);
    lastFlightId = Math.max(lastFlightId, newest);
    if (fresh.length > 0) for (const listener of flightListeners) listener(fresh);
    return fresh;
  }

  function takeMovement(movement: Movement): void {
    tellFlights(movement);
    const { nowMs, eventCount, finished } = movement;
    requestsEnded = movement.requestsEnded;
    old = true;
    const { frame, log } = current();
    change(
      { ...(frame ? { frame: { ...frame, nowMs, eventCount, finished } } : {}), log: addFailed(log, movement.failed) },
      "later",
    );
    goneOn(nowMs, eventCount);
  }

  function goneOn(nowMs: number, eventCount: number): void {
    const { reached } = current();
    if (eventCount > reached.eventCount || nowMs > reached.nowMs) change({ reached: { nowMs, eventCount } }, "later");
  }

  function takeFrame(frame: Frame, traceHash: string, when: "now" | "paced"): StepLine[] {
    const fresh = tellFlights(frame);
    rates.push(frame);
    const { log, changes } = current();
    if (frame.nowMs < log.nowMs) requestsEnded = 0;
    numbersAt = now();
    old = false;
    goneOn(frame.nowMs, frame.eventCount);
    const { meshMarks: before, reached } = current();
    const later = frame.eventCount < reached.eventCount ? before.filter(({ atMs }) => atMs > frame.nowMs) : [];
    const meshMarks = [...(frame.control?.marks ?? []), ...later];
    const holds = core.opened ? configurationOf(core.opened, changes, frame.changesMade) : {};
    change({ frame, traceHash, rates: rates.recent(), log: addToRequestLog(log, frame), meshMarks, ...holds }, when);
    return fresh.map(toStepLine);
  }

  function forget(): Partial<RunState> {
    rates = createRateWindow();
    lastFlightId = -1;
    requestsEnded = 0;
    return {
      log: emptyRequestLog,
      steps: [],
      chosen: null,
      explanation: null,
      explaining: false,
      noneFailing: false,
      changedAt: null,
      changes: [],
      meshMarks: [],
      reached: start,
      branched: null,
    };
  }

  const core: RunCore = {
    mesh,
    simulation,
    opened: null,
    shown: () => state,
    current,
    change,
    frameOptions: (requests = maxRequests) => ({ afterFlightId: lastFlightId, maxFlights, maxRequests: requests }),
    movementOptions: () => {
      return { afterFlightId: lastFlightId, maxFlights: maxMoving, afterRequests: requestsEnded, maxRequests: maxFailed };
    },
    numbersAreDue: () => now() - numbersAt >= paceMs,
    numbersAreOld: () => old,
    takeMovement,
    takeFrame,
    forget,
    restartRates(before) {
      rates = createRateWindow();
      rates.push(before);
    },
    world() {
      const { seed, changes, reached, frame } = current();
      if (!core.opened || !frame) return null;
      return { opened: core.opened, seed, changes, at: { nowMs: frame.nowMs, eventCount: frame.eventCount }, reached };
    },
    tellEdit(label, before) {
      for (const listener of editListeners) listener(label, before);
    },
    subscribe: (listener) => join(listeners, listener),
    onFlights: (listener) => join(flightListeners, listener),
    tellPassing(passing) {
      change({ steps: passing.flights.slice(-maxSteps).map(toStepLine) });
      for (const listener of passingListeners) listener(passing);
    },
    onPassing: (listener) => join(passingListeners, listener),
    onEdit: (listener) => join(editListeners, listener),
  };
  return core;
}

function join<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
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
