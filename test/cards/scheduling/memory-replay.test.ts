/** Memory states equal the real Anki's, for every history and parameter set that was recorded from it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMemoryReplay, fixedDayClock, type RatedMoment } from "#cards";

interface ParityFile {
  nextDayAt: number;
  cases: { cid: number; reviews: RatedMoment[] }[];
  sets: Record<string, { w: number[]; states: Record<string, [stability: number, difficulty: number, decay: number]> }>;
}

const folder = process.env.MESHWISE_CONFORMANCE ?? join(import.meta.dirname, "../../../../shared/conformance");
const file = join(folder, "anki/fsrs-parity.json");

/** Four histories with what Anki 26.09.3 made of them: same-day reviews, lapses, a gap of 200 days. */
const recorded: { days: number[]; ratings: number[]; states: Record<"default" | "zeroW19", [number, number]> }[] = [
  {
    days: [0, 1, 21, 21, 21, 221],
    ratings: [3, 3, 1, 3, 2, 1],
    states: { default: [0.835770845, 9.408699989], zeroW19: [0.822247326, 9.408699989] },
  },
  { days: [0, 200], ratings: [1, 3], states: { default: [5.773665905, 6.402114868], zeroW19: [5.773665905, 6.402114868] } },
  {
    days: [0, 0, 2, 2, 202, 203, 207],
    ratings: [2, 3, 1, 3, 3, 3, 4],
    states: { default: [16.399511337, 7.765172005], zeroW19: [15.852971077, 7.765172005] },
  },
  {
    days: [0, 1, 3, 7, 27],
    ratings: [3, 2, 3, 3, 1],
    states: { default: [2.037301779, 8.254270554], zeroW19: [2.037301779, 8.254270554] },
  },
];

/** The defaults without short-term memory: w17 … w19 are 0, which ts-fsrs alone would lift to 0.01. */
const zeroW19 = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014,
  1.8729, 0, 0, 0, 0.1542,
];

describe("a few histories of Anki, kept here", () => {
  test.each([["default", []] as const, ["zeroW19", zeroW19] as const])("%s", (name, weights) => {
    const replayMemory = createMemoryReplay(weights, fixedDayClock(0));
    for (const { days, ratings, states } of recorded) {
      const reviews = days.map((day, i) => ({ id: day * 86_400_000 + 3_600_000 + i * 60_000, rating: ratings[i]! }));
      const state = replayMemory(reviews)!;
      expect(Math.abs(state.stability / states[name][0] - 1)).toBeLessThan(1e-4);
      expect(Math.abs(state.difficulty - states[name][1])).toBeLessThan(1e-4);
    }
  });

  test("Anki's day: 22:30 and 00:30 UTC are one day, so the second review is a same-day one", () => {
    const reviews = [
      { id: Date.UTC(2026, 10, 20, 22, 30), rating: 4 },
      { id: Date.UTC(2026, 10, 21, 0, 30), rating: 3 },
    ];
    const rollover = createMemoryReplay([], fixedDayClock(Date.UTC(2026, 10, 21, 4) / 1000));
    const midnight = createMemoryReplay([], fixedDayClock(Date.UTC(2026, 10, 21, 0) / 1000));
    expect(rollover(reviews)!.stability).toBeCloseTo(8.2956, 3);
    expect(midnight(reviews)!.stability).toBeCloseTo(13.4851, 3);
  });

  test("manual changes are passed over; a history without a rating has no state", () => {
    const replayMemory = createMemoryReplay([], fixedDayClock(0));
    expect(replayMemory([{ id: 1, rating: 0 }])).toBeUndefined();
    expect(
      replayMemory([
        { id: 1, rating: 3 },
        { id: 2, rating: 0 },
      ]),
    ).toEqual(replayMemory([{ id: 1, rating: 3 }]));
  });
});

describe.runIf(existsSync(file))("histories recorded from Anki", () => {
  const parity: ParityFile = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { nextDayAt: 0, cases: [], sets: {} };
  test.each(Object.keys(parity.sets))("parameter set %s", (name) => {
    const { w, states } = parity.sets[name]!;
    const replayMemory = createMemoryReplay(w, fixedDayClock(parity.nextDayAt));
    let compared = 0;
    for (const { cid, reviews } of parity.cases) {
      const expected = states[cid];
      if (!expected) continue;
      const state = replayMemory(reviews);
      expect(state, `case ${cid}`).toBeDefined();
      expect(Math.abs(state!.stability / expected[0] - 1), `stability of ${cid}`).toBeLessThan(1e-4);
      expect(Math.abs(state!.difficulty - expected[1]), `difficulty of ${cid}`).toBeLessThan(1e-4);
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});
