/** What a picture is given of many messages says the same as all of them: every way they went, every failure, nothing else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulation, type Flight } from "#engine";
import { configOf, topologyArbitrary } from "../support/topology.ts";

const runs = process.env.MESHWISE_SPEED === "verify" ? 300 : 30;

function failed({ kind, status }: Flight): boolean {
  return status >= 400 || kind === "refused" || (kind === "response" && status === 0);
}

function wayOf(flight: Flight): string {
  const { from, to, toWorkload, toReplica, kind } = flight;
  return [from, to, toWorkload, toReplica, kind, failed(flight)].join(" ");
}

test("the newest of each way, failures first where there is not room for all; the requests that failed", () => {
  let ways = 0;
  let failures = 0;
  fc.assert(
    fc.property(topologyArbitrary, fc.integer({ min: 1, max: 12 }), (topology, room) => {
      const run = createSimulation(configOf(topology), { seed: topology.seed });
      run.run(undefined, 1500);
      const after = Math.max(0, run.lastFlightId - 400);
      const all = run.flights(after, Number.POSITIVE_INFINITY);
      expect(all.at(-1)?.id ?? run.lastFlightId).toBe(run.lastFlightId);
      const newest = new Map(all.map((flight) => [wayOf(flight), flight]));
      const sample = run.sampleFlights(after, Number.POSITIVE_INFINITY);
      // A host that is no workload's has no name of its own here, so that two ways may read alike.
      expect(sample.filter((flight) => newest.get(wayOf(flight)) === undefined)).toEqual([]);
      expect([...newest.values()].filter(({ id }) => !sample.some((flight) => flight.id === id))).toEqual([]);

      const few = run.sampleFlights(after, room);
      expect(few.length).toBe(Math.min(room, sample.length));
      expect(few.filter(failed).length).toBe(Math.min(room, sample.filter(failed).length));
      expect(few.map(({ id }) => id)).toEqual([...new Set(few.map(({ id }) => id))].sort((a, b) => a - b));

      const ended = run.finishedRequests(Number.POSITIVE_INFINITY);
      const known = Math.max(0, run.requestsEnded - Math.floor(ended.length / 2));
      const fresh = ended.slice(ended.length - (run.requestsEnded - known)).filter(({ status }) => status === 0 || status >= 400);
      expect(run.failedRequests(known, Number.POSITIVE_INFINITY)).toEqual(fresh);
      expect(run.failedRequests(known, 2)).toEqual(fresh.slice(-2));
      ways += newest.size;
      failures += fresh.length;
    }),
    { numRuns: runs },
  );
  expect(ways).toBeGreaterThan(runs);
  expect(failures).toBeGreaterThan(0);
});

test("a retry says which try it is", () => {
  const tries = new Set<number>();
  fc.assert(
    fc.property(topologyArbitrary, (topology) => {
      const run = createSimulation(configOf(topology), { seed: topology.seed });
      run.run(undefined, 1500);
      for (const { kind, attempt } of run.flights(0, Number.POSITIVE_INFINITY)) {
        if (kind === "retry") tries.add(attempt);
        else expect(attempt).toBe(kind === "request" ? 1 : attempt);
      }
    }),
    { numRuns: runs },
  );
  expect(tries.has(1)).toBe(false);
  expect(tries.has(2)).toBe(true);
});
