/**
 * What a cluster and its hosts have in use, by priority (Envoy's ResourceManager), and what they may. Those of the default priority, which
 * every request meets, are fields of the cluster and the host themselves: one place in memory less.
 */
import type { CircuitBreakerThresholds } from "../model/index.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Connection } from "../rows/connection.ts";
import type { ClusterState, HostState } from "../sim.ts";

export interface PoolState {
  /** The first of the connections that can take a stream: HTTP/1: idle; HTTP/2: open, with room. */
  ready: Connection | null;
  connections: number;
  connecting: number;
  pendingHead: Attempt | null;
  pendingTail: Attempt | null;
  pending: number;
}

/** In use of one priority's circuit breaker limits. */
export interface Resources {
  requests: number;
  pending: number;
  connections: number;
  retries: number;
}

export function noResources(): Resources {
  return { requests: 0, pending: 0, connections: 0, retries: 0 };
}

export function resourcesOf(cluster: ClusterState, priority: 0 | 1): Resources {
  return priority === 0 ? cluster : highResourcesOf(cluster);
}

function highResourcesOf(cluster: ClusterState): Resources {
  cluster.highResources ??= noResources();
  return cluster.highResources;
}

export function limitsOf({ traits }: ClusterState, priority: 0 | 1): CircuitBreakerThresholds {
  return priority === 0 ? traits.limits : traits.highLimits;
}

export function poolOf(host: HostState, priority: 0 | 1): PoolState {
  return priority === 0 ? host : highPoolOf(host);
}

function highPoolOf(host: HostState): PoolState {
  host.highPool ??= emptyPool();
  return host.highPool;
}

function emptyPool(): PoolState {
  return { ready: null, connections: 0, connecting: 0, pendingHead: null, pendingTail: null, pending: 0 };
}
