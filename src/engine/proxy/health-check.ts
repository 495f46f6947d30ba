/** Active health checks: every interval the proxy asks each host; so many failures in a row take it out, so many successes bring it back. */
import { numbered, pushEvent } from "../kernel/event-queue.ts";
import { nextUniform } from "../kernel/random.ts";
import type { HealthCheck } from "../model/index.ts";
import { isPartitioned } from "../network/latency.ts";
import {
  type ClusterState,
  eventKinds,
  type HostState,
  type InstanceState,
  nowOf,
  type ReplicaState,
  type Sim,
  type Target,
} from "../sim.ts";
import { drawServiceTimeMs } from "../workload/service-time.ts";
import { healthChanged } from "./outlier-detection.ts";

export function onHealthCheck(sim: Sim, index: number): void {
  const cluster = sim.clusterStates[index] as ClusterState;
  const check = cluster.compiled.config.healthChecks?.[0];
  if (check === undefined) return;
  let changed = false;
  for (const host of cluster.hosts) {
    if (!host.present) continue;
    const failed = !answers(sim, cluster, host, check);
    if (failed === host.failedChecks) {
      host.checkStreak = 0;
      continue;
    }
    host.checkStreak++;
    if (host.checkStreak >= (failed ? check.unhealthyThreshold : check.healthyThreshold)) {
      host.failedChecks = failed;
      host.checkStreak = 0;
      changed = true;
    }
  }
  if (changed) healthChanged(sim, cluster);
  pushEvent(sim.queue, nowOf(sim) + check.intervalMs, eventKinds.healthCheck, numbered(index), 0);
}

/** Judged from the replica's condition; a check takes no place in the application's queue. */
function answers(sim: Sim, cluster: ClusterState, host: HostState, check: HealthCheck): boolean {
  const target = sim.targets[host.target] as Target;
  if (isPartitioned(sim, sim.instances[cluster.instance] as InstanceState, target)) return false;
  if (target.replica < 0) return target.instance >= 0;
  const replica = sim.replicas[target.replica] as ReplicaState;
  if (!replica.up) return false;
  const errors = replica.errors === undefined ? replica.behaviour.errors : replica.errors;
  if (errors !== null && errors.pattern === null && nextUniform(sim.random, cluster.outlierStream) < errors.rate) return false;
  return (
    drawServiceTimeMs(sim.random, cluster.outlierStream, replica.behaviour.serviceTime) * replica.slowFactor <= check.timeoutMs
  );
}
