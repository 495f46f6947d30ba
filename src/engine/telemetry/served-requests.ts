/**
 * What servers' sidecars would report of the requests they got (Istio's reporter="destination"): one record a try that reached a pod
 * with a proxy. A ring beside the run's state, kept only when asked for.
 */
import { isGrpc } from "../proxy/grpc-status.ts";
import { ownAnswer } from "../proxy/own-answer.ts";
import { formatFlags, responseFlags } from "../proxy/response-flags.ts";
import { statusOf } from "../proxy/response-table.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Peer, ReplicaState, Sim, WorkloadState } from "../sim.ts";
import { nowOf } from "../sim.ts";
import { grpcStatusFields } from "./access-log.ts";

export interface ServedRequest {
  workload: string;
  namespace: string;
  /** The pod's address as it was called. */
  address: string;
  /** Whose proxy called; null where a client has none. */
  client: { workload: string; namespace: string } | null;
  /** The caller's, by mutual TLS; "" where there was none. */
  principal: string;
  protocol: "http" | "grpc" | "tcp";
  /** 0: the client was gone. */
  status: number;
  /** By its code; absent where the request was not gRPC or nobody answered. */
  grpcStatus?: number;
  flags: string;
  durationMs: number;
}

export interface ServedRing {
  limit: number;
  count: number;
  entries: ServedRequest[];
  /** By try: when it reached the server, and how. */
  open: Map<number, { readonly atMs: number; readonly principal: string }>;
}

export function createServedRing(limit: number): ServedRing {
  return { limit, count: 0, entries: [], open: new Map() };
}

/** The request reached a pod with a proxy. */
export function noteArrival(sim: Sim, attempt: Attempt, peer: Peer): void {
  sim.served.open.set(
    attempt.id,
    Object.freeze({ atMs: nowOf(sim), principal: peer.tls && peer.identity !== "" ? `spiffe://${peer.identity}` : "" }),
  );
}

/** The end of a request for which the server's proxy made no call of its own. @param outcome 0 = its application closed the connection */
export function recordAnswered(sim: Sim, attempt: Attempt, outcome: number): void {
  if (outcome === 0) recordServed(sim, attempt, ownAnswer(attempt.shape, 503), responseFlags.UC);
  else recordServed(sim, attempt, outcome, 0);
}

/** The server's proxy is done with a request. @param flags bits of `responseFlags` */
export function recordServed(sim: Sim, attempt: Attempt, outcome: number, flags: number): void {
  const { served } = sim;
  const open = served.open.get(attempt.id);
  if (open === undefined) return;
  served.open.delete(attempt.id);
  const { cluster, host, shape } = attempt;
  const replica = attempt.replica as ReplicaState;
  const owner = sim.workloads[replica.workload] as WorkloadState;
  const { config } = cluster.instance.node;
  const { scheme } = shape;
  const { GRPC_STATUS_NUMBER: grpcStatus } = grpcStatusFields(sim, shape, outcome);
  served.entries[served.count++ % served.limit] = Object.freeze({
    workload: owner.name,
    namespace: owner.namespace,
    address: host.address,
    client: config === null ? null : Object.freeze({ workload: config.workload, namespace: config.namespace }),
    principal: open.principal,
    protocol: isGrpc(shape) ? "grpc" : scheme === "http" ? "http" : "tcp",
    status: statusOf(outcome),
    ...(grpcStatus === "-" ? {} : { grpcStatus }),
    flags: formatFlags(flags),
    durationMs: nowOf(sim) - open.atMs,
  } satisfies ServedRequest);
}

/** Oldest first. */
export function servedRequests({ served: { count, limit, entries } }: Sim): ServedRequest[] {
  if (count <= limit) return entries.slice();
  const start = count % limit;
  return [...entries.slice(start), ...entries.slice(0, start)];
}
