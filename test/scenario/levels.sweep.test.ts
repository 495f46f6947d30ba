/**
 * Walks every folder of content/scenarios: the solution meets the goal on many seeds, the start does not (or is refused), and
 * each near miss fails exactly the checks its first lines name: `# fails: { metric: share, of: payments-v2 }`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { countEdits, type GoalCheck, parOf, planRun, startSession, verifyTokens } from "#scenario";
import { whileWorking } from "../support/speed.ts";

const root = new URL("../../content/", import.meta.url);
const levels = readdirSync(new URL("scenarios/", root));
/** While working one seed is enough; the suite proper asks for twenty. */
const seeds = Array.from({ length: whileWorking(1, 20) }, (_, index) => index + 1);

function read(level: string, name: string): { name: string; text: string } {
  return { name, text: readFileSync(new URL(`scenarios/${level}/${name}`, root), "utf8") };
}

/** Once for each pair of files: a plan can be run with many seeds. */
const plans = new Map<string, ReturnType<typeof planRun>>();

async function plan(level: string, name: string) {
  const known = plans.get(`${level}/${name}`);
  if (known) return known;
  const files = [read(level, "experiment.yaml"), read(level, name)];
  const planned = planRun(files, { tokens: await verifyTokens(files) });
  plans.set(`${level}/${name}`, planned);
  return planned;
}

/** The checks of one run; throws with the diagnostics where the level is refused. */
async function run(level: string, name: string, seed: number): Promise<readonly GoalCheck[]> {
  const planned = await plan(level, name);
  if (!planned.ok) throw new Error(`${level}/${name} is refused: ${planned.diagnostics.map((one) => `${one.code} ${one.path}`)}`);
  const session = startSession(planned.plan, seed);
  session.run();
  return session.goal().checks;
}

function describeCheck(check: GoalCheck): string {
  return JSON.stringify(check);
}

/** The named fields of the comment stand in the check. */
function isNamedBy(check: GoalCheck, named: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(named).every(([field, value]) => JSON.stringify(check[field]) === JSON.stringify(value));
}

test("there are levels, and no code knows one of them by name", () => {
  expect(levels.length).toBeGreaterThan(0);
  const source = new URL("../../src/", import.meta.url);
  const knowing = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|mjs|astro)$/.test(name))
    .filter((name) => {
      const text = readFileSync(new URL(name, source), "utf8");
      return levels.some((level) => text.includes(level));
    });
  expect(knowing).toEqual([]);
});

describe.each(levels)("%s", (level) => {
  const files = readdirSync(new URL(`scenarios/${level}/`, root));
  const nearMisses = files.filter((name) => name.startsWith("near-miss"));

  test("the folder is whole, and its name is the experiment's", async () => {
    expect(files.filter((name) => !nearMisses.includes(name)).sort()).toEqual(["experiment.yaml", "solution.yaml", "start.yaml"]);
    expect(nearMisses.length).toBeGreaterThan(0);
    const planned = await plan(level, "solution.yaml");
    expect(planned.ok && planned.plan.experiment.name).toBe(level);
  });

  test.each(["en", "ru"])("texts in %s say everything a learner needs, near misses included", async (language) => {
    const path = new URL(`${language}/scenarios/${level}.yaml`, root);
    expect(existsSync(path)).toBe(true);
    const texts = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    const planned = await plan(level, "solution.yaml");
    const asks = planned.ok && planned.plan.experiment.predict.length > 0;
    const said = ["title", "summary", "task", "explanation", ...(asks ? ["predict"] : [])];
    expect(Object.keys(texts).sort()).toEqual([...said, "hints", "nearMiss"].sort());
    for (const field of said) expect(texts[field]).toEqual(expect.stringMatching(/\S/));
    expect((texts.hints as unknown[]).every((hint) => typeof hint === "string" && hint !== "")).toBe(true);
    expect(Object.keys(texts.nearMiss as object).sort()).toEqual(nearMisses.sort());
  });

  test("the solution meets the goal on every seed", async () => {
    const failed: string[] = [];
    for (const seed of seeds) {
      const unmet = (await run(level, "solution.yaml", seed)).filter((check) => !check.passed);
      failed.push(...unmet.map((check) => `seed ${seed}: ${describeCheck(check)}`));
    }
    expect(failed).toEqual([]);
  });

  test("par is the edits of the shortest solution, and no solution that is listed needs more", () => {
    const start = read(level, "start.yaml").text;
    const solutions = files.filter((name) => name.startsWith("solution")).map((name) => read(level, name).text);
    const par = parOf(start, solutions);
    expect(par).toBeGreaterThanOrEqual(1);
    for (const solution of solutions) expect(countEdits(start, solution)).toBeLessThanOrEqual(par);
  });

  test("the start does not", async () => {
    const planned = await plan(level, "start.yaml");
    if (planned.ok) expect((await run(level, "start.yaml", 1)).every((check) => check.passed)).toBe(false);
    else expect(planned.diagnostics.some((one) => one.severity === "error" && one.file === "start.yaml")).toBe(true);
  });

  test.each(whileWorking(nearMisses.slice(0, 1), nearMisses))("%s fails for its stated reason", async (name) => {
    const named = [...read(level, name).text.matchAll(/^# fails: (.*)$/gm)].map(
      ([, line = ""]) => parse(line) as Record<string, unknown>,
    );
    expect(named.length).toBeGreaterThan(0);
    for (const seed of seeds.slice(0, 2)) {
      const failed = (await run(level, name, seed)).filter((check) => !check.passed);
      const unnamed = failed.filter((check) => !named.some((one) => isNamedBy(check, one)));
      const unmet = named.filter((one) => !failed.some((check) => isNamedBy(check, one)));
      expect({ seed, unnamed: unnamed.map(describeCheck), unmet }).toEqual({ seed, unnamed: [], unmet: [] });
    }
  });
});
