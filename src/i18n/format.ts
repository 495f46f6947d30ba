/** Numbers as a reader of the language writes them (Russian: decimal comma, narrow groups). Never guesses units. */
import type { Language } from "./locales.ts";

const locales: Readonly<Record<Language, string>> = { en: "en-US", ru: "ru-RU" };

/** Making a format costs a hundred times what using it does. */
const formats = new Map<string, Intl.NumberFormat>();

/** @param fractionDigits most digits after the separator; trailing zeros are dropped. */
export function formatNumber(value: number, language: Language, fractionDigits = 2): string {
  const key = `${language} ${fractionDigits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locales[language], { maximumFractionDigits: fractionDigits });
    formats.set(key, format);
  }
  return format.format(value);
}
