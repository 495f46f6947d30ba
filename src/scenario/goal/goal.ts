/**
 * The goal: every line of `expect` asked of the telemetry (contracts.md 1). A pure function of the run, so that "solved" is
 * the same word in the worker, in the CLI and in a test.
 */
import { formatGoDuration } from "#base";
import type { Telemetry } from "#engine";
import type { Resource } from "#mesh";
import { complain, findWorkload, findWorkloadsOf, type NameReading, siblingsOf } from "../build/names.ts";
import type { GoalDocument } from "../build/run-plan.ts";
import type { PlannedTraffic } from "../build/traffic.ts";
import type { PlannedWorkload } from "../build/workloads.ts";
import type {
  Expectation,
  Experiment,
  MeasuredMetric,
  MetricExpectation,
  PredictionQuestion,
  ProbeExpectation,
} from "../experiment/experiment.ts";
import type { GoalCheck, GoalResult, PredictionOutcome } from "../session.ts";
import { meetsBound } from "./bound.ts";
import { checkAnswer, checkConfig } from "./document-checks.ts";
import { checkEdgeNames, type EdgeEnds } from "./edge-names.ts";
import type { ResolvedSelector, WorkloadName } from "./metric.ts";
import { metricDefinitions } from "./metric-definitions.ts";

export interface GoalPlan {
  expect: readonly Expectation[];
  /** What is asked before the run; the experiment's own, or the first number of its goal (`offered`: on demand only). */
  predict: { questions: readonly PredictionQuestion[]; offered: boolean };
  targets: ReadonlyMap<MeasuredMetric, ResolvedSelector>;
  /** SimulationConfig.windows. */
  windows: readonly { fromMs: number; toMs: number }[];
  /** SimulationConfig.orderedServices. */
  orderedServices: readonly WorkloadName[];
  probes: ReadonlyMap<ProbeExpectation, number>;
  workloads: readonly PlannedWorkload[];
  /** Entries of the experiment and its timeline; the probes follow, then those that join by hand. */
  trafficCount: number;
  durationMs: number;
}

/** What a goal may look at. */
export interface GoalEvidence {
  telemetry: Telemetry;
  nowMs: number;
  finished: boolean;
  /** The mesh documents as they stand. */
  documents: readonly GoalDocument[];
}

/** Finds the names of every selector; unknown or ambiguous ones are Diagnostics of the Experiment. */
export function planGoal(
  experiment: Experiment,
  workloads: readonly PlannedWorkload[],
  resources: readonly Resource[],
  { traffic: planned, probes }: Pick<PlannedTraffic, "traffic" | "probes">,
  ends: Pick<EdgeEnds, "mesh" | "dialled">,
  reading: NameReading,
): GoalPlan {
  const trafficNames = planned.slice(0, planned.length - probes.size).map(({ name }) => name);
  const targets = new Map<MeasuredMetric, ResolvedSelector>();
  const windows: { fromMs: number; toMs: number }[] = [];
  const asked = experiment.expect.filter((one): one is MetricExpectation => one.type === "metric");
  for (const expectation of [...asked, ...experiment.predict]) {
    const { path, selector, cycle = [] } = expectation;
    checkEdgeNames(expectation, { workloads, ...ends }, reading);
    const of =
      selector.of === undefined ? null : (findWorkloadsOf(reading, [...path, "of"], selector.of, workloads, resources) ?? []);
    if (of !== null && of.length > 0) checkReplica(expectation, of, experiment, reading);
    const members = cycle.flatMap((name, index) => findWorkload(reading, [...path, "cycle", index], name, workloads) ?? []);
    const traffic = selector.traffic === undefined ? null : trafficNames.indexOf(selector.traffic);
    // An entry that was refused has its own Diagnostic.
    if (traffic === -1 && !experiment.traffic.some(({ name }) => name === selector.traffic)) {
      const known = trafficNames.join(", ") || "—";
      complain(reading, [...path, "traffic"], "MESH1507", { name: selector.traffic ?? "", known });
    }
    targets.set(expectation, {
      of,
      siblings: of === null ? [] : siblingsOf(of, workloads),
      replica: selector.replica ?? null,
      traffic,
      cycle: members,
      cycleService: members[0] ? { name: members[0].service, namespace: members[0].namespace } : null,
    });
    const { window } = selector;
    if (window && !windows.some((one) => one.fromMs === window.fromMs && one.toMs === window.toMs)) windows.push(window);
  }
  return {
    expect: experiment.expect,
    predict: questionsOf(experiment.predict, asked[0], targets),
    targets,
    windows,
    orderedServices: distinctServices([...targets.values()]),
    probes,
    workloads,
    trafficCount: trafficNames.length,
    durationMs: experiment.durationMs,
  };
}

/** A replica that there never is must not look like one without requests. */
function checkReplica(
  { path, selector }: MeasuredMetric,
  of: readonly PlannedWorkload[],
  { timeline }: Experiment,
  reading: NameReading,
): void {
  const scaled = timeline.flatMap((entry) => (entry.type === "scale" ? [entry.replicas] : []));
  const most = Math.max(...of.map(({ replicas }) => replicas), ...scaled);
  if (selector.replica !== undefined && selector.replica >= most)
    complain(reading, [...path, "replica"], "MESH1511", { expected: `0…${most - 1}` });
}

