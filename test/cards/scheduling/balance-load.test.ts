import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createDayLoads,
  createDeckSchedulers,
  type DayLoads,
  type DeckOptions,
  defaultDeckOptions,
  localDayClock,
  newSchedule,
  type Rating,
  ratings,
  type Schedule,
} from "#cards";

const clock = localDayClock(() => 0);
/** A Saturday. */
const nowMs = Date.UTC(2026, 10, 21, 10);
const today = clock.dayOf(nowMs);
const empty: DayLoads = { count: () => 0, hasSibling: () => false };
const mature = (stability: number): Schedule => ({
  ...newSchedule(),
  state: "review",
  dueMs: clock.startOf(today),
  stability,
  difficulty: 5,
  scheduledDays: Math.round(stability),
  reps: 5,
  lastReviewMs: nowMs - stability * 86_400_000,
});
const schedulers = (over: Partial<DeckOptions> = {}) =>
  createDeckSchedulers({ options: { ...defaultDeckOptions, ...over }, decks: { Own: { desiredRetention: 0.95 } } }, clock);
const preview = (card: string, before: Schedule, loads: DayLoads, over: Partial<DeckOptions> = {}) =>
  schedulers(over).preview("Deck", card, before, nowMs, loads);

/** How the answers Good of many cards of one age spread over the days when each is counted before the next. */
function spread(over: Partial<DeckOptions>, cards = 300): Map<number, number> {
  const { preview: ask } = schedulers(over);
  const counts = new Map<number, number>();
  const loads: DayLoads = { count: (day) => counts.get(day) ?? 0, hasSibling: () => false };
  for (let i = 0; i < cards; i++) {
    const day = today + ask("Deck", `card-${i}#0`, mature(20), nowMs, loads)[3].interval;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return counts;
}
const weekday = (day: number) => (new Date(clock.startOf(day)).getUTCDay() + 6) % 7;

test("fills days more evenly than the fuzz alone", () => {
  const roughness = (counts: Map<number, number>) => Math.max(...counts.values()) / Math.min(...counts.values());
  const balanced = spread({ loadBalancing: true });
  const fuzzed = spread({ loadBalancing: false });
  expect(balanced.size).toBeGreaterThanOrEqual(fuzzed.size);
  expect(roughness(balanced)).toBeLessThan(roughness(fuzzed));
  expect(roughness(balanced)).toBeLessThan(1.5);
});

test("a minimum day takes next to nothing, a reduced one about half", () => {
  const none = spread({ easyDays: ["normal", "normal", "normal", "normal", "normal", "minimum", "minimum"] });
  const share = (counts: Map<number, number>, isOne: (day: number) => boolean) => {
    const [some, others] = [[...counts].filter(([day]) => isOne(day)), [...counts].filter(([day]) => !isOne(day))];
    const mean = (rows: [number, number][]) => rows.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, rows.length);
    return mean(some) / mean(others);
  };
  // A day without a card yet has weight 1 as in Anki, so each may get its first.
  expect(share(none, (day) => weekday(day) >= 5)).toBeLessThan(0.1);
  const half = share(
    spread({ easyDays: Array(7).fill("reduced").fill("normal", 0, 5) as DeckOptions["easyDays"] }),
    (day) => weekday(day) >= 5,
  );
  expect(half).toBeGreaterThan(0.3);
  expect(half).toBeLessThan(0.75);
});

test("a day with a sibling is avoided", () => {
  for (let i = 0; i < 40; i++) {
    const free = preview(`c${i}#0`, mature(20), empty)[3].interval;
    const loads: DayLoads = { count: () => 1, hasSibling: (day) => day === today + free };
    expect(preview(`c${i}#0`, mature(20), loads)[3].interval).not.toBe(free);
  }
});

describe("whatever the loads", () => {
  const history = fc.record({
    stability: fc.double({ min: 0.5, max: 400, noNaN: true }),
    elapsed: fc.integer({ min: 0, max: 500 }),
    seed: fc.integer({ min: 0, max: 1000 }),
    maximum: fc.constantFrom(5, 30, 36_500),
  });
  test("Hard < Good < Easy, within the fuzz and the longest interval, memory as it is, and the same when asked again", () => {
    fc.assert(
      fc.property(history, ({ stability, elapsed, seed, maximum }) => {
        const before: Schedule = { ...mature(stability), lastReviewMs: nowMs - elapsed * 86_400_000 };
        const loads: DayLoads = { count: (day) => (day * 7919 + seed) % 13, hasSibling: (day) => (day + seed) % 11 === 0 };
        const over = { maximumIntervalDays: maximum };
        const shown = preview(`card-${seed}#0`, before, loads, over);
        const exact = preview(`card-${seed}#0`, before, loads, { ...over, fuzz: false });
        expect(preview(`card-${seed}#0`, before, loads, over)).toEqual(shown);
        for (const rating of ratings) {
          const { after, interval } = shown[rating];
          expect(after.stability).toBe(exact[rating].after.stability);
          if (interval <= 0) continue;
          expect(interval).toBeLessThanOrEqual(maximum);
          expect(after.dueMs).toBe(clock.startOf(today + interval));
          expect(after.scheduledDays).toBe(interval);
        }
        const [hard, good, easy] = ([2, 3, 4] as Rating[]).map((rating) => shown[rating].interval) as [number, number, number];
        if (maximum > 1000) {
          expect(hard).toBeLessThan(good);
          expect(good).toBeLessThan(easy);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("loads count the review cards of each day but the one that asks, and know siblings", () => {
  const schedules = new Map([
    ["a-en#0", mature(10)],
    ["a-ru#0", { ...mature(10), dueMs: clock.startOf(today + 3) }],
    ["b-en#0", mature(5)],
    ["c-en#0", { ...newSchedule(), state: "learning" as const, dueMs: nowMs }],
  ]);
  const loadsOf = createDayLoads(schedules, clock);
  expect(loadsOf("a-en#0").count(today)).toBe(1);
  expect(loadsOf("x-en#0").count(today)).toBe(2);
  expect([loadsOf("a-en#0").hasSibling(today + 3), loadsOf("a-en#0").hasSibling(today)]).toEqual([true, false]);
});

test("a deck's own desired retention counts for its cards only", () => {
  const both = schedulers({ fuzz: false });
  const good = (deck: string) => both.preview(deck, "x#0", mature(50), nowMs, empty)[3];
  expect(good("Own").interval).toBeLessThan(good("Deck").interval * 0.7);
  expect(good("Own").after.stability).toBe(good("Deck").after.stability);
});
