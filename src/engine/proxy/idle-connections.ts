/** Closes connections that carry nothing at the moment, where their host left or went down. */
import type { ClusterState, HostState, Sim } from "../sim.ts";
import { closeConnection } from "./connection-pool.ts";

export function closeIdleOf(sim: Sim, cluster: ClusterState, concerned: (host: HostState) => boolean): void {
  for (const host of cluster.hosts) if (concerned(host)) closeIdle(sim, cluster, host);
}

function closeIdle(sim: Sim, cluster: ClusterState, host: HostState): void {
  for (const pool of [host, host.highPool]) {
    if (pool === null) continue;
    for (let connection = pool.idle; connection !== null; connection = pool.idle) {
      pool.idle = connection.next;
      closeConnection(sim, connection, cluster, pool);
    }
    const { shared } = pool;
    if (shared?.streams === 0) closeConnection(sim, shared, cluster, pool);
  }
}
