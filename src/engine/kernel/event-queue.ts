/**
 * The future: a 4-ary heap ordered by (time, order of scheduling) and FIFO lanes. A lane holds timers of one constant delay,
 * which come due in the order they were set, so only its head stands in the heap; cancelled ones behind the head cost nothing.
 * An event is two numbers beside its time: a code (kind and subject: the number of a row, a cluster, a traffic entry) and a
 * generation (stale generations are dropped by the caller). They lie in a slot, so that an entry that moves takes along its time and
 * the number of its slot alone.
 */
const kindBits = 5;
const kindMask = 31;
/** Heap entries of this kind stand for the head of a lane. */
const laneKind = 31;

export interface EventQueue {
  size: number;
  /** Of the next event; wraps around, which an order of less than 2³¹ waiting events survives. */
  sequence: number;
  /** 1 while the root was taken and its place is still empty; the next push refills it without a second sift. */
  rootTaken: 0 | 1;
  /** By place; NaN behind the last entry, which no comparison finds earlier: four children are compared without asking how many there are. */
  times: Float64Array;
  /** By place; at the root that of the entry taken, as long as its place is empty. */
  slots: Int32Array;
  /** Four numbers by slot: code, generation, sequence and nothing. */
  events: Int32Array;
  /** Slots that were in use, the first `freeCount` of them; where there are none, the first `size` slots are in use. */
  free: Int32Array;
  freeCount: number;
  /** Later entries stay; below Infinity, so that what is due at Infinity never comes. */
  until: number;
  /** When the entry that is being placed is due, and when the one taken last was: a fraction handed over as an argument would be boxed. */
  due: number;
  taken: number;
  lanes: Lane[];
}

interface Lane {
  delay: number;
  /** Number of the first entry, and how many there are; the room for them is a power of two. */
  head: number;
  size: number;
  times: Float64Array;
  /** Four numbers by place, as in the heap's slots. */
  events: Int32Array;
}

export function createEventQueue(): EventQueue {
  return {
    size: 0,
    sequence: 0,
    rootTaken: 0,
    times: new Float64Array(256).fill(NaN),
    slots: new Int32Array(256),
    events: new Int32Array(1024),
    free: new Int32Array(256),
    freeCount: 0,
    // A fraction from the start, as times are.
    until: 0.5,
    due: 0.5,
    taken: 0.5,
    lanes: [],
  };
}

export function kindOf(code: number): number {
  return code & kindMask;
}

/** The subject's number: of a row, a cluster, a traffic entry. */
export function numberOf(code: number): number {
  return code >> kindBits;
}

export function isLaneCode(code: number): boolean {
  return (code & kindMask) === laneKind;
}

/** Schedules an event at an absolute time, not before now. */
export function pushEvent(queue: EventQueue, time: number, kind: number, subject: number, generation: number): void {
  const { sequence } = queue;
  queue.sequence = (sequence + 1) | 0;
  queue.due = time;
  insert(queue, (subject << kindBits) | kind, generation, sequence);
}

/**
 * Schedules an event `delay` from now through the lane of that delay: for timers that are set often and seldom fire.
 * @param clock the time now (as a number of its own it would be boxed)
 */
export function pushTimer(
  queue: EventQueue,
  clock: { readonly now: number },
  delay: number,
  kind: number,
  subject: number,
  generation: number,
): void {
  const { lanes } = queue;
  let index = 0;
  while (index < lanes.length && (lanes[index] as Lane).delay !== delay) index++;
  if (index === lanes.length && !addLane(queue, delay)) {
    pushEvent(queue, clock.now + delay, kind, subject, generation);
    return;
  }
  const lane = lanes[index] as Lane;
  if (lane.size === lane.times.length) growLane(lane);
  const { times, events, size } = lane;
  const place = (lane.head + size) & (times.length - 1);
  const at = place << 2;
  const { sequence } = queue;
  queue.sequence = (sequence + 1) | 0;
  const time = clock.now + delay;
  times[place] = time;
  events[at] = (subject << kindBits) | kind;
  events[at | 1] = generation | 0;
  events[at | 2] = sequence;
  lane.size = size + 1;
  if (size !== 0) return;
  queue.due = time;
  insert(queue, (index << kindBits) | laneKind, 0, sequence);
}

/** Beyond this many distinct delays a timer goes to the heap: the search for its lane would cost more than it saves. */
const maximumLanes = 12;

/** Time of the next entry, Infinity when none. The entry may be a cancelled timer. */
export function peekTime(queue: EventQueue): number {
  if (queue.rootTaken === 1) refillRoot(queue);
  return queue.size === 0 ? Infinity : queue.times[0]!;
}

/**
 * All that waits, earliest first: time, code, generation and sequence of each entry; a lane's entries beyond its head stand after
 * its own mark. The same for every way of having come here: where an entry stands in the heap depends on when somebody looked.
 */
