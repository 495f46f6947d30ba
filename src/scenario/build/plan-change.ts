/**
 * New mesh documents for a run under way, as `kubectl apply` would bring them: judged, translated, or refused. Reads nothing of the run
 * but its time; what was applied before is given, so the same question always has the same answer.
 */
import { type Diagnostic, lint, type MeshFile, parseResources } from "#mesh";
import { report } from "../experiment/field-reader.ts";
import { isExperiment } from "../experiment/read-experiment.ts";
import type { DocumentChange } from "../session.ts";
import { baseSince, nextBase } from "./base-since.ts";
import { clusterAt, meshOf, workloadInputs } from "./cluster-state.ts";
import { changedDocuments, isDelta } from "./delta.ts";
import { isBlocking, type Plan } from "./plan.ts";
import { type DatedAction, withActions } from "./plan-action.ts";
import { stagesOf } from "./rollout.ts";
import { documentsOverTime } from "./run-plan.ts";
import { topologyOf } from "./topology.ts";
import { trafficOverTime } from "./traffic-over-time.ts";

export interface ChangeQuestion {
  files: readonly MeshFile[];
  /** What was applied since the start and still holds, oldest first. */
  since: readonly (readonly MeshFile[])[];
  /** What else was done by hand: pods that crashed, replicas. */
  actions: readonly DatedAction[];
  nowMs: number;
}

export type PlannedChange =
  | { ok: true; change: DocumentChange; diagnostics: Diagnostic[] }
  | { ok: false; diagnostics: Diagnostic[] };

/**
 * The documents replace the ones at the start; what the timeline applied or deleted until now stays on top of them.
 * Workloads and traffic stay as they are: pods do not change because YAML about routing does.
 */
export function planChange(plan: Plan, { files, since, actions, nowMs }: ChangeQuestion): PlannedChange {
  const { resources } = parseResources(files);
  const before = baseSince(plan, since);
  const base = nextBase(plan, before, resources);
  const history = withActions(plan, { ...plan.history, base }, actions);
  const cluster = clusterAt(history, nowMs);
  const diagnostics = lint(files, { workloads: workloadInputs(history.workloads, cluster.pods) });
  if (diagnostics.some(isBlocking)) return { ok: false, diagnostics };
  const { mesh, diagnostics: notes } = meshOf(cluster, history);
  const experiment = resources.find(isExperiment);
  const isChanged = experiment && plan.document && JSON.stringify(experiment.object) !== JSON.stringify(plan.document.object);
  if (isChanged) report({ resource: experiment, diagnostics }, ["spec"], "MESH1521", {}, { severity: "info", part: "key" });
  return {
    ok: true,
    change: {
      mesh,
      delta: isDelta(changedDocuments(before, base)),
      stages: plan.rollout ? stagesOf(cluster, history, plan.rollout) : [],
      documents: documentsOverTime(history, plan.experiment),
      topology: topologyOf(trafficOverTime(plan.experiment, history.timeline), plan.workloads, mesh),
    },
    diagnostics: [...diagnostics, ...notes],
  };
}
