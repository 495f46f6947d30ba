/** What becomes of pods when the timeline applies a Deployment (kubectl apply sets the number it says) or deletes one. */
import type { Resource } from "#mesh";
import type { TimelineEntry } from "../experiment/experiment.ts";
import { type PlannedWorkload, podControllers, writtenReplicas } from "./workloads.ts";

type Scaling = Extract<TimelineEntry, { type: "scale" }> & { target: PlannedWorkload };

/** @param base documents at the start: of a workload for which the Experiment itself says another number, its Deployment's does not count */
export function followDeployments(base: readonly Resource[], workloads: readonly PlannedWorkload[]) {
  const counts = new Map(workloads.map((workload) => [keyOf(workload), workload.replicas]));
  const overridden = base.filter((one) => isDeployment(one) && (writtenReplicas(one) ?? 1) !== counts.get(keyOf(one)));
  const deaf = new Set(overridden.map(keyOf));

  const scaled = ({ atMs, path }: TimelineEntry, key: string, replicas: number | undefined): Scaling[] => {
    const target = workloads.find((one) => keyOf(one) === key);
    if (!target || replicas === undefined || replicas === counts.get(key)) return [];
    counts.set(key, replicas);
    return [{ type: "scale", atMs, path, workload: target.name, replicas, target }];
  };
  return {
    /** Is told of every `scale` of the timeline, in order of time. */
    scaledTo(workload: PlannedWorkload, replicas: number): void {
      counts.set(keyOf(workload), replicas);
    },
    /** Replicas that there are, or were at the start if those were more. */
    countOf: (workload: PlannedWorkload): number => Math.max(workload.replicas, counts.get(keyOf(workload)) ?? 0),
    /** The scalings that an `apply` brings. */
    applied: (entry: TimelineEntry, documents: readonly Resource[]): Scaling[] =>
      documents
        .filter((document) => isDeployment(document) && !deaf.has(keyOf(document)))
        .flatMap((document) => scaled(entry, keyOf(document), writtenReplicas(document))),
    deleted: (entry: TimelineEntry & { type: "delete" }): Scaling[] =>
      podControllers.includes(entry.kind) ? scaled(entry, keyOf(entry), 0) : [],
  };
}

function isDeployment({ group, kind }: Resource): boolean {
  return group === "apps" && podControllers.includes(kind);
}

function keyOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
