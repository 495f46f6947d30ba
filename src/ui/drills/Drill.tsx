/** One drill: a line is marked, the judges' answer is fetched and shown beside it. A wrong mark may be corrected, or the answer asked for. */
import "../review/doing.css";
import "./drills.css";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { createTranslator, type Language } from "#i18n";
import type { DrillAnswer } from "#lessons";
import { LineChoice } from "../review/LineChoice.tsx";
import { useCarried } from "../shared/carry/use-carried-state.ts";
import { browserStorage, type DrillOutcome, keepDrillOutcome } from "./drill-progress.ts";
import { fetchDrillAnswer } from "./fetch-answer.ts";

export interface DrillProps {
  lang: Language;
  id: string;
  lines: readonly string[];
  answerUrl: string;
  next: { url: string; title: string };
}

export function Drill({ lang, id, lines, answerUrl, next }: DrillProps) {
  const t = createTranslator(lang);
  const [chosen, setChosen] = useState<number>();
  const [missed, setMissed] = useState<readonly number[]>([]);
  const [shown, setShown] = useState<{ answer: DrillAnswer; outcome: DrillOutcome }>();
  const [failed, setFailed] = useState(false);
  /** A line cannot be marked before there is somebody to judge it. */
  const [ready, setReady] = useState(false);
  const result = useRef<HTMLElement>(null);

  useEffect(() => setReady(true), []);
  useCarried(`drill ${id}`, { chosen, missed, outcome: shown?.outcome }, (brought) => {
    setChosen(brought.chosen);
    setMissed(brought.missed);
    if (brought.outcome) void show(brought.outcome);
  });
  useEffect(() => {
    if (shown) result.current?.focus();
  }, [shown]);

  /** What was found is shown again, in this page's language. */
  async function show(outcome: DrillOutcome) {
    const answer = await fetchDrillAnswer(answerUrl);
    setFailed(answer === null);
    if (answer) setShown({ answer, outcome });
  }

  async function judge(mark: number | undefined) {
    const answer = await fetchDrillAnswer(answerUrl);
    setFailed(answer === null);
    if (!answer) return;
    if (mark !== undefined && !answer.right.includes(mark + 1)) {
      setMissed((before) => [...before, mark]);
      return;
    }
    const outcome = mark === undefined ? "seen" : "found";
    keepDrillOutcome(browserStorage(), id, outcome);
    setShown({ answer, outcome });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (chosen !== undefined && !shown) void judge(chosen);
  }

  const pointedAt = new Set(shown?.answer.findings.map(({ line }) => line));
  return (
    <form className="drill" onSubmit={submit}>
      <p id="drill-keys" className="drill-keys">
        {t("drills:keys")}
      </p>
      <LineChoice
        legend={t("drills:lines")}
        name="line"
        lines={lines}
        chosen={chosen}
        disabled={!ready || shown !== undefined}
        onChoose={setChosen}
        markOf={(index) => {
          if (pointedAt.has(index + 1)) return { className: "practice-wrong-line", words: t("drills:here") };
          return missed.includes(index) ? { className: "drill-missed-line", words: t("drills:notHere") } : undefined;
        }}
      />
      {!shown && (
        <div className="drill-actions">
          <button type="submit" disabled={chosen === undefined}>
            {t("drills:judge")}
          </button>
          {missed.length > 0 && (
            <button type="button" className="drill-quiet" onClick={() => void judge(undefined)}>
              {t("drills:show")}
            </button>
          )}
        </div>
      )}
      <p role="status" className="drill-status">
        {failed && t("drills:failed")}
        {!failed && !shown && missed.length > 0 && t("drills:missed", { line: (missed.at(-1) ?? 0) + 1 })}
      </p>
      {shown && (
        <section ref={result} tabIndex={-1} className="drill-result" aria-labelledby="drill-verdict">
          <h2 id="drill-verdict">{t(shown.outcome === "found" ? "drills:found" : "drills:seen")}</h2>
          {shown.outcome === "found" && chosen !== undefined && !pointedAt.has(chosen + 1) && (
            <p>{t("drills:foundElsewhere", { line: chosen + 1 })}</p>
          )}
          <ul className="drill-findings">
            {shown.answer.findings.map(({ line, code, source, message }) => (
              <li key={`${code} ${line}`}>
                {message} <small>{t("drills:saidBy", { line, source, code })}</small>
              </li>
            ))}
          </ul>
          <p>{shown.answer.why}</p>
          <h3>{t("drills:repair")}</h3>
          <pre className="practice-repair drill-repair">
            {shown.answer.repair.map(({ sign, text }, index) => {
              const Line = sign === "+" ? "ins" : sign === "-" ? "del" : "span";
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change their places
                <Line key={index}>
                  {sign !== " " && (
                    <span className="mw-visually-hidden">{t(sign === "+" ? "drills:added" : "drills:removed")}: </span>
                  )}
                  {text}
                </Line>
              );
            })}
          </pre>
          <p>
            <a className="button" href={next.url}>
              {t("drills:next", { title: next.title })}
            </a>
          </p>
        </section>
      )}
    </form>
  );
}
