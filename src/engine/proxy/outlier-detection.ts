/**
 * Outlier detection (Envoy's DetectorImpl): counters per host, sweeps on multiples of the interval, ejection times that grow, a strict cap.
 * A health change reaches the load balancer at once or, within the merge window of the last one, when a full window has passed.
 */

import { pushEvent } from "../kernel/event-queue.ts";
import { nextBelow, nextUniform } from "../kernel/random.ts";
import type { OutlierDetection } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type HostOutliers, type HostState, nowOf, type Sim } from "../sim.ts";
import { noteEjection, noteReturn, type OutlierKind, type OutlierRates } from "../telemetry/outlier-log.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { recordEjection, recordReturn } from "../telemetry/store.ts";
import { scheduleSweep } from "./cluster-state.ts";
import { applyHosts } from "./host-set.ts";

/** An answer from the server. */
export function observeStatus(sim: Sim, cluster: ClusterState, index: number, status: number): void {
  const config = cluster.compiled.config.outlierDetection as OutlierDetection;
  countStatus(sim, cluster, index, outliersOf(cluster.hosts[index] as HostState), config, status);
}

/** A connection was there for the request: that alone is a success of the local kind, whatever comes of the request. */
export function observeConnected(cluster: ClusterState, host: HostState): void {
  if (cluster.compiled.config.outlierDetection?.splitExternalLocalOriginErrors !== true) return;
  const outliers = outliersOf(host);
  outliers.consecutiveLocal = 0;
  outliers.localTotal++;
  outliers.localSuccesses++;
}

function outliersOf(host: HostState): HostOutliers {
  host.outliers ??= createOutliers();
  return host.outliers;
}

function createOutliers(): HostOutliers {
  return {
    ejections: 0,
    ejectedMs: -1,
    unejectedMs: -1,
    ejectionRow: -1,
    consecutive5xx: 0,
    consecutiveGateway: 0,
    consecutiveLocal: 0,
    successes: 0,
    total: 0,
    localSuccesses: 0,
    localTotal: 0,
  };
}

/** A failure before any answer: connect failure and reset count as 503, a timeout as 504, unless local errors are kept apart. */
export function observeLocalFailure(sim: Sim, cluster: ClusterState, index: number, asStatus: number): void {
  const config = cluster.compiled.config.outlierDetection as OutlierDetection;
  const outliers = outliersOf(cluster.hosts[index] as HostState);
  if (!config.splitExternalLocalOriginErrors) {
    countStatus(sim, cluster, index, outliers, config, asStatus);
    return;
  }
  outliers.localTotal++;
  outliers.consecutiveLocal++;
  if (config.consecutiveLocalOriginFailure > 0 && outliers.consecutiveLocal >= config.consecutiveLocalOriginFailure) {
    outliers.consecutiveLocal = 0;
    judge(sim, cluster, index, config, "CONSECUTIVE_LOCAL_ORIGIN_FAILURE", config.enforcingConsecutiveLocalOriginFailurePercent);
  }
}

function countStatus(
  sim: Sim,
  cluster: ClusterState,
  index: number,
  outliers: HostOutliers,
  config: OutlierDetection,
  status: number,
): void {
  outliers.total++;
  if (status < 500) {
    outliers.successes++;
    outliers.consecutive5xx = 0;
    outliers.consecutiveGateway = 0;
    return;
  }
  if (status >= 502 && status <= 504) {
    outliers.consecutiveGateway++;
    if (config.consecutiveGatewayFailure > 0 && outliers.consecutiveGateway >= config.consecutiveGatewayFailure) {
      outliers.consecutiveGateway = 0;
      judge(sim, cluster, index, config, "CONSECUTIVE_GATEWAY_FAILURE", config.enforcingConsecutiveGatewayFailurePercent);
    }
  } else {
    outliers.consecutiveGateway = 0;
  }
  outliers.consecutive5xx++;
  if (config.consecutive5xx > 0 && outliers.consecutive5xx >= config.consecutive5xx) {
    outliers.consecutive5xx = 0;
    judge(sim, cluster, index, config, "CONSECUTIVE_5XX", config.enforcingConsecutive5xxPercent);
  }
}

