/**
 * Active health checks (Envoy's HealthCheckerImplBase): the proxy asks each host at its own pace; so many silences in a row take it
 * out, so many answers bring it back.
 */
import { type ClusterState, type HostState, nowOf, type Sim } from "../sim.ts";
import { probe, scheduleHealthCheck } from "./health-probe.ts";
import { healthChanged } from "./outlier-detection.ts";

export function onHealthCheck(sim: Sim, index: number, hostIndex: number): void {
  const cluster = sim.clusterStates[index] as ClusterState;
  const check = cluster.compiled.config.healthChecks?.[0];
  const host = cluster.hosts[hostIndex] as HostState;
  if (check === undefined || !host.present || host.nextCheckMs !== nowOf(sim)) return;
  const result = probe(sim, cluster, host.target, check);
  const failed = result !== "passed";
  if (failed === host.failedChecks) {
    host.checkStreak = 0;
    scheduleHealthCheck(sim, cluster, hostIndex, check, !failed, false);
    return;
  }
  host.checkStreak++;
  const threshold = failed ? check.unhealthyThreshold : check.healthyThreshold;
  const isChanged = result === "failed" || host.checkStreak >= threshold;
  scheduleHealthCheck(sim, cluster, hostIndex, check, !failed, !isChanged);
  if (!isChanged) return;
  host.failedChecks = failed;
  host.checkStreak = 0;
  healthChanged(sim, cluster);
}
