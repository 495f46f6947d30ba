/**
 * content/runs.yaml: the runs of the simulator behind the numbers of lessons. Each is a level's world with one of its answers, or a
 * file of content/runs/, at one seed, and the values that lessons name, in the words of an Experiment's `expect`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { assert } from "#base";
import type { MeshFile } from "#mesh";
import { contentFolder } from "../content-folder.ts";
import { readOnce } from "../read-once.ts";

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name is lower-case words joined by dashes");

/** How a value is said: a bare count, a ratio as percent, milliseconds as they are, milliseconds as seconds. */
const shapes = ["count", "percent", "ms", "seconds"] as const;

const valueSchema = z.strictObject({
  /** The metric with its selectors; the bound is what was measured. */
  measure: z.looseObject({ metric: z.string() }),
  as: z.enum(shapes).default("count"),
  /** After the decimal separator. */
  digits: z.int().min(0).max(3).default(0),
});

const runSchema = z
  .strictObject({
    scenario: name.optional(),
    /** File of the level: start, solution, near-miss-… */
    answer: name.optional(),
    seed: z.int().min(0).default(1),
    values: z.record(name, valueSchema),
  })
  .refine(({ scenario, answer }) => (scenario === undefined) === (answer === undefined), "scenario and answer go together");

const runsSchema = z.strictObject({ runs: z.record(name, runSchema) });

export type ClaimRun = z.infer<typeof runSchema>;
export type ClaimValue = z.infer<typeof valueSchema>;

/** @throws with the field's path when the file does not follow the schema. */
function parseRuns(text: string): Readonly<Record<string, ClaimRun>> {
  const result = runsSchema.safeParse(parse(text));
  if (!result.success) throw new Error(`content/runs.yaml: ${z.prettifyError(result.error)}`);
  return result.data.runs;
}

/** By id. Empty where there is no such file. */
export function loadRuns(content: string = contentFolder): Readonly<Record<string, ClaimRun>> {
  const file = join(content, "runs.yaml");
  return existsSync(file) ? readOnce(file, parseRuns) : {};
}

/**
 * The files of a run as the sandbox opens them. The goal asks for the run's values alone.
 * @param measured what the values have to be; without it any value will do
 * @throws for a run whose files are not there or hold no Experiment
 */
export function runFiles(id: string, run: ClaimRun, content: string, measured?: Readonly<Record<string, number>>): MeshFile[] {
  const folder = run.scenario ? join(content, "scenarios", run.scenario) : join(content, "runs");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const [world, ...answer] = run.scenario ? [read("experiment.yaml"), read(`${run.answer}.yaml`)] : [read(`${id}.yaml`)];
  const documents = parseAllDocuments(world ?? "");
  const experiment = documents.find((document) => document.get("kind") === "Experiment");
  assert(experiment !== undefined, `the run ${id} has no Experiment`);
  experiment.setIn(
    ["spec", "expect"],
    Object.entries(run.values).map(([key, { measure, as, digits }]) => ({ ...measure, ...boundOf(as, digits, measured?.[key]) })),
  );
  return [
    { name: "experiment.yaml", text: documents.map(String).join("") },
    ...answer.map((text) => ({ name: `${run.answer}.yaml`, text })),
  ];
}

/** The value to the last digit that is said. */
function boundOf(as: ClaimValue["as"], digits: number, value: number | undefined): Record<string, number> {
  if (value === undefined) return { atLeast: 0 };
  const scale = as === "percent" ? 100 : as === "seconds" ? 0.001 : 1;
  const step = 10 ** -digits / scale;
  const equals = Number((Math.round(value / step) * step).toPrecision(12));
  return value === equals ? { equals } : { equals, tolerance: Number((step / 2).toPrecision(12)) };
}
