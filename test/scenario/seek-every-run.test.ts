/** Whatever a run pushes, promotes or restarts: a moment that is gone back to is the one that a forward run comes to. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSimulation, stateHash } from "#engine";
import { planRun, verifyTokens } from "#scenario";
import { fewWhileWorking } from "../support/speed.ts";

const root = new URL("../../", import.meta.url).pathname;
const experiments = readdirSync(`${root}test/scenario/experiments`)
  .filter((name) => name.endsWith(".yaml"))
  .map((name): [string, string[]] => [name, [`test/scenario/experiments/${name}`]]);
const levels = readdirSync(`${root}content/scenarios`).map((name): [string, string[]] => [
  name,
  ["experiment.yaml", "solution.yaml"].map((file) => `content/scenarios/${name}/${file}`),
]);
const everything = process.env.MESHWISE_SPEED === "verify";
const runs = [...experiments, ...(everything ? levels : levels.filter((_, index) => index % 6 === 0))];
const shares = everything ? [0.1, 0.3, 0.5, 0.7, 0.9, 0.99] : [0.5, 0.9];
const events = 60_000;

test.each(fewWhileWorking(2, runs))("%s", async (_name, names) => {
  const files = names.map((name) => ({ name, text: readFileSync(root + name, "utf8") }));
  const planned = planRun(files, { tokens: await verifyTokens(files) });
  // Some show what is refused.
  if (!planned.ok) return;
  const { config } = planned.plan;
  const travelled = createSimulation(config, { seed: 1, checkpointEvery: 3000 });
  const forward = createSimulation(config, { seed: 1, checkpointEvery: 0 });
  travelled.run(Infinity, events);
  const total = travelled.eventCount;
  for (const share of shares) {
    const k = Math.floor(total * share);
    forward.run(Infinity, k - forward.eventCount);
    travelled.seek(k);
    expect(stateHash(travelled), `at event ${k}`).toBe(stateHash(forward));
    travelled.seek(total);
  }
});
