/** What holds for every topology: the checkers find nothing at any moment, requests are conserved, and time travel changes nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulation, invariantViolations, stateHash } from "#engine";
import { configOf, topologyArbitrary } from "./support/topology.ts";

const everything = process.env.MESHWISE_SPEED === "verify";
const runs = Number(process.env.MESHWISE_PROPERTY_RUNS ?? (everything ? 1000 : 60));

test("on random topologies the checkers find nothing, and every request that started has ended", () => {
  fc.assert(
    fc.property(topologyArbitrary, (topology) => {
      const run = createSimulation(configOf(topology), { seed: topology.seed, recordFlights: false, checkpointEvery: 0 });
      for (let i = 0; i < 20; i++) {
        run.run(Infinity, 97);
        expect(invariantViolations(run)).toEqual([]);
      }
      run.run();
      expect(run.finished).toBe(true);
      expect(invariantViolations(run)).toEqual([]);
      for (const edge of run.telemetry.edges()) {
        const counted = Object.values(edge.statuses).reduce((sum, count) => sum + count, 0);
        expect(counted).toBe(edge.requests);
        expect(edge.latency.p50).toBeLessThanOrEqual(edge.latency.p99);
      }
    }),
    { numRuns: runs, seed: 7 },
  );
}, 600_000);

test("seek(k) has the state hash of a forward run to k, and running on gives the same end", () => {
  fc.assert(
    fc.property(topologyArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (topology, share) => {
      const config = configOf(topology);
      const straight = createSimulation(config, { seed: topology.seed, checkpointEvery: 0 });
      straight.run();
      const k = Math.floor(straight.eventCount * share);
      const forward = createSimulation(config, { seed: topology.seed, checkpointEvery: 0 });
      forward.run(Infinity, k);
      const travelled = createSimulation(config, { seed: topology.seed, checkpointEvery: 50 });
      travelled.run();
      travelled.seek(k);
      expect(travelled.eventCount).toBe(k);
      expect(stateHash(travelled)).toBe(stateHash(forward));
      expect(travelled.traceHash()).toBe(forward.traceHash());
      travelled.run();
      expect(travelled.traceHash()).toBe(straight.traceHash());
      expect(travelled.telemetry.edges()).toEqual(straight.telemetry.edges());
    }),
    { numRuns: Math.ceil(runs / 3), seed: 11 },
  );
}, 600_000);

test("explaining changes nothing and names every hop of the request", () => {
  fc.assert(
    fc.property(topologyArbitrary, (topology) => {
      const run = createSimulation(configOf(topology), { seed: topology.seed, checkpointEvery: 100 });
      run.run();
      const before = [stateHash(run), run.traceHash()];
      const newest = run.finishedRequests(3);
      for (const request of newest) {
        const explanation = run.explain(request.requestId);
        const [root] = explanation?.hops ?? [];
        expect(root).toMatchObject({
          parentSpanId: null,
          status: request.status,
          startMs: request.startMs,
          endMs: request.endMs,
        });
        for (const hop of explanation?.hops ?? []) expect(hop.decisions.length).toBeGreaterThan(0);
      }
      expect([stateHash(run), run.traceHash()]).toEqual(before);
    }),
    { numRuns: Math.ceil(runs / 3), seed: 13 },
  );
}, 600_000);
