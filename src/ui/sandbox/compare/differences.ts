/** Several seeds compared: the mean of each number in both worlds, the difference, and how far that spreads over the seeds. */
import type { ComparedRuns } from "#scenario";

export interface NumberDifference {
  name: string;
  a: number;
  b: number;
  /** Mean of b − a. */
  difference: number;
  /** Standard deviation of b − a over the seeds; 0 with one seed. */
  spread: number;
  least: number;
  most: number;
}

/** A number that one world never had counts 0 there. */
export function differencesOf(runs: readonly Pick<ComparedRuns, "a" | "b">[]): NumberDifference[] {
  const names = [...new Set(runs.flatMap(({ a, b }) => [...Object.keys(a), ...Object.keys(b)]))];
  return names.map((name) => {
    const pairs = runs.map(({ a, b }) => ({ a: a[name] ?? 0, b: b[name] ?? 0 }));
    const each = pairs.map(({ a, b }) => b - a);
    const difference = mean(each);
    const variance = each.length < 2 ? 0 : mean(each.map((one) => (one - difference) ** 2)) * (each.length / (each.length - 1));
    return {
      name,
      a: mean(pairs.map(({ a }) => a)),
      b: mean(pairs.map(({ b }) => b)),
      difference,
      spread: Math.sqrt(variance),
      least: Math.min(...each),
      most: Math.max(...each),
    };
  });
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
