/**
 * New mesh documents for a run under way, as `kubectl apply` would bring them: judged, translated, or refused. Reads nothing of the run
 * but its time; what was applied before is given, so the same question always has the same answer.
 */
import { type Diagnostic, lint, type MeshFile, parseResources, type Resource } from "#mesh";
import { report } from "../experiment/field-reader.ts";
import { isExperiment } from "../experiment/read-experiment.ts";
import type { DocumentChange } from "../session.ts";
import { type ClusterHistory, clusterAt, meshOf, workloadInputs } from "./cluster-state.ts";
import { assumedAgain } from "./default-experiment.ts";
import { isBlocking, type Plan } from "./plan.ts";
import { documentsOverTime } from "./run-plan.ts";
import { topologyOf } from "./topology.ts";

export interface ChangeQuestion {
  files: readonly MeshFile[];
  /** What was applied since the start and still holds, oldest first. */
  since: readonly (readonly MeshFile[])[];
  nowMs: number;
}

export type PlannedChange =
  | { ok: true; change: DocumentChange; diagnostics: Diagnostic[] }
  | { ok: false; diagnostics: Diagnostic[] };

/**
 * The documents replace the ones at the start; what the timeline applied or deleted until now stays on top of them.
 * Workloads and traffic stay as they are: pods do not change because YAML about routing does.
 */
export function planChange(plan: Plan, { files, since, nowMs }: ChangeQuestion): PlannedChange {
  const { resources } = parseResources(files);
  const before = since.reduce((base, earlier) => nextBase(plan, base, parseResources(earlier).resources), plan.history.base);
  const history: ClusterHistory = { ...plan.history, base: nextBase(plan, before, resources) };
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
      documents: documentsOverTime(history, plan.experiment),
      topology: topologyOf(plan.experiment, plan.workloads, mesh),
    },
    diagnostics: [...diagnostics, ...notes],
  };
}

/** Without an Experiment, what was made up for the documents before stays until it is given. */
function nextBase(plan: Plan, before: readonly Resource[], resources: readonly Resource[]): Resource[] {
  const documents = resources.filter((resource) => !isExperiment(resource));
  return plan.document ? documents : assumedAgain(documents, before);
}
