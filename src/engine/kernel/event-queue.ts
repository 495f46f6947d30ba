/**
 * The future, ordered by (time, order of scheduling): the few events that come next in a sorted chain, all later ones in a 4-ary heap,
 * and FIFO lanes. Most runs never have more waiting than the chain takes, and a new event passes few of them on its way to its place. A
 * lane holds timers of one constant delay, which come due in the order they were set, so only its head is waited for; cancelled ones
 * behind the head cost nothing.
 * An event is two numbers beside its time: a code (kind and subject: the number of a row, a cluster, a traffic entry) and a
 * generation (stale generations are dropped by the caller). They lie in a slot, so that an entry of the heap that moves takes along its
 * time and the number of its slot alone.
 */
import { dropRoot, type EventHeap, isOlder, rise } from "./event-heap.ts";

const kindBits = 5;
/** Subjects of events are below it: what is left of 32 bits beside sign and kind. */
export const subjectsEnd = 2 ** (31 - kindBits);
const kindMask = 31;
/** Entries of this kind stand for the head of a lane. */
const laneKind = 31;
/** So many events the chain takes; when it is full, all but its first half move to the heap, and when it is empty, as many come back. */
export const chainRoom = 64;
const chainHalf = 32;

/** With the heap of the later events. */
export interface EventQueue extends EventHeap {
  /** Slot of the next event, −1 where the chain is empty, and how many events it has. */
  first: number;
  chained: number;
  /** Of the next event; wraps around, which an order of less than 2³¹ waiting events survives. */
  sequence: number;
  /** By slot: when an event of the chain is due. */
  dueTimes: Float64Array;
  /** The slot that was freed last is taken first. */
  firstFree: number;
  lanes: Lane[];
}

