/** One run of a plan, behind the Session contract: moves the simulation and answers in plain data. Holds no rule of its own. */
import { createSimulation, type Simulation } from "#engine";
import type { Diagnostic } from "#mesh";
import type { GoalDocument, RunPlan } from "./build/run-plan.ts";
import { controlFrame } from "./control-frame.ts";
import { endlessDiagnostic } from "./endless.ts";
import { countedTraffic, evaluateGoal, type GoalEvidence, measurePredictions } from "./goal/goal.ts";
import { simulationReport } from "./report.ts";
import { createRecordedRun } from "./series/recorded-run.ts";
import { createSeriesRecorder } from "./series/series-recorder.ts";
import type { Frame, FrameOptions, GoalResult, KeptChange, Movement, MovementOptions, Session } from "./session.ts";

/** A run of a plan; the same plan and seed give the same events wherever it runs. */
export function startSession(plan: RunPlan, seed: number, options: { series?: boolean } = {}): Session {
  const simulation = createSimulation(plan.config, { seed });
  const series = options.series ? createSeriesRecorder(simulation, countedTraffic(plan.goal)) : null;
  const onward = series ? createRecordedRun(simulation, series) : simulation;
  /** Beside the simulation's own list, entry by entry. */
  let changes: KeptChange[] = [];

  const documents = (): readonly GoalDocument[] => {
    const made = changes.slice(0, simulation.changesMade);
    const current = made.findLast((one) => one.documents !== undefined)?.documents ?? plan.documents;
    return current.findLast(({ fromMs }) => fromMs <= simulation.nowMs)?.documents ?? [];
  };
  const evidence = (): GoalEvidence => ({
    telemetry: simulation.telemetry,
    nowMs: simulation.nowMs,
    finished: simulation.finished,
    documents: documents(),
  });
  const goal = (): GoalResult => evaluateGoal(plan.goal, evidence());

  const endless = (): Diagnostic | null => (simulation.endless === null ? null : endlessDiagnostic(plan, simulation.endless));

  return {
    get nowMs() {
      return simulation.nowMs;
    },
    durationMs: plan.experiment.durationMs,
    get finished() {
      return simulation.finished;
    },
    get eventCount() {
      return simulation.eventCount;
    },
    run: (untilMs, maxEvents) => onward.run(untilMs, maxEvents),
    step: () => onward.step(),
    stepRequest: () => onward.stepRequest(),
    seek(eventIndex, atMs) {
      if (eventIndex > simulation.eventCount) onward.run(atMs, eventIndex - simulation.eventCount);
      simulation.seek(eventIndex, atMs);
    },
    seekTime(atMs) {
      if (atMs > simulation.nowMs) onward.run(atMs);
      simulation.seekTime(atMs);
    },
    seekPreviousRequest: () => simulation.seekPreviousRequest(),
    change(change) {
      const { changesMade, eventCount, nowMs } = simulation;
      changes = [...changes.slice(0, changesMade), { ...change, afterEvents: eventCount, atMs: nowMs }];
      series?.cut(nowMs);
      simulation.apply(change.change);
    },
    replaceChanges(next) {
      const differs = changes.findIndex((one, i) => one.id !== next[i]?.id);
      const kept = differs < 0 ? Math.min(changes.length, next.length) : differs;
      series?.cut(Math.min(changes[kept]?.atMs ?? Infinity, next[kept]?.atMs ?? Infinity));
      changes = [...changes.slice(0, kept), ...next.slice(kept)];
      simulation.replaceChanges(kept, changes.slice(kept));
    },
    frame: (options) => ({
      ...frameOf(simulation, plan, goal(), options),
      predicted: measurePredictions(plan.goal, evidence()),
      endless: endless(),
    }),
    movement: (options) => movementOf(simulation, options),
    series: (maxPoints) => series?.points(maxPoints) ?? [],
    explain: (requestId) => simulation.explain(requestId),
    goal,
    endless,
    accessLog: () => simulation.telemetry.accessLog(),
    ownLines: () => simulation.telemetry.ownLines(),
    served: () => simulation.telemetry.served(),
    outlierLog: () => simulation.telemetry.outlierLog(),
    rerun(accessLogLimit) {
      const again = startSession({ ...plan, config: { ...plan.config, accessLogLimit, servedLimit: accessLogLimit } }, seed);
      again.replaceChanges(changes);
      again.seek(simulation.eventCount, simulation.nowMs);
      return again;
    },
    report: (options = {}) => simulationReport({ simulation, plan, seed, goal: goal(), accessLog: options.accessLog ?? 0 }),
    traceHash: () => simulation.traceHash(),
  };
}

function movementOf(simulation: Simulation, options: MovementOptions): Movement {
  return {
    nowMs: simulation.nowMs,
    eventCount: simulation.eventCount,
    finished: simulation.finished,
    flights: simulation.sampleFlights(options.afterFlightId, options.maxFlights),
    lastFlightId: simulation.lastFlightId,
    failed: simulation.failedRequests(options.afterRequests, options.maxRequests),
    requestsEnded: simulation.requestsEnded,
  };
}

function frameOf(simulation: Simulation, plan: RunPlan, goal: GoalResult, options: FrameOptions): Frame {
  const counts = countedTraffic(plan.goal);
  return {
    nowMs: simulation.nowMs,
    durationMs: plan.experiment.durationMs,
    eventCount: simulation.eventCount,
    finished: simulation.finished,
    changesMade: simulation.changesMade,
    edges: simulation.telemetry.edges().filter((row) => counts(row.traffic)),
    replicas: simulation.replicas(),
    flights: simulation.flights(options.afterFlightId, options.maxFlights),
    lastFlightId: simulation.lastFlightId,
    requests: simulation.finishedRequests(options.maxRequests),
    arrivals: simulation.telemetry.arrivals().filter((row) => counts(row.traffic)),
    ejections: simulation.telemetry.ejections(),
    rollout: simulation.rollout(),
    control: controlFrame(simulation),
    goal,
  };
}
