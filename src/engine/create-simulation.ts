/**
 * The Simulation contract over one run: running, stepping, travelling in time by checkpoints, explaining by replay. Checkpoints are
 * copies of the mutable state; changes made by hand are kept with the event after which they were made and replayed like the timeline.
 */
import { assert } from "#base";
import { checkInvariants } from "./checkers/index.ts";
import { proxyStatuses } from "./control-plane/proxy-status.ts";
import { applyChange } from "./control-plane/timeline.ts";
import { createSim } from "./create-sim.ts";
import { copyState, hashState, sizeOfState } from "./kernel/state-copy.ts";
import type { SimulationChange, SimulationConfig } from "./model/index.ts";
import { isFinished, runEvent, runEvents } from "./run.ts";
import { clockIndex, type EngineOptions, nowOf, type Sim, stateKeys } from "./sim.ts";
import type { Simulation } from "./simulation.ts";
import type { RequestExplanation } from "./telemetry/explanation.ts";
import { finishedRequests } from "./telemetry/finished-requests.ts";
import { readFlights } from "./telemetry/flight-ring.ts";
import { keptLists } from "./telemetry/limits.ts";
import { createTelemetry } from "./telemetry/read-telemetry.ts";
import { createRecorder } from "./telemetry/recorder.ts";
import { replicaStatuses } from "./telemetry/replica-status.ts";

interface Checkpoint {
  events: number;
  roots: number;
  state: Record<string, unknown>;
}

interface ManualChange {
  afterEvents: number;
  change: SimulationChange;
}

const defaultCheckpointEvery = 10_000;
const recentCheckpoints = 8;
const maximumCheckpoints = 40;

