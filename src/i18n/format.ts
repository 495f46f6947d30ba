/** Numbers as a reader of the language writes them (Russian: decimal comma, narrow groups). Never guesses units. */
import type { Language } from "./locales.ts";

const locales: Readonly<Record<Language, string>> = { en: "en-US", ru: "ru-RU" };

/** @param fractionDigits most digits after the separator; trailing zeros are dropped. */
export function formatNumber(value: number, language: Language, fractionDigits = 2): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: fractionDigits }).format(value);
}
