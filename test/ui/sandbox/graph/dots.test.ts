import { expect, test } from "vitest";
import type { Flight } from "#engine";
import { createDotPool, positionOf, travelMs } from "../../../../src/ui/sandbox/graph/dots.ts";

function flight(id: number, part: Partial<Flight> = {}): Flight {
  return {
    id,
    requestId: id,
    kind: "request",
    attempt: 1,
    from: "a",
    to: "b",
    toWorkload: `b-${id}`,
    toReplica: 0,
    atMs: id,
    status: 0,
    flags: "",
    mutualTls: true,
    ...part,
  };
}

test("a dot is a flight with its id; it goes from caller to callee, a response comes back", () => {
  const pool = createDotPool();
  pool.add([flight(4), flight(5, { kind: "response", status: 200 })], 0);
  const clock = travelMs / 4;
  expect(pool.at(clock).map((dot) => [dot.flight.id, positionOf(dot, clock)])).toEqual([
    [4, 0.25],
    [5, 0.75],
  ]);
  expect(pool.at(travelMs)).toEqual([]);
});

test("of messages that set off earlier, those on their way stand where they would be by now", () => {
  const pool = createDotPool();
  const nowMs = 1000;
  const passed = [100, 400, 825, 1000].map((atMs, id) => flight(id, { atMs }));
  pool.add(passed, 50, ({ atMs }) => nowMs - atMs);
  expect(pool.at(50).map((dot) => [dot.flight.id, positionOf(dot, 50)])).toEqual([
    [1, 600 / travelMs],
    [2, 175 / travelMs],
    [3, 0],
  ]);
  expect(pool.at(50 + 150)).toHaveLength(2);
});

test("with the clock standing still nothing moves", () => {
  const pool = createDotPool();
  pool.add([flight(1)], 10);
  expect(pool.at(60)).toEqual(pool.at(60));
});

test("a refused message stops before the callee", () => {
  const pool = createDotPool();
  pool.add([flight(1, { kind: "refused", status: 403 })], 0);
  const [dot] = pool.at(travelMs * 0.95);
  expect(dot && positionOf(dot, travelMs * 0.95)).toBeLessThan(0.9);
});

test("never more than the limit, and failures are the last to be dropped", () => {
  const pool = createDotPool(50);
  const many = Array.from({ length: 400 }, (_, id) => flight(id, id % 40 === 0 ? { kind: "response", status: 503 } : {}));
  pool.add(many, 0);
  expect(pool.size).toBe(50);
  expect(pool.at(1).filter(({ failed }) => failed)).toHaveLength(10);
  pool.add(many, 1);
  expect(pool.size).toBe(50);
});

test("dots of one lane keep a distance; the rate is told by numbers", () => {
  const pool = createDotPool();
  for (let clock = 0; clock < 500; clock += 5) pool.add([flight(clock, { toWorkload: "b" })], clock);
  expect(pool.size).toBeLessThanOrEqual(11);
  expect(pool.size).toBeGreaterThanOrEqual(9);
});
