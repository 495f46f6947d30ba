import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadMeasured, measuredFaults, performRun } from "../../../src/lessons/claims/measured-values.ts";
import { loadRuns, runFiles } from "../../../src/lessons/claims/runs.ts";
import { sayValue } from "../../../src/lessons/claims/say-value.ts";
import { openSession } from "../../../src/scenario/index.ts";

const content = join(process.cwd(), "content");

it.each(Object.entries(loadRuns()))("the run %s gives what the lessons say", (id, run) => {
  expect(performRun(id, run)).toEqual(loadMeasured()[id]);
});

it("opens in the sandbox with a goal that the measured values meet", () => {
  const [id, run] = Object.entries(loadRuns()).find(([, { values }]) =>
    Object.values(values).some(({ as }) => as === "percent"),
  )!;
  const opened = openSession(runFiles(id, run, content, loadMeasured()[id]!.values), { seed: run.seed });
  if (!opened.ok) throw new Error("refused");
  opened.session.run();
  expect(opened.session.goal().checks.map(({ passed }) => passed)).toEqual(Object.keys(run.values).map(() => true));
});

it("notices files that changed since the run was measured", () => {
  const copy = mkdtempSync(join(tmpdir(), "meshwise-runs-"));
  for (const name of ["runs", "scenarios", "runs.yaml", "measured.json"])
    cpSync(join(content, name), join(copy, name), { recursive: true });
  expect(measuredFaults(copy)).toEqual([]);
  const file = join(copy, "runs/after-the-delay.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("timeout: 1s", "timeout: 3s"));
  expect(measuredFaults(copy)).toEqual([
    expect.stringContaining('the run "after-the-delay" is not what content/runs.yaml asks for'),
  ]);
  rmSync(copy, { recursive: true });
});

it("says values as each language writes them", () => {
  expect(sayValue(5245, { as: "count", digits: 0 }, "en")).toBe("5,245");
  expect(sayValue(5245, { as: "count", digits: 0 }, "ru")).toBe("5245");
  expect(sayValue(0.2565, { as: "percent", digits: 1 }, "ru")).toBe("25,7%");
  expect(sayValue(0.25, { as: "percent", digits: 1 }, "en")).toBe("25.0%");
  expect(sayValue(1609.7, { as: "seconds", digits: 1 }, "ru")).toBe("1,6\u00a0с");
});
