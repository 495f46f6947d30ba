/** What one active health check finds, and when the next one comes. A check takes no place in the application's queue. */

import { numbered, pushEvent } from "../kernel/event-queue.ts";
import { nextUniform } from "../kernel/random.ts";
import type { HealthCheck } from "../model/index.ts";
import { isPartitioned } from "../network/latency.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type InstanceState, nowOf, type ReplicaState, type Sim, type Target } from "../sim.ts";
import { drawServiceTimeMs } from "../workload/service-time.ts";

/** failed: an answer that says no, which counts at once. silent: none in time, or no connection, which counts by the threshold. */
export type ProbeResult = "passed" | "failed" | "silent";

export function probe(sim: Sim, cluster: ClusterState, index: number, check: HealthCheck): ProbeResult {
  const target = sim.targets[index] as Target;
  if (isPartitioned(sim, sim.instances[cluster.instance] as InstanceState, target)) return "silent";
  if (target.replica < 0) return target.instance >= 0 ? "passed" : "silent";
  const replica = sim.replicas[target.replica] as ReplicaState;
  if (!replica.up) return "silent";
  if (check.kind === "tcp") return "passed";
  const errors = replica.errors === undefined ? replica.behaviour.errors : replica.errors;
  if (errors !== null && errors.pattern === null && nextUniform(sim.random, cluster.outlierStream) < errors.rate)
    return errors.outcome === 0 ? "silent" : "failed";
  const tookMs = drawServiceTimeMs(sim.random, cluster.outlierStream, replica.behaviour.serviceTime) * replica.slowFactor;
  return tookMs <= check.timeoutMs ? "passed" : "silent";
}

/** A host is out until a check passed; the first result counts whatever the thresholds. */
export function passesFirstCheck(sim: Sim, cluster: ClusterState, target: number): boolean {
  const check = cluster.compiled.config.healthChecks?.[0];
  return check === undefined || probe(sim, cluster, target, check) === "passed";
}

export function scheduleHealthCheck(sim: Sim, cluster: ClusterState): void {
  const check = cluster.compiled.config.healthChecks?.[0];
  if (check === undefined) return;
  const intervalMs = cluster.used ? check.intervalMs : (check.noTrafficIntervalMs ?? check.intervalMs);
  pushEvent(sim.queue, nowOf(sim) + intervalMs, eventKinds.healthCheck, numbered(cluster.index), 0);
}
