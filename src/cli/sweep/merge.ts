/** Shards of one sweep, from their JSON, put together to what the whole would have said. */
import { z } from "zod";
import { type CommandIo, UsageError } from "../command.ts";
import { readText } from "../files.ts";
import { cellsOf } from "./grid.ts";
import { isComplete, type SweepResult, sweepResult, wholeSweep } from "./result.ts";

const goal = z.object({ passed: z.boolean(), checks: z.array(z.object({ metric: z.string(), passed: z.boolean() })) });
const run = z.object({ seed: z.int(), traceHash: z.string(), goal });
/** What merging and printing read; the rest is taken over as it stands. */
const shape = z.object({
  experiment: z.string(),
  parameters: z.array(z.object({ path: z.string(), values: z.array(z.unknown()).min(1) })).min(1),
  seed: z.int(),
  runs: z.int().min(1),
  fingerprint: z.string(),
  shard: z.object({ index: z.int().min(1), of: z.int().min(1) }).optional(),
  cells: z.array(z.object({ runs: z.array(run), diagnostics: z.array(z.object({ code: z.string() })) })),
});

interface NamedShard {
  file: string;
  result: SweepResult;
}

/** Throws UsageError for what is no shard, is not complete, is of another sweep, comes twice or is missing. */
export async function mergeShards(io: CommandIo, files: readonly string[]): Promise<SweepResult> {
  const shards = await Promise.all(files.map((file) => readShard(io, file)));
  const [first, ...others] = shards;
  if (!first) throw new UsageError(io.text("cli:error.noFiles"));
  for (const other of others) refuseForeign(io, first, other);
  refuseRepeated(io, shards);
  refuseMissing(io, shards, shardOf(first).of);
  const { experiment, parameters, seed, runs, fingerprint } = first.result;
  const cells = cellsOf(parameters).map((cell) => {
    const key = JSON.stringify(Object.fromEntries(cell.map(({ path, value }) => [path, value])));
    const parts = shards.flatMap(({ result }) => result.cells.filter((one) => JSON.stringify(one.parameters) === key));
    const all = parts.flatMap((part) => part.runs).sort((a, b) => a.seed - b.seed);
    return { cell, runs: all, diagnostics: parts[0]?.diagnostics ?? [] };
  });
  return sweepResult({ experiment, parameters, seed, runs, fingerprint, shard: wholeSweep, cells });
}

function shardOf({ result }: NamedShard) {
  return result.shard ?? wholeSweep;
}

async function readShard(io: CommandIo, file: string): Promise<NamedShard> {
  const text = await readText(io, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(io.text("cli:sweep.merge.noShard", { file }));
  }
  if (!shape.safeParse(value).success) throw new UsageError(io.text("cli:sweep.merge.noShard", { file }));
  const named = { file, result: value as SweepResult };
  if (!isComplete(named.result, cellsOf(named.result.parameters)))
    throw new UsageError(io.text("cli:sweep.merge.damaged", { file, ...shardOf(named) }));
  return named;
}

function refuseForeign(io: CommandIo, first: NamedShard, other: NamedShard): void {
  const names = { file: other.file, first: first.file };
  if (other.result.fingerprint !== first.result.fingerprint) throw new UsageError(io.text("cli:sweep.merge.foreign", names));
  const [of, firstOf] = [shardOf(other).of, shardOf(first).of];
  if (of !== firstOf) throw new UsageError(io.text("cli:sweep.merge.otherSplit", { ...names, of, firstOf }));
}

function refuseRepeated(io: CommandIo, shards: readonly NamedShard[]): void {
  for (const [at, shard] of shards.entries()) {
    const twin = shards.slice(0, at).find((one) => shardOf(one).index === shardOf(shard).index);
    if (twin) throw new UsageError(io.text("cli:sweep.merge.twice", { file: shard.file, first: twin.file, ...shardOf(shard) }));
  }
}

function refuseMissing(io: CommandIo, shards: readonly NamedShard[], of: number): void {
  const given = new Set(shards.map((shard) => shardOf(shard).index));
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !given.has(index));
  if (missing.length === 0) return;
  const list = missing.map((index) => `${index}/${of}`).join(", ");
  throw new UsageError(io.text("cli:sweep.merge.missing", { list }));
}
