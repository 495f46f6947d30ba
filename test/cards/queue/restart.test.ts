import { expect, test } from "vitest";
import { backlogAllowance, isRestartOver, needsRestart } from "#cards";

test("offered for a real backlog after a real break only", () => {
  expect(needsRestart(20, 7, 10)).toBe(true);
  expect(needsRestart(19, 7, 10)).toBe(false);
  expect(needsRestart(200, 8, 10)).toBe(false);
  expect(needsRestart(200, undefined, 10)).toBe(false);
});

test("the share grows by the day; more done than planned counts; what was missed piles up to two days' share at most", () => {
  const plan = { startedDay: 100, days: 5, size: 50 };
  expect(backlogAllowance(plan, 50, 100)).toBe(10);
  expect(backlogAllowance(plan, 40, 101)).toBe(10);
  expect(backlogAllowance(plan, 25, 101)).toBe(0);
  expect(backlogAllowance(plan, 50, 104)).toBe(20);
  expect(backlogAllowance(plan, 3, 104)).toBe(3);
  expect([isRestartOver(plan, 104), isRestartOver(plan, 105)]).toEqual([false, true]);
});