export function waitingEvents(queue: EventQueue): number[][] {
  const read = ({ times, events }: Pick<EventQueue, "times" | "events">, place: number, slot = place): number[] => [
    times[place]!,
    ...events.subarray(slot << 2, (slot << 2) + 3),
  ];
  const heap: number[][] = [];
  for (let place = queue.rootTaken; place < queue.size; place++) heap.push(read(queue, place, queue.slots[place]));
  heap.sort((one, other) => one[0]! - other[0]! || (one[3]! - other[3]!) | 0);
  const laned = queue.lanes.flatMap((lane) => [
    [lane.delay],
    ...Array.from({ length: lane.size }, (_, i) => read(lane, (lane.head + i) & (lane.times.length - 1))),
  ]);
  return [[queue.sequence], ...heap, ...laned];
}

export function rootCode({ slots, events }: EventQueue): number {
  return events[slots[0]! << 2]!;
}

export function rootGeneration({ slots, events }: EventQueue): number {
  return events[(slots[0]! << 2) | 1]!;
}

/** Takes the root, which the caller has read. */
export function takeRoot(queue: EventQueue): void {
  queue.rootTaken = 1;
}

export function laneHeadCode(queue: EventQueue, lane: number): number {
  const { events, head } = queue.lanes[lane] as Lane;
  return events[head << 2]!;
}

export function laneHeadGeneration(queue: EventQueue, lane: number): number {
  const { events, head } = queue.lanes[lane] as Lane;
  return events[(head << 2) | 1]!;
}

/** Drops a lane's head. @returns whether another entry became the head. */
export function dropLaneHead(queue: EventQueue, lane: number): boolean {
  const l = queue.lanes[lane] as Lane;
  l.head = (l.head + 1) & (l.times.length - 1);
  l.size--;
  return l.size > 0;
}

/** Puts a lane's head at the root, from which its predecessor was just read: its mark stays in its slot. */
export function replaceRootByLaneHead(queue: EventQueue, lane: number): void {
  const { head, times, events } = queue.lanes[lane] as Lane;
  const slot = queue.slots[0]!;
  queue.rootTaken = 0;
  queue.due = times[head]!;
  queue.events[(slot << 2) | 2] = events[(head << 2) | 2]!;
  sinkFromRoot(queue, slot);
}

/** Fills the root with the last entry. */
export function refillRoot(queue: EventQueue): void {
  const { times, slots } = queue;
  const last = (queue.size - 1) | 0;
  queue.rootTaken = 0;
  queue.size = last;
  queue.free[queue.freeCount++] = slots[0]!;
  queue.due = times[last]!;
  times[last] = NaN;
  if (last !== 0) sinkFromRoot(queue, slots[last]!);
}

/** Places an entry due at `queue.due`, in the empty root if it was taken. */
function insert(queue: EventQueue, code: number, generation: number, sequence: number): void {
  const atRoot = queue.rootTaken === 1;
  const slot = atRoot ? queue.slots[0]! : takeSlot(queue);
  const { events } = queue;
  const at = slot << 2;
  events[at] = code | 0;
  events[at | 1] = generation | 0;
  events[at | 2] = sequence | 0;
  if (atRoot) {
    queue.rootTaken = 0;
    sinkFromRoot(queue, slot);
  } else {
    rise(queue, slot);
  }
}

/** For one entry more. */
function takeSlot(queue: EventQueue): number {
  const { size } = queue;
  // Four places more than entries: children of the last parent are looked at whether they are there or not.
  if (size + 5 > queue.times.length) growHeap(queue);
  return queue.freeCount === 0 ? size : queue.free[--queue.freeCount]!;
}

/** Places the entry of a slot, due at `queue.due`, starting behind the last one. */
function rise(queue: EventQueue, slot: number): void {
  const { times, slots, events } = queue;
  const time = queue.due;
  let i = queue.size;
  queue.size = i + 1;
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
}

/** Places the entry of a slot, due at `queue.due`, starting at the root of a heap of `size` entries. */
function sinkFromRoot(queue: EventQueue, slot: number): void {
  const { times, slots, events, size } = queue;
  const time = queue.due;
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
function isOlder(events: Int32Array, slot: number, other: number): boolean {
  return ((events[(slot << 2) | 2]! - events[(other << 2) | 2]!) | 0) < 0;
}

function growHeap(queue: EventQueue): void {
  const length = queue.times.length * 2;
  const times = new Float64Array(length).fill(NaN);
  times.set(queue.times);
  queue.times = times;
  queue.slots = widened(queue.slots, length);
  queue.free = widened(queue.free, length);
  queue.events = widened(queue.events, length * 4);
}

function widened(numbers: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(numbers);
  return larger;
}

/** @returns false when there are enough */
function addLane({ lanes }: EventQueue, delay: number): boolean {
  if (lanes.length === maximumLanes) return false;
  lanes.push({ delay, head: 0, size: 0, times: new Float64Array(64), events: new Int32Array(256) });
  return true;
}

/** Doubles a full ring and unrolls it, so that the head is at 0. */
function growLane(lane: Lane): void {
  const { head } = lane;
  const unroll = <A extends Float64Array | Int32Array>(from: A, to: A, first: number): A => {
    to.set(from.subarray(first), 0);
    to.set(from.subarray(0, first), from.length - first);
    return to;
  };
  lane.times = unroll(lane.times, new Float64Array(lane.times.length * 2), head);
  lane.events = unroll(lane.events, new Int32Array(lane.events.length * 2), head * 4);
  lane.head = 0;
}
