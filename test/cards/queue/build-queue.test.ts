import { describe, expect, test } from "vitest";
import {
  buildQueue,
  type CardMarks,
  cardsOf,
  createScheduler,
  defaultDeckOptions,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  noMarks,
  type PracticeSettings,
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

interface Wanted extends Partial<QueueRequest> {
  notes?: readonly Note[];
  schedules?: ReadonlyMap<string, Schedule>;
  marks?: ReadonlyMap<string, CardMarks>;
}

function queue({ notes = [], schedules = new Map(), marks = new Map(), ...request }: Wanted) {
  const cards = cardsOf({ notes, schedules, marks });
  return buildQueue({ cards, log: [], extraNew: 0, nowMs, scheduler, ...request });
}
const ids = (request: Wanted) => queue(request).cards.map(({ id }) => id);

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

test("what comes on request is no new card, and a card like any other once it was asked for", () => {
  const notes = [note("asked-en", { onRequest: true }), note("never-en", { onRequest: true }), note("new-en")];
  const built = queue({ notes, schedules: new Map([["asked-en#0", review(nowMs - dayMs)]]) });
  expect(built.cards.map(({ id }) => id)).toEqual(["asked-en#0", "new-en#0"]);
  expect(built.total).toBe(2);
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

describe("daily limits of single decks", () => {
  const deckOf = (slug: string, deck: string) => note(slug, { deck });
  const notes = ["A::X", "A::X", "A::Y", "A::Y", "B", "B"].map((deck, i) => deckOf(`d${i}-en`, deck));
  const decks = (own: PracticeSettings["decks"]) => {
    const deckById = new Map(notes.map(({ slug, deck }) => [`${slug}#0`, deck]));
    return { own, deckOf: (cardId: string) => deckById.get(cardId) };
  };
  const wide = { ...scheduler, options: { ...scheduler.options, newPerDay: 20, reviewsPerDay: 20 } };
  const shown = (own: PracticeSettings["decks"], more: Wanted = {}) =>
    ids({ notes, decks: decks(own), scheduler: wide, ...more }).map((id) => id.slice(0, 2));

  test("hold beside that of all decks; a parent's holds for all beneath it", () => {
    expect(shown({})).toEqual(["d0", "d1", "d2", "d3", "d4", "d5"]);
    expect(shown({ "A::X": { newPerDay: 1 } })).toEqual(["d0", "d2", "d3", "d4", "d5"]);
    expect(shown({ A: { newPerDay: 3 }, "A::X": { newPerDay: 9 }, B: { newPerDay: 0 } })).toEqual(["d0", "d1", "d2"]);
    // A child cannot take more than all decks together.
    const scarce = { ...wide, options: { ...wide.options, newPerDay: 2 } };
    expect(shown({ "A::X": { newPerDay: 5 } }, { scheduler: scarce })).toEqual(["d0", "d1"]);
  });
  test("count what was done today in the deck and beneath it", () => {
    const log = [row("d0-en", nowMs - 5000), row("d4-en", nowMs - 4000, { stateBefore: "review" })];
    const schedules = new Map([
      ["d0-en#0", review(nowMs + 9 * dayMs)],
      ["d4-en#0", review(nowMs + 9 * dayMs)],
    ]);
    expect(shown({ A: { newPerDay: 2 } }, { log, schedules })).toEqual(["d1", "d5"]);
    const due = new Map(notes.map(({ slug }) => [`${slug}#0`, review(nowMs - dayMs)]));
    for (const done of ["d0-en", "d4-en"]) due.set(`${done}#0`, review(nowMs + 9 * dayMs));
    expect(shown({ B: { reviewsPerDay: 1 } }, { log, schedules: due }).sort()).toEqual(["d1", "d2", "d3"]);
  });
  test("reviews come first, and new cards find only the room that is left", () => {
    const schedules = new Map(["d0-en#0", "d1-en#0"].map((id) => [id, review(nowMs - dayMs)]));
    expect(shown({ A: { reviewsPerDay: 3 } }, { schedules }).sort()).toEqual(["d0", "d1", "d2", "d4", "d5"]);
    expect(shown({ A: { reviewsPerDay: 2 } }, { schedules }).sort()).toEqual(["d0", "d1", "d4", "d5"]);
  });
  test("widen when the learner asks for more new cards", () => {
    expect(shown({ A: { newPerDay: 0 }, B: { newPerDay: 0 } }, { extraNew: 1 })).toEqual(["d0", "d4"]);
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

describe("marks", () => {
  const notes = [note("a-en"), note("b-en"), note("c-en")];
  test("suspended and buried cards wait; a bury that is over does not count", () => {
    const marks = new Map([
      ["a-en#0", { ...noMarks, suspended: true }],
      ["b-en#0", { ...noMarks, buriedUntilMs: nowMs + 1 }],
      ["c-en#0", { ...noMarks, buriedUntilMs: nowMs }],
    ]);
    expect(ids({ notes, marks })).toEqual(["c-en#0"]);
  });
  test("a suspended card holds no sibling back and is not what comes next", () => {
    const marks = new Map([["r-en#0", { ...noMarks, suspended: true }]]);
    expect(ids({ notes: [note("r-en", { type: "reversed" })], marks })).toEqual(["r-en#1"]);
    const all = new Map(notes.map(({ slug }) => [`${slug}#0`, { ...noMarks, suspended: true }]));
    expect(queue({ notes, marks: all }).nextDueMs).toBeUndefined();
  });
});

describe("a backlog that is being spread", () => {
  const today = scheduler.clock.dayOf(nowMs);
  const slugs = Array.from({ length: 12 }, (_, i) => `n${String(i).padStart(2, "0")}-en`);
  const notes = slugs.map((slug) => note(slug));
  /** Overdue by 1 … 12 days, all of one stability: the least overdue is remembered best. */
  const schedules = new Map(slugs.map((slug, i) => [`${slug}#0`, review(nowMs - (i + 1) * dayMs)]));
  const plan = { startedDay: today, days: 4, size: 12 };

  test("a share a day, the best remembered first, no new cards", () => {
    expect(ids({ notes: [...notes, note("new-en")], schedules, restart: plan })).toEqual(["n00-en#0", "n01-en#0", "n02-en#0"]);
    expect(queue({ notes, schedules, restart: plan })).toMatchObject({ reviewsHeldBack: 9, overdue: 12 });
  });
  test("the next day brings the next share beside what came due since", () => {
    const left = new Map([...schedules].slice(3));
    left.set("fresh-en#0", review(nowMs + dayMs - 3_600_000));
    const tomorrow = queue({
      notes: [...notes.slice(3), note("fresh-en")],
      schedules: left,
      restart: plan,
      nowMs: nowMs + dayMs,
    });
    expect(tomorrow.cards.map(({ id }) => id)).toEqual(["fresh-en#0", "n03-en#0", "n04-en#0", "n05-en#0"]);
  });
  test("every card of the backlog comes within the days of the plan", () => {
    const left = new Map(schedules);
    for (let day = 0; day < plan.days; day++) {
      for (const id of ids({ notes, schedules: left, restart: plan, nowMs: nowMs + day * dayMs })) {
        left.set(id, review(nowMs + 99 * dayMs));
      }
    }
    expect([...left.values()].filter(({ dueMs }) => dueMs < nowMs)).toEqual([]);
  });
});
