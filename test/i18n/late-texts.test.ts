import { expect, test } from "vitest";
import { catalogueFaults, createTranslator, languages, loadLateTexts } from "#i18n";
import { catalogue } from "../../src/i18n/catalogue.generated.ts";
import en from "../../src/i18n/locales/en/tools.json" with { type: "json" };
import ru from "../../src/i18n/locales/ru/tools.json" with { type: "json" };

test("the texts that come later say the same things in both languages", () => {
  expect(catalogueFaults({ en: { tools: en }, ru: { tools: ru } })).toEqual([]);
});

test("no page waits for them; once loaded they answer like all others", async () => {
  for (const language of languages) expect(catalogue[language]).not.toHaveProperty("tools");
  // A document of no language of ours: all of them.
  await loadLateTexts("");
  expect(createTranslator("en")("tools:take.title")).toBe(en["take.title"]);
  expect(createTranslator("ru")("tools:take.title")).toBe(ru["take.title"]);
});
