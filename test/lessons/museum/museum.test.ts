/** Every exhibit reproduces its issue in the engine: a seed while working, more when everything is verified. */
import { describe, expect, it } from "vitest";
import { loadMuseum, runExhibit } from "#lessons";

const exhibits = loadMuseum();
const seeds = process.env.MESHWISE_SPEED === "verify" ? Array.from({ length: 20 }, (_, index) => index + 1) : [1];

it("has at least sixty exhibits, each about another issue", () => {
  expect(exhibits.length).toBeGreaterThanOrEqual(60);
  const refs = exhibits.map(({ issue }) => issue.ref);
  expect(refs.filter((ref, index) => refs.indexOf(ref) !== index)).toEqual([]);
});

describe("shows what it claims", () => {
  it.each(exhibits.map((exhibit) => [exhibit.id, exhibit] as const))("%s", (_, exhibit) => {
    for (const seed of seeds) {
      const run = runExhibit(exhibit, seed);
      expect(run, `seed ${seed}`).toMatchObject({ refused: [], missingCodes: [] });
      expect(
        run.checks.filter(({ passed }) => !passed),
        `seed ${seed}`,
      ).toEqual([]);
      expect(run.holds).toBe(true);
    }
  });
});

it("a wrong claim is seen", () => {
  const [exhibit] = exhibits.filter(({ experiment }) => experiment.includes("equals: 0\n"));
  if (!exhibit) throw new Error("no exhibit claims that something never happens");
  expect(runExhibit({ ...exhibit, experiment: exhibit.experiment.replace("equals: 0\n", "equals: 7\n") }).holds).toBe(false);
  expect(runExhibit({ ...exhibit, lint: ["IST9999"] })).toMatchObject({ holds: false, missingCodes: ["IST9999"] });
  expect(runExhibit({ ...exhibit, experiment: "kind: [" }).holds).toBe(false);
});
