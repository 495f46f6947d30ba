/** Planned workloads → the engine's: behaviour per replica, the addresses each pod serves, the proxy it runs. */
import type { BehaviourConfig, MeshConfig, ReplicaConfig, WorkloadConfig } from "#engine";
import { type Pod, podsOf } from "./pods.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** Ports each pod IP is reached at: by every configuration the run will see, so that a Service applied later is served too. */
export type ServedAddresses = ReadonlyMap<string, readonly string[]>;

export function servedAddresses(meshes: readonly MeshConfig[]): ServedAddresses {
  const byIp = new Map<string, Set<string>>();
  for (const mesh of meshes) {
    for (const address of mesh.services.flatMap((service) => service.endpoints)) {
      const ip = address.replace(/:\d+$/, "");
      byIp.set(ip, (byIp.get(ip) ?? new Set()).add(address));
    }
  }
  return new Map([...byIp].map(([ip, addresses]) => [ip, [...addresses].sort()]));
}

export function simulationWorkloads(
  workloads: readonly PlannedWorkload[],
  mesh: MeshConfig,
  served: ServedAddresses,
): WorkloadConfig[] {
  return workloads.map((workload) => ({
    name: workload.name,
    namespace: workload.namespace,
    service: workload.service,
    serviceAccount: workload.serviceAccount,
    labels: workload.labels,
    nodeId: nodeIdOf(workload, mesh),
    replicas: replicasOf(workload, podsOf(workload, workload.replicas), served),
  }));
}

export function replicasOf(workload: PlannedWorkload, pods: readonly Pod[], served: ServedAddresses): ReplicaConfig[] {
  return pods.map((pod) => ({
    ip: pod.ip,
    addresses: servedBy(workload, pod, served),
    locality: pod.locality,
    behaviour: behaviourOf(workload, pod.index),
  }));
}

function servedBy(workload: PlannedWorkload, pod: Pod, served: ServedAddresses): readonly string[] {
  const given = workload.addresses?.[pod.index];
  return given === undefined ? (served.get(pod.ip) ?? []) : [given];
}

function behaviourOf(workload: PlannedWorkload, replica: number): BehaviourConfig {
  return { ...workload.behaviour, ...workload.perReplica[replica] };
}

/** The proxy configuration of this workload, or null: no proxy. */
function nodeIdOf(workload: PlannedWorkload, mesh: MeshConfig): string | null {
  if (!workload.meshed) return null;
  const node = mesh.nodes.find(
    (one) => one.type !== "bootstrap" && one.workload === workload.name && one.namespace === workload.namespace,
  );
  return node?.id ?? null;
}
