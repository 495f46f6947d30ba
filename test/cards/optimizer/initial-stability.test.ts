import { describe, expect, test } from "vitest";
import {
  countsByRating,
  type FirstInterval,
  filledStabilities,
  initialStabilities,
} from "../../../src/cards/optimizer/initial-stability.ts";

const all = [1, 1, 1, 1];

describe("the stabilities after the first rating", () => {
  // The two figures are those that fsrs-rs 6.6.2 gives (its own test of `smooth_and_fill`).
  test("one that is missing follows from its neighbours, one that is known scales the defaults", () => {
    const filled = filledStabilities([0.4, undefined, 2.3, 10.9], [1, undefined, 1, 1]);
    expect(filled.map((value) => value.toFixed(5))).toEqual(["0.40000", "1.12270", "2.30000", "10.90000"]);
    const scaled = filledStabilities([undefined, 0.35, undefined, undefined], [undefined, 1, undefined, undefined]);
    expect(scaled.map((value) => value.toFixed(5))).toEqual(["0.05738", "0.35000", "0.62429", "2.24535"]);
  });

  test("whatever is missing: what is known stays, and all lie as Hard and Good do between their neighbours", () => {
    const truth = [0.3, 1.1, 3, 9];
    for (let present = 1; present < 16; present++) {
      const known = truth.map((value, i) => (present & (1 << i) ? value : undefined));
      const filled = filledStabilities(
        known,
        known.map((value) => (value === undefined ? undefined : 5)),
      );
      const count = known.filter((value) => value !== undefined).length;
      for (const [i, value] of known.entries()) if (value !== undefined) expect(filled[i]).toBeCloseTo(value, 5);
      expect(filled.toSorted((a, b) => a - b)).toEqual(filled);
      if (count !== 2) continue;
      const [again, hard, good, easy] = filled.map(Math.log) as [number, number, number, number];
      expect(hard).toBeCloseTo(0.41 * again + 0.59 * good, 4);
      expect(good).toBeCloseTo(0.46 * hard + 0.54 * easy, 4);
    }
  });

  test("a better rating is never less stable than a worse one: the one of more cards holds", () => {
    expect(filledStabilities([2, 1, 3, 4], [9, 1, 1, 1])).toEqual([2, 2, 3, 4]);
    expect(filledStabilities([2, 1, 3, 4], [1, 9, 1, 1])).toEqual([1, 1, 3, 4]);
    expect(filledStabilities([200, 200, 200, 1e-9], all)).toEqual([100, 100, 100, 100].map(() => expect.any(Number)));
  });

  test("found where the forgetting curve fits how the first returns went", () => {
    const curve = (days: number, stability: number) => (1 + (days / stability) * (0.9 ** (-1 / 0.1542) - 1)) ** -0.1542;
    const intervals = [1, 2, 4, 8, 16].map((deltaDays): FirstInterval => {
      return { rating: 3, deltaDays, count: 1e6, remembered: 1e6 * curve(deltaDays, 5) };
    });
    const found = initialStabilities(intervals, 0.9);
    expect(found.map((value) => value !== undefined)).toEqual([false, false, true, false]);
    expect(found[2]).toBeCloseTo(5, 3);
    expect(countsByRating(intervals)).toEqual([undefined, undefined, 5e6, undefined]);
  });
});
