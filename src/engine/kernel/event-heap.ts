/** The later events of a queue: a 4-ary heap of times and slots, ordered by (time, order of scheduling). */

export interface EventHeap {
  /** How many there are. */
  size: number;
  /** By place; NaN behind the last entry, which no comparison finds earlier: four children are compared without asking how many there are. */
  times: Float64Array;
  /** By place. */
  slots: Int32Array;
  /** When the first event of the heap is due, before which all of the chain are; Infinity when it is empty. */
  horizon: number;
  /** Four numbers by slot: code, generation, sequence and the next slot of the chain or of the free ones (−1 = none). */
  events: Int32Array;
  /** When the entry that is being placed is due: a fraction handed over as an argument would be boxed. */
  due: number;
}

/** Places the entry of a slot, due at `due`, in the heap, starting behind the last one. */
export function rise(heap: EventHeap, slot: number): void {
  // Four places more than entries: children of the last parent are looked at whether they are there or not.
  if (heap.size + 5 > heap.times.length) growHeap(heap);
  const { times, slots, events } = heap;
  const time = heap.due;
  let i = heap.size;
  heap.size = i + 1;
  while (i > 0) {
    const parent = (i - 1) >> 2;
    const t = times[parent]!;
    // A later sequence never overtakes an equal time on its way up, except for a lane's head that is older.
    if (t <= time && (t < time || isOlder(events, slots[parent]!, slot))) break;
    times[i] = t;
    slots[i] = slots[parent]!;
    i = parent;
  }
  times[i] = time;
  slots[i] = slot;
  if (i === 0) heap.horizon = time;
}

/** Takes the heap's first entry out; the last one finds another place. */
export function dropRoot(heap: EventHeap): void {
  const { times, slots } = heap;
  const last = (heap.size - 1) | 0;
  heap.size = last;
  heap.due = times[last]!;
  times[last] = NaN;
  if (last !== 0) sinkFromRoot(heap, slots[last]!);
}

/** Places the entry of a slot, due at `due`, starting at the root of a heap of `size` entries. */
function sinkFromRoot(heap: EventHeap, slot: number): void {
  const { times, slots, events, size } = heap;
  const time = heap.due;
  let i = 0;
  for (let child = 1; child < size; child = ((i << 2) + 1) | 0) {
    let best = child;
    let bestTime = times[child]!;
    const second = times[(child + 1) | 0]!;
    if (second <= bestTime && (second < bestTime || isOlder(events, slots[(child + 1) | 0]!, slots[best]!))) {
      best = (child + 1) | 0;
      bestTime = second;
    }
    const third = times[(child + 2) | 0]!;
    if (third <= bestTime && (third < bestTime || isOlder(events, slots[(child + 2) | 0]!, slots[best]!))) {
      best = (child + 2) | 0;
      bestTime = third;
    }
    const fourth = times[(child + 3) | 0]!;
    if (fourth <= bestTime && (fourth < bestTime || isOlder(events, slots[(child + 3) | 0]!, slots[best]!))) {
      best = (child + 3) | 0;
      bestTime = fourth;
    }
    if (bestTime >= time && (bestTime > time || isOlder(events, slot, slots[best]!))) break;
    times[i] = bestTime;
    slots[i] = slots[best]!;
    i = best;
  }
  times[i] = time;
  slots[i] = slot;
}

/** Was one slot's event scheduled before the other's? */
export function isOlder(events: Int32Array, slot: number, other: number): boolean {
  return ((events[(slot << 2) | 2]! - events[(other << 2) | 2]!) | 0) < 0;
}

function growHeap(heap: EventHeap): void {
  const length = heap.times.length * 2;
  const times = new Float64Array(length).fill(NaN);
  times.set(heap.times);
  heap.times = times;
  heap.slots = widened(heap.slots, length);
}

function widened(numbers: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(numbers);
  return larger;
}
