import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { createScheduler, defaultDeckOptions, fixedDayClock, newSchedule } from "../../../src/cards/index.ts";
import { recallAt } from "../../../src/ui/progress/recall-summary.ts";
import { summariseRecall } from "../../../src/ui/review/keep-recall.ts";

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 1, 12);
const reviewed = (stability: number, daysAgo: number) => ({
  ...newSchedule(),
  state: "review" as const,
  stability,
  lastReviewMs: nowMs - daysAgo * dayMs,
  dueMs: nowMs,
  reps: 1,
});

describe("the summary of what is remembered", () => {
  it("gives the scheduler's own chance of recall", () => {
    const scheduler = createScheduler(defaultDeckOptions, fixedDayClock(0));
    for (const [stability, days] of [
      [10, 10],
      [3.2, 20],
      [120, 7],
    ] as const) {
      const schedules = new Map([["a-en#0", reviewed(stability, days)]]);
      const { cards, decay } = summariseRecall(schedules, 0.1542, () => "l", nowMs);
      const expected = scheduler.retrievability(reviewed(stability, days), nowMs);
      expect(recallAt(cards["a-en"]!, decay, nowMs)).toBeCloseTo(expected, 3);
    }
  });

  it("keeps the weakest card of a note, leaves out what was never answered, and remembers lessons it is not told", () => {
    const schedules = new Map([
      ["a-en#0", reviewed(50, 1)],
      ["a-en#1", reviewed(2, 5)],
      ["b-en#0", newSchedule()],
      ["c-en#0", reviewed(5, 1)],
    ]);
    const before = { decay: 0.2, cards: { "c-en": [1, 1, 1, "planes"] as [number, number, number, string] } };
    const { cards } = summariseRecall(schedules, 0.2, (slug) => (slug === "a-en" ? "xds" : undefined), nowMs, before);
    expect(Object.keys(cards)).toEqual(["a-en", "c-en"]);
    expect(cards["a-en"]?.[0]).toBe(2);
    expect([cards["a-en"]?.[3], cards["c-en"]?.[3]]).toEqual(["xds", "planes"]);
  });
});

it("what every lesson carries to show it is at most 2 KB", () => {
  const built = buildSync({
    entryPoints: ["src/ui/lesson/recall-map.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  expect(built.outputFiles[0]?.contents.byteLength).toBeLessThanOrEqual(2048);
});
