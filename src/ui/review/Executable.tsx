/**
 * Predict, then run: the number is typed, the scenario runs in the simulation worker, and only then is the answer known to
 * the page. The trace of the run stands beneath it.
 */
import { type FormEvent, useEffect, useMemo, useState } from "react";
import {
  type ExecutableContent,
  type GradedRun,
  judgePrediction,
  readPrediction,
  shownText,
  traceLength,
  variantOf,
} from "#cards";
import type { Translator } from "#i18n";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { CardHtml } from "./CardHtml.tsx";
import type { FaceProps } from "./face-props.ts";
import { Verdict } from "./Verdict.tsx";

const verdicts = { right: "right", near: "almost", wrong: "wrong" } as const;

type Running =
  | { phase: "asking"; unreadable: boolean }
  | { phase: "running" }
  | { phase: "failed"; detail: string }
  | { phase: "done"; run: GradedRun };

export function Executable({ t, card, content, answerShown, onJudged, grader }: FaceProps<ExecutableContent>) {
  const [drawn] = useCarriedState("variant", () => ({ id: card.id, reps: card.schedule.reps }));
  const variant = useMemo(() => variantOf(content, drawn.id, drawn.reps), [content, drawn]);
  const [given, setGiven] = useCarriedState("done", "");
  const [running, setRunning] = useState<Running>({ phase: "asking", unreadable: false });
  const predicted = readPrediction(given);
  const [wasRun, setWasRun] = useCarriedState("run", false);
  // Brought from the page's twin: the same run has the same outcome.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is brought begins it
  useEffect(() => {
    if (wasRun && running.phase === "asking") void run();
  }, [wasRun]);

  async function run() {
    setRunning({ phase: "running" });
    try {
      const done = await grader.run(variant.run);
      setRunning({ phase: "done", run: done });
      setWasRun(true);
      return done;
    } catch (error) {
      setRunning({ phase: "failed", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  async function predict(event: FormEvent) {
    event.preventDefault();
    if (predicted === undefined) return setRunning({ phase: "asking", unreadable: true });
    const done = await run();
    if (done) onJudged(judgePrediction(content, done, predicted).rating);
  }

  const { unit } = content.scenario;
  return (
    <>
      <CardHtml html={variant.promptHtml} />
      <details className="practice-scenario">
        <summary>{t("practice:executable.config")}</summary>
        <pre>
          <code>{variant.run.files[0]?.text.replace(/\n {2}expect:\n.*\n$/, "\n")}</code>
        </pre>
      </details>
      {!answerShown && (
        <form className="practice-form" onSubmit={predict}>
          <label>
            <span>{unit === undefined ? t("practice:executable.predict") : t("practice:executable.predictIn", { unit })}</span>
            <input value={given} inputMode="decimal" autoComplete="off" onChange={(event) => setGiven(event.target.value)} />
          </label>
          <button type="submit" disabled={running.phase === "running" || given.trim() === ""}>
            {t("practice:executable.run")}
          </button>
        </form>
      )}
      <p role="status">
        {running.phase === "running" && t("practice:executable.running")}
        {running.phase === "asking" && running.unreadable && t("practice:executable.unreadable")}
        {running.phase === "failed" && t("practice:executable.failed", { detail: running.detail })}
      </p>
      {answerShown && running.phase === "done" && (
        <Result t={t} content={content} run={running.run} predicted={predicted} whyHtml={variant.whyHtml} />
      )}
      {answerShown && running.phase !== "done" && running.phase !== "running" && (
        <>
          {/* The learner gave up: the run is still to be seen. */}
          <button type="button" onClick={run}>
            {t("practice:executable.show")}
          </button>
          <CardHtml html={variant.whyHtml} />
        </>
      )}
    </>
  );
}

interface ResultProps {
  t: Translator;
  content: ExecutableContent;
  run: GradedRun;
  predicted: number | undefined;
  whyHtml: string;
}

function Result({ t, content, run, predicted, whyHtml }: ResultProps) {
  const format = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const { verdict, shown } = judgePrediction(content, run, predicted ?? Number.NaN);
  return (
    <>
      {predicted !== undefined && (
        <Verdict t={t} verdict={verdicts[verdict]}>
          {t("practice:executable.predicted", { given: format.format(predicted) })}
        </Verdict>
      )}
      <p className="practice-wanted">
        {t("practice:executable.measured")} <strong>{shownText(content, shown, t.language)}</strong>
      </p>
      <CardHtml html={whyHtml} />
      {run.requests.length > 0 && (
        <details className="practice-scenario">
          <summary>{t("practice:executable.trace")}</summary>
          <div className="practice-text">
            <table>
              <thead>
                <tr>
                  {(["request", "start", "duration", "status", "flags"] as const).map((key) => (
                    <th key={key} scope="col">
                      {t(`practice:form.${key}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {run.requests.slice(0, traceLength).map((request, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a finished run does not change
                  <tr key={index}>
                    <td>
                      {request.method} {request.url}
                    </td>
                    <td>{format.format(request.startMs)} ms</td>
                    <td>{format.format(request.endMs - request.startMs)} ms</td>
                    <td>{request.status}</td>
                    <td>{request.flags || "-"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </>
  );
}
