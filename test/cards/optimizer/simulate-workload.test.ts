import { describe, expect, test } from "vitest";
import { defaultDeckOptions, defaultPace, paceOf, type ReviewRow, simulateWorkload, standingReviews } from "#cards";
import { madeLog } from "./made-histories.ts";

const request = { cards: 300, newPerDay: 10, days: 200, options: defaultDeckOptions, pace: defaultPace };

describe("a simulated year", () => {
  const at = (retention: number) => simulateWorkload(request, retention);
  test("a higher retention costs more reviews and leaves more remembered", () => {
    const rows = [0.75, 0.85, 0.95].map(at);
    for (const [i, row] of rows.entries()) {
      const before = rows[i - 1];
      if (!before) continue;
      expect(row.reviewsPerDay).toBeGreaterThan(before.reviewsPerDay);
      expect(row.remembered).toBeGreaterThan(before.remembered);
    }
    expect(rows[2]!.remembered).toBeLessThanOrEqual(300);
    expect(rows[2]!.remembered / 300).toBeGreaterThan(0.9);
  });
  test("the same question has the same answer", () => expect(at(0.9)).toEqual(at(0.9)));
  test("minutes follow the pace", () => {
    const slow = { ...defaultPace, rememberedS: 16, forgottenS: 48, newS: 60 };
    expect(simulateWorkload({ ...request, pace: slow }, 0.9).minutesPerDay).toBeCloseTo(2 * at(0.9).minutesPerDay, 9);
  });
  test("no cards, no work", () => {
    expect(simulateWorkload({ ...request, cards: 0 }, 0.9)).toMatchObject({ reviewsPerDay: 0, minutesPerDay: 0, remembered: 0 });
  });
});

describe("the learner's pace", () => {
  test("without enough answers the usual one", () => expect(paceOf([])).toEqual(defaultPace));
  test("from the log when there is enough", () => {
    const reviews: ReviewRow[] = standingReviews(madeLog(200, []));
    const pace = paceOf(reviews);
    expect(pace.rememberedS).toBe(5);
    expect(pace.ratings.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(pace.firstRatings.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });
});
