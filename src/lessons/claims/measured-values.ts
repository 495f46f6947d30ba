/**
 * content/measured.json: what the runs of content/runs.yaml gave. Kept, so that pages are built without running anything; the
 * suite repeats every run, and a run whose files changed since is a fault.
 */
import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { openSession } from "#scenario";
import { contentFolder } from "../content-folder.ts";
import { readOnce } from "../read-once.ts";
import { type ClaimRun, loadRuns, runFiles } from "./runs.ts";

export interface MeasuredValues {
  /** Of the files, the seed and the values asked for. */
  inputs: string;
  values: Record<string, number>;
}

const measureCommand = "npm run measure";
const fileName = "measured.json";

export function loadMeasured(content: string = contentFolder): Record<string, MeasuredValues> {
  const file = join(content, fileName);
  return existsSync(file) ? readOnce(file, (text) => JSON.parse(text) as Record<string, MeasuredValues>) : {};
}

function inputsOf(id: string, run: ClaimRun, content: string): string {
  // What the documents say, not how: a comment changes no run.
  const documents = runFiles(id, run, content).flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as unknown));
  const text = JSON.stringify([run.seed, ...documents]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Repeats one run. @throws when its files do not run or a value has nothing to be measured by */
export function performRun(id: string, run: ClaimRun, content: string = contentFolder): MeasuredValues {
  const opened = openSession(runFiles(id, run, content), { seed: run.seed });
  if (!opened.ok) throw new Error(`the run ${id} is refused: ${opened.diagnostics.map(({ code, path }) => `${code} ${path}`)}`);
  opened.session.run();
  const { checks } = opened.session.goal();
  const values = Object.keys(run.values).map((key, index): [string, number] => {
    const value = checks[index]?.value;
    if (typeof value !== "number") throw new Error(`the run ${id} measures nothing for "${key}"`);
    return [key, value];
  });
  return { inputs: inputsOf(id, run, content), values: Object.fromEntries(values) };
}

/** Runs everything and keeps it. @returns the ids whose values changed */
export function measureRuns(content: string = contentFolder): string[] {
  const before = loadMeasured(content);
  const after = Object.fromEntries(
    Object.entries(loadRuns(content)).map(([id, run]) => [id, performRun(id, run, content)] as const),
  );
  writeFileSync(join(content, fileName), `${JSON.stringify(after, null, 2)}\n`);
  return Object.keys(after).filter((id) => JSON.stringify(before[id]?.values) !== JSON.stringify(after[id]?.values));
}

/** Runs that were never measured, or whose files changed since; kept values of runs that are gone. Runs nothing. */
export function measuredFaults(content: string = contentFolder): string[] {
  const measured = loadMeasured(content);
  const runs = loadRuns(content);
  const stale = Object.entries(runs).filter(([id, run]) => measured[id]?.inputs !== inputsOf(id, run, content));
  const gone = Object.keys(measured).filter((id) => !(id in runs));
  return [...stale.map(([id]) => id), ...gone].map(
    (id) =>
      `content/measured.json: the run "${id}" is not what content/runs.yaml asks for: run \`${measureCommand}\`, then read what the lessons say about it`,
  );
}
