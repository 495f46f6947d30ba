/** A sweep for people: a row for each cell, a column for each parameter and each line of `expect`. */
import { checkSubject, expectedOf } from "../check-text.ts";
import type { CommandIo } from "../command.ts";
import { type CheckSummary, type SweepCell, type SweepResult, wholeSweep } from "./result.ts";

export function sweepText(io: CommandIo, result: SweepResult): string {
  const { experiment, parameters, seed, runs, cells, shard = wholeSweep } = result;
  const all = parameters.reduce((product, { values }) => product * values.length, 1);
  const lines = [io.text("cli:sweep.title", { experiment, cells: all, runs, first: seed, last: seed + runs - 1 })];
  const done = cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  if (shard.of > 1) lines.push(io.text("cli:sweep.shard", { ...shard, done, all: all * runs }));
  const checks = cells[0]?.checks ?? [];
  if (checks.length === 0) lines.push(io.text("cli:sweep.noGoal"));
  else lines.push(io.text("cli:sweep.legend"), ...checks.map((check, at) => legendLine(io, check, at)));

  const paths = parameters.map(({ path }) => path);
  const head = [...paths, io.text("cli:sweep.goal"), ...checks.map((_, at) => `[${at + 1}]`)];
  lines.push("", ...aligned([head, ...cells.map((cell) => rowOf(io, cell, paths))]));
  if (checks.length > 0) {
    const passed = cells.reduce((sum, cell) => sum + cell.passed, 0);
    lines.push("", io.text("cli:simulate.goalMet", { passed, runs: done }));
  }
  return `${lines.join("\n")}\n`;
}

/** What a cell is about: `spec.traffic[0].rate=50/s spec.workloads[1].replicas=3`. */
export function cellName(parameters: SweepCell["parameters"]): string {
  return Object.entries(parameters)
    .map(([path, value]) => `${path}=${shownValue(value)}`)
    .join(" ");
}

function legendLine(io: CommandIo, check: CheckSummary, at: number): string {
  const { passed: _passed, measured: _measured, mean: _mean, min: _min, max: _max, standardError: _error, ...asked } = check;
  return `  [${at + 1}] ${io.text("cli:sweep.check", { metric: checkSubject(asked), expected: expectedOf(asked) })}`;
}

function rowOf(io: CommandIo, cell: SweepCell, paths: readonly string[]): string[] {
  const runs = cell.runs.length;
  const checks = cell.checks.map((check) => {
    const value = measuredText(io, check);
    return check.passed === runs ? value : io.text("cli:sweep.metIn", { value, passed: check.passed, runs });
  });
  return [...paths.map((path) => shownValue(cell.parameters[path])), `${cell.passed}/${runs}`, ...checks];
}

/** "0.051 (0.048–0.055)": the mean with the least and the greatest; answers and fields of documents have none. */
function measuredText(io: CommandIo, { mean, min, max }: CheckSummary): string {
  if (mean === null || min === null || max === null) return io.text("cli:sweep.noNumber");
  return min === max ? short(mean) : `${short(mean)} (${short(min)}–${short(max)})`;
}

/** Six digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
