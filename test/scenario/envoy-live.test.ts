/** What the real Envoy did in scenarios of our own (recorded by `npm run oracle:envoy`), against ours on every run of the suite. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareFigures, type Figures } from "../oracle/envoy-live/figures.ts";
import { readScenarios, runOurs, scenarioFolder } from "../oracle/envoy-live/scenario.ts";
import { fewWhileWorking, whileWorking } from "../support/speed.ts";

const golden = join(import.meta.dirname, "../golden/envoy-live");
const names = readdirSync(golden).map((file) => file.replace(/\.json$/, ""));
const seeds = process.env.MESHWISE_SPEED === "verify" ? [1, 2, 3, 4, 5] : whileWorking([2], [1, 2]);

test("the real Envoy was asked about every scenario", () => {
  const written = readdirSync(scenarioFolder).map((file) => file.replace(/\.yaml$/, ""));
  expect(names.sort()).toEqual(written.sort());
});

test.each(fewWhileWorking(2, names))("%s comes out as on the real Envoy", async (name) => {
  const real = JSON.parse(readFileSync(join(golden, `${name}.json`), "utf8")) as Figures;
  const [scenario] = await readScenarios(scenarioFolder, [`${name}.yaml`]);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const { compared, differing } = compareFigures(
    real,
    seeds.map((seed) => runOurs(scenario, seed)),
    scenario.slack,
  );
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(5);
});
