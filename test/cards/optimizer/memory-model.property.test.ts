/** The gradient against finite differences, and the same memory as ts-fsrs, which is compared with Anki by itself. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultDeckOptions, fillWeights } from "#cards";
import { createLoss, createRecall, type WeightedHistory } from "../../../src/cards/optimizer/memory-model.ts";
import { AnkiFsrs } from "../../../src/cards/scheduling/anki-fsrs.ts";

const defaults = fillWeights([])!;
/** Near enough to the defaults that no bound is met by the parameters themselves. */
const anyWeights = fc
  .array(fc.double({ min: 0.6, max: 1.4, noNaN: true }), { minLength: 21, maxLength: 21 })
  .map((factors) => Float64Array.from(defaults, (w, i) => (i === 7 ? 0.02 : w) * factors[i]!));
const anyReview = fc.record({
  rating: fc.integer({ min: 1, max: 4 }),
  days: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1000 })),
  importance: fc.oneof(fc.constant(0), fc.double({ min: 0.25, max: 1, noNaN: true })),
});
const anyHistory = fc.array(anyReview, { minLength: 2, maxLength: 25 }).map(
  (reviews): WeightedHistory => ({
    ratings: Uint8Array.from(reviews, ({ rating }) => rating),
    deltaDays: Float64Array.from(reviews, ({ days }, i) => (i === 0 ? 0 : days)),
    importance: Float64Array.from(reviews, ({ importance }, i) => (i === 0 ? 0 : importance)),
  }),
);

describe("FSRS-6 with its gradient", () => {
  test("each of the 21 slopes is what a small change of the parameter makes", () => {
    const used = new Set<number>();
    fc.assert(
      fc.property(anyWeights, fc.array(anyHistory, { minLength: 1, maxLength: 4 }), (w, histories) => {
        const addLoss = createLoss(25);
        const loss = (changed: Float64Array) => addLoss(changed, histories, new Float64Array(21));
        const gradient = new Float64Array(21);
        addLoss(w, histories, gradient);
        for (let i = 0; i < 21; i++) {
          const slopeBy = (step: number) => (loss(w.with(i, w[i]! + step)) - loss(w.with(i, w[i]! - step))) / (2 * step);
          const [near, nearer] = [slopeBy(1e-6), slopeBy(2e-7)];
          // Where a bound or another branch lies between, the two differences disagree: there is no slope to compare.
          const scale = Math.max(1, Math.abs(near));
          if (Math.abs(near - nearer) > 1e-5 * scale) continue;
          if (near !== 0) used.add(i);
          expect(Math.abs(gradient[i]! - near) / scale, `w${i}: ${gradient[i]} for ${near}`).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 300, seed: 20_261_130 },
    );
    expect(used.size).toBe(21);
  });

  test("the same chances of recall as the scheduler's", () => {
    fc.assert(
      fc.property(anyWeights, anyHistory, (w, history) => {
        const recall = createRecall(w, 25)(history);
        const scheduler = new AnkiFsrs({ ...defaultDeckOptions, weights: [...w], fuzz: false });
        let state: ReturnType<typeof scheduler.next_state> | null = null;
        for (const [i, rating] of history.ratings.entries()) {
          const days = history.deltaDays[i]!;
          // ts-fsrs rounds to eight digits.
          if (state) expect(recall[i]!).toBeCloseTo(scheduler.forgetting_curve(days, state.stability), 5);
          state = scheduler.next_state(state, days, rating as 1 | 2 | 3 | 4);
        }
      }),
      { numRuns: 300, seed: 20_261_130 },
    );
  });
});
