/** Connections that were begun while a partition lasted: TCP has gone on asking, and one of its next SYNs gets through. */
import { pushEvent } from "../kernel/event-queue.ts";
import { isPartitioned, linkBetween } from "../network/latency.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { nowOf, type Sim } from "../sim.ts";

/** Linux sends a SYN again after 1 s, then after 2, 4 … more (TCP_TIMEOUT_INIT, doubled). */
const firstRetryMs = 1000;

/** A partition ended. */
export function reconnect(sim: Sim): void {
  const now = nowOf(sim);
  for (const connection of sim.connections.rows) {
    const { cutOffMs, cluster, target, phase } = connection;
    if (phase !== 0 || Number.isNaN(cutOffMs) || isPartitioned(sim, cluster.instance, target)) continue;
    let atMs = cutOffMs;
    for (let waitMs = firstRetryMs; atMs < now; waitMs *= 2) atMs += waitMs;
    connection.cutOffMs = NaN;
    const readyMs = atMs + 2 * linkBetween(sim, cluster.instance, target).latencyMs;
    const { connectTimeoutMs } = cluster.compiled.config;
    if (connectTimeoutMs > 0 && readyMs > cutOffMs + connectTimeoutMs) continue;
    pushEvent(sim.queue, readyMs, eventKinds.connectionReady, connection.id, connection.generation);
  }
}
