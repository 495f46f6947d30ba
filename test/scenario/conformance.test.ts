/** The recorded experiments: each goal is what the real proxy did, or exact theory. Absent recordings are said to be absent. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planRun, startSession } from "#scenario";

const recordings = process.env.MESHWISE_CONFORMANCE ?? join(import.meta.dirname, "../../../shared/conformance");
const folder = join(recordings, "experiments");
/** While working a few seeds are enough; the suite proper asks for twenty. */
const seeds = Array.from({ length: process.env.MESHWISE_SPEED === "check" ? 2 : 20 }, (_, index) => index + 1);
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];

if (names.length === 0) {
  test("recorded experiments are absent here: set MESHWISE_CONFORMANCE to check them", () => {
    expect(existsSync(folder)).toBe(false);
  });
} else {
  test.each(names)("%s meets its goal on every seed", (name) => {
    const planned = planRun([{ name, text: readFileSync(join(folder, name), "utf8") }]);
    const refused = planned.ok ? [] : planned.diagnostics.filter((one) => one.severity === "error");
    expect(refused).toEqual([]);
    if (!planned.ok) return;
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
}
