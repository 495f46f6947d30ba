/** The list of levels, from the real content: every level that is there, once, with a place and a par. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { languages } from "#i18n";
import { listLevels } from "#lessons";
import { levelTextsOf } from "../../src/ui/sandbox/level/level.ts";

const folders = readdirSync(new URL("../../content/scenarios/", import.meta.url));

test.each(languages)("every level stands in the list in %s, once, with a title, a task, hints and a par", (language) => {
  const levels = listLevels(language);
  expect(levels.map(({ id }) => id).sort()).toEqual([...folders].sort());
  for (const { id, title, summary, module, lesson, par, texts } of levels) {
    const shown = levelTextsOf(id, texts);
    expect(shown.title).toBe(title);
    for (const text of [summary, module, lesson.title, ...shown.task]) expect(text).not.toBe("");
    expect(shown.task.length).toBeGreaterThan(0);
    expect(shown.hints.length).toBeGreaterThan(0);
    expect(lesson.path).toMatch(new RegExp(`^/${language}/[a-z-]+/[a-z0-9-]+/$`));
    expect(par).toBeGreaterThan(0);
  }
});

test("both languages teach them in one order", () => {
  const [first, ...others] = languages.map((language) => listLevels(language).map(({ id }) => id));
  for (const other of others) expect(other).toEqual(first);
});
