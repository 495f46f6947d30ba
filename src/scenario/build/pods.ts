/** Gives every pod its address and locality: the same experiment always gets the same addresses. */
import type { PlannedWorkload } from "./workloads.ts";

export interface Pod {
  index: number;
  ip: string;
  locality: string;
}

/** "10.64.0.1" for the first pod of the first workload; each workload has 1024 addresses, so scaling never collides. */
export function podIp(workloadIndex: number, replica: number): string {
  const offset = workloadIndex * 1024 + replica + 1;
  return `10.${64 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`;
}

/** Pods 0 … count − 1; beside a bootstrap the IP is that of the given address. */
export function podsOf(workload: PlannedWorkload, count: number): Pod[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    ip: workload.addresses?.[index]?.replace(/:\d+$/, "") ?? podIp(workload.index, index),
    locality: localityOf(workload, index),
  }));
}

/** A list shorter than the replicas repeats its last entry. */
function localityOf(workload: PlannedWorkload, replica: number): string {
  if (typeof workload.locality === "string") return workload.locality;
  return workload.locality[Math.min(replica, workload.locality.length - 1)] ?? "";
}
