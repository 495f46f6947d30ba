/** One upstream try, and what the server does with it. */
export interface Attempt {
  readonly id: number;
  /** When it was sent, ms. */
  sentMs: number;
  call: number;
  cluster: number;
  host: number;
  priority: number;
  connection: number;
  /** One of `attemptPhases`. */
  phase: number;
  /** Next live attempt of the same call. */
  sibling: number;
  /** Next in a pending queue or in an application's queue. */
  next: number;
  shape: number;
  /** Replica that serves it, −1 for none. */
  replica: number;
  root: number;
  traffic: number;
  shadow: number;
  /** 1: its call no longer waits for it. */
  orphan: number;
  outcome: number;
  outcomeFlag: number;
  step: number;
  childrenLeft: number;
  /** Call at the server's proxy, or −1. */
  inbound: number;
  /** 1: the server's proxy let it through unseen. A plan's number would tell how often plans were made, also in another future. */
  letThrough: number;
  timedOut: number;
  spanId: number;
}

export function createAttempt(id: number): Attempt {
  return {
    id,
    // As in a call.
    sentMs: NaN,
    call: -1,
    cluster: 0,
    host: 0,
    priority: 0,
    connection: -1,
    phase: -1,
    sibling: -1,
    next: -1,
    shape: 0,
    replica: -1,
    root: 0,
    traffic: 0,
    shadow: 0,
    orphan: 0,
    outcome: 0,
    outcomeFlag: 0,
    step: 0,
    childrenLeft: 0,
    inbound: -1,
    letThrough: 0,
    timedOut: 0,
    spanId: 0,
  };
}
