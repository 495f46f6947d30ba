/** The checks of an exhibit in words, as the sandbox says them. */
import type { Language } from "#i18n";
import type { GoalCheck } from "#scenario";
import { goalBound, goalSubject, goalValue } from "../sandbox/numbers/goal-words.ts";
import { createTexts } from "../sandbox/texts.tsx";

export function checkTexts(checks: readonly GoalCheck[], language: Language) {
  const texts = createTexts(language);
  return checks.map((check) => ({
    subject: goalSubject(check, texts),
    bound: goalBound(check, texts),
    value: goalValue(check.metric, check.value, texts),
  }));
}
