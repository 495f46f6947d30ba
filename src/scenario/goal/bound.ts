/** Whether a measured value meets what `expect` asks. */
import type { Bound } from "../experiment/experiment.ts";

/** Sums of floating-point parts may miss a decimal by this much of its size. */
const rounding = 1e-9;

/** Bounds are inclusive; `tolerance` widens each side by its absolute amount. */
export function meetsBound({ comparison, tolerance }: Bound, value: number): boolean {
  const slack = (limit: number): number => tolerance + rounding * Math.max(1, Math.abs(limit));
  switch (comparison.type) {
    case "equals":
      return Math.abs(value - comparison.value) <= slack(comparison.value);
    case "atMost":
      return value <= comparison.value + slack(comparison.value);
    case "atLeast":
      return value >= comparison.value - slack(comparison.value);
    case "between":
      return value >= comparison.low - slack(comparison.low) && value <= comparison.high + slack(comparison.high);
  }
}
