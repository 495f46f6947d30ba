import type { Row } from "../kernel/table.ts";
import type { RequestShape } from "../proxy/matching/request-shape.ts";
import type { ClusterState, HostState, ReplicaState } from "../sim.ts";
import type { Call } from "./call.ts";
import type { Connection } from "./connection.ts";

/** One upstream try, and what the server does with it. */
export interface Attempt extends Row {
  /** 1: its call no longer waits for it. */
  orphan: number;
  outcome: number;
  /** That serves it. */
  replica: ReplicaState | null;
  /** One of `attemptPhases`. */
  phase: number;
  call: Call;
  cluster: ClusterState;
  host: HostState;
  connection: Connection | null;
  /** Next live attempt of the same call. */
  sibling: Attempt | null;
  priority: 0 | 1;
  step: number;
  childrenLeft: number;
  root: number;
  traffic: number;
  spanId: number;
  /** Next in a pending queue or in an application's queue. */
  next: Attempt | null;
  shape: RequestShape;
  /** When it was sent, ms. */
  sentMs: number;
  shadow: number;
  outcomeFlag: number;
  /** Call at the server's proxy. */
  inbound: Call | null;
  /** 1: the server's proxy let it through unseen. A plan's number would tell how often plans were made, also in another future. */
  letThrough: number;
  timedOut: number;
}

/** What a row begins with, so that its fields never change their kind: V8 would compile everything anew. */
export function createAttempt(id: number, call: Call, cluster: ClusterState, host: HostState, shape: RequestShape): Attempt {
  return {
    id,
    generation: 0,
    orphan: 0,
    outcome: 0,
    replica: null,
    phase: -1,
    call,
    cluster,
    host,
    connection: null,
    sibling: null,
    priority: 0,
    step: 0,
    childrenLeft: 0,
    root: 0,
    traffic: 0,
    spanId: 0,
    next: null,
    shape,
    // As in a call.
    sentMs: NaN,
    shadow: 0,
    outcomeFlag: 0,
    inbound: null,
    letThrough: 0,
    timedOut: 0,
  };
}