export interface Lane {
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
    first: -1,
    chained: 0,
    horizon: Infinity,
    sequence: 0,
    events: new Int32Array(0),
    dueTimes: new Float64Array(0),
    firstFree: -1,
    // A fraction from the start, as times are.
    due: 0.5,
    lanes: [],
    size: 0,
    times: new Float64Array(64).fill(NaN),
    slots: new Int32Array(64),
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

/** Schedules an event at an absolute time, not before now. So short that it is always inlined: a fraction handed over would be boxed. */
export function pushEvent(queue: EventQueue, time: number, kind: number, subject: number, generation: number): void {
  queue.due = time;
  schedule(queue, (subject << kindBits) | kind, generation);
}

/** A new event, due at `queue.due`. */
function schedule(queue: EventQueue, code: number, generation: number): void {
  const { sequence } = queue;
  queue.sequence = (sequence + 1) | 0;
  insert(queue, code, generation, sequence);
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
  return hasNext(queue) ? nextTime(queue) : Infinity;
}

function hasNext(queue: EventQueue): boolean {
  return queue.first >= 0 || gather(queue);
}

/** Of a queue that has one. */
export function nextTime({ dueTimes, first }: EventQueue): number {
  return dueTimes[first]!;
}

/** Takes the next entry of a queue that has one. @returns its slot, whose numbers stand until another event is pushed */
export function takeNext(queue: EventQueue): number {
  const { first, events } = queue;
  const link = (first << 2) | 3;
  queue.first = events[link]!;
  queue.chained--;
  events[link] = queue.firstFree;
  queue.firstFree = first;
  return first;
}

/** Writes down the codes of the events in the chain, at most `chainRoom`. @returns how many */
export function codesInChain({ first, events }: EventQueue, codes: Int32Array): number {
  let count = 0;
  for (let slot = first; slot >= 0; slot = nextOf(events, slot)) codes[count++] = events[slot << 2]!;
  return count;
}

export function codeAt({ events }: EventQueue, slot: number): number {
  return events[slot << 2]!;
}

export function generationAt({ events }: EventQueue, slot: number): number {
  return events[(slot << 2) | 1]!;
}

/**
 * All that waits, earliest first: time, code, generation and sequence of each entry; a lane's entries beyond its head stand after
 * its own mark. The same for every way of having come here: where an entry stands depends on when somebody looked.
 */
export function waitingEvents(queue: EventQueue): number[][] {
  const read = (times: Float64Array, events: Int32Array, place: number, slot: number): number[] => [
    times[place]!,
    ...events.subarray(slot << 2, (slot << 2) + 3),
  ];
  const waiting: number[][] = [];
  const { events } = queue;
  for (let slot = queue.first; slot >= 0; slot = nextOf(events, slot)) waiting.push(read(queue.dueTimes, events, slot, slot));
  for (let place = 0; place < queue.size; place++) waiting.push(read(queue.times, events, place, queue.slots[place]!));
  waiting.sort((one, other) => one[0]! - other[0]! || (one[3]! - other[3]!) | 0);
  const laned = queue.lanes.flatMap((lane) => [
    [lane.delay],
    ...Array.from({ length: lane.size }, (_, i) => {
      const place = (lane.head + i) & (lane.times.length - 1);
      return read(lane.times, lane.events, place, place);
    }),
  ]);
  return [[queue.sequence], ...waiting, ...laned];
}

export function laneOf({ lanes }: EventQueue, number: number): Lane {
  return lanes[number] as Lane;
}

export function headCode({ events, head }: Lane): number {
  return events[head << 2]!;
}

export function headGeneration({ events, head }: Lane): number {
  return events[(head << 2) | 1]!;
}

/** @returns whether another entry became the head */
export function dropHead(lane: Lane): boolean {
  const size = lane.size - 1;
  lane.size = size;
  lane.head = (lane.head + 1) & (lane.times.length - 1);
  return size > 0;
}

/** Waits for a lane's head, whose predecessor was just taken. */
export function awaitLaneHead(queue: EventQueue, lane: number): void {
  const { head, times, events } = queue.lanes[lane] as Lane;
  queue.due = times[head]!;
  insert(queue, (lane << kindBits) | laneKind, 0, events[(head << 2) | 2]!);
}

/** Places an entry due at `queue.due`. */
function insert(queue: EventQueue, code: number, generation: number, sequence: number): void {
  if (queue.chained === chainRoom) shorten(queue);
  if (queue.firstFree < 0) addSlots(queue);
  const slot = queue.firstFree;
  const { events } = queue;
  const at = slot << 2;
  queue.firstFree = events[at | 3]!;
  events[at] = code | 0;
  events[at | 1] = generation | 0;
  events[at | 2] = sequence | 0;
  if (queue.due >= queue.horizon && isBeyond(queue, slot)) rise(queue, slot);
  else chain(queue, slot);
}

/** Twice as many. */
function addSlots(queue: EventQueue): void {
  const { length } = queue.dueTimes;
  const larger = Math.max(64, length * 2);
  const events = new Int32Array(larger * 4);
  const dueTimes = new Float64Array(larger);
  events.set(queue.events);
  dueTimes.set(queue.dueTimes);
  for (let slot = length; slot < larger; slot++) events[(slot << 2) | 3] = slot + 1 < larger ? slot + 1 : queue.firstFree;
  queue.events = events;
  queue.dueTimes = dueTimes;
  queue.firstFree = length;
}

function nextOf(events: Int32Array, slot: number): number {
  return events[(slot << 2) | 3]!;
}

/** Does an entry due at the horizon or later come after the heap's first? */
function isBeyond({ due, horizon, size, events, slots }: EventQueue, slot: number): boolean {
  return size > 0 && (due > horizon || isOlder(events, slots[0]!, slot));
}

/** Links the entry of a slot, due at `queue.due`, behind those that come before it. */
function chain(queue: EventQueue, slot: number): void {
  const { dueTimes, events } = queue;
  const time = queue.due;
  let before = -1;
  let next = queue.first;
  while (next >= 0) {
    const t = dueTimes[next]!;
    // Among equal times the order of scheduling decides: a lane's head may be older than what waits.
    if (t >= time && (t > time || isOlder(events, slot, next))) break;
    before = next;
    next = nextOf(events, next);
  }
  queue.chained++;
  dueTimes[slot] = time;
  events[(slot << 2) | 3] = next;
  if (before < 0) queue.first = slot;
  else events[(before << 2) | 3] = slot;
}

/** Moves all but the first half of a full chain to the heap. */
function shorten(queue: EventQueue): void {
  const { due, dueTimes, events } = queue;
  let last = queue.first;
  for (let i = 1; i < chainHalf; i++) last = nextOf(events, last);
  const beyond = nextOf(events, last);
  events[(last << 2) | 3] = -1;
  queue.chained = chainHalf;
  for (let slot = beyond; slot >= 0; slot = nextOf(events, slot)) {
    queue.due = dueTimes[slot]!;
    rise(queue, slot);
  }
  queue.due = due;
}

/** Moves the first events of the heap to the empty chain. @returns false when there are none */
export function gather(queue: EventQueue): boolean {
  const { dueTimes, events, times, slots } = queue;
  let last = -1;
  queue.chained = Math.min(queue.size, chainHalf);
  for (let left = queue.chained; left > 0; left--) {
    const slot = slots[0]!;
    dueTimes[slot] = times[0]!;
    if (last < 0) queue.first = slot;
    else events[(last << 2) | 3] = slot;
    last = slot;
    dropRoot(queue);
  }
  if (last >= 0) events[(last << 2) | 3] = -1;
  queue.horizon = queue.size === 0 ? Infinity : times[0]!;
  return last >= 0;
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
