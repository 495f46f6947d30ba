/** Every drill is put to the judges: the faulty text has exactly the findings it states, at their lines; the fixed one has none. */
import { describe, expect, it, test } from "vitest";
import { judgeDrill, lintFindings, loadDrills } from "#lessons";
import { repairedLines, repairOf } from "../../../src/lessons/drills/repair.ts";

const drills = loadDrills();

test("there are enough of them, each with a fault of its own kind or lesson", () => {
  expect(drills.length).toBeGreaterThanOrEqual(21);
  const kinds = drills.map(({ lesson, findings, faulty }) => `${lesson} ${findings.map(({ code }) => code)} ${faulty}`);
  expect(new Set(kinds).size).toBe(drills.length);
});

describe.each(drills.map((drill) => [drill.id, drill] as const))("%s", (_, drill) => {
  const { findings, right } = judgeDrill(drill);

  it("has the stated findings at the stated lines, and no other", () => {
    const found = findings.map((one) => ({ code: one.type === "lint" ? one.diagnostic.code : "route", line: one.line }));
    expect(found).toEqual(drill.findings);
  });

  it("has none when repaired, and the repair is a small one", () => {
    expect(lintFindings(drill.fixed, drill.cluster)).toEqual([]);
    expect(drill.fixed).not.toBe(drill.faulty);
    expect(repairedLines(drill.faulty, drill.fixed).length).toBeLessThanOrEqual(8);
  });

  it("cannot be solved by marking anything: few lines are right, and each says something", () => {
    const lines = drill.faulty.split("\n");
    expect(right.length).toBeGreaterThanOrEqual(1);
    expect(right.length).toBeLessThanOrEqual(lines.length / 3);
    for (const line of right) expect(lines[line - 1]).toEqual(expect.stringMatching(/\S/));
  });

  it("does not name its fault in id or title", () => {
    const words = findings.flatMap((one) => (one.type === "lint" ? [one.diagnostic.code] : []));
    for (const text of [drill.id, drill.texts.en.title, drill.texts.ru.title]) {
      for (const word of words) expect(text).not.toContain(word);
    }
  });
});

test("lines that a repair touches, or below which it adds", () => {
  expect(repairedLines("a\nb\nc", "a\nc")).toEqual([2]);
  expect(repairedLines("a\nc", "a\nb\nb\nc")).toEqual([1]);
  expect(repairedLines("a\nb\nc", "a\nx\nc")).toEqual([2]);
  expect(repairedLines("a\nb", "a\nb")).toEqual([]);
  // Only what is cut counts where something is: the rest of a repair stands elsewhere.
  expect(repairedLines("a\nb\nc", "b\nc\na")).toEqual([1]);
});

test("a repair is shown with its surroundings, and with a sign for what is left out", () => {
  const shown = repairOf("a\nb\nc\nd\ne\nf", "b\nc\nd\ne\nx\nf").map(({ sign, text }) => sign + text);
  expect(shown).toEqual(["-a", " b", " ⋮", " e", "+x", " f"]);
  expect(repairOf("a\nb\nc", "a\nb\nc")).toEqual([]);
});
