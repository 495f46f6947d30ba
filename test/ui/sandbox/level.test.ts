import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { languages } from "#i18n";
import { levelsOf, levelTextsOf } from "../../../src/ui/sandbox/level/level.ts";

test("texts are read as written; a missing title is the id", () => {
  expect(levelTextsOf("a", { task: "One.\n\nTwo.\n", hints: ["x", 3], explanation: "Because." })).toEqual({
    title: "a",
    task: ["One.", "Two."],
    hints: ["x"],
    explanation: ["Because."],
  });
});

test.each(languages)("every level that has texts in %s shows a title, a task and hints", (language) => {
  const folder = new URL(`../../../content/${language}/scenarios/`, import.meta.url);
  const written = readdirSync(folder).map((file) => ({
    id: file.replace(/\.yaml$/, ""),
    texts: parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, unknown>,
  }));
  const levels = levelsOf(written, language);
  expect(levels.length).toBeGreaterThan(0);
  for (const level of levels) {
    expect(level.title).not.toBe(level.id);
    expect(level.task.length).toBeGreaterThan(0);
    expect(level.hints.length).toBeGreaterThan(0);
  }
});
