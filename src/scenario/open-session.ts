/** One run of a plan, behind the Session contract: moves the simulation and answers in plain data. Holds no rule of its own. */
import { createSimulation, type MeshConfig, type Simulation } from "#engine";
import { type Diagnostic, lint, type MeshFile, parseResources, type Resource } from "#mesh";
import { type ClusterHistory, clusterAt, meshOf, workloadInputs } from "./build/cluster-state.ts";
import { assumedAgain } from "./build/default-experiment.ts";
import { isBlocking, type Plan, type PlanOptions, planRun } from "./build/plan.ts";
import { topologyOf } from "./build/topology.ts";
import { report } from "./experiment/field-reader.ts";
import { isExperiment } from "./experiment/read-experiment.ts";
import { evaluateGoal } from "./goal/goal.ts";
import { simulationReport } from "./report.ts";
import type { Frame, FrameOptions, GoalResult, OpenSession, Session } from "./session.ts";
import { prometheusText } from "./standard-metrics.ts";

export interface SessionOptions extends PlanOptions {
  /** Default: the experiment's own seed. */
  seed?: number;
}

/**
 * Reads, judges and translates the files, then starts a simulation at time 0. Without an Experiment document the workloads
 * come from Deployments, Services and subsets, and a gentle traffic is made up (see build/default-experiment.ts).
 */
export function openSession(files: readonly MeshFile[], options: SessionOptions = {}): OpenSession {
  const planned = planRun(files, options);
  if (!planned.ok) return planned;
  const { plan } = planned;
  return {
    ok: true,
    session: startSession(plan, options.seed ?? plan.experiment.seed),
    topology: plan.topology,
    diagnostics: plan.diagnostics,
  };
}

/** Another run of the same plan. */
export function startSession(plan: Plan, seed: number): Session {
  const simulation = createSimulation(plan.config, { seed });
  let { history, topology } = plan;

  const documents = (): readonly Resource[] => clusterAt(history, simulation.nowMs).resources;
  const goal = (): GoalResult =>
    evaluateGoal(plan.goal, {
      telemetry: simulation.telemetry,
      nowMs: simulation.nowMs,
      finished: simulation.finished,
      documents: documents(),
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
    applyFiles(files) {
      const change = changeByFiles(files, plan, history, simulation.nowMs);
      if (!change.ok) return { applied: false, diagnostics: change.diagnostics, topology };
      history = change.history;
      simulation.apply({ type: "config", mesh: change.mesh });
      topology = topologyOf(plan.experiment, plan.workloads, change.mesh);
      return { applied: true, diagnostics: change.diagnostics, topology };
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

type FileChange =
  | { ok: true; history: ClusterHistory; mesh: MeshConfig; diagnostics: Diagnostic[] }
  | { ok: false; diagnostics: Diagnostic[] };

/**
 * The documents replace the ones at the start; what the timeline applied or deleted until now stays on top of them.
 * Workloads and traffic stay as they are: pods do not change because YAML about routing does.
 */
function changeByFiles(files: readonly MeshFile[], plan: Plan, history: ClusterHistory, nowMs: number): FileChange {
  const { resources } = parseResources(files);
  const documents = resources.filter((resource) => !isExperiment(resource));
  const base = plan.document ? documents : assumedAgain(documents, history.base);
  const next: ClusterHistory = { ...history, base };
  const cluster = clusterAt(next, nowMs);
  const diagnostics = lint(files, { workloads: workloadInputs(next.workloads, cluster.pods) });
  if (diagnostics.some(isBlocking)) return { ok: false, diagnostics };
  const { mesh, diagnostics: notes } = meshOf(cluster, next);
  const experiment = resources.find(isExperiment);
  const isChanged = experiment && plan.document && JSON.stringify(experiment.object) !== JSON.stringify(plan.document.object);
  if (isChanged) report({ resource: experiment, diagnostics }, ["spec"], "MESH1521", {}, { severity: "info", part: "key" });
  return { ok: true, history: next, mesh, diagnostics: [...diagnostics, ...notes] };
}

function frameOf(simulation: Simulation, plan: Plan, goal: GoalResult, options: FrameOptions): Frame {
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
