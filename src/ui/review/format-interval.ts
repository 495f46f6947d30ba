/** Intervals as the buttons show them, short and in the reader's language: "10 min", "4 days", "1,2 мес.". */
import type { Language } from "#i18n";

const locales: Readonly<Record<Language, string>> = { en: "en-US", ru: "ru-RU" };

/** @param interval as Anki writes it: days when positive, seconds when negative */
export function formatInterval(interval: number, language: Language): string {
  const days = interval > 0 ? interval : -interval / 86_400;
  const minutes = days * 1440;
  if (minutes < 59.5) return inUnit(Math.max(1, Math.round(minutes)), "minute", language);
  if (minutes < 1440) return inUnit(roundTo(minutes / 60, 1), "hour", language);
  if (days < 30) return inUnit(Math.round(days), "day", language);
  if (days < 365) return inUnit(roundTo(days / 30.4, 1), "month", language);
  return inUnit(roundTo(days / 365, 1), "year", language);
}

/** "in 5 minutes", "tomorrow", "через 3 дня". */
export function formatWhen(fromMs: number, toMs: number, language: Language): string {
  const minutes = Math.max(1, Math.ceil((toMs - fromMs) / 60_000));
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: "auto" });
  if (minutes < 60) return format.format(minutes, "minute");
  if (minutes < 1440) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}

function inUnit(value: number, unit: string, language: Language): string {
  const style = unit === "day" ? "long" : "short";
  return new Intl.NumberFormat(locales[language], { style: "unit", unit, unitDisplay: style }).format(value);
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
