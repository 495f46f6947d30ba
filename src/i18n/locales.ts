/** The languages of the site: adding one is a line here, its JSON folder and its content folder. */
export const languages = ["en", "ru"] as const;

export type Language = (typeof languages)[number];

export const defaultLanguage: Language = "en";

export const languageNames: Readonly<Record<Language, string>> = { en: "English", ru: "Русский" };

export function isLanguage(text: string | undefined): text is Language {
  return languages.some((language) => language === text);
}

/**
 * The first of the reader's languages that the site speaks; regions are ignored ("ru-BY" is Russian).
 * @param wanted BCP 47 tags, most wanted first, as `navigator.languages` or an `LC_ALL`/`LANG` value give them.
 */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split(/[-_.]/)[0];
    if (isLanguage(language)) return language;
  }
  return defaultLanguage;
}

/** The same page in another language: "/en/x/" → "/ru/x/"; a path without a language gets one. */
export function localizePath(path: string, language: Language): string {
  const [, first = "", ...rest] = path.split("/");
  return isLanguage(first) ? `/${[language, ...rest].join("/")}` : `/${language}${path.startsWith("/") ? path : `/${path}`}`;
}
