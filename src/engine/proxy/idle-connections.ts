/** Connections that carry nothing at the moment: which of them are closed, because of their age in idleness or because of their host. */
import { retireRow } from "../kernel/table.ts";
import type { Connection } from "../rows/connection.ts";
import { type ClusterState, type HostState, nowOf, type Sim } from "../sim.ts";
import { type PoolState, resourcesOf } from "./resources.ts";

/** Where their host left or went down. */
export function closeIdleOf(sim: Sim, cluster: ClusterState, concerned: (host: HostState) => boolean): void {
  for (const host of cluster.hosts) if (concerned(host)) closeIdle(sim, cluster, host, () => true);
}

/** idle_timeout, for all hosts: what nobody has met since counts no longer. */
export function closeExpiredOf(sim: Sim, cluster: ClusterState): void {
  for (const host of cluster.hosts) closeIdle(sim, cluster, host, (connection) => isExpired(sim, cluster, connection));
}

export function isExpired(sim: Sim, cluster: ClusterState, { streams, idleSinceMs }: Connection): boolean {
  return streams === 0 && nowOf(sim) - idleSinceMs >= cluster.traits.idleTimeoutMs;
}

function closeIdle(sim: Sim, cluster: ClusterState, host: HostState, concerned: (connection: Connection) => boolean): void {
  for (const pool of [host, host.highPool]) {
    let next: Connection | null;
    for (let connection = pool?.ready ?? null; pool !== null && connection !== null; connection = next) {
      next = connection.next;
      if (connection.streams > 0 || !concerned(connection)) continue;
      leaveReady(pool, connection);
      closeConnection(sim, connection, cluster, pool);
    }
  }
}

export function leaveReady(pool: PoolState, connection: Connection): void {
  if (pool.ready === connection) pool.ready = connection.next;
  else for (let one = pool.ready; one !== null; one = one.next) if (one.next === connection) one.next = connection.next;
}

/** One that is not among the ready ones. */
export function closeConnection(sim: Sim, connection: Connection, cluster: ClusterState, pool: PoolState): void {
  pool.connections--;
  resourcesOf(cluster, connection.priority).connections--;
  connection.phase = -1;
  retireRow(sim.connections, connection);
}
