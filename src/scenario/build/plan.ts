/**
 * Files → everything a run needs, once: the experiment read, names found, documents judged and translated. A plan can be
 * run with many seeds. Refused when the API server or the webhook would reject a document, or the Experiment is invalid.
 */
import type { MeshConfig, RolloutConfig, SimulationConfig } from "#engine";
import { type Diagnostic, lastOfEach, lint, type MeshFile, missingField, parseResources, type Resource } from "#mesh";
import { callPlaces } from "../endless.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { report } from "../experiment/field-reader.ts";
import { isExperiment, isOwn, readExperiment, refuseStrangeKind } from "../experiment/read-experiment.ts";
import { applySettings, type Setting } from "../experiment/settings.ts";
import { planGoal } from "../goal/goal.ts";
import type { TokenVerdicts } from "../tokens/verify-tokens.ts";
import { refuseCircles, warnOfUnknownTargets } from "./check-targets.ts";
import {
  type ClusterHistory,
  clusterAt,
  meshOf,
  type ResolvedTimelineEntry,
  timelineFile,
  workloadInputs,
} from "./cluster-state.ts";
import { defaultExperiment } from "./default-experiment.ts";
import { knownWorkloads } from "./known-workloads.ts";
import type { NameReading } from "./names.ts";
import { nothingToRun } from "./nothing-to-run.ts";
import { dialledHosts } from "./outside-hosts.ts";
import { type ResolvedRollout, resolveRollout, rolloutConfig, stagesOf } from "./rollout.ts";
import { documentsOverTime, type RunPlan } from "./run-plan.ts";
import { type ServedAddresses, servedAddresses, simulationWorkloads } from "./simulation-workloads.ts";
import { configMoment, resolveTimeline, timelineEvents, timelineMeshes, withLaterGateways } from "./timeline.ts";
import { placedInExperiment } from "./timeline-places.ts";
import { topologyOf } from "./topology.ts";
import { type Callers, planTraffic } from "./traffic.ts";
import { followTraffic, laterTraffic, trafficOverTime } from "./traffic-over-time.ts";
import { warnOfIdleParts } from "./warn-of-idle-parts.ts";
import { planWorkloads, podControllers } from "./workloads.ts";

/** A RunPlan, and what a later change of the documents builds on. */
export interface Plan extends RunPlan {
  /** The Experiment document; null when nobody wrote one and a gentle traffic was made up. */
  document: Resource | null;
  history: ClusterHistory;
  served: ServedAddresses;
  rollout: ResolvedRollout | undefined;
  tokens: TokenVerdicts;
}

export type PlanResult = { ok: true; plan: Plan } | { ok: false; diagnostics: Diagnostic[] };

export interface PlanOptions {
  /** `--set spec.path=value`: written into the Experiment before it is read. */
  settings?: readonly Setting[];
  /** How many of the first access-log entries will be asked for; 0 = none. */
  accessLogLimit?: number;
  /** Verdicts on the tokens of requests, from `verifyTokens`; absent: no token is believed. */
  tokens?: TokenVerdicts;
}

export function planRun(files: readonly MeshFile[], options: PlanOptions = {}): PlanResult {
  const { resources } = parseResources(files);
  const documents = lastOfEach(resources.filter((resource) => !isExperiment(resource)));
  const read = readOnlyExperiment(resources, options.settings ?? []);
  if (hasErrors(read.diagnostics)) {
    const judged = lint(files, { workloads: knownWorkloads(resources) });
    return { ok: false, diagnostics: [...read.diagnostics, ...judged] };
  }

  const fallback = read.experiment ? null : defaultExperiment(documents);
  const experiment = read.experiment ?? fallback?.experiment;
  if (!experiment) {
    const found = [...lint(files), ...read.diagnostics];
    return { ok: false, diagnostics: isRefused(found) ? found : [...found, nothingToRun(files, resources)] };
  }
  const base = fallback?.resources ?? documents;
  const workloads = planWorkloads(experiment.workloads, base, experiment.dataPlane !== "none");
  const reading: NameReading = { resource: read.resource, diagnostics: read.diagnostics };
  const { entries, diagnostics: timelineFaults } = resolveTimeline(experiment.timeline, { base, workloads }, reading);
  const timeline = followTraffic(entries, experiment.traffic, reading);
  const traffic = trafficOverTime(experiment, timeline);
  const dialled = dialledHosts({ ...experiment, traffic }, workloads);
  const history: ClusterHistory = { base, workloads, dialled, timeline };
  const start = clusterAt(history, -1);
  const judged = [
    ...lint(files, { workloads: workloadInputs(workloads, start.pods) }),
    ...timelineFaults,
    ...lintTimeline(experiment, read.resource),
  ];
  if (isRefused(judged)) return { ok: false, diagnostics: distinct([...judged, ...reading.diagnostics]) };

  const rollout = resolveRollout(experiment.rollout, workloads, start.resources, reading);
  const { mesh: written, diagnostics: notes } = meshOf(start, history);
  const stages = rollout ? stagesOf(start, history, rollout) : [];
  // With a rollout its canary begins without traffic, whatever weight is written.
  const meshes = timelineMeshes(history);
  const mesh = withLaterGateways(stages[0] ?? written, [...meshes.values()]);
  const served = servedAddresses([mesh, ...meshes.values()]);
  const tokens = options.tokens ?? new Map();
  const callers: Callers = { workloads, mesh, tokens, durationMs: experiment.durationMs, reading };
  const planned = planTraffic(experiment, callers, laterTraffic(experiment, timeline));
  warnOfUnknownTargets(traffic, [mesh, ...meshes.values()], reading);
  warnOfIdleParts({ experiment, workloads, mesh, history }, reading);
  refuseCircles(workloads, mesh, start.resources, reading);
  const events = timelineEvents(history, meshes, served, callers);
  const goal = planGoal({ ...experiment, timeline }, workloads, base, planned, { mesh, dialled }, reading);
  const diagnostics = distinct([...judged, ...notes, ...reading.diagnostics, ...(fallback?.diagnostics ?? [])]);
  if (isRefused(diagnostics)) return { ok: false, diagnostics };
  const limit = options.accessLogLimit;
  const config: SimulationConfig = {
    name: experiment.name,
    mesh,
    workloads: simulationWorkloads(workloads, mesh, served),
    traffic: planned.traffic,
    network: experiment.network,
    ...(experiment.controlPlane ? { controlPlane: experiment.controlPlane } : {}),
    ...(experiment.certificates ? { certificates: experiment.certificates } : {}),
    ...(rollout
      ? { rollout: rolloutConfig(rollout, [{ base: mesh, byStage: stages }, ...laterStages(history, meshes, rollout)]) }
      : {}),
    timeline: events,
    durationMs: planned.durationMs,
    windows: goal.windows,
    orderedServices: goal.orderedServices,
    // The first lines are asked for, and a ring keeps the last ones: so all are kept.
    accessLogLimit: limit === undefined ? defaultAccessLogLimit : limit === 0 ? 0 : Number.MAX_SAFE_INTEGER,
    ...(limit === undefined || limit === 0 ? {} : { servedLimit: Number.MAX_SAFE_INTEGER }),
  };
  const run: RunPlan = {
    experiment,
    workloads,
    config,
    goal,
    documents: documentsOverTime(history, experiment),
    topology: topologyOf(traffic, workloads, mesh),
    diagnostics,
    callPlaces: callPlaces(read.resource, workloads),
  };
  return { ok: true, plan: { ...run, document: read.resource, history, served, rollout, tokens } };
}

