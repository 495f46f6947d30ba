/** The experiment's timeline → changes of the engine; each carries the configuration the control plane would push then. */
import type { MeshConfig, SimulationChange, TimelineEvent } from "#engine";
import { type Diagnostic, parseResources } from "#mesh";
import type { TimelineEntry } from "../experiment/experiment.ts";
import { type ClusterHistory, clusterAt, meshOf, type ResolvedTimelineEntry, timelineFile } from "./cluster-state.ts";
import { isDelta } from "./delta.ts";
import { followDeployments } from "./deployment-changes.ts";
import { complain, findWorkload, type NameReading } from "./names.ts";
import { podsOf } from "./pods.ts";
import { replicasOf, type ServedAddresses } from "./simulation-workloads.ts";
import { placedInExperiment, targetPath } from "./timeline-places.ts";
import type { Callers } from "./traffic.ts";
import { trafficChange } from "./traffic-over-time.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** Sorts by time (entries of one moment keep their order), parses documents, finds workloads. */
export function resolveTimeline(
  timeline: readonly TimelineEntry[],
  { base, workloads }: Pick<ClusterHistory, "base" | "workloads">,
  reading: NameReading,
): { entries: ResolvedTimelineEntry[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const deployments = followDeployments(base, workloads);
  const withoutDocuments = (entry: TimelineEntry & { target: PlannedWorkload | null }) => ({ ...entry, documents: [] });
  const entries = [...timeline]
    .sort((a, b) => a.atMs - b.atMs)
    .flatMap((entry): ResolvedTimelineEntry[] => {
      if (entry.type === "apply") {
        const parsed = parseResources([timelineFile(entry)]);
        diagnostics.push(...placedInExperiment(parsed.diagnostics, entry, reading.resource));
        return [
          { ...entry, documents: parsed.resources, target: null },
          ...deployments.applied(entry, parsed.resources).map(withoutDocuments),
        ];
      }
      if (entry.type === "delete") return [{ ...entry, target: null }, ...deployments.deleted(entry)].map(withoutDocuments);
      if (!("workload" in entry)) return [{ ...entry, documents: [], target: null }];
      const target = findWorkload(reading, targetPath(entry, "workload"), entry.workload, workloads);
      if (!target) return [];
      if (entry.type === "scale") deployments.scaledTo(target, entry.replicas);
      if (
        "replica" in entry &&
        entry.replica !== null &&
        entry.replica >= deployments.countOf(target) &&
        !isScaled(timeline, entry)
      ) {
        complain(reading, targetPath(entry, "replica"), "MESH1511", { expected: `replica 0…${target.replicas - 1}` });
      }
      return [{ ...entry, documents: [], target }];
    });
  return { entries, diagnostics };
}

function isScaled(timeline: readonly TimelineEntry[], entry: TimelineEntry & { workload: string }): boolean {
  return timeline.some((one) => one.type === "scale" && one.workload === entry.workload);
}

/** Configuration after each entry that changes it, by entry; `end` of a crash's delay included. */
export function timelineMeshes(history: ClusterHistory): Map<ResolvedTimelineEntry, MeshConfig> {
  const meshes = new Map<ResolvedTimelineEntry, MeshConfig>();
  const byMoment = new Map<number, MeshConfig>();
  for (const entry of history.timeline) {
    const atMs = configMoment(entry, history);
    if (atMs === null) continue;
    const mesh = byMoment.get(atMs) ?? meshOf(clusterAt(history, atMs), history).mesh;
    byMoment.set(atMs, mesh);
    meshes.set(entry, mesh);
  }
  return meshes;
}

/** Gateways that only the timeline brings run from the start, with nothing to listen for. */
export function withLaterGateways(mesh: MeshConfig, later: readonly MeshConfig[]): MeshConfig {
  const known = new Set(mesh.nodes.map(({ id }) => id));
  const gateways = new Map(
    later.flatMap(({ nodes }) => nodes.filter(({ type }) => type === "gateway").map((one) => [one.id, one])),
  );
  const added = [...gateways.values()].filter(({ id }) => !known.has(id));
  if (added.length === 0) return mesh;
  return {
    ...mesh,
    nodes: [...mesh.nodes, ...added.map((node) => ({ ...node, listeners: [], routes: [], clusters: [], endpoints: [] }))],
  };
}

/** When the control plane pushes because of this entry; null: it does not. */
export function configMoment(entry: ResolvedTimelineEntry, { timeline }: Pick<ClusterHistory, "timeline">): number | null {
  switch (entry.type) {
    case "apply":
    case "delete":
    case "scale":
    case "recover":
      return entry.atMs;
    case "crash":
      return entry.atMs + entry.removedAfterMs;
    case "certificateAuthority":
      // Pods that waited for a certificate become ready.
      return entry.up && timeline.some((other) => other.type === "scale" && other.atMs <= entry.atMs) ? entry.atMs : null;
    default:
      return null;
  }
}

export function timelineEvents(
  history: ClusterHistory,
  meshes: ReadonlyMap<ResolvedTimelineEntry, MeshConfig>,
  served: ServedAddresses,
  callers: Callers,
): TimelineEvent[] {
  return history.timeline.flatMap((entry) =>
    changesOf(entry, meshes.get(entry), served, callers).map((change) => ({ atMs: entry.atMs, change })),
  );
}

/** @param mesh what the control plane pushes because of it, where it does */
export function changesOf(
  entry: ResolvedTimelineEntry,
  mesh: MeshConfig | undefined,
  served: ServedAddresses,
  callers: Callers,
): SimulationChange[] {
  if (entry.type === "errors" && entry.errors === null) return endOfErrors(entry);
  if (entry.type === "traffic") return trafficChanges(entry, callers);
  const change = changeOf(entry, mesh, served);
  return change ? [change] : [];
}

function trafficChanges(entry: ResolvedTimelineEntry & { type: "traffic" }, callers: Callers): SimulationChange[] {
  const change = entry.traffic && trafficChange(entry, entry.traffic, callers);
  return change ? [change] : [];
}

/** The fault is over: every replica fails again as its own behaviour says, which may differ by replica. */
function endOfErrors(entry: ResolvedTimelineEntry & { type: "errors" }): SimulationChange[] {
  const { target, replica } = entry;
  if (!target) return [];
  const back = (index: number | null): SimulationChange => {
    const own = index === null ? undefined : target.perReplica[index]?.errors;
    const errors = own === undefined ? target.behaviour.errors : own;
    return { type: "errors", workload: target.name, namespace: target.namespace, replica: index, errors };
  };
  if (replica !== null) return [back(replica)];
  const differing = Object.keys(target.perReplica).map(Number);
  return [back(null), ...differing.map((index) => back(index))];
}

function changeOf(
  entry: ResolvedTimelineEntry,
  mesh: MeshConfig | undefined,
  served: ServedAddresses,
): SimulationChange | undefined {
  if (entry.type === "apply" || entry.type === "delete")
    return (
      mesh && { type: "config", mesh, ...(isDelta(entry.type === "apply" ? entry.documents : [entry]) ? { delta: true } : {}) }
    );
  if (entry.type === "partition") return { type: "partition", from: entry.from, to: entry.to, active: entry.active };
  if (entry.type === "pushDelay") return { type: "pushDelay", delay: entry.delay };
  if (entry.type === "controlPlane" || entry.type === "certificateAuthority") {
    const answer = { type: entry.type, up: entry.up };
    return mesh ? { type: "together", changes: [answer, { type: "config", mesh }] } : answer;
  }
  const { target } = entry;
  if (!target) return undefined;
  const place = { workload: target.name, namespace: target.namespace };
  switch (entry.type) {
    case "scale":
      return mesh && { type: "scale", ...place, replicas: replicasOf(target, podsOf(target, entry.replicas), served), mesh };
    case "crash":
      return { type: "crash", ...place, replica: entry.replica, removedAfterMs: entry.removedAfterMs, mesh: mesh ?? null };
    case "recover":
      return { type: "recover", ...place, replica: entry.replica, mesh: mesh ?? null };
    case "slow":
      return { type: "slow", ...place, replica: entry.replica, factor: entry.factor };
    case "cpu":
      return { type: "cpu", ...place, replica: entry.replica, factor: entry.factor };
    case "errors":
      return { type: "errors", ...place, replica: entry.replica, errors: entry.errors };
    case "expireCertificates":
      return { type: "expireCertificates", ...place };
  }
}
