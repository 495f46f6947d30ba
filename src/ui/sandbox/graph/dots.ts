/**
 * The dots of the animation: each is one Flight record, carries its id, and lives for a fixed time of the animation's own
 * clock, which stands still while paused. Holds at most `limit` dots; owns no number that a reader sees.
 */
import type { Flight } from "#engine";

export interface Dot {
  flight: Flight;
  /** The way it goes: equal lanes are drawn on the same track. */
  lane: string;
  failed: boolean;
  bornMs: number;
}

export interface DotPool {
  /**
   * Failures are kept first when there are too many.
   * @param clockMs the animation's clock @param ageMs how long each has been on its way by that clock; absent: they set off now
   */
  add(flights: readonly Flight[], clockMs: number, ageMs?: (flight: Flight) => number): void;
  /** Those on their way. */
  at(clockMs: number): readonly Dot[];
  clear(): void;
  readonly size: number;
}

/** Of the animation's clock, from caller to callee. */
export const travelMs = 700;
/** Of the animation's clock, between two dots of one lane. */
const closestMs = 50;
const closestFailureMs = 20;
/** A refused message stops at the bar in front of the callee. */
const barPosition = 0.82;

export function createDotPool(limit = 500): DotPool {
  let dots: Dot[] = [];
  const lastBorn = new Map<string, number>();
  /** Dots that would overlap say nothing: the numbers tell the rate. Failures may stand closer. */
  const hasRoom = ({ lane, failed, flight }: Dot, clockMs: number) => {
    const key = `${lane} ${flight.kind} ${failed}`;
    if (clockMs - (lastBorn.get(key) ?? Number.NEGATIVE_INFINITY) < (failed ? closestFailureMs : closestMs)) return false;
    lastBorn.set(key, clockMs);
    return true;
  };
  const forget = (clockMs: number) => {
    if (dots.some((dot) => clockMs - dot.bornMs >= travelMs)) dots = dots.filter((dot) => clockMs - dot.bornMs < travelMs);
  };
  return {
    add(flights, clockMs, ageMs = () => 0) {
      forget(clockMs);
      const spaced = flights
        .map((flight) => dotOf(flight, clockMs - ageMs(flight)))
        .filter((dot) => clockMs - dot.bornMs < travelMs && hasRoom(dot, dot.bornMs));
      dots = [...dots, ...chosen(spaced, limit - dots.length)];
    },
    at(clockMs) {
      forget(clockMs);
      return dots;
    },
    clear() {
      dots = [];
      lastBorn.clear();
    },
    get size() {
      return dots.length;
    },
  };
}

function dotOf(flight: Flight, bornMs: number): Dot {
  const lane = `${flight.from}\n${flight.to}\n${flight.toWorkload}`;
  return { flight, lane, failed: isFailure(flight) || hasFlag(flight.flags), bornMs };
}

/** 0 at the caller, 1 at the callee. */
export function positionOf({ flight, bornMs }: Dot, clockMs: number): number {
  const age = (clockMs - bornMs) / travelMs;
  if (flight.kind === "response") return 1 - age;
  if (flight.kind === "refused") return Math.min(age * 1.4, barPosition);
  return age;
}

/** Failures first, the rest evenly thinned, in order of their ids. */
function chosen(dots: readonly Dot[], room: number): readonly Dot[] {
  if (room <= 0) return [];
  if (dots.length <= room) return dots;
  const kept = dots.filter((dot) => dot.failed).slice(-room);
  const calm = dots.filter((dot) => !dot.failed);
  const rest = room - kept.length;
  for (let index = 0; index < rest; index++) {
    const dot = calm[Math.floor((index * calm.length) / rest)];
    if (dot) kept.push(dot);
  }
  return kept.sort((a, b) => a.flight.id - b.flight.id);
}

/** The access log writes "-" where there is no flag. */
function hasFlag(flags: string): boolean {
  return flags !== "" && flags !== "-";
}

function isFailure(flight: Flight): boolean {
  if (flight.kind === "refused" || flight.status >= 400 || flight.grpcStatus !== undefined) return true;
  return flight.kind === "response" && flight.status === 0;
}
