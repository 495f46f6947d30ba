/** The workloads a set of documents speaks of, for commands that translate without running. Judges nothing. */
import type { Resource, WorkloadInput } from "#mesh";
import { isExperiment, readExperiment } from "../experiment/read-experiment.ts";
import { workloadInputs } from "./cluster-state.ts";
import { podsOf } from "./pods.ts";
import { planWorkloads } from "./workloads.ts";

/** From Deployments, Pods and an Experiment, with the addresses a run would give them. */
export function knownWorkloads(resources: readonly Resource[]): WorkloadInput[] {
  const document = resources.find(isExperiment);
  const experiment = document && readExperiment(document).experiment;
  const workloads = planWorkloads(experiment?.workloads ?? [], resources, experiment?.dataPlane !== "none");
  return workloadInputs(
    workloads,
    workloads.map((workload) => podsOf(workload, workload.replicas)),
  );
}
