/** The options as a form: what is wrong is said at its field, nothing is saved before all of it fits. */
import { type FormEvent, useState } from "react";
import {
  type CardStore,
  type DeckOptions,
  type DeckOwnOptions,
  type EasyDay,
  easyDayKinds,
  optionBounds,
  ownOptions,
  type PracticeSettings,
  readSteps,
} from "#cards";
import type { Translator } from "#i18n";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { ScrollRegion } from "../ScrollRegion.tsx";

export interface OptionsFormProps {
  t: Translator;
  settings: PracticeSettings;
  decks: readonly string[];
  store: CardStore;
}

/** Numbers as they are typed: percent for the retention. */
const numberFields = ["newPerDay", "reviewsPerDay", "desiredRetention", "maximumIntervalDays", "leechThreshold"] as const;
type NumberField = (typeof numberFields)[number];
const scaleOf = (field: NumberField) => (field === "desiredRetention" ? 100 : 1);
const shown = (field: NumberField, value: number) => String(Number((value * scaleOf(field)).toFixed(2)));

type OwnTexts = Record<string, Partial<Record<keyof DeckOwnOptions, string>>>;

export function OptionsForm({ t, settings, decks, store }: OptionsFormProps) {
  const { options } = settings;
  // What was typed beside other options than are kept now is forgotten.
  const kept = JSON.stringify(settings);
  const [texts, setTexts] = useCarriedState(
    `texts ${kept}`,
    () => Object.fromEntries(numberFields.map((field) => [field, shown(field, options[field])])) as Record<NumberField, string>,
  );
  const [steps, setSteps] = useCarriedState(`steps ${kept}`, {
    learningSteps: options.learningSteps.join(" "),
    relearningSteps: options.relearningSteps.join(" "),
  });
  const [choices, setChoices] = useCarriedState(`choices ${kept}`, options);
  const [own, setOwn] = useCarriedState<OwnTexts>(`own ${kept}`, () => ownTexts(settings));
  const [message, setMessage] = useState("");

  const numberOf = (field: NumberField, text: string): number | string => {
    const [least, most] = optionBounds[field].map((bound) => bound * scaleOf(field)) as [number, number];
    const value = Number(text.trim().replace(",", "."));
    if (text.trim() !== "" && value >= least && value <= most) return value / scaleOf(field);
    return t("practice:settings.number", { field: t(`practice:settings.${field}`), least, most });
  };

  async function save(event: FormEvent) {
    event.preventDefault();
    const numbers = numberFields.map((field) => [field, numberOf(field, texts[field])] as const);
    const learningSteps = readSteps(steps.learningSteps);
    const relearningSteps = readSteps(steps.relearningSteps);
    const ownNumbers = Object.entries(own).map(
      ([deck, fields]) =>
        [
          deck,
          Object.entries(fields)
            .filter(([, text]) => text.trim() !== "")
            .map(([field, text]) => [field, numberOf(field as NumberField, text)] as const),
        ] as const,
    );
    const wrong = [...numbers, ...ownNumbers.flatMap(([, fields]) => fields)].find(([, value]) => typeof value === "string");
    if (wrong) return setMessage(String(wrong[1]));
    if (!learningSteps || !relearningSteps) return setMessage(t("practice:settings.stepsWrong"));
    const saved = await store.saveSettings({
      ...settings,
      options: {
        ...choices,
        ...(Object.fromEntries(numbers) as Pick<DeckOptions, NumberField>),
        learningSteps,
        relearningSteps,
        weights: options.weights,
      },
      decks: Object.fromEntries(
        ownNumbers.filter(([, fields]) => fields.length > 0).map(([deck, fields]) => [deck, Object.fromEntries(fields)]),
      ),
    });
    setMessage(saved.ok ? t("practice:settings.saved") : t(`cards:storeFailure.${saved.error.code}`));
  }

  const number = (field: NumberField, hint?: string) => (
    <label>
      <span>{t(`practice:settings.${field}`)}</span>
      <input
        inputMode="decimal"
        value={texts[field]}
        onChange={({ target }) => setTexts({ ...texts, [field]: target.value })}
        aria-describedby={hint === undefined ? undefined : `hint-${field}`}
      />
      {hint !== undefined && <small id={`hint-${field}`}>{hint}</small>}
    </label>
  );
  const flag = (field: "fuzz" | "loadBalancing") => (
    <label className="practice-checkbox">
      <input
        type="checkbox"
        checked={choices[field]}
        onChange={({ target }) => setChoices({ ...choices, [field]: target.checked })}
      />
      <span>{t(`practice:settings.${field}`)}</span>
    </label>
  );
  return (
    <form onSubmit={save}>
      <fieldset>
        <legend>{t("practice:settings.limits")}</legend>
        {number("newPerDay")}
        {number("reviewsPerDay")}
      </fieldset>
      <fieldset>
        <legend>{t("practice:settings.memory")}</legend>
        {number("desiredRetention", t("practice:settings.desiredRetentionHint"))}
        {number("maximumIntervalDays")}
        {(["learningSteps", "relearningSteps"] as const).map((field) => (
          <label key={field}>
            <span>{t(`practice:settings.${field}`)}</span>
            <input
              value={steps[field]}
              onChange={({ target }) => setSteps({ ...steps, [field]: target.value })}
              spellCheck={false}
              aria-describedby={`hint-${field}`}
            />
            <small id={`hint-${field}`}>{t("practice:settings.stepsHint")}</small>
          </label>
        ))}
        {flag("fuzz")}
        {flag("loadBalancing")}
      </fieldset>
      <fieldset>
        <legend>{t("practice:settings.leeches")}</legend>
        {number("leechThreshold")}
        <label>
          <span>{t("practice:settings.leechAction")}</span>
          <select
            value={choices.leechAction}
            onChange={({ target }) => setChoices({ ...choices, leechAction: target.value as DeckOptions["leechAction"] })}
          >
            {(["suspend", "mark"] as const).map((action) => (
              <option key={action} value={action}>
                {t(`practice:settings.leechAction.${action}`)}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <fieldset>
        <legend>{t("practice:settings.easyDays")}</legend>
        {choices.easyDays.map((kind, day) => (
          <label key={weekdayName(t, day)}>
            <span>{weekdayName(t, day)}</span>
            <select
              value={kind}
              onChange={({ target }) => setChoices({ ...choices, easyDays: choices.easyDays.with(day, target.value as EasyDay) })}
            >
              {easyDayKinds.map((one) => (
                <option key={one} value={one}>
                  {t(`practice:settings.easyDay.${one}`)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t("practice:settings.decks")}</legend>
        <p>{t("practice:settings.decksHint")}</p>
        <ScrollRegion className="chart-table" label={t("practice:settings.decks")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("practice:settings.deck")}</th>
                {ownOptions.map((field) => (
                  <th key={field} scope="col">
                    {t(`practice:settings.${field}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {decks.map((deck) => (
                <tr key={deck}>
                  <th scope="row">{deck}</th>
                  {ownOptions.map((field) => (
                    <td key={field}>
                      <input
                        inputMode="decimal"
                        size={6}
                        value={own[deck]?.[field] ?? ""}
                        placeholder={texts[field]}
                        aria-label={`${deck}: ${t(`practice:settings.${field}`)}`}
                        onChange={({ target }) => setOwn({ ...own, [deck]: { ...own[deck], [field]: target.value } })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </fieldset>
      <button type="submit" className="practice-main">
        {t("practice:settings.save")}
      </button>
      <p role="status">{message}</p>
    </form>
  );
}

function ownTexts({ decks }: PracticeSettings): OwnTexts {
  return Object.fromEntries(
    Object.entries(decks).map(([deck, one]) => [
      deck,
      Object.fromEntries(Object.entries(one).map(([field, value]) => [field, shown(field as NumberField, value)])),
    ]),
  );
}

/** @param day Monday is 0 */
function weekdayName(t: Translator, day: number): string {
  const monday = Date.UTC(2024, 0, 1);
  return new Intl.DateTimeFormat(t.language, { weekday: "long", timeZone: "UTC" }).format(monday + day * 86_400_000);
}
