/** Training items as Anki cuts them, evaluation as fsrs-rs counts it, and training that never makes things worse. */
import { computeParameters, FSRSBindingItem, FSRSBindingReview } from "@open-spaced-repetition/binding";
import { describe, expect, test } from "vitest";
import {
  type Evaluation,
  evaluateWeights,
  fillWeights,
  flattened,
  isBetter,
  type LogRow,
  type TrainingItem,
  trainingItems,
} from "#cards";
import { clock, madeLog } from "./made-histories.ts";

const at = (day: number, minute = 0) => Date.UTC(2026, 5, 1, 10, minute) + day * 86_400_000;
const review = (id: number, stateBefore: "new" | "learning" | "review" | "relearning", rating: 1 | 2 | 3 | 4 = 3): LogRow => ({
  id,
  slug: "a-en",
  ord: 0,
  kind: "review",
  rating,
  stateBefore,
  ivlBefore: 0,
  ivlAfter: 1,
  sAfter: 1,
  dAfter: 5,
  durationMs: 1,
  source: "app",
});
const manual = (id: number, change: "reset" | "cram" | "due"): LogRow => ({
  id,
  slug: "a-en",
  ord: 0,
  kind: "manual",
  change,
  ivlBefore: 1,
  ivlAfter: 0,
  source: "app",
});
const cut = (...rows: LogRow[]) =>
  trainingItems(rows, clock).map(({ reviews }) => reviews.map(({ rating, deltaDays }) => `${rating}@${deltaDays}`).join(" "));

describe("training items", () => {
  test("one for each review of a later day, with all that came before", () => {
    expect(cut(review(at(0), "new"), review(at(0, 10), "learning"), review(at(2), "review"), review(at(7), "review", 1))).toEqual(
      ["3@0 3@0 3@2", "3@0 3@0 3@2 1@5"],
    );
  });
  test("from the last beginning on: what was before a reset and a new beginning does not count", () => {
    const first = [review(at(0), "new"), review(at(3), "review")];
    expect(cut(...first, manual(at(4), "reset"), review(at(5), "new"), review(at(8), "review", 2))).toEqual(["3@0 2@3"]);
    expect(cut(...first, manual(at(4), "reset"))).toEqual([]);
  });
  test("without a beginning nothing is learnt; cram answers and marks are passed over, taken-back reviews are gone", () => {
    expect(cut(review(at(3), "review"), review(at(9), "review"))).toEqual([]);
    const mark: LogRow = { id: at(1, 1), slug: "a-en", ord: 0, kind: "mark", change: { flag: 1 }, source: "app" };
    const undo: LogRow = { id: at(6), slug: "a-en", ord: 0, kind: "undo", undoes: at(5), source: "app" };
    const rows = [review(at(0), "new"), manual(at(1), "cram"), mark, review(at(2), "review"), review(at(5), "review"), undo];
    expect(cut(...rows)).toEqual(["3@0 3@2"]);
  });
  test("an Anki day turns at 4 a.m.", () => {
    const late = Date.UTC(2026, 5, 2, 3);
    expect(cut(review(at(0), "new"), review(late, "learning"))).toEqual([]);
  });
  test("flattened as the optimizers take them", () => {
    const items: TrainingItem[] = [
      {
        id: 1,
        reviews: [
          { rating: 3, deltaDays: 0 },
          { rating: 1, deltaDays: 2 },
        ],
      },
      {
        id: 2,
        reviews: [
          { rating: 4, deltaDays: 0 },
          { rating: 3, deltaDays: 9 },
        ],
      },
    ];
    const { ratings, deltas, lengths } = flattened(items);
    expect([[...ratings], [...deltas], [...lengths]]).toEqual([
      [3, 1, 4, 3],
      [0, 2, 0, 9],
      [2, 2],
    ]);
  });
});

async function train(items: readonly TrainingItem[]): Promise<number[]> {
  const set = items.map(
    ({ reviews }) => new FSRSBindingItem(reviews.map(({ rating, deltaDays }) => new FSRSBindingReview(rating, deltaDays))),
  );
  return computeParameters(set, { enableShortTerm: true });
}

describe("training", { timeout: 120_000 }, () => {
  /** A learner who forgets three times as quickly as the defaults say. */
  const quick = fillWeights([])!.map((w, i) => (i < 4 ? w / 3 : w));
  const items = trainingItems(madeLog(250, quick), clock);

  test("finds parameters that predict a learner of another memory better than the defaults do", async () => {
    expect(items.length).toBeGreaterThan(1000);
    const weights = await train(items);
    expect(fillWeights(weights)).toBeDefined();
    const [before, after] = [evaluateWeights([], items), evaluateWeights(weights, items)];
    expect(after.logLoss).toBeLessThan(before.logLoss);
    expect(after.rmseBins).toBeLessThan(before.rmseBins);
    expect(isBetter(after, before)).toBe(true);
    expect(weights[2]!).toBeLessThan(fillWeights([])![2]! / 1.5);
  });

  test("is taken only when it is better", () => {
    const evaluation = (logLoss: number): Evaluation => ({ logLoss, rmseBins: 0.1, items: 10 });
    expect(isBetter(evaluation(0.3), evaluation(0.3))).toBe(false);
    expect(isBetter(evaluation(0.31), evaluation(0.3))).toBe(false);
    expect(isBetter(evaluation(0.29), evaluation(0.3))).toBe(true);
  });

  test("the true parameters are the best prediction, by log loss", () => {
    const truth = evaluateWeights(quick, items);
    expect(truth.logLoss).toBeLessThan(evaluateWeights([], items).logLoss);
    expect(truth.items).toBe(items.length);
  });
});
