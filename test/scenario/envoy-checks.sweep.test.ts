/**
 * Figures measured on the real Envoy, kept under test/golden/envoy, against ours: a reduced bootstrap and an Experiment
 * document for each group. All of them, with the real bootstraps, are compared by `npm run oracle:envoy`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { envoyGroups } from "../oracle/envoy/groups.ts";
import { judgeGroup } from "../oracle/envoy/measure.ts";
import { breakerBurst, reducedBootstraps } from "../oracle/envoy/reduced-bootstraps.ts";
import type { Check } from "../oracle/envoy/verdict.ts";

const folder = join(import.meta.dirname, "../golden/envoy");
const seedCounts: Readonly<Record<string, number>> = { check: 1, verify: 20 };
const seedCount = seedCounts[process.env.MESHWISE_SPEED ?? ""] ?? 5;
/** Exact figures do not depend on the seed: two are enough outside the full run. */
const exactSeedCount = seedCount > 5 ? seedCount : Math.min(seedCount, 2);
const groups = envoyGroups({});
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

test("measured figures are kept for ten groups", () => {
  expect(names.length).toBe(10);
});

test.each(names)("%s comes out as measured on every seed", (name) => {
  const { checks } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as { checks: Check[] };
  const group = groups.find((one) => one.name === name);
  if (!group) throw new Error(`no group ${name}`);
  const isDrawn = checks.some((check) => check.kind === "statistical");
  const seeds = Array.from({ length: isDrawn ? seedCount : exactSeedCount }, (_, index) => index + 1);
  const bootstrap = reducedBootstraps[name] ?? breakerBurst(Object.keys(group.scenarios));
  const judged = judgeGroup(group, checks, JSON.stringify(bootstrap), seeds);
  const differing = judged.filter((one) => one.verdict === "differs").map((one) => [one.check.id, one.check.expected, one.ours]);
  expect(differing).toEqual([]);
  expect(judged.filter((one) => one.verdict === "ok").length).toBeGreaterThan(0);
});
