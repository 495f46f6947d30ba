/** The kernel alone: logarithm and exponential, random streams, the order of events, copies of state. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  awaitLaneHead,
  codeAt,
  createEventQueue,
  dropHead,
  headCode,
  isLaneCode,
  laneOf,
  numberOf,
  peekTime,
  pushEvent,
  pushTimer,
  takeNext,
  waitingEvents,
} from "../../../src/engine/kernel/event-queue.ts";
import { exp, exponentialFromBits, ln, power } from "../../../src/engine/kernel/math.ts";
import {
  createRandomStreams,
  createStream,
  nextBelow,
  nextBits,
  nextExponential,
  nextLognormal,
  nextUniform,
  peekBelow,
} from "../../../src/engine/kernel/random.ts";
import { copyState, hashState } from "../../../src/engine/kernel/state-copy.ts";

test("ln, exp and power agree with the platform to 14 digits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.double({ min: -40, max: 40, noNaN: true }), (x, y) => {
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(Math.log(x))));
      expect(Math.abs(exp(y) / Math.exp(y) - 1)).toBeLessThan(1e-13);
    }),
  );
  expect(power(2, 10)).toBeCloseTo(1024, 9);
  expect(power(0, 3)).toBe(0);
});

test("a draw of the exponential is −ln of its 32 bits, the fewest bits included", () => {
  const agrees = (bits: number) => {
    const x = bits < 16 ? bits + 1 : bits + 0.5;
    expect(Math.abs(exponentialFromBits(bits) + Math.log(x / 2 ** 32)), String(bits)).toBeLessThanOrEqual(2e-14);
  };
  for (let bits = 0; bits < 2048; bits++) agrees(bits);
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), agrees));
});

test("seeds that differ beyond 32 bits draw differently, as all numbers of 53 bits are taken", () => {
  const draws = [1, 2 ** 32 + 1, 2 ** 33 + 1, 2 ** 53 - 1, 2 ** 32 - 1].map((seed) => {
    const random = createRandomStreams(seed);
    return nextBits(random, createStream(random, "s"));
  });
  expect(new Set(draws).size).toBe(draws.length);
});

test("streams depend on seed and name alone, not on what was created before", () => {
  const draws = (names: string[], wanted: string) => {
    const random = createRandomStreams(5);
    const streams = new Map(names.map((name) => [name, createStream(random, name)]));
    return Array.from({ length: 4 }, () => nextBits(random, streams.get(wanted) ?? 0));
  };
  expect(draws(["a", "b"], "b")).toEqual(draws(["b"], "b"));
  expect(draws(["a", "b"], "b")).not.toEqual(draws(["a", "b"], "a"));
});

test("what will be drawn can be looked at beforehand, and is drawn all the same", () => {
  const random = createRandomStreams(5);
  const stream = createStream(random, "s");
  for (let bound = 1; bound < 2000; bound++) expect(peekBelow(random, stream, bound)).toBe(nextBelow(random, stream, bound));
});

test("draws have the moments of their distributions (5 standard errors)", () => {
  const random = createRandomStreams(1);
  const stream = createStream(random, "s");
  const n = 200_000;
  const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((sum, value) => sum + value, 0) / n;
  expect(Math.abs(mean(() => nextUniform(random, stream)) - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(n));
  expect(Math.abs(mean(() => nextExponential(random, stream)) - 1)).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(mean(() => nextBelow(random, stream, 7)) - 3)).toBeLessThan((5 * 2) / Math.sqrt(n));
  expect(Math.abs(mean(() => Math.log(nextLognormal(random, stream, 10, 0.5))) - Math.log(10))).toBeLessThan(
    (5 * 0.5) / Math.sqrt(n),
  );
});

test("events come out by time, equal times in the order of scheduling, whether through the chain, the heap or a lane", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          delay: fc.constantFrom(0, 1, 1, 2, 5, 5, 9),
          lane: fc.boolean(),
          // More at once than the chain takes, and none left now and then.
          pushes: fc.constantFrom(1, 1, 1, 1, 90),
          pops: fc.constantFrom(0, 1, 2, 2, 40, 200),
        }),
        { maxLength: 200 },
      ),
      (steps) => {
        const queue = createEventQueue();
        const expected: { at: number; order: number }[] = [];
        let now = 0;
        let order = 0;
        const pop = () => {
          const time = peekTime(queue);
          if (time === Infinity) return;
          let code = codeAt(queue, takeNext(queue));
          if (isLaneCode(code)) {
            const lane = numberOf(code);
            code = headCode(laneOf(queue, lane));
            if (dropHead(laneOf(queue, lane))) awaitLaneHead(queue, lane);
          }
          expected.sort((a, b) => a.at - b.at || a.order - b.order);
          expect([time, numberOf(code)]).toEqual([expected[0]?.at, expected[0]?.order]);
          expected.shift();
          now = time;
        };
        for (const step of steps) {
          for (let i = 0; i < step.pushes; i++) {
            // Of those pushed together each other one is due later than the last: they rise in the heap.
            const delay = step.delay + (i & 1) * i;
            if (step.lane && i < 2) pushTimer(queue, { now }, delay, 1, order, 0);
            else pushEvent(queue, now + delay, 1, order, 0);
            expected.push({ at: now + delay, order: order++ });
          }
          for (let i = 0; i < step.pops; i++) pop();
        }
        while (expected.length > 0) pop();
        expect(peekTime(queue)).toBe(Infinity);
      },
    ),
  );
});

test("a copy shares nothing but frozen objects, and has the same hash", () => {
  const frozen = Object.freeze({ a: 1 });
  const state = { n: 1, list: [1, { x: 2 }], typed: Float64Array.of(1, 2), map: new Map([[1, [2]]]), frozen };
  const { state: copy } = copyState(state);
  expect(copy).toEqual(state);
  expect(hashState(copy, 0)).toBe(hashState(state, 0));
  copy.map.get(1)?.push(3);
  copy.typed[0] = 9;
  expect(state.map.get(1)).toEqual([2]);
  expect(state.typed[0]).toBe(1);
  expect(copy.frozen).toBe(frozen);
  expect(hashState(copy, 0)).not.toBe(hashState(state, 0));
});

test("links stay links between the copies, round trips and long chains too", () => {
  interface Link {
    n: number;
    next: Link | null;
    first: Link | null;
  }
  const first: Link = { n: 0, next: null, first: null };
  first.first = first;
  let last = first;
  for (let n = 1; n < 200_000; n++) last = last.next = { n, next: null, first };
  const source = { first, last, links: [last, first] };
  const { state, bytes } = copyState(source);
  // Asked as yes or no: a matcher that prints such a chain runs out of stack.
  expect(state.first !== first).toBe(true);
  expect(state.first.first === state.first && state.last.first === state.first).toBe(true);
  expect(state.links[0] === state.last).toBe(true);
  expect(state.last.n).toBe(199_999);
  expect(bytes).toBeGreaterThan(200_000 * 24);
  expect(hashState(state, 0)).toBe(hashState(source, 0));
  state.last.first = state.last;
  expect(hashState(state, 0)).not.toBe(hashState(source, 0));
});

test("what waits reads the same, whether or not somebody looked at the time of the next event in between", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ time: fc.nat({ max: 9 }), looks: fc.boolean() }), { maxLength: 400 }), (steps) => {
      const [quiet, looked] = [createEventQueue(), createEventQueue()];
      for (const queue of [quiet, looked]) {
        steps.forEach(({ time, looks }, order) => {
          // Every third step takes one.
          if (order % 3 === 2 && peekTime(queue) < Infinity) takeNext(queue);
          if (looks && queue === looked) peekTime(queue);
          pushEvent(queue, time, 1, order, 0);
          if (order % 5 === 4 && peekTime(queue) < Infinity) takeNext(queue);
          if (looks && queue === looked) peekTime(queue);
        });
      }
      expect(waitingEvents(quiet)).toEqual(waitingEvents(looked));
    }),
  );
});
