/** The mesh documents of a run that were replaced by hand, one set after the other. */
import { lastOfEach, type MeshFile, parseResources, type Resource } from "#mesh";
import { isExperiment } from "../experiment/read-experiment.ts";
import { assumedAgain } from "./default-experiment.ts";
import type { Plan } from "./plan.ts";

/** The documents that hold after those applied so far. */
export function baseSince(plan: Plan, since: readonly (readonly MeshFile[])[]): readonly Resource[] {
  return since.reduce<readonly Resource[]>(
    (base, earlier) => nextBase(plan, base, parseResources(earlier).resources),
    plan.history.base,
  );
}

/** Without an Experiment, what was made up for the documents before stays until it is given. */
export function nextBase(plan: Plan, before: readonly Resource[], resources: readonly Resource[]): Resource[] {
  const documents = lastOfEach(resources.filter((resource) => !isExperiment(resource)));
  return plan.document ? documents : assumedAgain(documents, before);
}
