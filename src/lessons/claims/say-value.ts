/** A measured value as a lesson says it, in the language's format and with its unit. */
import { createTranslator, type Language } from "#i18n";
import type { ClaimValue } from "./runs.ts";

const locales: Readonly<Record<Language, string>> = { en: "en-US", ru: "ru-RU" };
const factors: Readonly<Record<ClaimValue["as"], number>> = { count: 1, percent: 100, ms: 1, seconds: 0.001 };

export function sayValue(value: number, { as, digits }: Pick<ClaimValue, "as" | "digits">, language: Language): string {
  // Russian groups from five digits on.
  const useGrouping = language === "ru" ? "min2" : true;
  const format = new Intl.NumberFormat(locales[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping,
  });
  const number = format.format(Number((value * factors[as]).toPrecision(12)));
  return as === "count" ? number : createTranslator(language)(`lesson:measured.${as}`, { value: number });
}
