/** Active health checks: every interval the proxy asks each host; so many silences in a row take it out, so many answers bring it back. */
import type { ClusterState, Sim } from "../sim.ts";
import { probe, scheduleHealthCheck } from "./health-probe.ts";
import { healthChanged } from "./outlier-detection.ts";

export function onHealthCheck(sim: Sim, index: number): void {
  const cluster = sim.clusterStates[index] as ClusterState;
  const check = cluster.compiled.config.healthChecks?.[0];
  if (check === undefined) return;
  let changed = false;
  for (const host of cluster.hosts) {
    if (!host.present) continue;
    const result = probe(sim, cluster, host.target, check);
    const failed = result !== "passed";
    if (failed === host.failedChecks) {
      host.checkStreak = 0;
      continue;
    }
    host.checkStreak++;
    const threshold = failed ? check.unhealthyThreshold : check.healthyThreshold;
    if (result === "failed" || host.checkStreak >= threshold) {
      host.failedChecks = failed;
      host.checkStreak = 0;
      changed = true;
    }
  }
  if (changed) healthChanged(sim, cluster);
  scheduleHealthCheck(sim, cluster);
}
