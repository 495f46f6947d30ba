/**
 * What the fields of mesh documents mean, by "Kind/end.of.path". Some four hundred sentences that only readers of the editor need:
 * a chunk for each language, outside the catalogue.
 */
import type { Language } from "./locales.ts";

export type FieldTexts = Readonly<Record<string, string>>;

const loaders: Readonly<Record<Language, () => Promise<{ default: FieldTexts }>>> = {
  en: () => import("./locales/en/fields.json", { with: { type: "json" } }),
  ru: () => import("./locales/ru/fields.json", { with: { type: "json" } }),
};

export async function loadFieldTexts(language: Language): Promise<FieldTexts> {
  return (await loaders[language]()).default;
}

/** The sentence whose key fits the most of the path; undefined where nobody wrote one. */
export function fieldText(texts: FieldTexts, kind: string, path: readonly string[]): string | undefined {
  for (const owner of [kind, "*"]) {
    for (let from = 0; from < path.length; from++) {
      const found = texts[`${owner}/${path.slice(from).join(".")}`];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
