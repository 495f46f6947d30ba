import type { Row } from "../kernel/table.ts";
import type { ClusterState, HostState, Peer, Target } from "../sim.ts";

/** One connection from a proxy to a host. */
export interface Connection extends Row {
  /** 0 connecting, 1 open, 2 draining (no new streams), −1 closed. */
  phase: number;
  streams: number;
  served: number;
  /** Next idle connection of the pool. */
  next: Connection | null;
  target: Target;
  /** 1 mutual TLS, 0 plaintext or simple TLS. */
  mutualTls: number;
  /** 1: `peer` came without TLS. */
  plaintext: 0 | 1;
  /** Who the server saw. */
  peer: Peer;
  /** When it was begun into a partition, ms; NaN: it was not. */
  cutOffMs: number;
  /** Since when it is idle, ms. */
  idleSinceMs: number;
  host: HostState;
  cluster: ClusterState;
  priority: 0 | 1;
  /** Why the handshake will fail; 0 = it will not. */
  failure: number;
}

/** What a row begins with: see `createAttempt`. */
export function createConnection(id: number, cluster: ClusterState, host: HostState, peer: Peer): Connection {
  return {
    id,
    generation: 0,
    phase: -1,
    streams: 0,
    served: 0,
    next: null,
    target: host.target,
    mutualTls: 0,
    plaintext: 0,
    peer,
    // As in a call.
    idleSinceMs: NaN,
    cutOffMs: NaN,
    host,
    cluster,
    priority: 0,
    failure: 0,
  };
}
