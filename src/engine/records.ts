/** The pooled records of a run: requests, attempts, connections. Numbers only, one shape each; what they mean stands beside the field. */
import type { Table } from "./kernel/table.ts";

/** One downstream request at the proxy (or the bare client) that handles it. */
export const createCallRow = () => ({
  link: -1,
  generation: 0,
  /** Number of the root request it descends from, from 1. */
  root: 0,
  traffic: 0,
  instance: 0,
  shape: 0,
  plan: 0,
  /** Index into the plan's destinations; the draw of the weighted cluster. */
  destination: 0,
  /** Row of the caller's statistics, or −1. */
  edge: 0,
  downstream: 0,
  /** Attempt served (application, proxy), call that waits (filter), user (root of a closed loop). */
  parent: 0,
  parentGeneration: 0,
  onErrorIgnore: 0,
  startMs: 0,
  attempts: 0,
  retriesLeft: 0,
  retriesDone: 0,
  /** Cluster state index, −1 before the first attempt. */
  cluster: 0,
  /** Chain of live attempts through `sibling`. */
  firstAttempt: 0,
  /** 1 while a retry of this call counts against the retry limit. */
  retryHeld: 0,
  flags: 0,
  details: 0,
  filter: 0,
  activeFault: 0,
  /** Chain of hosts tried before (rows of `previousHosts`). */
  previous: 0,
  mutualTls: 0,
  shadow: 0,
  spanId: 0,
  upstreamHost: 0,
  failureReason: 0,
  /** 0 for a free row. */
  alive: 0,
});

/** One upstream try, and what the server does with it. */
export const createAttemptRow = () => ({
  link: -1,
  generation: 0,
  call: 0,
  callGeneration: 0,
  cluster: 0,
  host: 0,
  priority: 0,
  connection: 0,
  phase: 0,
  /** Next live attempt of the same call. */
  sibling: 0,
  /** Next in a pending queue or in an application's queue. */
  next: 0,
  shape: 0,
  sentMs: 0,
  /** Replica that serves it, −1 for none. */
  replica: 0,
  root: 0,
  traffic: 0,
  shadow: 0,
  /** Its call no longer waits for it. */
  orphan: 0,
  outcome: 0,
  outcomeFlag: 0,
  step: 0,
  childrenLeft: 0,
  childFailed: 0,
  /** Call at the server's proxy, or −1. */
  inbound: 0,
  inboundPlan: 0,
  timedOut: 0,
  spanId: 0,
});

export const attemptPhases = { pending: 0, toServer: 1, atProxy: 2, queued: 3, serving: 4, calling: 5, toClient: 6 } as const;

export const createConnectionRow = () => ({
  link: -1,
  generation: 0,
  cluster: 0,
  host: 0,
  priority: 0,
  /** 0 connecting, 1 open, 2 draining (no new streams). */
  phase: 0,
  streams: 0,
  served: 0,
  /** Next idle connection of the pool. */
  next: 0,
  /** Index into `peers`: who the server saw. */
  peer: 0,
  /** 1 mutual TLS, 0 plaintext or simple TLS. */
  mutualTls: 0,
  /** Why the handshake will fail; 0 = it will not. */
  failure: 0,
  target: 0,
  idleSinceMs: 0,
});

export const createPreviousHostRow = () => ({
  link: -1,
  host: 0,
  next: 0,
});

export type CallTable = Table<ReturnType<typeof createCallRow>>;
export type AttemptTable = Table<ReturnType<typeof createAttemptRow>>;
export type ConnectionTable = Table<ReturnType<typeof createConnectionRow>>;
export type PreviousHostTable = Table<ReturnType<typeof createPreviousHostRow>>;
