/**
 * What a run needs of a plan, as plain data: it crosses from the worker that reads YAML to the one that runs (structured clone keeps
 * the identities within one message, so a goal still finds its own expectations). Knows no text and no resource.
 */
import type { SimulationConfig } from "#engine";
import type { Diagnostic, Resource } from "#mesh";
import type { CallPlaces } from "../endless.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { GoalPlan } from "../goal/goal.ts";
import type { Topology } from "../session.ts";
import { type ClusterHistory, clusterAt } from "./cluster-state.ts";
import type { Plan } from "./plan.ts";
import type { PlannedWorkload } from "./workloads.ts";

export interface RunPlan {
  experiment: Experiment;
  workloads: readonly PlannedWorkload[];
  config: SimulationConfig;
  goal: GoalPlan;
  documents: readonly DocumentsFrom[];
  topology: Topology;
  diagnostics: Diagnostic[];
  callPlaces: CallPlaces;
}

/** A mesh document as goals read it. */
export type GoalDocument = Pick<Resource, "group" | "kind" | "name" | "namespace" | "object" | "spec">;

/** The mesh documents as they stand from a moment of the timeline on. */
export interface DocumentsFrom {
  fromMs: number;
  documents: readonly GoalDocument[];
}

/** The part of a plan that can be posted to another thread. */
export function runPlanOf({ experiment, workloads, config, goal, documents, topology, diagnostics, callPlaces }: Plan): RunPlan {
  return { experiment, workloads, config, goal, documents, topology, diagnostics, callPlaces };
}

/** One entry per moment at which the timeline changes documents; none where no goal asks for them. */
export function documentsOverTime(history: ClusterHistory, { expect }: Pick<Experiment, "expect">): DocumentsFrom[] {
  if (!expect.some(({ type }) => type === "config" || type === "answer")) return [];
  const changes = history.timeline.filter(({ type }) => type === "apply" || type === "delete");
  return [...new Set([-1, ...changes.map(({ atMs }) => atMs)])].map((fromMs) => ({
    fromMs,
    documents: clusterAt(history, fromMs).resources.map(({ group, kind, name, namespace, object, spec }) => ({
      group,
      kind,
      name,
      namespace,
      object,
      spec,
    })),
  }));
}
