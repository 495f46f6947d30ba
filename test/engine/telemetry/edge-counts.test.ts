/** What an edge counts, however its requests end and in whatever order, is what counting one by one finds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { flagBits } from "../../../src/engine/proxy/response-flags.ts";
import type { Call } from "../../../src/engine/rows/call.ts";
import type { Sim } from "../../../src/engine/sim.ts";
import { createTelemetry } from "../../../src/engine/telemetry/read-telemetry.ts";
import { createArrivalTable, createEdgeTable, recordEdge } from "../../../src/engine/telemetry/store.ts";

const bitOf = new Map<string, number>(flagBits);
const flagNames = [...bitOf.keys()].slice(0, 3);

const ending = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 404, 503, 0, 302),
  attempts: fc.constantFrom(1, 1, 1, 0, 2, 3),
  flags: fc.subarray(flagNames, { maxLength: 2 }),
  mutualTls: fc.constantFrom(1, 1, 1, 0, -1),
  startMs: fc.integer({ min: 0, max: 100 }),
  tookMs: fc.integer({ min: 0, max: 50 }),
});

const windows = [
  { fromMs: 0, toMs: 40 },
  { fromMs: 30, toMs: 101 },
];

type Ending = typeof ending extends fc.Arbitrary<infer T> ? T : never;

function runOf(endings: readonly Ending[]): Sim {
  const edgeKeys = [{ from: { name: "a", namespace: "" }, to: { name: "b", namespace: "" }, firstHop: true }];
  const clock = { now: 0 };
  const tables = { edges: createEdgeTable(windows.length), arrivals: createArrivalTable(windows.length), ejections: [] };
  const sim = { ...tables, config: { windows }, clock, traffics: { count: 1 }, reports: { edgeKeys } } as unknown as Sim;
  for (const { flags, startMs, tookMs, ...rest } of endings) {
    clock.now = startMs + tookMs;
    const bits = flags.reduce((sum, name) => sum | (1 << (bitOf.get(name) as number)), 0);
    recordEdge(sim, 0, { ...rest, startMs, flags: bits } as unknown as Call, rest.status);
  }
  return sim;
}

const isBad = ({ status }: Ending) => status >= 500 || status === 0;

function counted<Key>(keys: readonly Key[]): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

test("of the whole run and of each window: statuses, flags, tries and security", () => {
  fc.assert(
    fc.property(fc.array(ending, { minLength: 1, maxLength: 60 }), (endings) => {
      const telemetry = createTelemetry(runOf(endings));
      for (const window of [0, 1, 2]) {
        const { fromMs, toMs } = windows[window - 1] ?? { fromMs: 0, toMs: Infinity };
        const own = endings.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
        const [edge] = telemetry.edges(window);
        if (own.length === 0) {
          expect(edge).toBeUndefined();
          continue;
        }
        expect(edge).toMatchObject({
          requests: own.length,
          ok: own.filter((one) => !isBad(one)).length,
          attempts: own.reduce((sum, { attempts }) => sum + attempts, 0),
          statuses: Object.fromEntries(counted(own.map(({ status }) => status))),
          flags: Object.fromEntries(counted(own.flatMap(({ flags }) => flags))),
          security: {
            mutual_tls: own.filter(({ mutualTls }) => mutualTls === 1).length,
            none: own.filter(({ mutualTls }) => mutualTls === 0).length,
          },
        });
      }
    }),
  );
});

test("when the first request began, and when errors came and went", () => {
  fc.assert(
    fc.property(fc.array(ending, { minLength: 1, maxLength: 30 }), (endings) => {
      const inOrder = endings.toSorted((a, b) => a.startMs + a.tookMs - b.startMs - b.tookMs);
      const endMs = ({ startMs, tookMs }: Ending) => startMs + tookMs;
      const lastBad = inOrder.findLastIndex(isBad);
      const wanted: Record<string, number> = { firstRequest: Math.min(...inOrder.map(({ startMs }) => startMs)) };
      if (lastBad >= 0) {
        wanted.firstError = endMs(inOrder.find(isBad) as Ending);
        wanted.lastError = endMs(inOrder[lastBad] as Ending);
        const after = inOrder[lastBad + 1];
        if (after !== undefined) wanted.recovered = endMs(after);
      }
      const found = createTelemetry(runOf(inOrder)).milestones();
      expect(Object.fromEntries(found.map(({ event, atMs }) => [event, atMs]))).toEqual(wanted);
    }),
  );
});
