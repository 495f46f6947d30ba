/**
 * Goals that tell a start from its solution: what can be measured in this mesh, measured in both over some seeds, and of that whatever
 * always lies on one side there and on the other here. Pure; the runs are somebody else's.
 */
import type { GoalCheck, Topology } from "#scenario";
import type { Check } from "./builder-draft.ts";

/** What may differ, without a bound. Flags and statuses: those that came up. */
export function candidates({ workloads, edges }: Topology, flags: readonly string[], statuses: readonly number[]): Check[] {
  const crowded = (service: string) => workloads.filter((one) => one.service === service).length > 1;
  return [
    ...workloads.filter(({ service }) => crowded(service)).map(({ name }) => ({ metric: "share", of: name })),
    ...edges.flatMap(({ from, to }) => [
      { metric: "errorRate", from, to },
      { metric: "p99Ms", from, to },
      { metric: "attemptsPerRequest", from, to },
      { metric: "plaintextShare", from, to },
      ...flags.map((flag) => ({ metric: "flagCount", flag, from, to })),
      ...statuses.map((status) => ({ metric: "statusCount", status, from, to })),
    ]),
    ...workloads.flatMap(({ name }) => [
      { metric: "deniedCount", of: name },
      { metric: "shadowRequests", of: name },
    ]),
    { metric: "ejections" },
  ];
}

export interface Proposal {
  check: Check;
  /** Means. */
  start: number;
  solution: number;
}

/** Candidates and the checks of runs, in the same order. @param start,solution one list of checks a seed */
export function proposeGoal(
  asked: readonly Check[],
  start: readonly (readonly GoalCheck[])[],
  solution: readonly (readonly GoalCheck[])[],
): Proposal[] {
  const found = asked.flatMap((check, index) => {
    const values = (runs: readonly (readonly GoalCheck[])[]) =>
      runs.map((checks) => checks[index]?.value).filter((value) => typeof value === "number");
    const [before, after] = [values(start), values(solution)];
    if (before.length < start.length || after.length < solution.length || after.length === 0) return [];
    const bound = boundBetween(String(check.metric), before, after);
    return bound
      ? [{ ...bound, proposal: { check: { ...check, ...bound.bound }, start: mean(before), solution: mean(after) } }]
      : [];
  });
  return found.toSorted((a, b) => b.apart - a.apart).map(({ proposal }) => proposal);
}

interface FoundBound {
  bound: Check;
  /** How far the two are from each other, against how far they reach. */
  apart: number;
}

/** A share of the traffic is wanted as it is, all else at most or at least so much. Null where the two overlap. */
function boundBetween(metric: string, before: readonly number[], after: readonly number[]): FoundBound | null {
  const [low, high] = [Math.min(...after), Math.max(...after)];
  const [lowBefore, highBefore] = [Math.min(...before), Math.max(...before)];
  const gap = low > highBefore ? low - highBefore : high < lowBefore ? lowBefore - high : 0;
  const reach = Math.max(Math.abs(high), Math.abs(lowBefore), Math.abs(highBefore));
  if (gap <= reach * 0.05) return null;
  const apart = gap / reach;
  if (metric === "share") {
    const room = Math.min(gap / 2, Math.max(0.01, 2 * (high - low)));
    return {
      apart: apart + 1,
      bound: { between: [rounded(Math.max(0, low - room), "down"), rounded(Math.min(1, high + room), "up")] },
    };
  }
  if (high === 0)
    return { apart: apart + 0.5, bound: metric.endsWith("Count") ? { equals: 0 } : { atMost: rounded(gap / 2, "down") } };
  return {
    apart,
    bound: low > highBefore ? { atLeast: rounded(low - gap / 2, "down") } : { atMost: rounded(high + gap / 2, "up") },
  };
}

/** Two digits; one more where they would round it away. */
function rounded(value: number, way: "up" | "down"): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  const steps = value / step;
  return Number(((way === "up" ? Math.ceil(steps - 1e-9) : Math.floor(steps + 1e-9)) * step).toPrecision(6));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
