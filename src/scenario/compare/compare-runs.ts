/**
 * Two configurations under one seed: the same arrivals and the same draws of the named random streams, so that what differs comes from
 * the configuration alone. Runs both to their end and finds the first message or answer that is not the same in both.
 */
import type { Flight } from "#engine";
import type { RunPlan } from "../build/run-plan.ts";
import type { Session } from "../session.ts";
import { startSession } from "../start-session.ts";

/** Numbers of a whole run by name: "p99" of everything, "share shop/payments-v2", "edgeErrors client → checkout". */
export type RunNumbers = Readonly<Record<string, number>>;

export interface Divergence {
  /** What happened in each at that place of their sequences; null: nothing more did. */
  a: RunEvent | null;
  b: RunEvent | null;
}

export interface RunEvent {
  atMs: number;
  requestId: number;
  /** A message of the request, or its end. */
  what: Flight["kind"] | "ended";
  from: string;
  to: string;
  workload: string;
  replica: number;
  status: number;
  flags: string;
}

export interface ComparedRuns {
  seed: number;
  a: RunNumbers;
  b: RunNumbers;
  /** null: the runs are the same, message for message. */
  divergence: Divergence | null;
}

/** Events of one step: they hold fewer messages and ends than the simulation keeps. */
const eventsPerStep = 400;
const lists = { maxFlights: 4096, maxRequests: 512 };

export function compareRuns(planA: RunPlan, planB: RunPlan, seed: number): ComparedRuns {
  const a = startSession(planA, seed, { series: true });
  const b = startSession(planB, seed, { series: true });
  const divergence = firstDifference(eventsOf(a), eventsOf(b));
  a.run();
  b.run();
  return { seed, a: numbersOf(a), b: numbersOf(b), divergence };
}

function firstDifference(some: Generator<RunEvent>, others: Generator<RunEvent>): Divergence | null {
  for (;;) {
    const a = some.next().value ?? null;
    const b = others.next().value ?? null;
    if (a === null && b === null) return null;
    if (a === null || b === null || !isSame(a, b)) return { a, b };
  }
}

function isSame(a: RunEvent, b: RunEvent): boolean {
  return (Object.keys(a) as (keyof RunEvent)[]).every((field) => a[field] === b[field]);
}

/** Messages and ends of requests in their order, as the run goes on. */
function* eventsOf(session: Session): Generator<RunEvent> {
  let afterFlightId = 0;
  let ended: ReadonlySet<number> = new Set();
  while (!session.finished) {
    session.run(Infinity, eventsPerStep);
    const { flights, requests } = session.frame({ afterFlightId, ...lists });
    afterFlightId = flights.at(-1)?.id ?? afterFlightId;
    const fresh = requests.filter(({ requestId }) => !ended.has(requestId));
    ended = new Set(requests.map(({ requestId }) => requestId));
    const events = [
      ...flights.map(
        ({ atMs, requestId, kind, from, to, toWorkload, toReplica, status, flags }): RunEvent => ({
          atMs,
          requestId,
          what: kind,
          from,
          to,
          workload: toWorkload,
          replica: toReplica,
          status,
          flags,
        }),
      ),
      ...fresh.map(
        ({ endMs, requestId, status, flags, traffic, url }): RunEvent => ({
          atMs: endMs,
          requestId,
          what: "ended",
          from: traffic,
          to: url,
          workload: "",
          replica: -1,
          status,
          flags,
        }),
      ),
    ];
    yield* events.sort((one, other) => one.atMs - other.atMs);
  }
}

function numbersOf(session: Session): RunNumbers {
  const numbers: Record<string, number> = {};
  const [whole] = session.series(1);
  if (whole) {
    numbers.requests = whole.requests;
    numbers.errorShare = whole.requests === 0 ? 0 : whole.errors / whole.requests;
    for (const field of ["p50", "p95", "p99"] as const) if (whole[field] !== null) numbers[field] = whole[field];
    numbers.retries = whole.retries;
    numbers.ejections = whole.ejections;
    for (const [flag, count] of Object.entries(whole.flags)) numbers[`flag ${flag}`] = count;
    for (const [workload, count] of Object.entries(whole.arrivals)) numbers[`arrivals ${workload}`] = count;
  }
  for (const edge of session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 }).edges) {
    if (edge.requests === 0) continue;
    const place = `${edge.from.name} → ${edge.to.name}`;
    numbers[`edgeErrors ${place}`] = (edge.requests - edge.ok) / edge.requests;
    numbers[`edgeP99 ${place}`] = edge.latency.p99;
  }
  return numbers;
}
