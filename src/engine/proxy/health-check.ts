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
  if (check === undefined || !host.present || host.checks?.nextMs !== nowOf(sim)) return;
  const { checks } = host;
  const result = probe(sim, cluster, host.target, check);
  const failed = result !== "passed";
  if (failed === host.failedChecks) {
    checks.streak = 0;
    scheduleHealthCheck(sim, cluster, hostIndex, check, !failed, false);
    return;
  }
  checks.streak++;
  const threshold = failed ? check.unhealthyThreshold : check.healthyThreshold;
  const isChanged = result === "failed" || checks.streak >= threshold;
  scheduleHealthCheck(sim, cluster, hostIndex, check, !failed, !isChanged);
  if (!isChanged) return;
  host.failedChecks = failed;
  checks.streak = 0;
  healthChanged(sim, cluster);
}
