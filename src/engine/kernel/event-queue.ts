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

/** Entries lie side by side, so that moving one touches two places of memory, not four. */
export interface EventQueue {
  size: number;
  sequence: number;
  /** True while the root was taken and its place is still empty; the next push refills it without a second sift. */
  rootTaken: boolean;
  /** Of each entry its time and its sequence. */
  keys: Float64Array;
  /** Of each entry its code and its generation. */
  events: Int32Array;
  lanes: Lane[];
}

interface Lane {
  delay: number;
  /** Number of the first entry, and how many there are; the room for them is a power of two. */
  head: number;
  size: number;
  keys: Float64Array;
  events: Int32Array;
}

export function createEventQueue(): EventQueue {
  return {
    size: 0,
    sequence: 0,
    rootTaken: false,
    keys: new Float64Array(512),
    events: new Int32Array(512),
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
  if (lane.size * 2 === lane.events.length) growLane(lane);
  const at = ((lane.head + lane.size) * 2) & (lane.events.length - 1);
  lane.keys[at] = now + delay;
  lane.keys[at + 1] = queue.sequence;
  lane.events[at] = subject | kind;
  lane.events[at + 1] = generation;
  lane.size++;
  if (lane.size === 1) insert(queue, now + delay, queue.sequence, (index << kindBits) | laneKind, 0);
  queue.sequence++;
}

/** Beyond this many distinct delays a timer goes to the heap: the search for its lane would cost more than it saves. */
const maximumLanes = 12;

/** Time of the next entry, Infinity when none. The entry may be a cancelled timer. */
export function peekTime(queue: EventQueue): number {
  if (queue.rootTaken) refillRoot(queue);
  return queue.size === 0 ? Infinity : queue.keys[0]!;
}

/** Takes the root, which the caller has read from the first two `events`. */
export function takeRoot(queue: EventQueue): void {
  queue.rootTaken = true;
}

export function laneHeadCode(queue: EventQueue, lane: number): number {
  const l = queue.lanes[lane] as Lane;
  return l.events[l.head * 2]!;
}

export function laneHeadGeneration(queue: EventQueue, lane: number): number {
  const l = queue.lanes[lane] as Lane;
  return l.events[l.head * 2 + 1]!;
}

/** Drops a lane's head. @returns whether another entry became the head. */
export function dropLaneHead(queue: EventQueue, lane: number): boolean {
  const l = queue.lanes[lane] as Lane;
  l.head = (l.head + 1) & (l.events.length / 2 - 1);
  l.size--;
  return l.size > 0;
}

/** Puts a lane's head at the root, from which its predecessor was just read. */
export function replaceRootByLaneHead(queue: EventQueue, lane: number): void {
  const l = queue.lanes[lane] as Lane;
  queue.rootTaken = false;
  const at = l.head * 2;
  siftDown(queue, l.keys[at]!, l.keys[at + 1]!, (lane << kindBits) | laneKind, 0, queue.size);
}

function insert(queue: EventQueue, time: number, sequence: number, code: number, generation: number): void {
  if (queue.rootTaken) {
    queue.rootTaken = false;
    siftDown(queue, time, sequence, code, generation, queue.size);
    return;
  }
  if (queue.size * 2 === queue.events.length) growHeap(queue);
  const { keys, events } = queue;
  let i = queue.size++;
  while (i > 0) {
    const parent = (i - 1) >> 2;
    // A later sequence never overtakes an equal time on its way up, except for a lane's head that is older.
    const t = keys[parent * 2]!;
    if (t < time || (t === time && keys[parent * 2 + 1]! < sequence)) break;
    moveEntry(keys, events, parent * 2, i * 2);
    i = parent;
  }
  keys[i * 2] = time;
  keys[i * 2 + 1] = sequence;
  events[i * 2] = code;
  events[i * 2 + 1] = generation;
}

function moveEntry(keys: Float64Array, events: Int32Array, from: number, to: number): void {
  keys[to] = keys[from]!;
  keys[to + 1] = keys[from + 1]!;
  events[to] = events[from]!;
  events[to + 1] = events[from + 1]!;
}

function refillRoot(queue: EventQueue): void {
  queue.rootTaken = false;
  const last = --queue.size;
  if (last === 0) return;
  const { keys, events } = queue;
  const at = last * 2;
  siftDown(queue, keys[at]!, keys[at + 1]!, events[at]!, events[at + 1]!, last);
}

/** Places an entry that starts at the root of a heap of `size` entries. */
function siftDown(queue: EventQueue, time: number, sequence: number, code: number, generation: number, size: number): void {
  const { keys, events } = queue;
  const end = size * 2;
  let i = 0;
  for (;;) {
    const first = i * 4 + 2;
    if (first >= end) break;
    let best = first;
    let bestTime = keys[first]!;
    const behind = Math.min(first + 8, end);
    for (let k = first + 2; k < behind; k += 2) {
      const t = keys[k]!;
      if (t < bestTime || (t === bestTime && keys[k + 1]! < keys[best + 1]!)) {
        best = k;
        bestTime = t;
      }
    }
    if (bestTime > time || (bestTime === time && keys[best + 1]! > sequence)) break;
    moveEntry(keys, events, best, i);
    i = best;
  }
  keys[i] = time;
  keys[i + 1] = sequence;
  events[i] = code;
  events[i + 1] = generation;
}

function growHeap(queue: EventQueue): void {
  const keys = new Float64Array(queue.keys.length * 2);
  keys.set(queue.keys);
  queue.keys = keys;
  const events = new Int32Array(queue.events.length * 2);
  events.set(queue.events);
  queue.events = events;
}

function createLane(delay: number): Lane {
  return { delay, head: 0, size: 0, keys: new Float64Array(128), events: new Int32Array(128) };
}

/** Doubles a full ring and unrolls it, so that the head is at 0. */
function growLane(lane: Lane): void {
  const length = lane.events.length;
  const head = lane.head * 2;
  const unroll = <A extends Float64Array | Int32Array>(from: A, to: A): A => {
    to.set(from.subarray(head), 0);
    to.set(from.subarray(0, head), length - head);
    return to;
  };
  lane.keys = unroll(lane.keys, new Float64Array(length * 2));
  lane.events = unroll(lane.events, new Int32Array(length * 2));
  lane.head = 0;
}
