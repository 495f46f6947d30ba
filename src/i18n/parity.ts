/**
 * What is wrong with the catalogue as a whole: keys that one language lacks, plural forms that a language needs,
 * placeholders that differ. Pure: the same check runs in tests and before a build.
 */
import { catalogue as siteCatalogue } from "./catalogue.generated.ts";
import { type Language, languages } from "./locales.ts";

type Namespaces = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A number that a word follows changes the word; one behind a colon or in brackets does not. */
const countBeforeWord = /\{\{count\}\}\s+\p{L}/u;
const pluralSuffix = /_(zero|one|two|few|many|other)$/;

/** Plural forms i18next asks for, by Intl.PluralRules: en one/other, ru one/few/many/other. */
function pluralForms(language: Language): string[] {
  return [...new Intl.PluralRules(language).resolvedOptions().pluralCategories];
}

function placeholders(text: string): string {
  return [...new Set([...text.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]))].sort().join(", ");
}

/** Keys without plural suffixes → the keys they stand for. A key is plural when it has an `_other` form. */
function groupKeys(texts: Readonly<Record<string, string>>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of Object.keys(texts)) {
    const base =
      pluralSuffix.test(key) && `${key.replace(pluralSuffix, "")}_other` in texts ? key.replace(pluralSuffix, "") : key;
    groups.set(base, [...(groups.get(base) ?? []), key]);
  }
  return groups;
}

/** @returns one sentence per fault, naming file and key; empty when all languages say the same things. */
export function catalogueFaults(catalogue: Readonly<Record<Language, Namespaces>> = siteCatalogue): string[] {
  const faults: string[] = [];
  const namespaces = [...new Set(languages.flatMap((language) => Object.keys(catalogue[language])))].sort();
  for (const namespace of namespaces) {
    const keys = new Set(languages.flatMap((language) => [...groupKeys(catalogue[language][namespace] ?? {}).keys()]));
    for (const language of languages) {
      const texts = catalogue[language][namespace];
      const file = `src/i18n/locales/${language}/${namespace}.json`;
      if (!texts) {
        faults.push(`${file} is missing`);
        continue;
      }
      const groups = groupKeys(texts);
      for (const key of keys) {
        const forms = groups.get(key);
        if (!forms) faults.push(`${file}: no text for "${key}"`);
        else if (forms.some((form) => form !== key)) {
          for (const category of pluralForms(language)) {
            if (!forms.includes(`${key}_${category}`)) faults.push(`${file}: no text for "${key}_${category}"`);
          }
        }
      }
      for (const [key, text] of Object.entries(texts)) {
        if (typeof text !== "string") faults.push(`${file}: "${key}" is not a text; keys are flat`);
        else if (text.trim() === "") faults.push(`${file}: "${key}" is empty`);
        else if (!pluralSuffix.test(key) && countBeforeWord.test(text)) faults.push(`${file}: "${key}" needs its plural forms`);
      }
    }
    faults.push(...placeholderFaults(catalogue, namespace, keys));
  }
  return faults;
}

/** Every language must use the same placeholders; a singular form may leave `count` out ("one lesson"). */
function placeholderFaults(
  catalogue: Readonly<Record<Language, Namespaces>>,
  namespace: string,
  keys: ReadonlySet<string>,
): string[] {
  const [first, ...others] = languages;
  const used = (language: Language, key: string): string => {
    const texts = catalogue[language][namespace] ?? {};
    return placeholders(texts[`${key}_other`] ?? texts[key] ?? "");
  };
  return [...keys].flatMap((key) =>
    others
      .filter((language) => used(language, key) !== used(first, key))
      .map(
        (language) =>
          `src/i18n/locales/${language}/${namespace}.json: "${key}" has placeholders (${used(language, key)}), ${first} has (${used(first, key)})`,
      ),
  );
}
