/**
 * max_connection_duration: a connection that is old enough is closed, or takes no other stream until those under way are over
 * (Envoy's ActiveClient::onConnectionDurationTimeout).
 */
import type { Connection } from "../rows/connection.ts";
import type { Sim } from "../sim.ts";
import { closeConnection, draining } from "./connection-pool.ts";
import { type PoolState, poolOf } from "./resources.ts";

export function onConnectionAged(sim: Sim, connection: Connection): void {
  const { cluster, host, priority, streams } = connection;
  const pool = poolOf(host, priority);
  if (pool.shared === connection) pool.shared = null;
  if (streams > 0) {
    connection.phase = draining;
    return;
  }
  leaveIdle(pool, connection);
  closeConnection(sim, connection, cluster, pool);
}

function leaveIdle(pool: PoolState, connection: Connection): void {
  if (pool.idle === connection) {
    pool.idle = connection.next;
    return;
  }
  for (let one = pool.idle; one !== null; one = one.next) if (one.next === connection) one.next = connection.next;
}
