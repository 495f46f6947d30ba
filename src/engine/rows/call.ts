import type { Plan } from "../proxy/plan.ts";

/** One downstream request at the proxy (or the bare client) that handles it. */
export interface Call {
  readonly id: number;
  /** When it started, ms. */
  startMs: number;
  /** Number of the root request it descends from, from 1. */
  root: number;
  traffic: number;
  instance: number;
  shape: number;
  plan: Plan;
  /** Index into the plan's destinations; the draw of the weighted cluster. */
  destination: number;
  /** Row of the caller's statistics, or −1. */
  edge: number;
  /** One of `downstreamKinds`. */
  downstream: number;
  /** Attempt served (application, proxy), call that waits (filter), user (root of a closed loop). */
  parent: number;
  parentGeneration: number;
  onErrorIgnore: number;
  attempts: number;
  retriesLeft: number;
  retriesDone: number;
  /** Cluster state index, −1 before the first attempt. */
  cluster: number;
  /** Chain of live attempts through `sibling`. */
  firstAttempt: number;
  /** 1 while a retry of this call counts against the retry limit. */
  retryHeld: number;
  flags: number;
  details: number;
  filter: number;
  activeFault: number;
  /** Chain of hosts tried before (rows of `previousHosts`). */
  previous: number;
  mutualTls: number;
  shadow: number;
  spanId: number;
  upstreamHost: number;
  failureReason: number;
  /** 0 in a free row. */
  alive: number;
}

/** Until the row is taken. */
const none = null as unknown as Plan;

export function createCall(id: number): Call {
  return {
    id,
    // A fraction from the start: a field that began whole would change its representation, and with it all compiled code.
    startMs: NaN,
    root: 0,
    traffic: 0,
    instance: 0,
    shape: 0,
    plan: none,
    destination: 0,
    edge: -1,
    downstream: 0,
    parent: -1,
    parentGeneration: 0,
    onErrorIgnore: 0,
    attempts: 0,
    retriesLeft: 0,
    retriesDone: 0,
    cluster: -1,
    firstAttempt: -1,
    retryHeld: 0,
    flags: 0,
    details: 0,
    filter: 0,
    activeFault: 0,
    previous: -1,
    mutualTls: -1,
    shadow: 0,
    spanId: 0,
    upstreamHost: -1,
    failureReason: 0,
    alive: 0,
  };
}
