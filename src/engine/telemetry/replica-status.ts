/** Live condition of every replica, for the graph. */
import type { ReplicaState, Sim, WorkloadState } from "../sim.ts";
import type { ReplicaStatus } from "../simulation.ts";

export function replicaStatuses(sim: Sim): ReplicaStatus[] {
  const ejected = new Set<number>();
  for (const row of sim.ejections) if (row.untilMs < 0) ejected.add(row.replica);
  const result: ReplicaStatus[] = [];
  sim.replicas.forEach((replica, index) => {
    if (replica.gone && replica.active === 0) return;
    const workload = sim.workloads[replica.workload] as WorkloadState;
    result.push({
      workload: workload.name,
      namespace: workload.namespace,
      service: workload.service,
      replica: replica.index,
      address: replica.address,
      state: conditionOf(replica, ejected.has(index)),
      active: replica.active,
      queued: replica.queued,
    });
  });
  return result;
}

function conditionOf(replica: ReplicaState, ejected: boolean): ReplicaStatus["state"] {
  if (replica.gone) return "draining";
  if (!replica.up) return "crashed";
  if (ejected) return "ejected";
  const errors = replica.errors === undefined ? replica.behaviour.errors : replica.errors;
  if (errors !== null && (errors.rate >= 0.5 || errors.pattern !== null)) return "failing";
  return replica.slowFactor > 1 ? "slow" : "healthy";
}
