import type { Peer } from "../sim.ts";

/** One connection from a proxy to a host. */
export interface Connection {
  readonly id: number;
  /** Since when it is idle, ms. */
  idleSinceMs: number;
  cluster: number;
  host: number;
  priority: number;
  /** 0 connecting, 1 open, 2 draining (no new streams), −1 closed. */
  phase: number;
  streams: number;
  served: number;
  /** Next idle connection of the pool. */
  next: number;
  /** Who the server saw. */
  peer: Peer;
  /** 1 mutual TLS, 0 plaintext or simple TLS. */
  mutualTls: number;
  /** Why the handshake will fail; 0 = it will not. */
  failure: number;
  target: number;
}

/** Until the row is taken. */
const none = null as unknown as Peer;

export function createConnection(id: number): Connection {
  return {
    id,
    // As in a call.
    idleSinceMs: NaN,
    cluster: 0,
    host: 0,
    priority: 0,
    phase: -1,
    streams: 0,
    served: 0,
    next: -1,
    peer: none,
    mutualTls: 0,
    failure: 0,
    target: 0,
  };
}
