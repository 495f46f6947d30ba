/** The newest access-log lines: a ring of plain entries with Envoy's operator names, kept only when asked for. */

import { rowBits } from "../kernel/table.ts";
import type { RequestShape } from "../proxy/matching/request-shape.ts";
import type { Destination, Plan } from "../proxy/plan.ts";
import { formatFlags } from "../proxy/response-flags.ts";
import { statusOf } from "../proxy/response-table.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as connectionAt from "../rows/connection.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import { type ClusterState, type InstanceState, nowOf, type Peer, type Sim } from "../sim.ts";
import type { AccessLogEntry } from "./telemetry.ts";
import { traceIdOf } from "./trace-context.ts";

export interface AccessLogRing {
  limit: number;
  count: number;
  entries: AccessLogEntry[];
}

export function createAccessLog(limit: number): AccessLogRing {
  return { limit, count: 0, entries: [] };
}

/** Called when a call ends, while its row is still whole. */
export function logAccess(sim: Sim, call: number, status: number): void {
  const { calls } = sim;
  const plan = sim.plans[calls.cells[call | callAt.plan]!] as Plan;
  const shape = sim.shapes.list[calls.cells[call | callAt.shape]!] as RequestShape;
  const cluster =
    calls.cells[call | callAt.cluster]! < 0
      ? undefined
      : (sim.clusterStates[calls.cells[call | callAt.cluster]!] as ClusterState);
  const host = calls.cells[call | callAt.upstreamHost]!;
  const destination = plan.destinations[calls.cells[call | callAt.destination]!] as Destination | undefined;
  const details = calls.cells[call | callAt.details]!;
  const peer = peerOf(sim, call);
  append(sim, calls.cells[call | callAt.root]!, {
    REQUEST_ID: requestIdOf(sim, calls.cells[call | callAt.root]!),
    START_TIME: calls.times[call >> rowBits]!,
    REPORTER:
      calls.cells[call | callAt.edge]! === -1 && plan.destinations.length > 0 && cluster?.compiled.local === true
        ? "destination"
        : "source",
    NODE: (sim.instances[calls.cells[call | callAt.instance]!] as InstanceState).name,
    METHOD: shape.method,
    AUTHORITY: shape.authority,
    PATH: shape.path,
    PROTOCOL: shape.scheme === "grpc" ? "HTTP/2" : plan.tcp ? "-" : "HTTP/1.1",
    RESPONSE_CODE: statusOf(status),
    RESPONSE_CODE_DETAILS: details === 0 ? "via_upstream" : (sim.texts.list[details] as string),
    RESPONSE_FLAGS: formatFlags(calls.cells[call | callAt.flags]!),
    DURATION: nowOf(sim) - calls.times[call >> rowBits]!,
    UPSTREAM_CLUSTER: destination?.clusterName ?? "-",
    UPSTREAM_HOST: cluster === undefined || host < 0 ? "-" : (cluster.hosts[host]?.address ?? "-"),
    UPSTREAM_REQUEST_ATTEMPT_COUNT: calls.cells[call | callAt.attempts]!,
    UPSTREAM_TRANSPORT_FAILURE_REASON:
      calls.cells[call | callAt.failureReason]! === 0
        ? "-"
        : (sim.texts.list[calls.cells[call | callAt.failureReason]!] as string),
    ROUTE_NAME: plan.routeName === "" ? "-" : plan.routeName,
    DOWNSTREAM_PEER_URI_SAN: identityOf(peer?.identity),
    UPSTREAM_PEER_URI_SAN: identityOf(upstreamIdentity(sim, call, cluster)),
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: orDash(peer?.ip),
    REQUESTED_SERVER_NAME: orDash(peer?.sni),
    // That of the trace the request began with; `explain` knows where it was broken.
    TRACE_ID: traceIdOf(sim.options.seed, calls.cells[call | callAt.root]!, 0),
  });
}

/** Who opened the connection the request came by; undefined for a proxy's own application. */
function peerOf(sim: Sim, call: number): Peer | undefined {
  if (sim.calls.cells[call | callAt.downstream]! !== downstreamKinds.proxy) return undefined;
  const connection = sim.attempts.cells[sim.calls.cells[call | callAt.parent]! | attemptAt.connection]!;
  return connection < 0 ? undefined : sim.peers.list[sim.connections.cells[connection | connectionAt.peer]!];
}

function upstreamIdentity(sim: Sim, call: number, cluster: ClusterState | undefined): string | undefined {
  const host = cluster?.hosts[sim.calls.cells[call | callAt.upstreamHost]!];
  if (host === undefined || sim.calls.cells[call | callAt.mutualTls]! !== 1) return undefined;
  const replica = sim.replicas[sim.targets[host.target]?.replica ?? -1];
  const owner = replica === undefined ? undefined : sim.config.workloads[replica.workload];
  return owner === undefined ? undefined : `cluster.local/ns/${owner.namespace}/sa/${owner.serviceAccount}`;
}

function identityOf(identity: string | undefined): string {
  return identity === undefined || identity === "" ? "-" : `spiffe://${identity}`;
}

function orDash(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : text;
}

function append(sim: Sim, root: number, entry: AccessLogEntry): void {
  const log = sim.accessLog;
  if (sim.recorder !== null && root === sim.recordRoot) sim.recorder.log.push(entry);
  log.entries[log.count % log.limit] = Object.freeze(entry);
  log.count++;
}

/** Oldest first. */
export function accessLogEntries(sim: Sim): AccessLogEntry[] {
  const { count, limit, entries } = sim.accessLog;
  if (count <= limit) return entries.slice();
  const start = count % limit;
  return [...entries.slice(start), ...entries.slice(0, start)];
}

/** A UUID from seed and number, as stable as the run. */
function requestIdOf(sim: Sim, root: number): string {
  const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(8, "0").slice(-digits);
  const a = Math.imul(root + 1, 0x9e3779b1) ^ sim.options.seed;
  const b = Math.imul(a ^ (a >>> 15), 0x85ebca77);
  return `${hex(a, 8)}-${hex(b, 4)}-9${hex(b >>> 16, 3)}-a${hex(a >>> 7, 3)}-${hex(b >>> 3, 4)}${hex(root, 8)}`;
}
