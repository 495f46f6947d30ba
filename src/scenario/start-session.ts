/** One run of a plan, behind the Session contract: moves the simulation and answers in plain data. Holds no rule of its own. */
import { createSimulation, type Simulation } from "#engine";
import type { RunPlan } from "./build/run-plan.ts";
import { evaluateGoal } from "./goal/goal.ts";
import { simulationReport } from "./report.ts";
import type { Frame, FrameOptions, GoalResult, Session } from "./session.ts";
import { prometheusText } from "./standard-metrics.ts";

/** A run of a plan; the same plan and seed give the same events wherever it runs. */
export function startSession(plan: RunPlan, seed: number): Session {
  const simulation = createSimulation(plan.config, { seed });
  let documents = plan.documents;

  const goal = (): GoalResult =>
    evaluateGoal(plan.goal, {
      telemetry: simulation.telemetry,
      nowMs: simulation.nowMs,
      finished: simulation.finished,
      documents: documents.findLast(({ fromMs }) => fromMs <= simulation.nowMs)?.documents ?? [],
    });

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
    run: (untilMs, maxEvents) => simulation.run(untilMs, maxEvents),
    step: () => simulation.step(),
    stepRequest: () => simulation.stepRequest(),
    seek: (eventIndex) => simulation.seek(eventIndex),
    applyDocuments(change) {
      documents = change.documents;
      simulation.apply({ type: "config", mesh: change.mesh });
    },
    applyChange: (change) => simulation.apply(change),
    frame: (options) => frameOf(simulation, plan, goal(), options),
    explain: (requestId) => simulation.explain(requestId),
    goal,
    prometheus: () => prometheusText(plan, simulation.telemetry.accessLog()),
    report: (options = {}) => simulationReport({ simulation, plan, seed, goal: goal(), accessLog: options.accessLog ?? 0 }),
    traceHash: () => simulation.traceHash(),
  };
}

function frameOf(simulation: Simulation, plan: RunPlan, goal: GoalResult, options: FrameOptions): Frame {
  const { trafficCount } = plan.goal;
  return {
    nowMs: simulation.nowMs,
    durationMs: plan.experiment.durationMs,
    eventCount: simulation.eventCount,
    finished: simulation.finished,
    edges: simulation.telemetry.edges().filter((row) => row.traffic < trafficCount),
    replicas: simulation.replicas(),
    flights: simulation.flights(options.afterFlightId, options.maxFlights),
    requests: simulation.finishedRequests(options.maxRequests),
    arrivals: simulation.telemetry.arrivals().filter((row) => row.traffic < trafficCount),
    ejections: simulation.telemetry.ejections(),
    goal,
  };
}
