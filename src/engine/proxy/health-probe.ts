/** What one active health check finds, and when the next one comes. A check takes no place in the application's queue. */

import { pushEvent } from "../kernel/event-queue.ts";
import { nextBelow, nextUniform } from "../kernel/random.ts";
import type { HealthCheck, StatusRange } from "../model/index.ts";
import { isPartitioned } from "../network/latency.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type HostChecks, type HostState, nowOf, type Sim, type Target } from "../sim.ts";
import { drawServiceTimeMs } from "../workload/service-time.ts";
import { statusOf } from "./response-table.ts";

/** failed: an answer that says no, which counts at once. silent: none in time, or no connection, which counts by the threshold. */
export type ProbeResult = "passed" | "failed" | "silent";

export function probe(sim: Sim, cluster: ClusterState, target: Target, check: HealthCheck): ProbeResult {
  if (isPartitioned(sim, cluster.instance, target)) return "silent";
  const { replica } = target;
  if (replica === null) return target.instance === null ? "silent" : "passed";
  if (!replica.up) return "silent";
  if (check.kind === "tcp") return "passed";
  const errors = replica.errors === undefined ? replica.behaviour.errors : replica.errors;
  const isFaulty = errors !== null && errors.pattern === null && nextUniform(sim.random, cluster.outlierStream) < errors.rate;
  const outcome = isFaulty ? errors.outcome : replica.behaviour.ok;
  if (outcome === 0) return "silent";
  const tookMs = drawServiceTimeMs(sim.random, cluster.outlierStream, replica.behaviour.serviceTime) * replica.slowFactor;
  return tookMs <= check.timeoutMs ? judgeStatus(check, statusOf(outcome)) : "silent";
}

function judgeStatus({ expectedStatuses = usual, retriableStatuses = [] }: HealthCheck, status: number): ProbeResult {
  const isIn = (ranges: readonly StatusRange[]) => ranges.some(({ start, end }) => status >= start && status < end);
  if (isIn(expectedStatuses)) return "passed";
  return isIn(retriableStatuses) ? "silent" : "failed";
}

const usual: readonly StatusRange[] = [{ start: 200, end: 201 }];

/** A host is out until a check passed; the first result counts whatever the thresholds. */
export function passesFirstCheck(sim: Sim, cluster: ClusterState, target: Target): boolean {
  const check = cluster.compiled.config.healthChecks?.[0];
  return check === undefined || probe(sim, cluster, target, check) === "passed";
}

/** A host's first check is behind it when it joins; the next one comes after an interval, spread out by the initial jitter. */
export function beginHealthChecks(sim: Sim, cluster: ClusterState, host: number): void {
  const check = cluster.compiled.config.healthChecks?.[0];
  if (check === undefined) return;
  const { failedChecks, checks } = cluster.hosts[host] as HostState;
  // One that has come back still has its timer.
  if (checks !== null && checks.nextMs > nowOf(sim)) return;
  scheduleHealthCheck(sim, cluster, host, check, !failedChecks, false, randomPart(sim, cluster, check.initialJitterMs ?? 0));
}

/** @param isPending the check spoke against the host's health, and the threshold is not reached */
export function scheduleHealthCheck(
  sim: Sim,
  cluster: ClusterState,
  host: number,
  check: HealthCheck,
  hasPassed: boolean,
  isPending: boolean,
  extraMs = 0,
): void {
  const usualMs = cluster.used ? pace(check, hasPassed, isPending) : quietPace(check, hasPassed);
  const jitterMs =
    randomPart(sim, cluster, ((check.jitterPercent ?? 0) * usualMs) / 100) + randomPart(sim, cluster, check.jitterMs ?? 0);
  const dueMs = nowOf(sim) + Math.max(1, usualMs + jitterMs + extraMs);
  checksOf(cluster.hosts[host] as HostState).nextMs = dueMs;
  pushEvent(sim.queue, dueMs, eventKinds.healthCheck, cluster.index, host);
}

function checksOf(host: HostState): HostChecks {
  host.checks ??= { streak: 0, nextMs: -1 };
  return host.checks;
}

function pace(check: HealthCheck, hasPassed: boolean, isPending: boolean): number {
  const { intervalMs, unhealthyIntervalMs = intervalMs } = check;
  if (hasPassed) return isPending ? (check.healthyEdgeIntervalMs ?? intervalMs) : intervalMs;
  return isPending ? (check.unhealthyEdgeIntervalMs ?? unhealthyIntervalMs) : unhealthyIntervalMs;
}

/** Before the cluster's first connection. */
function quietPace(check: HealthCheck, hasPassed: boolean): number {
  const quietMs = check.noTrafficIntervalMs ?? check.intervalMs;
  return hasPassed ? (check.noTrafficHealthyIntervalMs ?? quietMs) : quietMs;
}

function randomPart(sim: Sim, cluster: ClusterState, belowMs: number): number {
  return belowMs >= 1 ? nextBelow(sim.random, cluster.outlierStream, Math.floor(belowMs)) : 0;
}
