/**
 * The cluster as it stands at a moment of the timeline: documents applied and deleted so far, pods alive. Folding always
 * starts from the beginning, so a moment's state never depends on which moments were asked for before.
 */
import type { MeshConfig } from "#engine";
import { type Diagnostic, type MeshFile, type Resource, translate, type WorkloadInput } from "#mesh";
import type { ExperimentTraffic, TimelineEntry } from "../experiment/experiment.ts";
import { type DialledHost, outsideHosts } from "./outside-hosts.ts";
import { type Pod, podsOf } from "./pods.ts";
import type { PlannedWorkload } from "./workloads.ts";

export interface Cluster {
  resources: readonly Resource[];
  /** Pods by workload index. */
  pods: readonly (readonly Pod[])[];
}

export interface ClusterHistory {
  /** What traffic and behaviour call: the ports of hosts outside the mesh. */
  dialled: readonly DialledHost[];
  base: readonly Resource[];
  workloads: readonly PlannedWorkload[];
  timeline: readonly ResolvedTimelineEntry[];
}

/** A timeline entry with its documents parsed and its workload and traffic found. */
export type ResolvedTimelineEntry = TimelineEntry & {
  documents: readonly Resource[];
  target: PlannedWorkload | null;
  traffic?: ResolvedTraffic;
};

/** A traffic entry as it stands after a change of it. */
export interface ResolvedTraffic {
  entry: ExperimentTraffic;
  /** It was not there just before. */
  isNew: boolean;
}

/** Documents under the name a reader of diagnostics can find them by. */
export function timelineFile(entry: TimelineEntry & { type: "apply" }): MeshFile {
  return { name: `timeline (${entry.atMs} ms)`, text: entry.text };
}

/** @param atMs inclusive: what is scheduled for this very moment has happened. */
export function clusterAt(history: ClusterHistory, atMs: number): Cluster {
  let resources = [...history.base];
  const counts = history.workloads.map((workload) => workload.replicas);
  const removed = history.workloads.map(() => new Set<number>());
  const uncertified = history.workloads.map(() => new Set<number>());
  let caUp = true;
  for (const entry of history.timeline) {
    if (entry.atMs > atMs) break;
    const index = entry.target?.index ?? -1;
    if (entry.type === "apply") for (const document of entry.documents) resources = withDocument(resources, document);
    if (entry.type === "delete") resources = resources.filter((resource) => !isNamed(resource, entry));
    if (entry.type === "scale") {
      // A proxy without a certificate never becomes ready, so that no endpoint is made of its pod until the authority answers.
      for (let pod = counts[index] ?? 0; !caUp && entry.target?.meshed && pod < entry.replicas; pod++)
        uncertified[index]?.add(pod);
      counts[index] = entry.replicas;
    }
    if (entry.type === "certificateAuthority") {
      caUp = entry.up;
      if (caUp) for (const pods of uncertified) pods.clear();
    }
    if (entry.type === "crash" && entry.atMs + entry.removedAfterMs <= atMs) {
      for (const replica of replicasOf(entry.replica, counts[index] ?? 0)) removed[index]?.add(replica);
    }
    if (entry.type === "recover") {
      for (const replica of replicasOf(entry.replica, counts[index] ?? 0)) removed[index]?.delete(replica);
    }
  }
  const pods = history.workloads.map((workload, index) =>
    podsOf(workload, counts[index] ?? 0).filter((pod) => !removed[index]?.has(pod.index) && !uncertified[index]?.has(pod.index)),
  );
  return { resources, pods };
}

function replicasOf(replica: number | null, count: number): number[] {
  return replica === null ? Array.from({ length: count }, (_, index) => index) : [replica];
}

function withDocument(resources: readonly Resource[], document: Resource): Resource[] {
  const at = resources.findIndex(
    (one) =>
      one.group === document.group &&
      one.kind === document.kind &&
      one.name === document.name &&
      one.namespace === document.namespace,
  );
  return at < 0 ? [...resources, document] : resources.map((one, index) => (index === at ? document : one));
}

/** Whether a deletion means this resource. */
export function isNamed(resource: Resource, named: { kind: string; name: string; namespace: string }): boolean {
  const namespace = resource.namespace === "" ? named.namespace : resource.namespace;
  return resource.kind === named.kind && resource.name === named.name && namespace === named.namespace;
}

/** What the control plane sees of the workloads. */
export function workloadInputs(workloads: readonly PlannedWorkload[], pods: readonly (readonly Pod[])[]): WorkloadInput[] {
  return workloads.map((workload, index) => ({
    name: workload.name,
    namespace: workload.namespace,
    labels: workload.labels,
    serviceAccount: workload.serviceAccount,
    meshed: workload.meshed,
    service: workload.explicitService,
    replicas: (pods[index] ?? []).map(({ ip, locality }) => ({ ip, locality })),
  }));
}

/** The configuration the control plane would push for this state, and the outside hosts that DNS would know. */
export function meshOf(
  cluster: Cluster,
  { workloads, dialled }: Pick<ClusterHistory, "workloads" | "dialled">,
): { mesh: MeshConfig; diagnostics: Diagnostic[] } {
  const { config, diagnostics } = translate(cluster.resources, workloadInputs(workloads, cluster.pods));
  const outside = outsideHosts(config, workloads, cluster.pods, dialled);
  return { mesh: outside.length === 0 ? config : { ...config, services: [...config.services, ...outside] }, diagnostics };
}