/** Whether a traffic entry counts: probes do not. */
export function countedTraffic({
  trafficCount,
  probes,
}: Pick<GoalPlan, "trafficCount" | "probes">): (traffic: number) => boolean {
  const behindProbes = trafficCount + probes.size;
  return (traffic) => traffic < trafficCount || traffic >= behindProbes;
}

/** Asked, or offered: what the run will come to in the first number of its goal, as it stands. */
function questionsOf(
  written: readonly PredictionQuestion[],
  first: MetricExpectation | undefined,
  targets: Map<MeasuredMetric, ResolvedSelector>,
): GoalPlan["predict"] {
  const target = first && targets.get(first);
  if (written.length > 0 || !target) return { questions: written, offered: false };
  const { type: _type, bound: _bound, ...measured } = first;
  const question = { ...measured, choices: null, tolerance: null };
  targets.set(question, target);
  return { questions: [question], offered: true };
}

/** The services whose order of arrival is asked for, each once. */
function distinctServices(targets: readonly ResolvedSelector[]): WorkloadName[] {
  const services = new Map<string, WorkloadName>();
  for (const { cycleService } of targets)
    if (cycleService) services.set(`${cycleService.namespace}/${cycleService.name}`, cycleService);
  return [...services.values()];
}

export function evaluateGoal(plan: GoalPlan, evidence: GoalEvidence): GoalResult {
  const checks = plan.expect.map((expectation) => checkOne(expectation, plan, evidence));
  return { passed: checks.every((check) => check.passed), checks };
}

/** What came of each question; only a run that has ended tells. */
export function measurePredictions(plan: GoalPlan, evidence: GoalEvidence): PredictionOutcome[] {
  if (!evidence.finished) return [];
  return plan.predict.questions.map((question) => ({ ...writtenSelector(question), value: measure(question, plan, evidence) }));
}

function checkOne(expectation: Expectation, plan: GoalPlan, evidence: GoalEvidence): GoalCheck {
  switch (expectation.type) {
    case "metric":
      return checkMetric(expectation, plan, evidence);
    case "probe":
      return checkProbe(expectation, plan, evidence);
    case "config":
      return checkConfig(expectation, evidence.documents);
    case "answer":
      return checkAnswer(expectation, evidence.documents);
  }
}

function checkMetric(expectation: MetricExpectation, plan: GoalPlan, evidence: GoalEvidence): GoalCheck {
  const { bound } = expectation;
  const value = measure(expectation, plan, evidence);
  const { metric, ...written } = writtenSelector(expectation);
  const { comparison } = bound;
  written[comparison.type] = comparison.type === "between" ? [comparison.low, comparison.high] : comparison.value;
  if (bound.tolerance > 0) written.tolerance = bound.tolerance;
  return { metric, ...written, value, passed: value !== null && meetsBound(bound, value) };
}

/** As it is written in the experiment. */
function writtenSelector(measured: MeasuredMetric): { metric: string; [field: string]: unknown } {
  const { window, ...names } = measured.selector;
  const written: { metric: string; [field: string]: unknown } = { metric: measured.metric, ...names };
  if (window) written.window = [formatGoDuration(window.fromMs), formatGoDuration(window.toMs)];
  for (const field of ["status", "flag", "event", "nth", "cycle"] as const) {
    if (measured[field] !== undefined) written[field] = measured[field];
  }
  return written;
}

function measure(expectation: MeasuredMetric, plan: GoalPlan, evidence: GoalEvidence): number | null {
  const definition = metricDefinitions[expectation.metric];
  const targets = plan.targets.get(expectation);
  if (!definition || !targets) return null;
  const { window } = expectation.selector;
  const windowIndex = window ? plan.windows.findIndex((one) => one.fromMs === window.fromMs && one.toMs === window.toMs) + 1 : 0;
  const nowMs = evidence.finished ? plan.durationMs : Math.min(evidence.nowMs, plan.durationMs);
  return definition.measure({
    expectation,
    targets,
    telemetry: evidence.telemetry,
    windowIndex,
    fromMs: window?.fromMs ?? 0,
    toMs: window ? Math.min(window.toMs, Math.max(window.fromMs, nowMs)) : nowMs,
    workloads: plan.workloads,
    counts: countedTraffic(plan),
  });
}

/** The probe is a traffic entry of its own with one request. */
function checkProbe(probe: ProbeExpectation, plan: GoalPlan, { telemetry }: GoalEvidence): GoalCheck {
  const index = plan.probes.get(probe);
  const row = telemetry.edges().find((edge) => edge.traffic === index && edge.firstHop && edge.requests > 0);
  const status = row ? Number(Object.keys(row.statuses)[0] ?? 0) : null;
  const flags = row ? Object.keys(row.flags).filter((flag) => flag !== "-" && flag !== "") : [];
  const statusFits = probe.status === undefined || probe.status === status;
  // `URX,UT` asks for both, in any order; `-` for none.
  const flagFits = (probe.flag?.split(",") ?? []).every((flag) => (flag === "-" ? flags.length === 0 : flags.includes(flag)));
  const wanted: Record<string, unknown> = {};
  if (probe.status !== undefined) wanted.status = probe.status;
  if (probe.flag !== undefined) wanted.flag = probe.flag;
  return {
    metric: "probe",
    from: probe.from,
    request: probe.text,
    ...wanted,
    value: status,
    flags: flags.join(","),
    passed: row !== undefined && statusFits && flagFits,
  };
}