/** The cap comes first, then the share that is enforced (DetectorImpl::ejectHost). */
function judge(
  sim: Sim,
  cluster: ClusterState,
  index: number,
  config: OutlierDetection,
  kind: OutlierKind,
  enforcingPercent: number,
  rates: OutlierRates | null = null,
): void {
  const host = cluster.hosts[index] as HostState;
  if (host.ejected || !host.present) return;
  const hosts = countPresent(cluster);
  const withinCap = (100 * (cluster.ejectedCount + 1)) / hosts <= config.maxEjectionPercent;
  if (!withinCap && !(config.alwaysEjectOneHost && cluster.ejectedCount === 0)) return;
  if (!isEnforced(sim, cluster, enforcingPercent)) {
    noteEjection(sim, cluster, host, kind, false, rates);
    return;
  }
  const now = nowOf(sim);
  const outliers = outliersOf(host);
  host.ejected = true;
  outliers.ejectedMs = now;
  outliers.ejections++;
  cluster.ejectedCount++;
  outliers.ejectionRow = recordEjection(sim, cluster, host);
  noteEjection(sim, cluster, host, kind, true, rates);
  healthChanged(sim, cluster);
}

function isEnforced(sim: Sim, cluster: ClusterState, percent: number): boolean {
  return percent >= 100 || (percent > 0 && nextUniform(sim.random, cluster.outlierStream) * 100 < percent);
}

function countPresent(cluster: ClusterState): number {
  let count = 0;
  for (const host of cluster.hosts) if (host.present) count++;
  return count;
}

/** In the story of a request whose failure it was. */
export function explainEjection(sim: Sim, call: Call, cluster: ClusterState, host: HostState): void {
  const params = { address: host.address, ejections: host.outliers?.ejections ?? 0, ejected: cluster.ejectedCount };
  noteCall(sim, call, "outlier", "outlier.ejected", params, cluster.compiled.config.sources?.outlierDetection);
}

/** base · k, never above the maximum (or the base, if that is larger), plus jitter. */
function ejectionTimeMs(sim: Sim, cluster: ClusterState, config: OutlierDetection, { ejections }: HostOutliers): number {
  const longest = Math.max(config.maxEjectionTimeMs, config.baseEjectionTimeMs);
  const time = Math.min(config.baseEjectionTimeMs * ejections, longest);
  const jitter = config.maxEjectionTimeJitterMs;
  return jitter > 0 ? time + nextBelow(sim.random, cluster.outlierStream, jitter) : time;
}

/** Takes effect now, or merged with others when the window that this change opens is over. */
export function healthChanged(sim: Sim, cluster: ClusterState): void {
  const { updateMergeWindowMs } = cluster.compiled.config.lb;
  const now = nowOf(sim);
  if (updateMergeWindowMs <= 0 || now - cluster.lastHealthMs > updateMergeWindowMs) {
    cluster.lastHealthMs = now;
    cluster.updateScheduled = false;
    applyHosts(sim, cluster);
  } else if (!cluster.updateScheduled) {
    cluster.updateScheduled = true;
    pushEvent(sim.queue, now + updateMergeWindowMs, eventKinds.mergeWindow, cluster.index, cluster.mergeEpoch);
  }
}

export function onMergeWindow(sim: Sim, index: number): void {
  const cluster = sim.clusterStates[index] as ClusterState;
  if (!cluster.updateScheduled) return;
  cluster.updateScheduled = false;
  cluster.lastHealthMs = nowOf(sim);
  applyHosts(sim, cluster);
}

