/**
 * Texts for people, in their language: a typed function over i18next. Keys are "<namespace>:<flat key>"; plural forms
 * are written with i18next's suffixes (_one, _few, _many, _other) and asked for without them, with `count`.
 * Never falls back to another language: a missing key is our bug and throws.
 */

import i18next, { type i18n } from "i18next";
import { assert } from "#base";
import { catalogue } from "./catalogue.generated.ts";
import type tools from "./locales/en/tools.json";
import { defaultLanguage, type Language, languages } from "./locales.ts";

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

let shared: i18n | undefined;

/**
 * One i18next instance with every namespace of every language. It is created without i18next's asynchronous parts
 * (no back end), so it is ready at once in Node, in Astro and in React.
 */
function sharedInstance(): i18n {
  if (shared) return shared;
  const instance = i18next.createInstance();
  instance.init({
    // Its own copy: what is added later is not in the catalogue.
    resources: Object.fromEntries(Object.entries(catalogue).map(([language, texts]) => [language, { ...texts }])),
    lng: defaultLanguage,
    fallbackLng: false,
    ns: [...new Set(Object.values(catalogue).flatMap((texts) => Object.keys(texts)))],
    keySeparator: false,
    nsSeparator: ":",
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  instance.services.formatter?.add("type", (value, language = defaultLanguage) => typeWords(instance, String(value), language));
  shared = instance;
  return instance;
}

/** `{{expected, type}}`: "integer" in the reader's words; what stands in brackets behind it ("object (Cluster)") is a name. */
function typeWords(instance: i18n, type: string, language: string): string {
  return type.replace(/^[a-z][a-z0-9 ]*(?=$| \()/, (name) => {
    const key = `sandbox:type.${name}`;
    return instance.exists(key, { lng: language }) ? instance.t(key, { lng: language }) : name;
  });
}

/** Adds a namespace that is not in the catalogue. */
export function addTexts(language: Language, namespace: string, texts: Readonly<Record<string, string>>): void {
  sharedInstance().addResourceBundle(language, namespace, texts);
}

/** @returns a function that answers in `language`; cheap, may be called for every page and component. */
export function createTranslator(language: Language): Translator {
  assert(languages.includes(language), `language ${JSON.stringify(language)} has texts`);
  const instance = sharedInstance();
  const translate = instance.getFixedT(language);
  const has = (key: string): key is TranslationKey => instance.exists(key, { lng: language, count: 1 });
  /** Texts without values: tables ask for the same ones again and again. */
  const plain = new Map<string, string>();
  const translator = (key: TranslationKey, values?: Readonly<Record<string, string | number>>): string => {
    // As a plain text: narrowed by `exists`, the union of all keys would cost the compiler half a minute.
    const name: string = key;
    const known = values ? undefined : plain.get(name);
    if (known !== undefined) return known;
    assert(instance.exists(name, { lng: language, count: 1, ...values }), `text ${name} exists in ${language}`);
    const text = String(translate(name, { ...values }));
    if (!values) plain.set(name, text);
    return text;
  };
  return Object.assign(translator, { language, has });
}
