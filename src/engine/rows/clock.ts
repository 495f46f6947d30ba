/** Where a run stands. */
export interface Clock {
  /** Virtual time, ms. */
  now: number;
  /** Popped so far. */
  events: number;
  rootsStarted: number;
  rootsEnded: number;
  /** Trace hash over every event popped so far. */
  hash: number;
  changesMade: number;
}

export function createClock(): Clock {
  // A fraction first, as in the rows: times are never kept as whole numbers.
  const clock: Clock = { now: 0.5, events: 0, rootsStarted: 0, rootsEnded: 0, hash: 0, changesMade: 0 };
  clock.now = 0;
  return clock;
}