/** A run of `config` under a seed. Equal config and seed give equal trace hashes on every machine. */
export function createSimulation(config: SimulationConfig, options: EngineOptions): Simulation {
  const sim = createSim(config, options);
  const checkpoints: Checkpoint[] = [takeCheckpoint(sim)];
  const changes: ManualChange[] = [];
  const every = options.checkpointEvery ?? defaultCheckpointEvery;
  let nextCheckpoint = every > 0 ? every : Infinity;

  function eventsOf(): number {
    return sim.clock[clockIndex.events] as number;
  }

  function keepCheckpoint(): void {
    const checkpoint = takeCheckpoint(sim);
    checkpoints.push(checkpoint);
    // Large states are copied less often: the copying should stay below the running.
    nextCheckpoint = checkpoint.events + Math.max(every, Math.floor(sizeOfState(checkpoint.state) / 100));
    if (checkpoints.length > maximumCheckpoints) {
      const old = checkpoints.slice(1, -recentCheckpoints).filter((_, i) => i % 2 === 1);
      checkpoints.splice(1, checkpoints.length - 1 - recentCheckpoints, ...old);
    }
  }

  function advance(untilMs: number): boolean {
    if (isFinished(sim)) {
      settle(untilMs);
      return false;
    }
    if (!runEvent(sim, untilMs)) return false;
    if (eventsOf() >= nextCheckpoint) keepCheckpoint();
    return true;
  }

  /** After the last event the clock still goes on to the planned end. */
  function settle(untilMs: number): void {
    const end = Math.min(untilMs, config.durationMs);
    if (end > nowOf(sim)) sim.clock[clockIndex.now] = end;
  }

  /** @param restored the state is a checkpoint's: changes made right after it are still to come */
  function forward(target: Sim, toEvents: number, restored: boolean, done: () => boolean): void {
    const start = target.clock[clockIndex.events] as number;
    const pending = changes.filter(({ afterEvents }) => afterEvents > start || (restored && afterEvents === start));
    let next = 0;
    for (;;) {
      const events = target.clock[clockIndex.events] as number;
      while (next < pending.length && (pending[next] as ManualChange).afterEvents <= events) {
        applyChange(target, (pending[next++] as ManualChange).change);
      }
      if (events >= toEvents || done() || isFinished(target) || !runEvent(target, Infinity)) return;
    }
  }

  function nearest(fits: (checkpoint: Checkpoint) => boolean): Checkpoint {
    for (let i = checkpoints.length - 1; i >= 0; i--) {
      const checkpoint = checkpoints[i];
      if (checkpoint !== undefined && fits(checkpoint)) return checkpoint;
    }
    return checkpoints[0] as Checkpoint;
  }

  return {
    get nowMs() {
      return nowOf(sim);
    },
    get eventCount() {
      return eventsOf();
    },
    get finished() {
      return isFinished(sim);
    },
    telemetry: createTelemetry(sim),
    run(untilMs = Infinity, maxEvents = Infinity) {
      const limit = eventsOf() + maxEvents;
      for (;;) {
        const goal = Math.min(limit, nextCheckpoint);
        runEvents(sim, untilMs, goal);
        if (eventsOf() >= nextCheckpoint) keepCheckpoint();
        if (eventsOf() < goal || eventsOf() >= limit) break;
      }
      if (eventsOf() >= limit) return;
      if (isFinished(sim)) settle(untilMs);
      else if (untilMs !== Infinity && untilMs > nowOf(sim)) sim.clock[clockIndex.now] = untilMs;
    },
    step: () => advance(Infinity),
    stepRequest() {
      const before = sim.clock[clockIndex.rootsEnded] as number;
      while (advance(Infinity)) if ((sim.clock[clockIndex.rootsEnded] as number) > before) return true;
      return false;
    },
    seek(eventIndex) {
      assert(eventIndex >= 0, "seek goes to an event that exists");
      const back = eventIndex < eventsOf();
      if (back)
        restore(
          sim,
          nearest((checkpoint) => checkpoint.events <= eventIndex),
        );
      forward(sim, eventIndex, back, () => false);
    },
    apply(change) {
      const events = eventsOf();
      // A change made in the past makes another future: what was changed later is forgotten.
      for (let i = changes.length - 1; i >= 0; i--) if ((changes[i] as ManualChange).afterEvents > events) changes.splice(i, 1);
      while (checkpoints.length > 1 && (checkpoints[checkpoints.length - 1] as Checkpoint).events >= events) checkpoints.pop();
      nextCheckpoint = every > 0 ? events + every : Infinity;
      changes.push({ afterEvents: events, change });
      applyChange(sim, change);
    },
    traceHash: () => toHex(sim.clock[clockIndex.hash] as number, eventsOf()),
    stateHash() {
      let hash = 17;
      for (const key of stateKeys) hash = hashState(sim[key], hash);
      return toHex(hash, 0);
    },
    flights: (afterId, limit) => readFlights(sim, afterId, limit),
    finishedRequests: (limit) => finishedRequests(sim, limit),
    explain(requestId) {
      if (requestId < 1 || requestId > (sim.clock[clockIndex.rootsStarted] as number)) return undefined;
      return explain(
        sim,
        nearest((checkpoint) => checkpoint.roots < requestId),
        requestId,
        eventsOf(),
        forward,
      );
    },
    replicas: () => replicaStatuses(sim),
    keptLists: () => keptLists(sim),
    proxies: () => proxyStatuses(sim),
    invariantViolations: () => [...sim.violations, ...checkInvariants(sim)],
  };
}

function takeCheckpoint(sim: Sim): Checkpoint {
  const state: Record<string, unknown> = {};
  for (const key of stateKeys) state[key] = copyState(sim[key]);
  return { events: sim.clock[clockIndex.events] as number, roots: sim.clock[clockIndex.rootsStarted] as number, state };
}

function restore(sim: Sim, checkpoint: Checkpoint): void {
  const target = sim as unknown as Record<string, unknown>;
  for (const key of stateKeys) target[key] = copyState(checkpoint.state[key]);
}

/** Replays on a second run object that shares the compiled tables, so that the first one does not move. */
function explain(
  sim: Sim,
  from: Checkpoint,
  requestId: number,
  untilEvents: number,
  forward: (target: Sim, toEvents: number, restored: boolean, done: () => boolean) => void,
): RequestExplanation {
  const replay: Sim = { ...sim, flights: null, recorder: createRecorder(), recordRoot: requestId, violations: [] };
  restore(replay, from);
  const { recorder } = replay;
  forward(replay, untilEvents, true, () => {
    if (recorder === null || recorder.hops.length === 0) return false;
    return recorder.hops.every((hop) => hop.endMs !== null) && (replay.clock[clockIndex.rootsStarted] as number) >= requestId;
  });
  return {
    requestId,
    hops: (recorder?.hops ?? []).map((hop) => ({
      ...hop,
      attempts: hop.attempts.map(({ row: _row, ...attempt }) => attempt),
    })),
  };
}

function toHex(hash: number, events: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0") + (events >>> 0).toString(16).padStart(8, "0");
}
