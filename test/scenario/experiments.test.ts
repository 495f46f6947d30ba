/** Experiments whose goals follow from the format's definitions; each file says why. All must hold on every seed. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planRun, startSession } from "#scenario";

const folder = new URL("experiments/", import.meta.url);
const seeds = [1, 2, 3, 4, 5];

test.each(readdirSync(folder))("%s", (name) => {
  const planned = planRun([{ name, text: readFileSync(new URL(name, folder), "utf8") }]);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const failed = seeds.flatMap((seed) => {
    const session = startSession(planned.plan, seed);
    session.run();
    return session
      .goal()
      .checks.filter((check) => !check.passed)
      .map((check) => `seed ${seed}: ${JSON.stringify(check)}`);
  });
  expect(failed).toEqual([]);
});
