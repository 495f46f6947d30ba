/**
 * The future: a 4-ary heap ordered by (time, order of scheduling) and FIFO lanes. A lane holds timers of one constant delay,
 * which come due in the order they were set, so only its head stands in the heap; cancelled ones behind the head cost nothing.
 * An event is two numbers beside its time: a code (kind and subject: a row, or an index made a subject by `numbered`) and a
 * generation (stale generations are dropped by the caller).
 */
const kindBits = 5;
const kindMask = 31;
/** Heap entries of this kind stand for the head of a lane. */
const laneKind = 31;

export interface EventQueue {
  size: number;
  sequence: number;
  /** True while the root was taken and its place is still empty; the next push refills it without a second sift. */
  rootTaken: boolean;
  times: Float64Array;
  sequences: Float64Array;
  codes: Int32Array;
  generations: Int32Array;
  lanes: Lane[];
}

interface Lane {
  delay: number;
  head: number;
  size: number;
  times: Float64Array;
  sequences: Float64Array;
  codes: Int32Array;
  generations: Int32Array;
}

export function createEventQueue(): EventQueue {
  return {
    size: 0,
    sequence: 0,
    rootTaken: false,
    times: new Float64Array(256),
    sequences: new Float64Array(256),
    codes: new Int32Array(256),
    generations: new Int32Array(256),
    lanes: [],
  };
}

export function kindOf(code: number): number {
  return code & kindMask;
}

/** An index as a subject; rows are subjects as they are, being multiples of their width. */
export function numbered(index: number): number {
  return index << kindBits;
}

/** The index behind a numbered subject. */
export function numberOf(code: number): number {
  return code >> kindBits;
}

/** The row that is an event's subject. */
export function rowOf(code: number): number {
  return code & ~kindMask;
}

export function isLaneCode(code: number): boolean {
  return (code & kindMask) === laneKind;
}

/** Schedules an event at an absolute time, not before now. */
export function pushEvent(queue: EventQueue, time: number, kind: number, subject: number, generation: number): void {
  insert(queue, time, queue.sequence++, subject | kind, generation);
}

/** Schedules an event `delay` from now through the lane of that delay: for timers that are set often and seldom fire. */
export function pushTimer(
  queue: EventQueue,
  now: number,
  delay: number,
  kind: number,
  subject: number,
  generation: number,
): void {
  const lanes = queue.lanes;
  let index = 0;
  while (index < lanes.length && (lanes[index] as Lane).delay !== delay) index++;
  if (index === maximumLanes) {
    pushEvent(queue, now + delay, kind, subject, generation);
    return;
  }
  if (index === lanes.length) lanes.push(createLane(delay));
  const lane = lanes[index] as Lane;
  if (lane.size === lane.times.length) growLane(lane);
  const at = (lane.head + lane.size) & (lane.times.length - 1);
  lane.times[at] = now + delay;
  lane.sequences[at] = queue.sequence;
  lane.codes[at] = subject | kind;
  lane.generations[at] = generation;
  lane.size++;
  if (lane.size === 1) insert(queue, now + delay, queue.sequence, (index << kindBits) | laneKind, 0);
  queue.sequence++;
}

/** Beyond this many distinct delays a timer goes to the heap: the search for its lane would cost more than it saves. */
const maximumLanes = 12;

/** Time of the next entry, Infinity when none. The entry may be a cancelled timer. */
export function peekTime(queue: EventQueue): number {
  if (queue.rootTaken) refillRoot(queue);
  return queue.size === 0 ? Infinity : (queue.times[0] as number);
}

/** Takes the root, which the caller has read from `codes[0]` and `generations[0]`. */
export function takeRoot(queue: EventQueue): void {
  queue.rootTaken = true;
}

export function laneHeadCode(queue: EventQueue, lane: number): number {
  const l = queue.lanes[lane] as Lane;
  return l.codes[l.head] as number;
}

export function laneHeadGeneration(queue: EventQueue, lane: number): number {
  const l = queue.lanes[lane] as Lane;
  return l.generations[l.head] as number;
}

/** Drops a lane's head. @returns whether another entry became the head. */
export function dropLaneHead(queue: EventQueue, lane: number): boolean {
  const l = queue.lanes[lane] as Lane;
  l.head = (l.head + 1) & (l.times.length - 1);
  l.size--;
  return l.size > 0;
}

