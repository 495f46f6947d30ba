import { describe, expect, it } from "vitest";
import { equationsIn, evaluate, isSaidAs } from "../../../src/lessons/claims/arithmetic.ts";

describe("evaluate", () => {
  it.each([
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["100 * 0.99 ^ 30", 73.97],
    ["1 - 0.1 ^ 3", 0.999],
    ["10 - 4 - 3", 3],
    ["-2 + 5", 3],
    ["3 * √(2 + 2)", 6],
  ])("works out %s", (sum, value) => expect(evaluate(sum)).toBeCloseTo(value, 2));

  it.each(["", "2 +", "(2", "2 2", "two"])("refuses %j", (sum) => expect(() => evaluate(sum)).toThrow());
});

describe("isSaidAs", () => {
  it("rounds to the last digit that is said", () => {
    expect(isSaidAs(83.333, 83.3)).toBe(true);
    expect(isSaidAs(83.333, 83.4)).toBe(false);
    expect(isSaidAs(189_999, 190_000)).toBe(true);
    expect(isSaidAs(180_000, 190_000)).toBe(false);
    expect(isSaidAs(26.2, 26)).toBe(true);
    expect(isSaidAs(26.2, 27)).toBe(false);
  });
});

describe("equationsIn", () => {
  it("finds what a text works out, with units and their scales, and says whether it is right", () => {
    expect(equationsIn("that is 200 × 0.3 × 25 = 1500 requests")).toMatchObject([{ result: 1500, isRight: true }]);
    expect(equationsIn("1000 × 60 MB = 60 GB")).toMatchObject([{ result: 60, isRight: true }]);
    expect(equationsIn("0.9 × 0.95 = 85.5%")).toMatchObject([{ result: 85.5, isRight: true }]);
    expect(equationsIn("3 + 2 + 2 − 2 = 7")).toMatchObject([{ result: 7, isRight: false }]);
    expect(equationsIn("no sum at all, 3 of 4")).toEqual([]);
  });

  it("knows powers, roots and brackets", () => {
    expect(equationsIn("2% → 0.02² = 0.04%, 1.25^3 = 1.95")).toMatchObject([{ isRight: true }, { isRight: true }]);
    expect(equationsIn("(500 − 300)/500 = 40%; d ≥ 3·√(4 + 5) = 8")).toMatchObject([{ isRight: true }, { isRight: false }]);
    expect(equationsIn("for each (3 services × 4 = 12); | + 6 × 60 MB = 0.36 GB |")).toMatchObject([
      { sum: "3 services × 4", isRight: true },
      { result: 0.36, isRight: true },
    ]);
  });

  it("does not judge the end of a longer sum, or what is no sum", () => {
    expect(equationsIn("50 ± 3·√(1000·0.05) = 50, all ≤ first/(1 − 0.2) = 1.25, n · 3 + 1 = 9, 3 retries = 4 tries")).toEqual([]);
  });
});
