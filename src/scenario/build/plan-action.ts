/**
 * A fault, another load, a scaling brought into a run under way: written as an entry of spec.timeline without its time, and read by the
 * same reader, so that what is done live can be written into the experiment and does the same there.
 */
import type { MeshConfig, SimulationChange } from "#engine";
import type { Diagnostic, MeshFile, Resource } from "#mesh";
import type { TimelineEntry } from "../experiment/experiment.ts";
import type { Reading } from "../experiment/field-reader.ts";
import { readTimelineEntry } from "../experiment/read-timeline.ts";
import type { Topology } from "../session.ts";
import { baseSince } from "./base-since.ts";
import { type ClusterHistory, clusterAt, meshOf, type ResolvedTimelineEntry } from "./cluster-state.ts";
import { dialledHosts } from "./outside-hosts.ts";
import type { Plan } from "./plan.ts";
import { stagesOf } from "./rollout.ts";
import { type ServedAddresses, servedAddresses } from "./simulation-workloads.ts";
import { changesOf, configMoment, resolveTimeline } from "./timeline.ts";
import { topologyOf } from "./topology.ts";
import type { Callers } from "./traffic.ts";
import { followTraffic, trafficOverTime } from "./traffic-over-time.ts";

/** `{ fault: { crash: payments-v2, replica: 0 } }`, `{ traffic: { name: pay, rate: 400/s } }`, `{ scale: … }`. */
export type ActionText = Readonly<Record<string, unknown>>;

/** An action that was done, and when. */
export interface DatedAction {
  atMs: number;
  action: ActionText;
}

export interface ActionQuestion {
  action: ActionText;
  /** Documents and actions applied since the start that still hold, oldest first. */
  since: readonly (readonly MeshFile[])[];
  actions: readonly DatedAction[];
  nowMs: number;
}

export type PlannedAction =
  /** `topology`: where others call, or are called, than before. */
  { ok: true; change: SimulationChange; entry: TimelineEntry; topology?: Topology } | { ok: false; diagnostics: Diagnostic[] };

export function planAction(plan: Plan, { action, since, actions, nowMs }: ActionQuestion): PlannedAction {
  const reading: Reading = { resource: plan.document ?? nowhere, diagnostics: [] };
  const entry = readAction(reading, { atMs: nowMs, action });
  if (!entry || reading.diagnostics.length > 0) return { ok: false, diagnostics: reading.diagnostics };
  const history = withActions(
    plan,
    { ...plan.history, base: baseSince(plan, since) },
    [...actions, { atMs: nowMs, action }],
    reading,
  );
  // The newest of its moment.
  const resolved = history.timeline.findLast((one) => one.atMs === nowMs && one.type === entry.type);
  if (!resolved || reading.diagnostics.length > 0) return { ok: false, diagnostics: reading.diagnostics };
  if (resolved.type === "traffic") return planTrafficAction(plan, history, resolved, reading);
  const atMs = configMoment(resolved, history);
  const mesh = atMs === null ? undefined : meshOf(clusterAt(history, atMs), history).mesh;
  const stages = plan.rollout && mesh ? stagesOf(clusterAt(history, atMs ?? nowMs), history, plan.rollout) : [];
  const staged: SimulationChange[] = stages.length > 0 && mesh ? [{ type: "stages", base: mesh, byStage: stages }] : [];
  const served = mesh ? servedAlso(plan.served, mesh) : plan.served;
  const changes = [...staged, ...changesOf(resolved, mesh, served, callersOf(plan, plan.config.mesh, reading))];
  const [only] = changes;
  return { ok: true, change: only && changes.length === 1 ? only : { type: "together", changes }, entry };
}

function planTrafficAction(
  plan: Plan,
  history: ClusterHistory,
  entry: ResolvedTimelineEntry & { type: "traffic" },
  reading: Reading,
): PlannedAction {
  const { mesh } = meshOf(clusterAt(history, entry.atMs), history);
  const changes = changesOf(entry, undefined, plan.served, callersOf(plan, mesh, reading));
  if (changes.length === 0 || reading.diagnostics.length > 0) return { ok: false, diagnostics: reading.diagnostics };
  // A host outside the mesh that nobody called before: DNS has to know its port.
  const isKnown = history.dialled.length === plan.history.dialled.length;
  const all: SimulationChange[] = isKnown ? changes : [{ type: "config", mesh }, ...changes];
  const [only] = all;
  return {
    ok: true,
    change: only && all.length === 1 ? only : { type: "together", changes: all },
    entry,
    topology: topologyOf(trafficOverTime(plan.experiment, history.timeline), plan.workloads, mesh),
  };
}

function callersOf({ workloads, tokens, experiment }: Plan, mesh: MeshConfig, reading: Reading): Callers {
  return { workloads, mesh, tokens, durationMs: experiment.durationMs, reading };
}

/** Pods that no one planned serve what the configuration that brings them says. */
function servedAlso(planned: ServedAddresses, mesh: MeshConfig): ServedAddresses {
  return new Map([...servedAddresses([mesh]), ...planned]);
}

/** The history as it went, what was done by hand included. */
export function withActions(
  plan: Plan,
  history: ClusterHistory,
  actions: readonly DatedAction[],
  reading: Reading = { resource: plan.document ?? nowhere, diagnostics: [] },
): ClusterHistory {
  const entries = actions.flatMap((dated) => readAction(reading, dated) ?? []);
  const resolved = resolveTimeline(entries, plan.history, reading).entries;
  const { traffic } = plan.experiment;
  const timeline = followTraffic(
    [...history.timeline, ...resolved].sort((a, b) => a.atMs - b.atMs),
    traffic,
    reading,
  );
  const calls = { ...plan.experiment, traffic: trafficOverTime(plan.experiment, timeline) };
  return { ...history, timeline, dialled: dialledHosts(calls, plan.workloads) };
}

function readAction(reading: Reading, { atMs, action }: DatedAction): TimelineEntry | undefined {
  const entry = readTimelineEntry(reading, [], { at: "0s", ...action });
  return entry && { ...entry, atMs };
}

/** Where no document says it: an experiment that nobody wrote. */
const nowhere: Resource = {
  file: "",
  apiVersion: "meshwise.dev/v1",
  group: "meshwise.dev",
  version: "v1",
  kind: "Experiment",
  name: "",
  namespace: "",
  labels: {},
  annotations: {},
  object: {},
  spec: {},
  documentIndex: 0,
  rangeOf: () => ({ from: 0, to: 0, line: 1, column: 1, endLine: 1, endColumn: 1 }),
};
