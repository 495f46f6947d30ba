/**
 * Earliest deadline first: picks in proportion to weights, as evenly spread as possible (Envoy's EdfScheduler). It starts somewhere
 * within one round, so that many proxies do not begin with the same host. While a weight stays the same its deadlines are multiples
 * of 1 / weight, not sums, so that ties stay ties.
 */
export interface EdfState {
  order: number;
  /** Min-heap of entry numbers by (deadline, order of insertion). */
  heap: number[];
  items: number[];
  deadlines: number[];
  orders: number[];
  weights: number[];
  /** Time from which an entry's picks count, and how many there were. */
  bases: number[];
  picks: number[];
}

/** @param start random bits: where within a round the schedule begins. */
export function createEdf(items: readonly number[], weights: readonly number[], start: number): EdfState {
  const n = items.length;
  const zeros = () => new Array<number>(n).fill(0);
  const state: EdfState = {
    order: 0,
    heap: [],
    items: items.slice(),
    deadlines: weights.map((weight) => 1 / weight),
    orders: zeros(),
    weights: weights.slice(),
    bases: zeros(),
    picks: zeros(),
  };
  let sum = 0;
  let smallest = Infinity;
  for (let entry = 0; entry < n; entry++) {
    const weight = weights[entry] as number;
    sum += weight;
    smallest = Math.min(smallest, weight);
    state.orders[entry] = state.order++;
    state.heap.push(entry);
    siftUp(state, entry);
  }
  // The lightest comes once in a round of sum / smallest picks.
  const round = Math.min(longestStart, Math.max(n, Math.ceil(sum / smallest)));
  for (let left = start % round; left > 0; left--) pickEdf(state, state.weights[state.heap[0] as number] as number);
  return state;
}

const longestStart = 1024;

/** The next item without taking it; −1 when there is none. */
export function peekEdf(state: EdfState): number {
  return state.heap.length === 0 ? -1 : (state.items[state.heap[0] as number] as number);
}

/** Takes the head and puts it back with the weight it has now. */
export function pickEdf(state: EdfState, weight: number): number {
  const entry = state.heap[0] as number;
  if (weight !== state.weights[entry]) {
    state.weights[entry] = weight;
    state.bases[entry] = state.deadlines[entry] as number;
    state.picks[entry] = 0;
  } else {
    state.picks[entry] = (state.picks[entry] as number) + 1;
  }
  state.deadlines[entry] = (state.bases[entry] as number) + ((state.picks[entry] as number) + 1) / weight;
  state.orders[entry] = state.order++;
  siftDown(state);
  return state.items[entry] as number;
}

function isBefore(state: EdfState, a: number, b: number): boolean {
  const x = state.deadlines[a] as number;
  const y = state.deadlines[b] as number;
  return x < y || (x === y && (state.orders[a] as number) < (state.orders[b] as number));
}

function siftUp(state: EdfState, entry: number): void {
  const { heap } = state;
  let i = heap.length - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!isBefore(state, entry, heap[parent] as number)) break;
    heap[i] = heap[parent] as number;
    i = parent;
  }
  heap[i] = entry;
}

function siftDown(state: EdfState): void {
  const { heap } = state;
  const entry = heap[0] as number;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(state, heap[child + 1] as number, heap[child] as number)) child++;
    if (!isBefore(state, heap[child] as number, entry)) break;
    heap[i] = heap[child] as number;
    i = child;
  }
  heap[i] = entry;
}
