/** Plans every cell of a sweep, then runs its seeds on all threads. What comes out does not depend on how many there are. */
import type { Diagnostic } from "#mesh";
import type { TokenVerdicts } from "#scenario";
import { cellsOf, type SeedRange, type Shard, type SweepInput, seedsOf } from "./grid.ts";
import type { SweepRun } from "./result.ts";
import { startThreads, type Threads } from "./threads.ts";
import type { Question } from "./worker.ts";

export interface SweepOrder {
  input: SweepInput;
  tokens: TokenVerdicts;
  runs: number;
  /** The first seed; undefined: the Experiment's. */
  seed: number | undefined;
  jobs: number;
  shard: Shard;
}

/** `diagnostics` and `runs` stand by cell, runs in order of their seeds. */
export type SweepOutcome =
  | { ok: true; experiment: string; range: SeedRange; diagnostics: readonly Diagnostic[][]; runs: readonly SweepRun[][] }
  /** Cells that cannot run, in order. */
  | { ok: false; refusals: readonly { cell: number; diagnostics: readonly Diagnostic[] }[] };

export async function runSweep({ input, tokens, runs, seed, jobs, shard }: SweepOrder): Promise<SweepOutcome> {
  const cells = cellsOf(input.parameters).length;
  const threads = startThreads(Math.min(jobs, Math.max(cells, Math.ceil((cells * runs) / shard.of))), { input, tokens });
  try {
    const planned = await planCells(threads, cells);
    if (!planned.ok) return planned;
    const range = { seed: seed ?? planned.seed, runs };
    const done = await runCells(
      threads,
      Array.from({ length: cells }, (_, cell) => seedsOf(range, cell, shard)),
    );
    return done.ok ? { ...planned, range, runs: done.runs } : done;
  } finally {
    await threads.stop();
  }
}

async function planCells(threads: Threads, cells: number) {
  const diagnostics: Diagnostic[][] = [];
  const refusals: { cell: number; diagnostics: readonly Diagnostic[] }[] = [];
  let [experiment, seed, asked] = ["", 0, 0];
  await threads.work(
    () => (asked < cells ? { cell: asked++ } : undefined),
    ({ cell }, answer) => {
      if (answer.type === "refused") refusals.push({ cell, diagnostics: answer.diagnostics });
      if (answer.type !== "planned") return;
      diagnostics[cell] = [...answer.diagnostics];
      if (cell === 0) [experiment, seed] = [answer.experiment, answer.seed];
    },
  );
  refusals.sort((a, b) => a.cell - b.cell);
  return refusals.length > 0 ? { ok: false as const, refusals } : { ok: true as const, experiment, seed, diagnostics };
}

/** After a run that had to be ended only those before it are still done, so that the first such run is always the one told. */
async function runCells(threads: Threads, seeds: readonly number[][]) {
  const runs: SweepRun[][] = seeds.map(() => []);
  const waiting = seeds.map((list) => [...list]);
  let ended: { cell: number; seed: number; diagnostic: Diagnostic } | undefined;
  await threads.work(
    (last) => nextRun(waiting, last),
    ({ cell, seed = 0 }, answer) => {
      if (answer.type === "run") runs[cell]?.push(answer.run);
      if (answer.type !== "endless" || (ended && isBefore(ended, { cell, seed }))) return;
      const first = { cell, seed, diagnostic: answer.diagnostic };
      ended = first;
      for (const [other, list] of waiting.entries()) {
        waiting[other] = list.filter((one) => isBefore({ cell: other, seed: one }, first));
      }
    },
  );
  if (ended) return { ok: false as const, refusals: [{ cell: ended.cell, diagnostics: [ended.diagnostic] }] };
  for (const list of runs) list.sort((a, b) => a.seed - b.seed);
  return { ok: true as const, runs };
}

/** A thread stays with its cell, whose plan it has; else it takes the cell of which most is left. */
function nextRun(waiting: readonly number[][], last: Question | undefined): Question | undefined {
  const own = last && waiting[last.cell]?.length ? last.cell : undefined;
  const cell = own ?? fullest(waiting);
  const seed = waiting[cell]?.shift();
  return seed === undefined ? undefined : { cell, seed };
}

function fullest(waiting: readonly number[][]): number {
  return waiting.reduce((best, list, cell) => (list.length > (waiting[best]?.length ?? 0) ? cell : best), 0);
}

function isBefore(a: { cell: number; seed: number }, b: { cell: number; seed: number }): boolean {
  return a.cell < b.cell || (a.cell === b.cell && a.seed < b.seed);
}
