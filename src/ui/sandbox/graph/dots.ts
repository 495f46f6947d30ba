/**
 * The dots of the animation: each is one Flight record, carries its id, and lives for a fixed time of the animation's own
 * clock, which stands still while paused. Holds at most `limit` dots; owns no number that a reader sees.
 */
import type { Flight } from "#engine";

export interface Dot {
  flightId: number;
  requestId: number;
  kind: Flight["kind"];
  failed: boolean;
  /** Retries of the same request seen so far, counted from 2 (the second try). */
  tryNumber: number;
  flight: Flight;
  bornMs: number;
}

export interface PlacedDot {
  dot: Dot;
  /** 0 at the caller, 1 at the callee. */
  position: number;
}

export interface DotPool {
  /** @param clockMs the animation's clock. Failures are kept first when there are too many. */
  add(flights: readonly Flight[], clockMs: number): void;
  at(clockMs: number): PlacedDot[];
  clear(): void;
  readonly size: number;
}

export const travelMs = 700;
/** Of the animation's clock, between two dots of one lane. */
const closestMs = 50;
const closestFailureMs = 20;
/** A refused message stops at the bar in front of the callee. */
const barPosition = 0.82;

export function createDotPool(limit = 500): DotPool {
  let dots: Dot[] = [];
  const tries = new Map<number, number>();
  const lastBorn = new Map<string, number>();
  /** Dots that would overlap say nothing: the numbers tell the rate. Failures may stand closer. */
  const hasRoom = (flight: Flight, clockMs: number) => {
    const lane = `${flight.from} ${flight.to} ${flight.toWorkload} ${flight.kind} ${isFailure(flight)}`;
    const last = lastBorn.get(lane) ?? Number.NEGATIVE_INFINITY;
    if (clockMs - last < (isFailure(flight) ? closestFailureMs : closestMs)) return false;
    lastBorn.set(lane, clockMs);
    return true;
  };
  return {
    add(flights, clockMs) {
      dots = dots.filter((dot) => clockMs - dot.bornMs < travelMs);
      if (dots.length === 0) tries.clear();
      const spaced = flights.filter((flight) => hasRoom(flight, clockMs));
      for (const flight of chosen(spaced, limit - dots.length)) {
        if (flight.kind === "retry") tries.set(flight.requestId, (tries.get(flight.requestId) ?? 1) + 1);
        dots.push({
          flightId: flight.id,
          requestId: flight.requestId,
          kind: flight.kind,
          failed: isFailure(flight) || hasFlag(flight.flags),
          tryNumber: tries.get(flight.requestId) ?? 1,
          flight,
          bornMs: clockMs,
        });
      }
    },
    at(clockMs) {
      const placed: PlacedDot[] = [];
      for (const dot of dots) {
        const age = (clockMs - dot.bornMs) / travelMs;
        if (age >= 0 && age < 1) placed.push({ dot, position: positionOf(dot.kind, age) });
      }
      return placed;
    },
    clear() {
      dots = [];
      tries.clear();
      lastBorn.clear();
    },
    get size() {
      return dots.length;
    },
  };
}

function positionOf(kind: Flight["kind"], age: number): number {
  if (kind === "response") return 1 - age;
  if (kind === "refused") return Math.min(age * 1.4, barPosition);
  return age;
}

/** Failures first, the rest evenly thinned, in order of their ids. */
function chosen(flights: readonly Flight[], room: number): readonly Flight[] {
  if (room <= 0) return [];
  if (flights.length <= room) return flights;
  const urgent = flights.filter(isFailure);
  const calm = flights.filter((flight) => !isFailure(flight));
  const kept = urgent.slice(-room);
  const rest = room - kept.length;
  for (let index = 0; index < rest; index++) {
    const flight = calm[Math.floor((index * calm.length) / rest)];
    if (flight) kept.push(flight);
  }
  return kept.sort((a, b) => a.id - b.id);
}

/** The access log writes "-" where there is no flag. */
function hasFlag(flags: string): boolean {
  return flags !== "" && flags !== "-";
}

function isFailure(flight: Flight): boolean {
  return flight.kind === "refused" || flight.status >= 400 || (flight.kind === "response" && flight.status === 0);
}