/** For each configuration that the timeline pushes. */
function laterStages(
  history: ClusterHistory,
  meshes: ReadonlyMap<ResolvedTimelineEntry, MeshConfig>,
  rollout: ResolvedRollout,
): RolloutConfig["meshes"] {
  const moments = new Map([...meshes].map(([entry, base]) => [base, configMoment(entry, history) ?? 0]));
  return [...moments].map(([base, atMs]) => ({ base, byStage: stagesOf(clusterAt(history, atMs), history, rollout) }));
}

/** Enough for the page's list; the CLI asks for its own number. */
const defaultAccessLogLimit = 200;

/**
 * `lint` for everything a learner may paste: the mesh's verdicts, and those about our own Experiment document, whose
 * workloads count as the Pods and Deployments for the analyzers.
 */
export function lintFiles(files: readonly MeshFile[]): Diagnostic[] {
  const { resources } = parseResources(files);
  if (!resources.some(isOwn)) return lint(files);
  const planned = planRun(files);
  return planned.ok ? planned.plan.diagnostics : planned.diagnostics;
}

function readOnlyExperiment(
  resources: readonly Resource[],
  settings: readonly Setting[],
): { experiment: Experiment | null; resource: Resource | null; diagnostics: Diagnostic[] } {
  const [first, ...others] = resources.filter(isExperiment);
  const strange = resources.flatMap(refuseStrangeKind);
  if (!first) return { experiment: null, resource: null, diagnostics: strange };
  const { resource, unknown } = applySettings(first, settings);
  const { experiment, diagnostics } = readExperiment(resource);
  diagnostics.push(...strange);
  for (const path of unknown) report({ resource, diagnostics }, path, "MESH1501", {}, { part: "key" });
  for (const other of others) {
    diagnostics.push(...duplicateExperiment(other));
  }
  return { experiment, resource, diagnostics };
}

function duplicateExperiment(resource: Resource): Diagnostic[] {
  const { file, kind, name, namespace } = resource;
  const range = resource.rangeOf(["kind"]);
  const place = { line: range.line, column: range.column, endLine: range.endLine, endColumn: range.endColumn };
  return [
    {
      code: "MESH1519",
      severity: "error",
      source: "meshwise",
      params: { name },
      file,
      kind,
      name,
      namespace,
      path: "kind",
      ...place,
    },
  ];
}

/** Documents of the timeline are judged one by one: what they refer to may stand elsewhere. */
function lintTimeline(experiment: Experiment, resource: Resource | null): Diagnostic[] {
  return experiment.timeline.flatMap((entry) =>
    entry.type === "apply" ? placedInExperiment(lint([timelineFile(entry)]).filter(isBlocking), entry, resource) : [],
  );
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === "error");
}

/** Analyzer findings never stop a run; what the API server, the webhook or we refuse does. */
export function isBlocking(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error" && diagnostic.source !== "analyzer" && !isUnfinishedWorkload(diagnostic);
}

/** Of a workload a run needs labels, replicas and account: an image that is not there yet is worth a word, not a refusal. */
function isUnfinishedWorkload({ code, kind }: Diagnostic): boolean {
  return code === missingField && (kind === "Pod" || podControllers.includes(kind));
}

function isRefused(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(isBlocking);
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((one) => {
    const key = JSON.stringify([one.code, one.file, one.line, one.column, one.path, one.params]);
    return seen.has(key) ? false : seen.add(key);
  });
}
