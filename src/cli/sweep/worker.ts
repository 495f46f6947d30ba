/** A thread of `meshwise sweep`: plans cells and runs them, one question at a time. */
import "../node-20.ts";
import { parentPort, workerData } from "node:worker_threads";
import { type Diagnostic, loadEnvoyDialect } from "#mesh";
import { type PlanResult, planRun, startSession, type TokenVerdicts } from "#scenario";
import { cellsOf, type SweepInput } from "./grid.ts";
import type { SweepRun } from "./result.ts";

/** What the threads are started with. */
export interface ThreadData {
  input: SweepInput;
  tokens: TokenVerdicts;
}

/** Without a seed: is the cell sound? */
export interface Question {
  cell: number;
  seed?: number;
}

/** What is said of a cell, or what came out of a run; `endless`: the run had to be ended. */
export type Answer =
  | { type: "planned"; experiment: string; seed: number; diagnostics: readonly Diagnostic[] }
  | { type: "refused"; diagnostics: readonly Diagnostic[] }
  | { type: "run"; run: SweepRun }
  | { type: "endless"; diagnostic: Diagnostic };

const { input, tokens } = workerData as ThreadData;
const cells = cellsOf(input.parameters);
let last: { cell: number; planned: PlanResult } | undefined;

function plan(cell: number): PlanResult {
  if (last?.cell !== cell) {
    const settings = [...input.settings, ...(cells[cell] ?? [])];
    last = { cell, planned: planRun(input.files, { settings, accessLogLimit: 0, tokens }) };
  }
  return last.planned;
}

function answer({ cell, seed }: Question): Answer {
  const planned = plan(cell);
  if (!planned.ok) return { type: "refused", diagnostics: planned.diagnostics };
  const { experiment, diagnostics } = planned.plan;
  if (seed === undefined) return { type: "planned", experiment: experiment.name, seed: experiment.seed, diagnostics };
  const session = startSession(planned.plan, seed);
  session.run();
  const endless = session.endless();
  if (endless) return { type: "endless", diagnostic: endless };
  const { traceHash, goal } = session.report({ accessLog: 0 });
  return { type: "run", run: { seed, traceHash, goal } };
}

await loadEnvoyDialect(input.files);
parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));
