/** Weights of hosts: whether they differ, and what they are now (slow start raises a newcomer's weight along a curve). */
import { power } from "../../kernel/math.ts";
import { nextBits } from "../../kernel/random.ts";
import type { ClusterState, HostState, Sim } from "../../sim.ts";
import { nowOf } from "../../sim.ts";
import { createEdf, type EdfState, peekEdf, pickEdf } from "./edf.ts";

/** Envoy asks when the hosts change: a schedule made during a slow start stays until the next change, also after the window. */
export function needsWeights(sim: Sim, cluster: ClusterState, hosts: readonly number[], source: number): boolean {
  const first = (cluster.hosts[hosts[0] as number] as HostState).weight;
  for (let i = 1; i < hosts.length; i++) if ((cluster.hosts[hosts[i] as number] as HostState).weight !== first) return true;
  if (cluster.compiled.config.lb.slowStart === undefined) return false;
  return cluster.schedulers?.has(source) === true || isSlowStarting(sim, cluster, hosts);
}

function isSlowStarting(sim: Sim, cluster: ClusterState, hosts: readonly number[]): boolean {
  const slowStart = cluster.compiled.config.lb.slowStart;
  if (slowStart === undefined) return false;
  const now = nowOf(sim);
  for (const host of hosts) if (now - (cluster.hosts[host] as HostState).joinedMs < slowStart.windowMs) return true;
  return false;
}

/** weight · max(min_weight_percent, (age / window)^(1 / aggression)) while the host is young. */
export function currentWeight(sim: Sim, cluster: ClusterState, host: HostState): number {
  const slowStart = cluster.compiled.config.lb.slowStart;
  if (slowStart === undefined) return host.weight;
  const age = nowOf(sim) - host.joinedMs;
  if (age >= slowStart.windowMs) return host.weight;
  const grown = power(Math.max(age, 1) / slowStart.windowMs, 1 / slowStart.aggression);
  return host.weight * Math.max(slowStart.minWeightPercent / 100, grown);
}

/** Picks by EDF among hosts of one source; the schedule is made anew whenever the hosts changed. */
export function pickWeighted(
  sim: Sim,
  cluster: ClusterState,
  hosts: readonly number[],
  source: number,
  weightOf: (sim: Sim, cluster: ClusterState, host: HostState) => number,
): number {
  cluster.schedulers ??= new Map();
  let schedule: EdfState | undefined = cluster.schedulers.get(source);
  if (schedule === undefined) {
    const weights = hosts.map((host) => weightOf(sim, cluster, cluster.hosts[host] as HostState));
    schedule = createEdf(hosts, weights, nextBits(sim.random, cluster.stream) >>> 16);
    cluster.schedulers.set(source, schedule);
  }
  const host = peekEdf(schedule);
  pickEdf(schedule, weightOf(sim, cluster, cluster.hosts[host] as HostState));
  return host;
}
