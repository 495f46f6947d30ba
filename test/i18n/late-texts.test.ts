import { expect, test } from "vitest";
import { catalogueFaults, createTranslator, languages, loadLateTexts } from "#i18n";
import en from "../../src/i18n/locales/en/tools.json" with { type: "json" };
import ru from "../../src/i18n/locales/ru/tools.json" with { type: "json" };

test("the texts that come later say the same things in both languages", () => {
  expect(catalogueFaults({ en: { tools: en }, ru: { tools: ru } })).toEqual([]);
});

test("they are not there until they are loaded, and then answer like all others", async () => {
  const t = createTranslator("en");
  expect(t.has("tools:take.title")).toBe(false);
  await loadLateTexts("en");
  expect(t("tools:take.title")).toBe(en["take.title"]);
  expect(createTranslator("ru").has("tools:take.title")).toBe(false);
  // A document of no language of ours: all of them.
  await loadLateTexts("");
  for (const language of languages) expect(createTranslator(language).has("tools:take.title")).toBe(true);
});
