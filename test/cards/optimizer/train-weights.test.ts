/** The parameters that Anki finds (kept by `npm run oracle:anki-optimizer`), and training that never makes things worse. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Evaluation, evaluateWeights, fillWeights, isBetter, trainingHistories, trainingItems, trainWeights } from "#cards";
import { fullHistories, type GoldenTraining, shortHistories } from "./golden-training.ts";
import { clock, madeLog } from "./made-histories.ts";
import { madeLogs } from "./made-logs.ts";

const golden: Record<string, GoldenTraining> = JSON.parse(
  readFileSync(new URL("../../golden/fsrs-training.json", import.meta.url), "utf8"),
);

describe("as Anki 26.09.3", () => {
  test("every made log was given to it", () => {
    expect(Object.keys(golden)).toEqual(Object.keys(madeLogs));
    expect(Object.keys(golden).length).toBeGreaterThanOrEqual(10);
  });

  test.each(Object.entries(golden))("%s", (_name, { cards, relearningSteps, weights, before, after }) => {
    const histories = fullHistories(cards);
    expect(shortHistories(histories)).toEqual(cards);
    const found = trainWeights(histories, { relearningSteps });
    expect(found).toHaveLength(21);
    for (const [i, value] of found.entries()) expect(Math.abs(value - weights[i]!), `w${i}`).toBeLessThan(1e-4);
    for (const [of, [logLoss, rmseBins]] of [
      [[], before],
      [weights, after],
    ] as const) {
      const evaluation = evaluateWeights(of, histories);
      expect(Math.abs(evaluation.logLoss - logLoss)).toBeLessThan(1e-5);
      expect(Math.abs(evaluation.rmseBins - rmseBins)).toBeLessThan(1e-4);
    }
  });
});

describe("training", () => {
  /** A learner who forgets three times as quickly as the defaults say. */
  const quick = fillWeights([])!.map((w, i) => (i < 4 ? w / 3 : w));
  const histories = trainingHistories({ log: madeLog(250, quick), clock, nowMs: Date.UTC(2026, 10, 21) });

  test("finds parameters that predict a learner of another memory better than the defaults do", () => {
    expect(trainingItems(histories).length).toBeGreaterThan(1000);
    const weights = trainWeights(histories, { relearningSteps: 1 });
    expect(fillWeights(weights)).toBeDefined();
    const [before, after] = [evaluateWeights([], histories), evaluateWeights(weights, histories)];
    expect(after.logLoss).toBeLessThan(before.logLoss);
    expect(after.rmseBins).toBeLessThan(before.rmseBins);
    expect(isBetter(after, before)).toBe(true);
    expect(weights[2]!).toBeLessThan(fillWeights([])![2]! / 1.5);
  });

  test("tells how far it is, up to the end", () => {
    const shares: number[] = [];
    trainWeights(histories, { relearningSteps: 1, onProgress: (done) => shares.push(done) });
    expect(shares.length).toBeGreaterThan(8);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBe(1);
  });

  test("nothing to learn from gives the defaults", () => {
    expect(trainWeights([], { relearningSteps: 1 })).toEqual(fillWeights([]));
    expect(evaluateWeights([], [])).toEqual({ logLoss: 0, rmseBins: 0, items: 0 });
  });

  test("is taken only when it is better", () => {
    const evaluation = (logLoss: number): Evaluation => ({ logLoss, rmseBins: 0.1, items: 10 });
    expect(isBetter(evaluation(0.3), evaluation(0.3))).toBe(false);
    expect(isBetter(evaluation(0.31), evaluation(0.3))).toBe(false);
    expect(isBetter(evaluation(0.29), evaluation(0.3))).toBe(true);
  });

  test("the true parameters are the best prediction, by log loss", () => {
    const truth = evaluateWeights(quick, histories);
    expect(truth.logLoss).toBeLessThan(evaluateWeights([], histories).logLoss);
    expect(truth.items).toBe(trainingItems(histories).length);
  });
});
