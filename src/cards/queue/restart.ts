/**
 * A gentle return after a break: the backlog is spread over some days by allowing a share of it a day. No card is
 * rescheduled and none is lost; when the plan ends, what is left is simply due.
 */
import type { RestartPlan } from "../scheduling/practice-settings.ts";

/** Below this a backlog is one sitting and needs no plan. */
const smallestBacklog = 20;
/** Fewer days without an answer are no break. */
const shortestBreakDays = 3;

export const restartDays: readonly number[] = [3, 7, 14];

/** @param lastReviewDay undefined when nothing was ever reviewed */
export function needsRestart(overdue: number, lastReviewDay: number | undefined, today: number): boolean {
  return overdue >= smallestBacklog && lastReviewDay !== undefined && today - lastReviewDay >= shortestBreakDays;
}

/**
 * How many cards of the backlog may come today. What was done more than planned counts for the days to come; what was
 * left undone does not pile up beyond two days' share.
 */
export function backlogAllowance({ startedDay, days, size }: RestartPlan, left: number, today: number): number {
  const perDay = Math.ceil(size / days);
  const allowedUntilToday = Math.min(size, perDay * (today - startedDay + 1));
  return Math.max(0, Math.min(left, 2 * perDay, allowedUntilToday - (size - left)));
}

export function isRestartOver({ startedDay, days }: RestartPlan, today: number): boolean {
  return today >= startedDay + days;
}
