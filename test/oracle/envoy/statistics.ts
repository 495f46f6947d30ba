/** Small figures over lists of numbers. A percentile is the smallest value with at least that share at or below it. */
import type { LogLine } from "./run.ts";

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function share<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number {
  return rows.filter(holds).length / rows.length;
}

/** { "503 URX": 10, "200 -": 40 } */
export function outcomes(lines: readonly LogLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    const key = `${line.status} ${line.flags}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

export function count<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number {
  return rows.filter(holds).length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
