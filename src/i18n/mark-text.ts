/** What is set on a card besides its answers, in words: its suspension, its flag, its deck. */
import type { Translator } from "./translator.ts";

export function markText(t: Translator, field: "suspended" | "flag" | "deck", value: boolean | number | string): string {
  if (field === "suspended") return t(value === true ? "anki:mark.isSuspended" : "anki:mark.isActive");
  const key = `practice:flag.${value}`;
  return field === "flag" && t.has(key) ? t(key) : String(value);
}
