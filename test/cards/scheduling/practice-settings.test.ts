import { expect, test } from "vitest";
import { defaultPracticeSettings, optionsOfDeck, readPracticeSettings, readSteps } from "#cards";

test("nothing, rubbish and the defaults themselves give the defaults", () => {
  for (const value of [undefined, null, 7, "x", [], {}, { options: 3, decks: [], restart: "soon" }, defaultPracticeSettings]) {
    expect(readPracticeSettings(value)).toEqual(defaultPracticeSettings);
  }
});

test("values out of range are brought into it, values of the wrong kind fall back", () => {
  const read = readPracticeSettings({
    options: {
      desiredRetention: 0.1,
      maximumIntervalDays: 1e9,
      newPerDay: -5,
      reviewsPerDay: Number.NaN,
      learningSteps: ["1m", "soon"],
      relearningSteps: [],
      weights: [1, 2, 3],
      easyDays: ["minimum", "lazy", "normal", "reduced", "normal", "normal", "normal"],
    },
    decks: { A: { desiredRetention: 2 }, B: { leechThreshold: 3 }, C: "x", D: { newPerDay: 3, reviewsPerDay: -1 } },
    restart: { startedDay: 1, days: 3, size: 30 },
  });
  expect(read.options).toMatchObject({
    desiredRetention: 0.7,
    maximumIntervalDays: 36_500,
    newPerDay: 0,
    reviewsPerDay: 200,
    learningSteps: ["1m", "10m"],
    relearningSteps: [],
    weights: [],
    easyDays: ["minimum", "normal", "normal", "reduced", "normal", "normal", "normal"],
  });
  expect(read.decks).toEqual({ A: { desiredRetention: 0.99 }, D: { newPerDay: 3, reviewsPerDay: 0 } });
  expect(read.restart).toEqual({ startedDay: 1, days: 3, size: 30 });
  expect(optionsOfDeck(read, "A").desiredRetention).toBe(0.99);
  expect(optionsOfDeck(read, "other").desiredRetention).toBe(0.7);
});

test("steps as the learner writes them", () => {
  expect(readSteps(" 1m, 10m  1h 1d ")).toEqual(["1m", "10m", "1h", "1d"]);
  expect(readSteps("")).toEqual([]);
  expect(readSteps("10")).toBeUndefined();
  expect(readSteps("0m")).toBeUndefined();
});