export function onSweep(sim: Sim, index: number): void {
  const cluster = sim.clusterStates[index] as ClusterState;
  cluster.sweepPending = false;
  const config = cluster.compiled.config.outlierDetection;
  if (config === undefined) return;
  const now = nowOf(sim);
  let returned = false;
  cluster.hosts.forEach((host) => {
    const { outliers } = host;
    if (!host.present || outliers === null) return;
    if (host.ejected) {
      // A hair's breadth for sums of intervals in binary fractions.
      if (now - outliers.ejectedMs >= ejectionTimeMs(sim, cluster, config, outliers) - 1e-6) {
        host.ejected = false;
        outliers.unejectedMs = now;
        outliers.consecutive5xx = 0;
        outliers.consecutiveGateway = 0;
        outliers.consecutiveLocal = 0;
        cluster.ejectedCount--;
        recordReturn(sim, outliers);
        noteReturn(sim, cluster, host);
        returned = true;
      }
    } else if (outliers.ejections > 0 && outliers.unejectedMs >= 0 && now - outliers.unejectedMs >= config.intervalMs) {
      outliers.ejections--;
    }
  });
  if (returned) healthChanged(sim, cluster);
  judgeBySuccessRate(sim, cluster, config);
  judgeByFailurePercentage(sim, cluster, config);
  for (const { outliers } of cluster.hosts) {
    if (outliers === null) continue;
    outliers.successes = 0;
    outliers.total = 0;
    outliers.localSuccesses = 0;
    outliers.localTotal = 0;
  }
  scheduleSweep(sim, cluster);
}

/** Below mean − factor · population standard deviation of the hosts with enough requests. */
function judgeBySuccessRate(sim: Sim, cluster: ClusterState, config: OutlierDetection): void {
  const { minimumHosts, requestVolume, stdevFactor, enforcingPercent, enforcingLocalOriginPercent } = config.successRate;
  for (const local of config.splitExternalLocalOriginErrors ? [false, true] : [false]) {
    const rates = ratesOf(cluster, requestVolume, local);
    if (rates.length < minimumHosts || rates.length === 0) continue;
    let sum = 0;
    for (const { rate } of rates) sum += rate;
    const mean = sum / rates.length;
    let squares = 0;
    for (const { rate } of rates) squares += (rate - mean) * (rate - mean);
    const threshold = mean - Math.sqrt(squares / rates.length) * stdevFactor;
    const kind = local ? "SUCCESS_RATE_LOCAL_ORIGIN" : "SUCCESS_RATE";
    for (const { index, rate } of rates) {
      const found = { host: rate, average: mean, threshold };
      if (rate < threshold)
        judge(sim, cluster, index, config, kind, local ? enforcingLocalOriginPercent : enforcingPercent, found);
    }
  }
}

function judgeByFailurePercentage(sim: Sim, cluster: ClusterState, config: OutlierDetection): void {
  const { minimumHosts, requestVolume, threshold, enforcingPercent, enforcingLocalOriginPercent } = config.failurePercentage;
  for (const local of config.splitExternalLocalOriginErrors ? [false, true] : [false]) {
    const rates = ratesOf(cluster, requestVolume, local);
    if (rates.length < minimumHosts) continue;
    const kind = local ? "FAILURE_PERCENTAGE_LOCAL_ORIGIN" : "FAILURE_PERCENTAGE";
    for (const { index, rate } of rates)
      if (100 - rate >= threshold)
        judge(sim, cluster, index, config, kind, local ? enforcingLocalOriginPercent : enforcingPercent, { host: rate });
  }
}

/** Success rates in percent of the hosts that are in and had enough requests since the last sweep. */
function ratesOf(cluster: ClusterState, requestVolume: number, local: boolean): { index: number; rate: number }[] {
  const rates: { index: number; rate: number }[] = [];
  cluster.hosts.forEach((host, index) => {
    if (host.outliers === null) return;
    const { outliers } = host;
    const total = local ? outliers.localTotal : outliers.total;
    const successes = local ? outliers.localSuccesses : outliers.successes;
    if (host.present && !host.ejected && total >= requestVolume && total > 0)
      rates.push({ index, rate: (100 * successes) / total });
  });
  return rates;
}
