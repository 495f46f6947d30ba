import { describe, expect, test } from "vitest";
import {
  buildQueue,
  createScheduler,
  defaultDeckOptions,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  type QueueRequest,
  type Schedule,
} from "#cards";

const nowMs = Date.UTC(2026, 10, 21, 10);
const dayMs = 86_400_000;
const scheduler = createScheduler(
  { ...defaultDeckOptions, newPerDay: 3, reviewsPerDay: 5 },
  localDayClock(() => 0),
);

function note(slug: string, over: Partial<Note> = {}): Note {
  const common = {
    lang: "en",
    type: "basic",
    lesson: "l1",
    module: "m",
    frontHtml: "f",
    backHtml: "b",
    tags: [],
    changedAtS: 0,
  } as const;
  return { slug, ...common, ...over };
}

const learning = (dueMs: number): Schedule => ({
  ...newSchedule(),
  state: "learning",
  dueMs,
  reps: 1,
  stability: 1,
  difficulty: 5,
  lastReviewMs: nowMs - 1000,
});
const review = (dueMs: number): Schedule => ({
  ...newSchedule(),
  state: "review",
  dueMs,
  reps: 3,
  stability: 9,
  difficulty: 5,
  scheduledDays: 9,
  lastReviewMs: dueMs - 9 * dayMs,
});
const row = (slug: string, id: number, over: object = {}): LogRow => ({
  id,
  slug,
  ord: 0,
  kind: "review",
  rating: 3,
  stateBefore: "new",
  ivlBefore: 0,
  ivlAfter: -600,
  sAfter: 1,
  dAfter: 5,
  durationMs: 1,
  source: "app",
  ...over,
});

function queue(request: Partial<QueueRequest>) {
  return buildQueue({ notes: [], schedules: new Map(), log: [], extraNew: 0, nowMs, scheduler, ...request });
}
const ids = (request: Partial<QueueRequest>) => queue(request).cards.map(({ id }) => id);

test("learning first, then reviews oldest day first, then new in teaching order, then what comes within 20 minutes", () => {
  const notes = ["new1-en", "old-en", "older-en", "step-en", "soon-en", "later-en", "new2-en"].map((slug) => note(slug));
  const schedules = new Map([
    ["old-en#0", review(nowMs - 2 * dayMs)],
    ["older-en#0", review(nowMs - 5 * dayMs)],
    ["step-en#0", learning(nowMs - 1)],
    ["soon-en#0", learning(nowMs + 19 * 60_000)],
    ["later-en#0", learning(nowMs + 21 * 60_000)],
  ]);
  const built = queue({ notes, schedules });
  expect(built.cards.map(({ id }) => id)).toEqual(["step-en#0", "older-en#0", "old-en#0", "new1-en#0", "new2-en#0", "soon-en#0"]);
  expect(built.counts).toEqual({ learning: 2, review: 2, new: 2 });
  expect(built.nextDueMs).toBe(nowMs + 21 * 60_000);
});

test("a review due later today, before 4 a.m., is there; one due after is not", () => {
  const notes = [note("a-en"), note("b-en")];
  const schedules = new Map([
    ["a-en#0", review(Date.UTC(2026, 10, 22, 3, 59))],
    ["b-en#0", review(Date.UTC(2026, 10, 22, 4))],
  ]);
  expect(ids({ notes, schedules })).toEqual(["a-en#0"]);
});

describe("daily limits", () => {
  const notes = Array.from({ length: 9 }, (_, i) => note(`n${i}-en`));
  test("new cards: what was begun today counts, what was undone does not", () => {
    expect(ids({ notes })).toHaveLength(3);
    const begun = [row("n0-en", nowMs - 5000), row("n1-en", nowMs - 4000)];
    const schedules = new Map([
      ["n0-en#0", review(nowMs + 9 * dayMs)],
      ["n1-en#0", review(nowMs + 9 * dayMs)],
    ]);
    expect(ids({ notes, schedules, log: begun })).toEqual(["n2-en#0"]);
    const undo: LogRow = { id: nowMs - 3000, slug: "n1-en", ord: 0, kind: "undo", undoes: nowMs - 4000, source: "app" };
    schedules.delete("n1-en#0");
    expect(ids({ notes, schedules, log: [...begun, undo] })).toEqual(["n1-en#0", "n2-en#0"]);
  });
  test("yesterday does not count, a wish for more does", () => {
    expect(ids({ notes, log: [row("x-en", nowMs - dayMs)] })).toHaveLength(3);
    const built = queue({ notes, extraNew: 2 });
    expect(built.cards).toHaveLength(5);
    expect(built.newHeldBack).toBe(4);
    expect(built.nextDueMs).toBe(Date.UTC(2026, 10, 22, 4));
  });
  test("reviews", () => {
    const schedules = new Map(notes.map(({ slug }) => [`${slug}#0`, review(nowMs - dayMs)]));
    expect(ids({ notes, schedules })).toHaveLength(5);
    const done = [1, 2].map((i) => row(`other${i}-en`, nowMs - i, { stateBefore: "review" }));
    expect(ids({ notes, schedules, log: done })).toHaveLength(3);
  });
});

describe("one card of a family a day", () => {
  test("the Russian twin of what was practised in English waits for tomorrow", () => {
    const notes = [note("a-ru", { lang: "ru" }), note("b-ru", { lang: "ru" })];
    expect(ids({ notes, log: [row("a-en", nowMs - 1000)] })).toEqual(["b-ru#0"]);
    const schedules = new Map([["a-ru#0", review(nowMs - dayMs)]]);
    const built = queue({ notes: notes.slice(0, 1), schedules, log: [row("a-en", nowMs - 1000)] });
    expect(built.cards).toEqual([]);
    expect(built.nextDueMs).toBe(Date.UTC(2026, 10, 22, 4));
  });
  test("a reversed note shows one direction, a cloze one deletion", () => {
    const notes = [
      note("r-en", { type: "reversed" }),
      note("c-en", { type: "cloze", frontHtml: "{{c2::x}} {{c1::y}} {{c2::z}}" }),
    ];
    expect(ids({ notes })).toEqual(["r-en#0", "c-en#0"]);
    expect(queue({ notes }).total).toBe(4);
  });
  test("a sibling in learning goes on, and keeps the other one back", () => {
    const notes = [note("r-en", { type: "reversed" })];
    expect(ids({ notes, schedules: new Map([["r-en#1", learning(nowMs - 1)]]) })).toEqual(["r-en#1"]);
  });
  test("the card practised today itself comes back when it is due", () => {
    const schedules = new Map([["a-en#0", learning(nowMs - 1)]]);
    expect(ids({ notes: [note("a-en")], schedules, log: [row("a-en", nowMs - 1000)] })).toEqual(["a-en#0"]);
  });
});

test("one lesson only, whatever is due elsewhere", () => {
  const notes = [note("a-en"), note("b-en", { lesson: "l2" })];
  expect(ids({ notes, lesson: "l2" })).toEqual(["b-en#0"]);
  expect(queue({ notes, lesson: "none" })).toMatchObject({ cards: [], total: 0, nextDueMs: undefined });
});