/** Puts a lane's head at the root, from which its predecessor was just read. */
export function replaceRootByLaneHead(queue: EventQueue, lane: number): void {
  const l = queue.lanes[lane] as Lane;
  queue.rootTaken = false;
  siftDown(queue, l.times[l.head] as number, l.sequences[l.head] as number, (lane << kindBits) | laneKind, 0, queue.size);
}

function insert(queue: EventQueue, time: number, sequence: number, code: number, generation: number): void {
  if (queue.rootTaken) {
    queue.rootTaken = false;
    siftDown(queue, time, sequence, code, generation, queue.size);
    return;
  }
  if (queue.size === queue.times.length) growHeap(queue);
  const { times, sequences, codes, generations } = queue;
  let i = queue.size++;
  while (i > 0) {
    const parent = (i - 1) >> 2;
    // A later sequence never overtakes an equal time on its way up, except for a lane's head that is older.
    const t = times[parent] as number;
    if (t < time || (t === time && (sequences[parent] as number) < sequence)) break;
    times[i] = t;
    sequences[i] = sequences[parent] as number;
    codes[i] = codes[parent] as number;
    generations[i] = generations[parent] as number;
    i = parent;
  }
  times[i] = time;
  sequences[i] = sequence;
  codes[i] = code;
  generations[i] = generation;
}

function refillRoot(queue: EventQueue): void {
  queue.rootTaken = false;
  const last = --queue.size;
  if (last === 0) return;
  siftDown(
    queue,
    queue.times[last] as number,
    queue.sequences[last] as number,
    queue.codes[last] as number,
    queue.generations[last] as number,
    last,
  );
}

/** Places an entry that starts at the root of a heap of `size` entries. */
function siftDown(queue: EventQueue, time: number, sequence: number, code: number, generation: number, size: number): void {
  const { times, sequences, codes, generations } = queue;
  let i = 0;
  for (;;) {
    const first = (i << 2) + 1;
    if (first >= size) break;
    let best = first;
    let bestTime = times[first] as number;
    const end = Math.min(first + 4, size);
    for (let k = first + 1; k < end; k++) {
      const t = times[k] as number;
      if (t < bestTime || (t === bestTime && (sequences[k] as number) < (sequences[best] as number))) {
        best = k;
        bestTime = t;
      }
    }
    if (bestTime > time || (bestTime === time && (sequences[best] as number) > sequence)) break;
    times[i] = bestTime;
    sequences[i] = sequences[best] as number;
    codes[i] = codes[best] as number;
    generations[i] = generations[best] as number;
    i = best;
  }
  times[i] = time;
  sequences[i] = sequence;
  codes[i] = code;
  generations[i] = generation;
}

function growHeap(queue: EventQueue): void {
  const length = queue.times.length * 2;
  queue.times = enlargeFloats(queue.times, length);
  queue.sequences = enlargeFloats(queue.sequences, length);
  queue.codes = enlargeInts(queue.codes, length);
  queue.generations = enlargeInts(queue.generations, length);
}

function createLane(delay: number): Lane {
  return {
    delay,
    head: 0,
    size: 0,
    times: new Float64Array(64),
    sequences: new Float64Array(64),
    codes: new Int32Array(64),
    generations: new Int32Array(64),
  };
}

/** Doubles a full ring and unrolls it, so that the head is at 0. */
function growLane(lane: Lane): void {
  const length = lane.times.length;
  const unroll = <A extends Float64Array | Int32Array>(from: A, to: A): A => {
    to.set(from.subarray(lane.head), 0);
    to.set(from.subarray(0, lane.head), length - lane.head);
    return to;
  };
  lane.times = unroll(lane.times, new Float64Array(length * 2));
  lane.sequences = unroll(lane.sequences, new Float64Array(length * 2));
  lane.codes = unroll(lane.codes, new Int32Array(length * 2));
  lane.generations = unroll(lane.generations, new Int32Array(length * 2));
  lane.head = 0;
}

function enlargeFloats(from: Float64Array, length: number): Float64Array {
  const to = new Float64Array(length);
  to.set(from);
  return to;
}

function enlargeInts(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
