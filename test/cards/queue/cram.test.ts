import { expect, test } from "vitest";
import { type CramOrder, cardsOf, chooseCram, type Note, newSchedule, noMarks, type Schedule } from "#cards";

const note = (slug: string, over: Partial<Note> = {}): Note => ({
  slug,
  lang: "en",
  type: "basic",
  lesson: "l",
  module: "m",
  frontHtml: slug,
  backHtml: "",
  tags: [],
  changedAtS: 0,
  ...over,
});
const schedule = (dueMs: number, stability: number): Schedule => ({
  ...newSchedule(),
  state: "review",
  dueMs,
  stability,
  reps: 1,
});
const cards = cardsOf({
  notes: [note("new-en"), note("strong-en"), note("weak-en"), note("off-en"), note("two-en", { type: "reversed" })],
  schedules: new Map([
    ["strong-en#0", schedule(10, 90)],
    ["weak-en#0", schedule(20, 1)],
    ["off-en#0", schedule(0, 0.1)],
    ["two-en#1", schedule(5, 30)],
  ]),
  marks: new Map([["off-en#0", { ...noMarks, suspended: true }]]),
});
const scheduler = { retrievability: ({ stability }: Schedule) => stability / 100 };
const chosen = (order: CramOrder, limit = 10) =>
  chooseCram({ cards, order, limit, nowMs: 0, seed: "s", scheduler }).map(({ id }) => id);

test("the weakest come first, what was never seen last; suspended ones stay away, one card of a note", () => {
  expect(chosen("weakest")).toEqual(["weak-en#0", "two-en#1", "strong-en#0", "new-en#0"]);
});
test("by due date, as in the lessons, and at most so many", () => {
  expect(chosen("due")).toEqual(["two-en#1", "strong-en#0", "weak-en#0", "new-en#0"]);
  expect(chosen("lesson", 2)).toEqual(["new-en#0", "strong-en#0"]);
});
test("mixed by the session's seed: the same cards, the same order for one seed", () => {
  expect(chosen("mixed")).toEqual(chosen("mixed"));
  expect(chosen("mixed")).toHaveLength(4);
});
