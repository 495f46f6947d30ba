/** The questions before a run, and afterwards what came of them: prediction, computed number, difference, verdict, why. */
import "./predict.css";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { calibrationOf, confidences } from "#cards";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import type { OutcomeTexts } from "../level/level.ts";
import { goalSubject, goalValue } from "../numbers/goal-words.ts";
import { useProgress } from "../progress/use-progress.ts";
import { type SandboxTexts, useTexts } from "../texts.tsx";
import { CalibrationView } from "./CalibrationView.tsx";
import { isRight, type PredictionQuestion, readPrediction, unitOf } from "./judge-prediction.ts";
import type { PredictControl } from "./use-predict.ts";

interface PredictPanelProps {
  predict: PredictControl;
  /** Counts how often Run was pressed while an answer was due: the focus comes here. */
  called: number;
  /** Why it came out so, as the level's author says; fetched with the outcome. */
  loadWhy: (() => Promise<OutcomeTexts>) | undefined;
  onRun(): void;
  onShowWhy(): void;
}

const startConfidence = 0.7;

export default function PredictPanel(props: PredictPanelProps) {
  const { asking, given, outcomes, changed } = props.predict;
  const { t } = useTexts();
  const id = useId();
  return (
    <section className="predict" aria-labelledby={id}>
      <h2 id={id}>{t("tools:predict.title")}</h2>
      {asking ? (
        <Questions {...props} />
      ) : outcomes ? (
        <Outcome {...props} />
      ) : given ? (
        <p role="status">{t(changed ? "tools:predict.changed" : "tools:predict.given")}</p>
      ) : null}
    </section>
  );
}

function Questions({ predict, called, onRun }: PredictPanelProps) {
  const texts = useTexts();
  const { t } = texts;
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const { questions } = predict;
  const [typed, setTyped] = useCarriedState<Readonly<Record<number, string>>>("predict typed", {});
  const [sure, setSure] = useCarriedState<Readonly<Record<number, number>>>("predict sure", {});
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (called > 0) form.current?.querySelector<HTMLElement>("input")?.focus();
  }, [called]);
  const values = questions.map(({ metric, choices }, index) => {
    const text = typed[index] ?? "";
    return choices ? (text === "" ? undefined : Number(text)) : readPrediction(text, unitOf(metric));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (values.some((value) => value === undefined)) return setMissing(true);
    predict.give(values.map((value, index) => ({ value: value ?? 0, confidence: sure[index] ?? startConfidence })));
    onRun();
  };
  return (
    <form ref={form} onSubmit={submit}>
      <p>{t("tools:predict.ask")}</p>
      {questions.map((question, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the questions of one plan do not change
        <fieldset key={index}>
          <legend>{questionText(question, texts)}</legend>
          {question.choices ? (
            <span className="predict-choices">
              {question.choices.map((choice) => (
                <label key={choice}>
                  <input
                    type="radio"
                    name={`${id}-${index}`}
                    value={choice}
                    checked={typed[index] === String(choice)}
                    onChange={() => setTyped({ ...typed, [index]: String(choice) })}
                  />
                  {goalValue(question.metric, choice, texts)}
                </label>
              ))}
            </span>
          ) : (
            <label>
              <span>{t(`tools:predict.number.${unitOf(question.metric)}`)}</span>
              <input
                type="text"
                inputMode="decimal"
                autoComplete="off"
                value={typed[index] ?? ""}
                aria-invalid={missing && values[index] === undefined}
                onChange={(event) => setTyped({ ...typed, [index]: event.target.value })}
              />
            </label>
          )}
          <label>
            <span>{t("tools:predict.howSure")}</span>
            <select
              value={sure[index] ?? startConfidence}
              onChange={(event) => setSure({ ...sure, [index]: Number(event.target.value) })}
            >
              {confidences.map((confidence) => (
                <option key={confidence} value={confidence}>
                  {texts.percent(confidence)}
                </option>
              ))}
            </select>
          </label>
        </fieldset>
      ))}
      <p role="status" className="form-error">
        {missing && values.some((value) => value === undefined) ? t("tools:predict.missing") : ""}
      </p>
      <div className="predict-actions">
        <button type="submit" className="button-primary">
          {t("tools:predict.run")}
        </button>
        <button
          type="button"
          onClick={() => {
            predict.decline();
            onRun();
          }}
        >
          {t("tools:predict.skip")}
        </button>
      </div>
    </form>
  );
}

function Outcome({ predict, loadWhy, onShowWhy }: PredictPanelProps) {
  const texts = useTexts();
  const { t } = texts;
  const rows = useProgress();
  const [why, setWhy] = useState<readonly string[]>([]);
  useEffect(() => {
    void loadWhy?.().then(({ predict: texts }) => setWhy(texts));
  }, [loadWhy]);
  const { questions, given, outcomes, changed } = predict;
  return (
    <>
      <div className="table-scroll">
        <table>
          <thead>
            <tr>
              {(["question", "predicted", "computed", "difference", "verdict"] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`tools:predict.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {questions.map((question, index) => {
              const [own, measured] = [given?.[index], outcomes?.[index]?.value ?? null];
              const right = own && measured !== null && isRight(question, own.value, measured);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the questions of one plan do not change
                <tr key={index}>
                  <th scope="row">{subjectOf(question, texts)}</th>
                  <td>{own ? goalValue(question.metric, own.value, texts) : "–"}</td>
                  <td>
                    <b>{goalValue(question.metric, measured, texts)}</b>
                  </td>
                  <td>{own && measured !== null ? differenceText(question.metric, measured - own.value, texts) : "–"}</td>
                  <td>
                    {measured === null
                      ? t("tools:predict.nothing")
                      : `${right ? "✓" : "✗"} ${t(right ? "tools:predict.right" : "tools:predict.wrong")}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {why.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {changed ? <p className="muted">{t("tools:predict.changed")}</p> : null}
      <div className="predict-actions">
        <ActionButton disabled={false} onPress={onShowWhy}>
          {t("tools:predict.showWhy")}
        </ActionButton>
        <button type="button" onClick={predict.decline}>
          {t("tools:predict.close")}
        </button>
      </div>
      <details>
        <summary>{t("tools:predict.calibration")}</summary>
        <CalibrationView calibration={calibrationOf(rows)} />
      </details>
    </>
  );
}

function subjectOf(question: PredictionQuestion, texts: SandboxTexts): string {
  const { metric, selector, status, flag } = question;
  const { window, ...names } = selector;
  const subject = goalSubject({ metric, ...names, status, flag, value: null, passed: false }, texts);
  return window ? `${subject} (${texts.duration(window.fromMs)} – ${texts.duration(window.toMs)})` : subject;
}

function questionText(question: PredictionQuestion, texts: SandboxTexts): string {
  return texts.t("tools:predict.question", { subject: subjectOf(question, texts) });
}

/** "+3 percentage points": what came out against what was said. */
function differenceText(metric: string, difference: number, texts: SandboxTexts): string {
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  const size = Math.abs(difference);
  if (unitOf(metric) === "percent") return texts.t("tools:predict.points", { value: `${sign}${texts.number(size * 100, 2)}` });
  return `${sign}${goalValue(metric, size, texts)}`;
}
