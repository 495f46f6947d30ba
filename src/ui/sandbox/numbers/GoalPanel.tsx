/** The goal: every check with what was asked and what came out, and whether the level is solved. Judged by the engine, not here. */
import type { Frame, GoalCheck } from "#scenario";
import { useTexts } from "../texts.tsx";
import { goalBound, goalSubject, goalValue } from "./goal-words.ts";

export function GoalPanel({ frame }: { frame: Frame | null }) {
  const texts = useTexts();
  const { t } = texts;
  if (!frame || frame.goal.checks.length === 0) return null;
  const { goal, finished } = frame;
  const verdict = finished ? (goal.passed ? "passed" : "failed") : "open";
  return (
    <section className={`goal goal-${verdict}`} aria-labelledby="sandbox-goal">
      <h2 id="sandbox-goal">{t("sandbox:goal.title")}</h2>
      <p className="goal-verdict" role="status">
        {t(`sandbox:goal.${verdict}`)}
      </p>
      <ul className="goal-checks">
        {goal.checks.map((check) => (
          <Check key={keyOf(check)} check={check} finished={finished} />
        ))}
      </ul>
    </section>
  );
}

function Check({ check, finished }: { check: GoalCheck; finished: boolean }) {
  const texts = useTexts();
  const { t } = texts;
  const word = check.passed ? t("sandbox:goal.holds") : finished ? t("sandbox:goal.missed") : t("sandbox:goal.notYet");
  return (
    <li className={check.passed ? "check-holds" : "check-open"}>
      <span className="check-sign" aria-hidden="true">
        {check.passed ? "✓" : finished ? "✗" : "…"}
      </span>
      <span className="check-subject">{goalSubject(check, texts)}</span>
      <span className="check-value">
        <b>{goalValue(check.metric, check.value, texts)}</b> <span className="muted">({goalBound(check, texts)})</span>
      </span>
      <span className="check-word">{word}</span>
    </li>
  );
}

/** A check's selector and bound; its value and verdict change while it runs. */
function keyOf({ value, passed, ...asked }: GoalCheck): string {
  return JSON.stringify(asked);
}
