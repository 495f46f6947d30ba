import { describe, expect, test } from "vitest";
import {
  cardsOf,
  createScheduler,
  defaultDeckOptions,
  difficultyBars,
  forecast,
  intervalBars,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  noMarks,
  predictedRetention,
  recallBars,
  reviewsByDay,
  reviewsByHour,
  type Schedule,
  stabilityBars,
  standingReviews,
  statisticsOf,
  trueRetention,
} from "#cards";
import { clock as madeClock, madeLog } from "../optimizer/made-histories.ts";

/** Three hours east of UTC: the day turns at 1:00 UTC. */
const clock = localDayClock(() => 180);
const scheduler = createScheduler(defaultDeckOptions, clock);
const nowMs = Date.UTC(2026, 10, 21, 10);
const today = clock.dayOf(nowMs);
const dayMs = 86_400_000;

const row = (slug: string, id: number, over: object = {}): LogRow =>
  ({
    id,
    slug,
    ord: 0,
    kind: "review",
    rating: 3,
    stateBefore: "review",
    ivlBefore: 5,
    ivlAfter: 9,
    sAfter: 9,
    dAfter: 5,
    durationMs: 4000,
    source: "app",
    ...over,
  }) as LogRow;

describe("what the log says", () => {
  const log: LogRow[] = [
    row("a", nowMs - 3_600_000, { stateBefore: "new", ivlBefore: 0 }),
    row("b", nowMs - 7_200_000, { ivlBefore: 20 }),
    row("c", nowMs - 7_100_000, { ivlBefore: 21, rating: 1 }),
    row("c", nowMs - 6_500_000, { stateBefore: "relearning", ivlBefore: -600 }),
    row("d", Date.UTC(2026, 10, 21, 0, 59), { ivlBefore: 30 }),
    row("e", nowMs - 1000),
    { id: nowMs - 500, slug: "e", ord: 0, kind: "undo", undoes: nowMs - 1000, source: "app" },
    { id: nowMs - 400, slug: "f", ord: 0, kind: "manual", change: "cram", ivlBefore: 1, ivlAfter: 1, rating: 3, source: "app" },
  ];
  const reviews = standingReviews(log);

  test("reviews by the learner's day and by kind; taken-back and cram answers do not count", () => {
    const days = reviewsByDay(log, clock, today - 2, today);
    expect(days.map(({ day, counts }) => [day - today, counts])).toEqual([
      [-2, { learning: 0, young: 0, mature: 0, relearning: 0 }],
      [-1, { learning: 0, young: 0, mature: 1, relearning: 0 }],
      [0, { learning: 1, young: 1, mature: 1, relearning: 1 }],
    ]);
    expect(days[2]!.durationMs).toBe(16_000);
  });

  test("true retention: the first answer of a card and day, of cards that had left learning", () => {
    expect(trueRetention(reviews, clock)).toEqual({
      young: { reviews: 1, remembered: 1 },
      mature: { reviews: 2, remembered: 1 },
      all: { reviews: 3, remembered: 2 },
    });
  });

  test("hours where the learner is", () => {
    const hours = reviewsByHour(reviews, clock);
    expect(hours.map(({ hour, reviews: count }) => [hour, count]).filter(([, count]) => count! > 0)).toEqual([
      [3, 1],
      [11, 3],
      [12, 1],
    ]);
    expect(hours[11]).toMatchObject({ remembered: 0.5 });
    expect(hours[5]).toMatchObject({ remembered: undefined });
  });

  test("predicted retention agrees with the truth for a learner who forgets as FSRS says", () => {
    const exact = createScheduler({ ...defaultDeckOptions, fuzz: false }, madeClock);
    const groups = predictedRetention(madeLog(400, []), exact);
    const large = groups.filter(({ reviews: count }) => count > 200);
    expect(large.length).toBeGreaterThan(1);
    for (const { predicted, remembered } of large) expect(Math.abs(predicted - remembered)).toBeLessThan(0.06);
    for (const { predicted } of groups) expect(predicted).toBeLessThanOrEqual(1);
  });
});

describe("what the cards say", () => {
  const note = (slug: string): Note => ({
    slug,
    lang: "en",
    type: "basic",
    lesson: "l",
    module: "m",
    frontHtml: "f",
    backHtml: "b",
    tags: [],
    changedAtS: 0,
  });
  const review = (dueInDays: number, stability: number, over: Partial<Schedule> = {}): Schedule => ({
    ...newSchedule(),
    state: "review",
    dueMs: clock.startOf(today + dueInDays),
    stability,
    difficulty: 5.5,
    scheduledDays: Math.round(stability),
    reps: 3,
    lastReviewMs: nowMs - stability * dayMs,
    ...over,
  });
  const cards = cardsOf({
    notes: ["new", "late", "now", "soon", "off", "step"].map(note),
    schedules: new Map([
      ["late#0", review(-4, 10)],
      ["now#0", review(0, 30)],
      ["soon#0", review(2, 400, { difficulty: 10 })],
      ["off#0", review(0, 2)],
      [
        "step#0",
        {
          ...newSchedule(),
          state: "learning" as const,
          dueMs: nowMs,
          stability: 0.4,
          difficulty: 7,
          reps: 1,
          lastReviewMs: nowMs,
        },
      ],
    ]),
    marks: new Map([["off#0", { ...noMarks, suspended: true }]]),
  });

  test("the forecast: overdue under today, suspended not at all", () => {
    expect(forecast(cards, scheduler, nowMs, 4)).toEqual([3, 0, 1, 0]);
  });
  test("every practised card is in one bar of each chart", () => {
    const sum = (bars: readonly { count: number }[]) => bars.reduce((total, { count }) => total + count, 0);
    expect(sum(intervalBars(cards))).toBe(4);
    for (const bars of [stabilityBars(cards), difficultyBars(cards), recallBars(cards, scheduler, nowMs)])
      expect(sum(bars)).toBe(5);
    expect(difficultyBars(cards).at(-1)).toEqual({ from: 10, to: 11, count: 1 });
    expect(stabilityBars(cards)[0]).toEqual({ from: 0, to: 1, count: 1 });
  });
  test("a group: how many are known now", () => {
    const group = statisticsOf(cards, scheduler, nowMs, clock.startOf(today + 1));
    expect(group).toMatchObject({ cards: 6, practised: 5, due: 3 });
    // Four at the end of their stability (90 %), one just answered.
    expect(group.known).toBeCloseTo(4.6, 2);
    expect(statisticsOf([], scheduler, nowMs, 0)).toMatchObject({ recall: undefined, known: 0 });
  });
});
