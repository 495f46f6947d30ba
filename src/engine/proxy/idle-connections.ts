/** Closes connections that carry nothing at the moment, where their host left or went down. */
import { type ClusterState, connectionOf, type HostState, type Sim } from "../sim.ts";
import { closeConnection } from "./connection-pool.ts";

export function closeIdleOf(sim: Sim, cluster: ClusterState, concerned: (host: HostState) => boolean): void {
  for (const host of cluster.hosts) if (concerned(host)) closeIdle(sim, cluster, host);
}

function closeIdle(sim: Sim, cluster: ClusterState, host: HostState): void {
  for (const pool of [host, host.highPool]) {
    if (pool === null) continue;
    while (pool.idle >= 0) {
      const connection = connectionOf(sim, pool.idle);
      pool.idle = connection.next;
      closeConnection(sim, connection, cluster, pool);
    }
    const { shared } = pool;
    if (shared >= 0 && connectionOf(sim, shared).streams === 0) closeConnection(sim, connectionOf(sim, shared), cluster, pool);
  }
}
