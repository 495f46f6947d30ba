/**
 * Earliest deadline first: picks in proportion to weights, as evenly spread as possible (Envoy's EdfScheduler). It starts as if
 * a random number of picks had been made, so that many proxies do not begin with the same host.
 */
export interface EdfState {
  time: number;
  order: number;
  /** Min-heap of [deadline, order, item]. */
  deadlines: number[];
  orders: number[];
  items: number[];
}

/** @param picks random start; only its position within the cycle of weights matters. */
export function createEdf(items: readonly number[], weights: readonly number[], picks: number): EdfState {
  const state: EdfState = { time: 0, order: 0, deadlines: [], orders: [], items: [] };
  let sum = 0;
  for (const weight of weights) sum += weight;
  let done = 0;
  for (let i = 0; i < items.length; i++) {
    const weight = weights[i] as number;
    const floor = sum > 0 ? Math.floor((picks * weight) / sum) : 0;
    done += floor;
    state.time = Math.max(state.time, floor / weight);
    insert(state, (floor + 1) / weight, items[i] as number);
  }
  for (let left = picks - done; left > 0; left--) {
    const item = state.items[0] as number;
    pickEdf(state, weights[items.indexOf(item)] as number);
  }
  return state;
}

/** The next item without taking it. */
export function peekEdf(state: EdfState): number {
  return state.items.length === 0 ? -1 : (state.items[0] as number);
}

/** Takes the head and puts it back with the weight it has now. */
export function pickEdf(state: EdfState, weight: number): number {
  const item = state.items[0] as number;
  state.time = state.deadlines[0] as number;
  const deadline = state.time + 1 / weight;
  replaceHead(state, deadline, state.order++, item);
  return item;
}

function before(state: EdfState, i: number, deadline: number, order: number): boolean {
  const d = state.deadlines[i] as number;
  return d < deadline || (d === deadline && (state.orders[i] as number) < order);
}

function insert(state: EdfState, deadline: number, item: number): void {
  const order = state.order++;
  let i = state.items.length;
  state.deadlines.push(deadline);
  state.orders.push(order);
  state.items.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (before(state, parent, deadline, order)) break;
    move(state, parent, i);
    i = parent;
  }
  set(state, i, deadline, order, item);
}

function replaceHead(state: EdfState, deadline: number, order: number, item: number): void {
  const size = state.items.length;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= size) break;
    if (child + 1 < size && before(state, child + 1, state.deadlines[child] as number, state.orders[child] as number)) child++;
    if (!before(state, child, deadline, order)) break;
    move(state, child, i);
    i = child;
  }
  set(state, i, deadline, order, item);
}

function move(state: EdfState, from: number, to: number): void {
  set(state, to, state.deadlines[from] as number, state.orders[from] as number, state.items[from] as number);
}

function set(state: EdfState, i: number, deadline: number, order: number, item: number): void {
  state.deadlines[i] = deadline;
  state.orders[i] = order;
  state.items[i] = item;
}
