/**
 * Texts for people, in their language. Keys are "<namespace>:<flat key>"; plural forms are written with the suffixes of
 * Intl.PluralRules (_one, _few, _many, _other), as i18next has them, and asked for without them, with `count`; `{{name}}` is filled in.
 * Never falls back to another language: a missing key is our bug and throws.
 */
import { assert } from "#base";
import { catalogue } from "./catalogue.generated.ts";
import type tools from "./locales/en/tools.json";
import { type Language, languages } from "./locales.ts";

/** What is there at once, and what late-texts.ts brings. */
type Catalogue = (typeof catalogue)["en"] & { tools: typeof tools };
type PluralForm = "zero" | "one" | "two" | "few" | "many" | "other";
type BaseKey<Key extends string> = Key extends `${infer Base}_${PluralForm}` ? Base : Key;

/** Every key of the English catalogue; a test holds the other languages to the same set. */
export type TranslationKey = {
  [Namespace in keyof Catalogue & string]: `${Namespace}:${BaseKey<keyof Catalogue[Namespace] & string>}`;
}[keyof Catalogue & string];

export interface Translator {
  (key: TranslationKey, values?: Readonly<Record<string, string | number>>): string;
  readonly language: Language;
  /** True when a key computed at run time (such as "diagnostics:" + code) exists; narrows it for the call. */
  has(key: string): key is TranslationKey;
}

type Texts = Readonly<Record<string, string>>;

/** What is added later is not in the catalogue. */
const added: Record<string, Record<string, Texts>> = {};
const pluralRules = new Map<Language, Intl.PluralRules>();

/** Adds a namespace that is not in the catalogue. */
export function addTexts(language: Language, namespace: string, texts: Texts): void {
  added[language] = { ...added[language], [namespace]: texts };
}

function pluralForm(language: Language, count: number): string {
  const rules = pluralRules.get(language) ?? new Intl.PluralRules(language);
  pluralRules.set(language, rules);
  return rules.select(count);
}

/** The text as written: the form for `count` where there are forms, else the one there is. */
function findText(language: Language, name: string, count: number | undefined): string | undefined {
  const colon = name.indexOf(":");
  const [namespace, key] = [name.slice(0, colon), name.slice(colon + 1)];
  const catalogued: Readonly<Record<string, Texts>> | undefined = catalogue[language];
  const texts = added[language]?.[namespace] ?? catalogued?.[namespace];
  if (!texts) return undefined;
  const form = count === undefined ? undefined : `${key}_${pluralForm(language, count)}`;
  if (form !== undefined && Object.hasOwn(texts, form)) return texts[form];
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

/** A place for which nothing is given stays, as it is written. */
function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  // Tables ask for the same plain texts again and again.
  if (!text.includes("{{")) return text;
  return text.replace(/\{\{([^{}]+)\}\}/g, (place, name: string) => String(values[name.trim()] ?? place));
}

/** @returns a function that answers in `language`; cheap, may be called for every page and component. */
export function createTranslator(language: Language): Translator {
  assert(languages.includes(language), `language ${JSON.stringify(language)} has texts`);
  const has = (key: string): key is TranslationKey => findText(language, key, 1) !== undefined;
  const translator = (key: TranslationKey, values: Readonly<Record<string, string | number>> = {}): string => {
    // As a plain text: narrowed to one of all keys, it would cost the compiler half a minute.
    const name: string = key;
    const text = findText(language, name, typeof values.count === "number" ? values.count : undefined);
    assert(text !== undefined, `text ${name} exists in ${language}`);
    return fillIn(text, values);
  };
  return Object.assign(translator, { language, has });
}
