/** `meshwise sweep`: an experiment over a grid of values and many seeds, on all cores; `sweep merge` puts shards together. */
import { availableParallelism } from "node:os";
import { verifyTokens } from "#scenario";
import { atLeastOneFile, countableSeeds, oneOf, parseCommandArguments, wholeNumber } from "../arguments.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";
import { filedDiagnostic, filedLine } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";
import { parseParameter, parseSetting } from "../settings.ts";
import { cellsOf, fingerprintOf, type Parameter, type Shard } from "../sweep/grid.ts";
import { mergeShards } from "../sweep/merge.ts";
import { type SweepResult, sweepResult, wholeSweep } from "../sweep/result.ts";
import { runSweep, type SweepOutcome } from "../sweep/run-sweep.ts";
import { cellName, sweepText } from "../sweep/table.ts";

const formats = ["text", "json"] as const;
/** Of a cell. */
const mostRuns = 1_000_000;
type Format = (typeof formats)[number];

export const command: Command = {
  name: "sweep",
  summary: "cli:sweep.summary",
  usage:
    "sweep FILE… --param spec.path=a,b,c [--param …] [--runs K] [--seed N] [--jobs N] [--shard i/n] [--set spec.path=value]… [--format text|json] [--lang en|ru]\n" +
    "       meshwise sweep merge SHARD.json… [--format text|json] [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      param: { type: "string", multiple: true },
      runs: { type: "string" },
      seed: { type: "string" },
      jobs: { type: "string" },
      shard: { type: "string" },
      set: { type: "string", multiple: true },
      format: { type: "string" },
    });
    const format = oneOf(io, "--format", values.format ?? "text", formats);
    const [verb, ...shards] = positionals;
    if (verb === "merge") {
      const other = Object.keys(values).find((option) => option !== "format");
      if (other) throw new UsageError(io.text("cli:sweep.merge.noOption", { option: `--${other}` }));
      return tell(io, format, await mergeShards(io, shards));
    }

    const runs = wholeNumber(io, "--runs", values.runs ?? "1", 1, mostRuns);
    const seed = values.seed === undefined ? undefined : wholeNumber(io, "--seed", values.seed, 0);
    const jobs = wholeNumber(io, "--jobs", values.jobs ?? String(availableParallelism()), 1);
    const shard = values.shard === undefined ? wholeSweep : parseShard(io, values.shard);
    const settings = (values.set ?? []).map((text) => parseSetting(io, text));
    const parameters = parseParameters(io, values.param ?? []);
    atLeastOneFile(io, positionals);

    const files = await readMeshFiles(io, positionals);
    const input = { files, settings, parameters };
    const outcome = await runSweep({ input, tokens: await verifyTokens(files), runs, seed, jobs, shard });
    const cells = cellsOf(parameters);
    if (!outcome.ok) return refuse(io, format, outcome.refusals, parameters);
    const { experiment, range } = outcome;
    countableSeeds(io, range.seed, runs);
    const told = cells.map((cell, at) => ({
      cell,
      runs: outcome.runs[at] ?? [],
      diagnostics: (outcome.diagnostics[at] ?? []).map((one) => filedDiagnostic(one, io.text)),
    }));
    const fingerprint = fingerprintOf(input, range);
    return tell(io, format, sweepResult({ experiment, parameters, ...range, fingerprint, shard, cells: told }));
  },
};

function parseParameters(io: CommandIo, texts: readonly string[]): Parameter[] {
  if (texts.length === 0) throw new UsageError(io.text("cli:error.missingOption", { option: "--param spec.path=a,b,c" }));
  const parameters = texts.map((text) => parseParameter(io, text));
  for (const [at, { path, values }] of parameters.entries()) {
    if (path === "spec.seed") throw new UsageError(io.text("cli:sweep.seedIsGiven"));
    if (parameters.findIndex((one) => one.path === path) < at) throw new UsageError(io.text("cli:sweep.samePath", { path }));
    const written = values.map((value) => JSON.stringify(value));
    const twice = written.find((value, index) => written.indexOf(value) < index);
    if (twice !== undefined) throw new UsageError(io.text("cli:sweep.sameValue", { path, value: twice }));
  }
  return parameters;
}

/** "2/3": the second of three. */
function parseShard(io: CommandIo, text: string): Shard {
  const [index = 0, of = 0] = /^\d{1,6}\/\d{1,6}$/.test(text) ? text.split("/").map(Number) : [];
  if (index < 1 || index > of) throw new UsageError(io.text("cli:sweep.badShard", { value: text }));
  return { index, of };
}

function tell(io: CommandIo, format: Format, result: SweepResult): number {
  if (format === "json") io.out(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const lines = result.cells.flatMap((cell) => cell.diagnostics.map((one) => filedLine(one, io.text)));
    for (const line of new Set(lines)) io.err(`${line}\n`);
    io.out(sweepText(io, result));
  }
  return result.goal.passed ? exitCodes.ok : exitCodes.failed;
}

function refuse(
  io: CommandIo,
  format: Format,
  refusals: (SweepOutcome & { ok: false })["refusals"],
  parameters: readonly Parameter[],
): number {
  const grid = cellsOf(parameters);
  const cells = refusals.map(({ cell, diagnostics }) => ({
    parameters: Object.fromEntries((grid[cell] ?? []).map(({ path, value }) => [path, value])),
    diagnostics: diagnostics.map((one) => filedDiagnostic(one, io.text)),
  }));
  if (format === "json") {
    io.out(`${JSON.stringify({ goal: { passed: false }, cells }, null, 2)}\n`);
    return exitCodes.usage;
  }
  const alike = Map.groupBy(cells, (cell) => cell.diagnostics.map((one) => `  ${filedLine(one, io.text)}\n`).join(""));
  for (const [lines, [first, ...others]] of alike) {
    const names = { cell: cellName(first?.parameters ?? {}), more: others.length };
    io.err(`${io.text(others.length > 0 ? "cli:sweep.refusedCells" : "cli:sweep.refusedCell", names)}\n${lines}`);
  }
  io.err(`${io.text("cli:simulate.refused")}\n`);
  return exitCodes.usage;
}
