/** What a sweep or a shard of it says as JSON. Summaries are made of the runs, so that merged shards have those of the whole. */
import type { GoalCheck, GoalResult } from "#scenario";
import type { FiledDiagnostic } from "../diagnostic-output.ts";
import { type Cell, type Parameter, type SeedRange, type Shard, seedsOf } from "./grid.ts";

export interface SweepRun {
  seed: number;
  traceHash: string;
  goal: GoalResult;
}

/** One line of `expect` over the runs of a cell: its own fields, and beside them these. Null where no run measured a number. */
export interface CheckSummary {
  metric: string;
  /** Runs in which it held. */
  passed: number;
  /** Runs in which a number came out; the others count for none of what follows. */
  measured: number;
  mean: number | null;
  min: number | null;
  max: number | null;
  /** Of the mean: the sample's standard deviation divided by the root of `measured`; null for fewer than two. */
  standardError: number | null;
  [selector: string]: unknown;
}

export interface SweepCell {
  /** By path. */
  parameters: Readonly<Record<string, unknown>>;
  /** Runs that met the goal. */
  passed: number;
  checks: readonly CheckSummary[];
  runs: readonly SweepRun[];
  diagnostics: readonly FiledDiagnostic[];
}

export interface SweepResult {
  experiment: string;
  parameters: readonly Parameter[];
  /** The first seed of every cell. */
  seed: number;
  /** Runs of every cell, of the whole. */
  runs: number;
  /** `fingerprintOf`: only shards with the same one merge. */
  fingerprint: string;
  /** Absent: the whole. */
  shard?: Shard;
  goal: { passed: boolean };
  /** Cells of which the shard has no run are left out. */
  cells: readonly SweepCell[];
}

export const wholeSweep: Shard = { index: 1, of: 1 };

interface SweepParts extends SeedRange {
  experiment: string;
  parameters: readonly Parameter[];
  fingerprint: string;
  shard: Shard;
  cells: readonly { cell: Cell; runs: readonly SweepRun[]; diagnostics: readonly FiledDiagnostic[] }[];
}

export function sweepResult({ experiment, parameters, seed, runs, fingerprint, shard, cells }: SweepParts): SweepResult {
  const told = cells.filter((cell) => cell.runs.length > 0);
  return {
    experiment,
    parameters,
    seed,
    runs,
    fingerprint,
    ...(shard.of === 1 ? {} : { shard }),
    goal: { passed: told.every((cell) => cell.runs.every((run) => run.goal.passed)) },
    cells: told.map((cell) => ({
      parameters: Object.fromEntries(cell.cell.map(({ path, value }) => [path, value])),
      passed: cell.runs.filter((run) => run.goal.passed).length,
      checks: summaries(cell.runs),
      runs: cell.runs,
      diagnostics: cell.diagnostics,
    })),
  };
}

/** Whether a result holds exactly the runs that its shard is made of. */
export function isComplete({ seed, runs, cells, shard = wholeSweep }: SweepResult, grid: readonly Cell[]): boolean {
  const expected = grid.map((_, cell) => seedsOf({ seed, runs }, cell, shard)).filter((seeds) => seeds.length > 0);
  return JSON.stringify(cells.map((cell) => cell.runs.map((run) => run.seed))) === JSON.stringify(expected);
}

function summaries(runs: readonly SweepRun[]): CheckSummary[] {
  return (runs[0]?.goal.checks ?? []).map((first, index) => {
    const all = runs.flatMap((run) => run.goal.checks[index] ?? []);
    const { value: _value, passed: _passed, flags: _flags, ...selector } = first;
    return { ...selector, ...summary(all) };
  });
}

function summary(
  checks: readonly GoalCheck[],
): Pick<CheckSummary, "passed" | "measured" | "mean" | "min" | "max" | "standardError"> {
  const values = checks.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    passed: checks.filter((check) => check.passed).length,
    measured: count,
    mean: count > 0 ? mean : null,
    min: count > 0 ? values.reduce((a, b) => Math.min(a, b)) : null,
    max: count > 0 ? values.reduce((a, b) => Math.max(a, b)) : null,
    standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : null,
  };
}
