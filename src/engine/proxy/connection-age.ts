/**
 * max_connection_duration: a connection that is old enough is closed, or takes no other stream until those under way are over
 * (Envoy's ActiveClient::onConnectionDurationTimeout).
 */
import type { Connection } from "../rows/connection.ts";
import type { Sim } from "../sim.ts";
import { draining } from "./connection-pool.ts";
import { closeConnection, leaveReady } from "./idle-connections.ts";
import { poolOf } from "./resources.ts";

export function onConnectionAged(sim: Sim, connection: Connection): void {
  const { cluster, host, priority, streams } = connection;
  const pool = poolOf(host, priority);
  leaveReady(pool, connection);
  if (streams > 0) connection.phase = draining;
  else closeConnection(sim, connection, cluster, pool);
}
