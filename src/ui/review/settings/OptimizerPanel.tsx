/** Training on the learner's own reviews: what comes out is shown beside what is used, and never taken when it is worse. */
import { useEffect, useMemo, useRef, useState } from "react";
import {
  type CardStore,
  createScheduler,
  type DayClock,
  type Evaluation,
  evaluateWeights,
  fillWeights,
  isBetter,
  type LogRow,
  openCardStore,
  type PracticeSettings,
  trainingHistories,
  trainingItems,
} from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "../ScrollRegion.tsx";
import { startTraining, type Training } from "./optimizer-order.ts";

export interface OptimizerPanelProps {
  t: Translator;
  settings: PracticeSettings;
  log: readonly LogRow[];
  clock: DayClock;
  store: CardStore;
}

/** Anki asks for as many before it says the result is worth having. */
const wantedItems = 400;

interface Trained {
  weights: number[];
  before: Evaluation;
  after: Evaluation;
}

export function OptimizerPanel({ t, settings, log, clock, store }: OptimizerPanelProps) {
  const histories = useMemo(() => trainingHistories({ log, clock, nowMs: Date.now() }), [log, clock]);
  const itemCount = useMemo(() => trainingItems(histories).length, [histories]);
  const [trained, setTrained] = useState<Trained>();
  /** Share of the work, 0 … 1, while it goes on. */
  const [done, setDone] = useState<number>();
  const [message, setMessage] = useState("");
  const training = useRef<Training>(undefined);
  useEffect(() => () => training.current?.stop(), []);
  const { weights } = settings.options;

  async function train() {
    setMessage("");
    setTrained(undefined);
    setDone(0);
    training.current = startTraining({ histories, relearningSteps: settings.options.relearningSteps.length }, setDone);
    const answer = await training.current.done;
    setDone(undefined);
    if (!answer.ok) return setMessage(t("practice:optimizer.failed", { detail: answer.detail }));
    if (!fillWeights(answer.weights)) return setMessage(t("practice:optimizer.failed", { detail: "NaN" }));
    setTrained({
      weights: answer.weights,
      before: evaluateWeights(weights, histories),
      after: evaluateWeights(answer.weights, histories),
    });
  }

  function stop() {
    training.current?.stop();
    setDone(undefined);
    setMessage(t("practice:optimizer.stopped"));
  }

  async function use(next: readonly number[]) {
    const options = { ...settings.options, weights: next };
    const saved = await store.saveSettings({ ...settings, options });
    if (!saved.ok) return setMessage(t(`cards:storeFailure.${saved.error.code}`));
    // Memory is computed anew by a store that knows the new parameters; the log and the due dates stay.
    const renewed = await openCardStore({ scheduler: createScheduler(options, clock) });
    const count = await renewed.rebuild();
    renewed.close();
    if (!count.ok) return setMessage(t(`cards:storeFailure.${count.error.code}`));
    setTrained(undefined);
    setMessage(t("practice:optimizer.applied", { count: count.value }));
  }

  const better = trained && isBetter(trained.after, trained.before);
  const number = new Intl.NumberFormat(t.language, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const percent = new Intl.NumberFormat(t.language, { style: "percent" });
  const list = (values: readonly number[]) => (fillWeights(values) ?? []).map((value) => value.toFixed(4)).join(", ");
  return (
    <div className="statistic">
      <h2>{t("practice:optimizer.title")}</h2>
      <p>{t("practice:optimizer.text")}</p>
      <p>{t("practice:optimizer.items", { count: itemCount, wanted: wantedItems })}</p>
      <p className="settings-buttons">
        {done === undefined ? (
          <button type="button" disabled={itemCount === 0} onClick={train}>
            {t("practice:optimizer.train")}
          </button>
        ) : (
          <button type="button" onClick={stop}>
            {t("practice:optimizer.cancel")}
          </button>
        )}
        {weights.length > 0 && (
          <button type="button" onClick={() => use([])}>
            {t("practice:optimizer.defaults")}
          </button>
        )}
      </p>
      <p role="status">
        {done !== undefined && t("practice:optimizer.training", { share: percent.format(done) })}
        {done === undefined && itemCount === 0 && t("practice:optimizer.tooFew")}
        {message}
      </p>
      {trained && (
        <>
          <ScrollRegion className="chart-table" label={t("practice:optimizer.title")}>
            <table>
              <thead>
                <tr>
                  <td />
                  <th scope="col">{t("practice:optimizer.logLoss")}</th>
                  <th scope="col">{t("practice:optimizer.rmse")}</th>
                  <th scope="col">{t("practice:optimizer.values")}</th>
                </tr>
              </thead>
              <tbody>
                {(
                  [
                    ["old", trained.before, weights],
                    ["new", trained.after, trained.weights],
                  ] as const
                ).map(([which, { logLoss, rmseBins }, values]) => (
                  <tr key={which}>
                    <th scope="row">{t(`practice:optimizer.${which}`)}</th>
                    <td>{number.format(logLoss)}</td>
                    <td>{number.format(rmseBins)}</td>
                    <td className="settings-weights">{list(values)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          <p>{better ? t("practice:optimizer.better") : t("practice:optimizer.worse")}</p>
          {better && (
            <button type="button" className="practice-main" onClick={() => use(trained.weights)}>
              {t("practice:optimizer.apply")}
            </button>
          )}
        </>
      )}
    </div>
  );
}
