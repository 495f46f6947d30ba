/**
 * PEAK_EWMA (Linkerd, Finagle): two hosts drawn without replacement, the one with the lower cost wins; cost is a moving average of
 * latency that jumps up at once and decays slowly, times the requests in flight + 1.
 */
import { exp } from "../../kernel/math.ts";
import { nextBelow } from "../../kernel/random.ts";
import type { ClusterState, HostState, Sim } from "../../sim.ts";
import { nowOf } from "../../sim.ts";
import type { LoadBalancingPolicy } from "./policy.ts";

const defaults = { decayMs: 10_000, defaultRttMs: 30 };

function pick(sim: Sim, cluster: ClusterState, hosts: readonly number[]): number {
  const n = hosts.length;
  const a = nextBelow(sim.random, cluster.stream, n);
  if (n === 1) return hosts[a] as number;
  let b = nextBelow(sim.random, cluster.stream, n - 1);
  if (b >= a) b++;
  const first = cluster.hosts[hosts[a] as number] as HostState;
  const second = cluster.hosts[hosts[b] as number] as HostState;
  return (costOf(sim, cluster, second) < costOf(sim, cluster, first) ? hosts[b] : hosts[a]) as number;
}

function costOf(sim: Sim, cluster: ClusterState, host: HostState): number {
  const { decayMs, defaultRttMs } = cluster.compiled.config.lb.peakEwma ?? defaults;
  const { ewma } = host;
  const known = ewma === null ? defaultRttMs : ewma.ms * exp(-(nowOf(sim) - ewma.atMs) / decayMs);
  return known * (host.active + 1);
}

/** Takes a finished request's latency into the estimate. */
export function observeLatency(sim: Sim, cluster: ClusterState, host: HostState, latencyMs: number): void {
  const { decayMs, defaultRttMs } = cluster.compiled.config.lb.peakEwma ?? defaults;
  const now = nowOf(sim);
  const { ewma } = host;
  const before = ewma === null ? defaultRttMs : ewma.ms;
  const w = ewma === null ? 0.5 : exp(-(now - ewma.atMs) / decayMs);
  const ms = latencyMs > before ? latencyMs : before * w + latencyMs * (1 - w);
  if (ewma === null) host.ewma = { ms, atMs: now };
  else {
    ewma.ms = ms;
    ewma.atMs = now;
  }
}

export const peakEwma: LoadBalancingPolicy = { name: "PEAK_EWMA", pick };
