/**
 * Texts of what a reader opens later (the sandbox's tools): asked for like all others once they are there, but a chunk of their own, so
 * that no page waits for them.
 */
import { isLanguage, type Language, languages } from "./locales.ts";
import { addTexts } from "./translator.ts";

const loaders: Readonly<Record<Language, () => Promise<{ default: Readonly<Record<string, string>> }>>> = {
  en: () => import("./locales/en/tools.json", { with: { type: "json" } }),
  ru: () => import("./locales/ru/tools.json", { with: { type: "json" } }),
};

/** @param wanted the page's language; of another document all are loaded */
export async function loadLateTexts(wanted: string): Promise<void> {
  const needed = isLanguage(wanted) ? [wanted] : languages;
  await Promise.all(needed.map(async (language) => addTexts(language, "tools", (await loaders[language]()).default)));
}
