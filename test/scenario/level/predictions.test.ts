/** Levels that ask before the first run: the run of their start answers, and both languages say why. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { planRun, startSession } from "#scenario";

const content = new URL("../../../content/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, content), "utf8");
const asking = readdirSync(new URL("scenarios/", content)).filter((id) =>
  /^ {2}predict:/m.test(read(`scenarios/${id}/experiment.yaml`)),
);

test("some do", () => {
  expect(asking.length).toBeGreaterThan(4);
});

test.each(asking)("%s", (id) => {
  const files = ["experiment.yaml", "start.yaml"].map((name) => ({ name, text: read(`scenarios/${id}/${name}`) }));
  const planned = planRun(files);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, planned.plan.experiment.seed);
  session.run();
  const { predicted = [] } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
  expect(predicted.length).toBeGreaterThan(0);
  for (const [index, { value }] of predicted.entries()) {
    expect(value).not.toBeNull();
    const { choices } = planned.plan.goal.predict.questions[index] ?? {};
    // What comes out is one of the answers, not merely nearest to one.
    if (choices) expect(choices.some((choice) => Math.abs(choice - (value ?? 0)) <= 0.05 * choice)).toBe(true);
  }
  for (const language of ["en", "ru"]) {
    expect((parse(read(`${language}/scenarios/${id}.yaml`)) as { predict?: string }).predict).toMatch(/\S{3}/);
  }
});
