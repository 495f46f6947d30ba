/** The Simulation contract over one run: running, stepping, travelling in time, explaining by replay. */
import { assert } from "#base";
import { controlStatus } from "./control-plane/control-status.ts";
import { proxyStatuses } from "./control-plane/proxy-status.ts";
import { rolloutStatus } from "./control-plane/stages.ts";
import { createSim } from "./create-sim.ts";
import { openToInspection } from "./inspection.ts";
import { peekTime } from "./kernel/event-queue.ts";
import type { SimulationConfig } from "./model/index.ts";
import { isFinished } from "./run.ts";
import { type Checkpoint, createRunHistory, type RunHistory } from "./run-history.ts";
import { type EngineOptions, nowOf, type Sim } from "./sim.ts";
import type { Simulation } from "./simulation.ts";
import type { RequestExplanation } from "./telemetry/explanation.ts";
import { failedRequests, finishedRequests } from "./telemetry/finished-requests.ts";
import { readFlights, sampleFlights } from "./telemetry/flight-ring.ts";
import { keptLists } from "./telemetry/limits.ts";
import { createTelemetry } from "./telemetry/read-telemetry.ts";
import { createRecorder } from "./telemetry/recorder.ts";
import { replicaStatuses } from "./telemetry/replica-status.ts";

const defaultCheckpointEvery = 10_000;

/** A run of `config` under a seed. Equal config and seed give equal trace hashes on every machine. */
export function createSimulation(config: SimulationConfig, options: EngineOptions): Simulation {
  const sim = createSim(config, options);
  const history = createRunHistory(sim, options.checkpointEvery ?? defaultCheckpointEvery);

  const eventsOf = (): number => sim.clock.events;

  /** After the last event the clock still goes on to the planned end; between events, to the moment asked for. */
  function settle(untilMs: number): void {
    if (sim.control.endless !== null) return;
    const end = isFinished(sim) ? Math.min(untilMs, config.durationMs) : untilMs;
    if (end !== Infinity && end > nowOf(sim)) sim.clock.now = end;
  }

  /** Back from the newest checkpoint that fits; messages passed on the way are not sent again. */
  function travel(fits: ((checkpoint: Checkpoint) => boolean) | null, onward: () => void): void {
    const { flights } = sim;
    sim.flights = null;
    if (fits) history.restore(sim, history.nearest(fits));
    onward();
    sim.flights = flights;
  }

  const simulation: Simulation = {
    get nowMs() {
      return nowOf(sim);
    },
    get eventCount() {
      return eventsOf();
    },
    get requestsEnded() {
      return sim.clock.rootsEnded;
    },
    get nextEventMs() {
      return peekTime(sim.queue);
    },
    get finished() {
      return isFinished(sim);
    },
    get endless() {
      return sim.control.endless;
    },
    get changes() {
      return history.changes;
    },
    get changesMade() {
      return sim.clock.changesMade;
    },
    telemetry: createTelemetry(sim),
    run(untilMs = Infinity, maxEvents = Infinity) {
      const limit = eventsOf() + maxEvents;
      history.forward(untilMs, limit);
      if (eventsOf() < limit) settle(untilMs);
    },
    step() {
      const before = eventsOf();
      history.forward(Infinity, before + 1);
      if (eventsOf() > before) return true;
      settle(Infinity);
      return false;
    },
    stepRequest() {
      const before = sim.clock.rootsEnded;
      history.forward(Infinity, Infinity, () => sim.clock.rootsEnded > before);
      if (sim.clock.rootsEnded > before) return true;
      settle(Infinity);
      return false;
    },
    seek(eventIndex, atMs = Infinity) {
      assert(eventIndex >= 0, "seek goes to an event that exists");
      const isBack = eventIndex < eventsOf() || atMs < nowOf(sim);
      const fits = ({ events, nowMs }: Checkpoint): boolean => events <= eventIndex && nowMs <= atMs;
      travel(isBack ? fits : null, () => history.forward(atMs, eventIndex));
      settle(atMs);
    },
    seekTime(atMs) {
      assert(atMs >= 0, "seek goes to a moment of the run");
      travel(atMs < nowOf(sim) ? ({ nowMs }): boolean => nowMs <= atMs : null, () => history.forward(atMs, Infinity));
      settle(atMs);
    },
    seekPreviousRequest() {
      const ended = sim.clock.rootsEnded - 1;
      if (ended < 1) {
        travel(
          ({ events }) => events === 0,
          () => history.forward(Infinity, 0),
        );
        return;
      }
      travel(
        ({ rootsEnded }) => rootsEnded < ended,
        () => history.forward(Infinity, Infinity, () => sim.clock.rootsEnded >= ended),
      );
    },
    apply(change) {
      const made = sim.clock.changesMade;
      history.replaceChanges(made, [{ afterEvents: eventsOf(), atMs: nowOf(sim), change }]);
      history.forward(nowOf(sim), eventsOf());
    },
    replaceChanges(kept, more) {
      const [first] = more;
      const made = sim.clock.changesMade;
      const isPast = made > kept || (first && (first.afterEvents < eventsOf() || first.atMs < nowOf(sim)));
      const before = eventsOf();
      history.replaceChanges(kept, more);
      if (isPast)
        history.restore(
          sim,
          history.nearest(({ events }) => events <= before),
        );
    },
    traceHash: () => toHex(sim.clock.hash, eventsOf()),
    flights: (afterId, limit) => readFlights(sim, afterId, limit),
    sampleFlights: (afterId, limit) => sampleFlights(sim, afterId, limit),
    get lastFlightId() {
      return (sim.flights?.next ?? 1) - 1;
    },
    finishedRequests: (limit) => finishedRequests(sim, limit),
    failedRequests: (afterCount, limit) => failedRequests(sim, afterCount, limit),
    explain(requestId) {
      if (requestId < 1 || requestId > sim.clock.rootsStarted) return undefined;
      return explain(sim, history, requestId, eventsOf());
    },
    replicas: () => replicaStatuses(sim),
    keptLists: () => keptLists(sim),
    proxies: () => proxyStatuses(sim),
    control: () => controlStatus(sim),
    rollout: () => rolloutStatus(sim),
  };
  return openToInspection(simulation, sim);
}

/** Replays on a second run object that shares the compiled tables, so that the first one does not move. */
function explain(sim: Sim, history: RunHistory, requestId: number, untilEvents: number): RequestExplanation {
  const replay: Sim = { ...sim, flights: null, recorder: createRecorder(), recordRoot: requestId, violations: [] };
  history.restore(
    replay,
    history.nearest(({ rootsStarted }) => rootsStarted < requestId),
  );
  const { recorder } = replay;
  const isWhole = (): boolean => {
    if (recorder === null || recorder.hops.length === 0) return false;
    return recorder.hops.every((hop) => hop.endMs !== null) && replay.clock.rootsStarted >= requestId;
  };
  history.forward(Infinity, untilEvents, isWhole, replay);
  return {
    requestId,
    hops: (recorder?.hops ?? []).map((hop) => ({
      ...hop,
      attempts: hop.attempts.map(({ row: _row, ...attempt }) => attempt),
    })),
    log: recorder?.log ?? [],
  };
}

function toHex(hash: number, events: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0") + (events >>> 0).toString(16).padStart(8, "0");
}
