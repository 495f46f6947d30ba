import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openSession, type Session } from "#scenario";
import { fewWhileWorking, whileWorking } from "../support/speed.ts";

function open(scenario: string): Session {
  const files = ["experiment.yaml", "solution.yaml"].map((name) => ({
    name,
    text: readFileSync(`content/scenarios/${scenario}/${name}`, "utf8"),
  }));
  const opened = openSession(files, { seed: 7 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened.session;
}

test.each(fewWhileWorking(3, readdirSync("content/scenarios")))(
  "%s ends with the same events whole and in slices of any length",
  (scenario) => {
    const whole = open(scenario);
    whole.run();
    for (const sliceMs of whileWorking([700], [700, 137])) {
      const sliced = open(scenario);
      for (let untilMs = sliceMs; !sliced.finished; untilMs += sliceMs) sliced.run(untilMs);
      expect([sliced.eventCount, sliced.traceHash()]).toEqual([whole.eventCount, whole.traceHash()]);
    }
  },
);
