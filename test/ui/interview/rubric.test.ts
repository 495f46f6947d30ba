import { expect, test } from "vitest";
import { newSchedule, type Schedule } from "#cards";
import { rungs } from "#lessons";
import { ladder, orderToAsk, ratingOf } from "../../../src/ui/interview/rubric.ts";

test("the page knows the rungs of the content", () => {
  expect(ladder).toEqual(rungs);
});

test.each([
  ["none", "junior", 1],
  ["junior", "junior", 3],
  ["mid", "junior", 4],
  ["none", "staff", 1],
  ["mid", "staff", 1],
  ["senior", "staff", 2],
  ["staff", "staff", 3],
] as const)("an answer up to %s to a question asked at %s is rated %i", (reached, level, rating) => {
  expect(ratingOf(reached, level)).toBe(rating);
});

test("due ones first, then unanswered ones in their order, then by when they come again", () => {
  const at = (dueMs: number): Schedule => ({ ...newSchedule(), state: "review", dueMs });
  const schedules = new Map([
    ["far", at(900)],
    ["overdue", at(10)],
    ["near", at(500)],
    ["due", at(90)],
  ]);
  const asked = ["far", "new-b", "due", "near", "new-a", "overdue"].map((slug) => ({ slug }));
  const order = orderToAsk(asked, (slug) => schedules.get(slug), 100).map(({ slug }) => slug);
  expect(order).toEqual(["overdue", "due", "new-b", "new-a", "near", "far"]);
});
