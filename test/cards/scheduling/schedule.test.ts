import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createScheduler, defaultDeckOptions, localDayClock, newSchedule, type Rating, ratings, type Schedule } from "#cards";

const clock = localDayClock(() => 0);
const startMs = Date.UTC(2026, 10, 21, 10);
const minuteMs = 60_000;
const dayMs = 86_400_000;
const scheduler = createScheduler({ ...defaultDeckOptions, fuzz: false }, clock);

/** Answers a card with the given ratings, each when it is due; the states and intervals on the way. */
function checkSchedule(given: readonly Rating[], expected: readonly [state: Schedule["state"], interval: number][]) {
  let schedule = newSchedule();
  let atMs = startMs;
  const seen = given.map((rating) => {
    const { after, interval } = scheduler.answer("a-en#0", schedule, rating, atMs);
    schedule = after;
    atMs = Math.max(after.dueMs, atMs);
    return [after.state, interval] as const;
  });
  expect(seen).toEqual(expected);
  return schedule;
}

describe("steps, as in Anki's default preset (1m 10m; 10m)", () => {
  test("Good twice leaves learning", () => {
    // S after Good, Good on one day: 2.3065 → 2.3065, 2 days at 90 %.
    checkSchedule(
      [3, 3],
      [
        ["learning", -600],
        ["review", 2],
      ],
    );
  });
  test("Again goes back to the first step, Hard lies between the steps", () => {
    checkSchedule(
      [3, 1, 2, 3],
      [
        ["learning", -600],
        ["learning", -60],
        ["learning", -360],
        ["learning", -600],
      ],
    );
  });
  test("Easy leaves learning at once", () => {
    checkSchedule([4], [["review", 8]]);
  });
  test("a lapse goes through the relearning step and counts", () => {
    const schedule = checkSchedule(
      [4, 1],
      [
        ["review", 8],
        ["relearning", -600],
      ],
    );
    expect(schedule).toMatchObject({ lapses: 1, reps: 2 });
    const { after } = scheduler.answer("a-en#0", schedule, 3, schedule.dueMs);
    expect(after.state).toBe("review");
    expect(after.scheduledDays).toBeGreaterThanOrEqual(1);
  });
});

test("a review card is due at the beginning of its day, 4 a.m.", () => {
  const { after } = scheduler.answer("a-en#0", newSchedule(), 4, startMs);
  expect(after.dueMs).toBe(Date.UTC(2026, 10, 29, 4));
  expect(after.lastReviewMs).toBe(startMs);
});

test("a learning card that crosses 4 a.m. is a day older, one that crosses midnight is not", () => {
  const late = scheduler.answer("a-en#0", newSchedule(), 3, Date.UTC(2026, 10, 21, 22, 30)).after;
  const same = scheduler.answer("a-en#0", late, 3, Date.UTC(2026, 10, 22, 0, 30)).after;
  const next = scheduler.answer("a-en#0", late, 3, Date.UTC(2026, 10, 22, 4, 30)).after;
  expect(next.stability).toBeGreaterThan(same.stability * 1.5);
});

test("a clock that was set back does not break the card", () => {
  const { after } = scheduler.answer("a-en#0", newSchedule(), 4, startMs);
  const again = scheduler.answer("a-en#0", after, 3, startMs - 5 * dayMs);
  expect(again.after.dueMs).toBeGreaterThan(startMs);
  expect(again.after.lastReviewMs).toBe(startMs);
});

const history = fc.array(fc.tuple(fc.constantFrom<Rating>(1, 2, 3, 4), fc.integer({ min: 0, max: 60 })), { maxLength: 15 });

describe("with fuzz", () => {
  const fuzzy = createScheduler(defaultDeckOptions, clock);

  test("what a button shows is what pressing it does, at any moment of that day", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 17 * 60 }), (reviews, laterMinutes) => {
        let schedule = newSchedule();
        let atMs = startMs;
        for (const [rating, days] of reviews) {
          schedule = fuzzy.answer("card#0", schedule, rating, atMs).after;
          atMs += days * dayMs + minuteMs;
        }
        const shown = fuzzy.preview("card#0", schedule, atMs);
        for (const rating of ratings) {
          const pressed = fuzzy.answer("card#0", schedule, rating, atMs + Math.min(laterMinutes, 60) * minuteMs);
          expect(pressed.interval).toBe(shown[rating].interval);
        }
        const days = ratings.map((rating) => shown[rating].interval).filter((interval) => interval > 0);
        expect([...days].sort((a, b) => a - b)).toEqual(days);
      }),
      { numRuns: 200 },
    );
  });

  test("spreads cards of one age and keeps memory as it is", () => {
    const mature: Schedule = { ...scheduler.answer("x", newSchedule(), 4, startMs).after, stability: 60, scheduledDays: 60 };
    const answers = Array.from({ length: 40 }, (_, i) => fuzzy.answer(`card-${i}#0`, mature, 3, startMs + 60 * dayMs));
    const exact = scheduler.answer("x", mature, 3, startMs + 60 * dayMs);
    expect(new Set(answers.map(({ interval }) => interval)).size).toBeGreaterThan(5);
    for (const { after, interval } of answers) {
      expect(after.stability).toBe(exact.after.stability);
      expect(Math.abs(interval / exact.interval - 1)).toBeLessThan(0.1);
    }
  });
});

test("desired retention and maximum interval are obeyed", () => {
  const mature: Schedule = { ...scheduler.answer("x", newSchedule(), 4, startMs).after, stability: 100 };
  const at = startMs + 8 * dayMs;
  const with95 = createScheduler({ ...defaultDeckOptions, fuzz: false, desiredRetention: 0.95 }, clock);
  const short = createScheduler({ ...defaultDeckOptions, fuzz: false, maximumIntervalDays: 30 }, clock);
  expect(with95.answer("x", mature, 3, at).interval).toBeLessThan(scheduler.answer("x", mature, 3, at).interval / 2);
  for (const rating of ratings) expect(short.answer("x", mature, rating, at).interval).toBeLessThanOrEqual(30);
});

test("retrievability is 90 % when the stability has passed", () => {
  const schedule: Schedule = { ...scheduler.answer("x", newSchedule(), 4, startMs).after, stability: 20 };
  expect(scheduler.retrievability(schedule, startMs + 20 * dayMs)).toBeCloseTo(0.9, 4);
  expect(scheduler.retrievability(newSchedule(), startMs)).toBe(0);
});
