/**
 * A plan as text: made when the site is built, read by the page. As a message between threads does, it keeps what is shared (a goal
 * finds its expectations by identity) and numbers that JSON has no word for.
 */
import { parse, stringify } from "devalue";
import type { RunPlan } from "#scenario";

export function writePlan(plan: RunPlan): string {
  return stringify(plan);
}

/** @returns null for an empty text: files that have no plan. */
export function readPlan(text: string): RunPlan | null {
  return text === "" ? null : (parse(text) as RunPlan);
}
