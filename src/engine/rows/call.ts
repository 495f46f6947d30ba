import type { Row } from "../kernel/table.ts";
import type { RequestShape } from "../proxy/matching/request-shape.ts";
import type { Plan } from "../proxy/plan.ts";
import type { ClusterState, InstanceState } from "../sim.ts";
import type { Attempt } from "./attempt.ts";
import type { PreviousHost } from "./previous-host.ts";

/** One downstream request at the proxy (or the bare client) that handles it. */
export interface Call extends Row {
  /** When it started, ms. */
  startMs: number;
  plan: Plan;
  /** Row of the caller's statistics, or −1. */
  edge: number;
  /** One of `downstreamKinds`. */
  downstream: number;
  attempts: number;
  /** In how many other calls it stands. */
  depth: number;
  flags: number;
  mutualTls: number;
  /** Chain of live attempts through `sibling`. */
  firstAttempt: Attempt | null;
  /** Attempt served (application, proxy). */
  parent: Attempt | null;
  /** Of the parent or asker: whoever waits may be gone, and its row another's, when the answer comes. */
  parentGeneration: number;
  /** Bits of `held`. */
  held: number;
  /** Chain of hosts tried before. */
  previous: PreviousHost | null;
  /** Call that waits (filter). */
  asker: Call | null;
  onErrorIgnore: number;
  /** 0 in a free row. */
  alive: number;
  retriesLeft: number;
  retriesDone: number;
  /** Null before the first attempt. */
  cluster: ClusterState | null;
  /** Number of the root request it descends from, from 1. */
  root: number;
  traffic: number;
  /** Of a closed loop, or −1. */
  user: number;
  instance: InstanceState;
  shape: RequestShape;
  /** Index into the plan's destinations; the draw of the weighted cluster. */
  destination: number;
  details: number;
  filter: number;
  shadow: number;
  spanId: number;
  /** Among the cluster's hosts; −1 = none was chosen. */
  upstreamHost: number;
  failureReason: number;
}

/** What a row begins with: see `createAttempt`. */
export function createCall(id: number, instance: InstanceState, shape: RequestShape, plan: Plan): Call {
  return {
    id,
    generation: 0,
    // A fraction from the start: a field that began whole would change its representation, and with it all compiled code.
    startMs: NaN,
    plan,
    edge: -1,
    downstream: 0,
    attempts: 0,
    depth: 0,
    flags: 0,
    mutualTls: -1,
    firstAttempt: null,
    parent: null,
    parentGeneration: 0,
    held: 0,
    previous: null,
    asker: null,
    onErrorIgnore: 0,
    alive: 0,
    retriesLeft: 0,
    retriesDone: 0,
    cluster: null,
    root: 0,
    traffic: 0,
    user: -1,
    instance,
    shape,
    destination: 0,
    details: 0,
    filter: 0,
    shadow: 0,
    spanId: 0,
    upstreamHost: -1,
    failureReason: 0,
  };
}
