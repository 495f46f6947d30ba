/** Goals and findings of a level that is being made, in words. */
import { diagnosticMessage, diagnosticPlace } from "../editor/diagnostic-words.ts";
import { goalBound, goalSubject, goalValue } from "../numbers/goal-words.ts";
import type { SandboxTexts } from "../texts.tsx";
import type { Check } from "./builder-draft.ts";
import { flatCheck } from "./check-form.ts";
import type { Finding } from "./check-level.ts";

export function checkWords(check: Check, texts: SandboxTexts): string {
  const flat = { ...flatCheck(check), value: null, passed: false };
  if (flat.metric === "answer") return `Answer ${JSON.stringify(check.answer)}`;
  const about =
    typeof check.event === "string" ? ` (${check.event})` : Array.isArray(check.cycle) ? ` (${check.cycle.join(" ")})` : "";
  return `${goalSubject(flat, texts)}${about} ${goalBound(flat, texts)}`.trim();
}

/** A sentence, and what it is about line by line. */
export function findingWords(finding: Finding, texts: SandboxTexts): { sentence: string; lines: readonly string[] } {
  const { t } = texts;
  const seeds = (list: readonly number[]) => ({ count: list.length, seeds: list.join(", ") });
  switch (finding.code) {
    case "startRefused":
    case "solutionRefused":
      return {
        sentence: t(`tools:make.finding.${finding.code}`),
        lines: finding.diagnostics
          .slice(0, 5)
          .map((one) => [diagnosticPlace(one), diagnosticMessage(one, texts)].filter(Boolean).join(": ")),
      };
    case "startReaches":
      return { sentence: t("tools:make.finding.startReaches", seeds(finding.seeds)), lines: [] };
    case "solutionMisses":
      return {
        sentence: t("tools:make.finding.solutionMisses", seeds(finding.seeds)),
        lines: finding.checks.map(
          (check) => `${goalSubject(check, texts)} ${goalBound(check, texts)} → ${goalValue(check.metric, check.value, texts)}`,
        ),
      };
    default:
      return { sentence: t(`tools:make.finding.${finding.code}`), lines: [] };
  }
}
