/** The calculators as forms: every number follows as one types; the values stand in the address, so a link carries them. */
import { useEffect, useState } from "react";
import { createTranslator, formatNumber, type Language, type TranslationKey, type Translator } from "#i18n";
import { encodeShareHash } from "../sandbox/share/share-link.ts";
import type { Calculator, CalculatorConstants, CalculatorField, CalculatorRow, FieldValues } from "./calculator.ts";
import { calculators } from "./calculators.ts";

export interface CalculatorsProps {
  lang: Language;
  constants: CalculatorConstants;
  sandboxUrl: string;
}

type Texts = Readonly<Record<string, string>>;

const keyOf = (calculator: Calculator, field: CalculatorField) => `${calculator.id}.${field.name}`;

export function Calculators({ lang, constants, sandboxUrl }: CalculatorsProps) {
  const t = createTranslator(lang);
  const [texts, setTexts] = useState<Texts>(usualTexts);
  useEffect(() => {
    const given = new URLSearchParams(location.search);
    setTexts((before) => Object.fromEntries(Object.entries(before).map(([key, text]) => [key, given.get(key) ?? text])));
  }, []);

  const change = (key: string, text: string) => {
    const next = { ...texts, [key]: text };
    setTexts(next);
    const usual = usualTexts();
    const changed = Object.entries(next).filter(([name, value]) => value !== usual[name]);
    const address = new URLSearchParams(changed).toString();
    history.replaceState(null, "", `${location.pathname}${address === "" ? "" : `?${address}`}${location.hash}`);
  };
  return calculators.map((calculator) => (
    <CalculatorForm
      key={calculator.id}
      t={t}
      calculator={calculator}
      texts={texts}
      constants={constants}
      sandboxUrl={sandboxUrl}
      onChange={change}
    />
  ));
}

function usualTexts(): Texts {
  return Object.fromEntries(
    calculators.flatMap((calculator) => calculator.fields.map((field) => [keyOf(calculator, field), String(field.usual)])),
  );
}

interface CalculatorFormProps {
  t: Translator;
  calculator: Calculator;
  texts: Texts;
  constants: CalculatorConstants;
  sandboxUrl: string;
  onChange(key: string, text: string): void;
}

function CalculatorForm({ t, calculator, texts, constants, sandboxUrl, onChange }: CalculatorFormProps) {
  const { id, fields } = calculator;
  const say = (key: string, values?: Record<string, string | number>) => t(`calculators:${id}.${key}` as TranslationKey, values);
  const read = fields.map((field) => ({ field, value: readNumber(texts[keyOf(calculator, field)] ?? "", field) }));
  const isComplete = read.every(({ value }) => value !== undefined);
  const values: FieldValues = Object.fromEntries(
    read.flatMap(({ field, value }) => (value === undefined ? [] : [[field.name, value]])),
  );
  const yaml = isComplete ? calculator.experiment?.(values) : undefined;
  const link = yaml ? encodeShareHash({ files: [{ name: `${id}.yaml`, text: yaml }], seed: 1, scenario: "" }) : undefined;
  return (
    <section className="calculator" aria-labelledby={id}>
      <h2 id={id}>{say("title")}</h2>
      <p>{say("lead")}</p>
      <div className="calculator-fields">
        {read.map(({ field, value }) => {
          const key = keyOf(calculator, field);
          return (
            <label key={key}>
              <span>{say(`field.${field.name}`)}</span>
              <input
                inputMode="decimal"
                value={texts[key] ?? ""}
                aria-invalid={value === undefined}
                aria-describedby={value === undefined ? `${key}-bounds` : undefined}
                onChange={({ target }) => onChange(key, target.value)}
              />
              {value === undefined && (
                <span id={`${key}-bounds`} className="calculator-fault">
                  {t(field.step === 1 ? "calculators:boundsWhole" : "calculators:bounds", {
                    least: formatNumber(field.least, t.language),
                    most: formatNumber(field.most, t.language),
                  })}
                </span>
              )}
            </label>
          );
        })}
      </div>
      {isComplete && (
        <dl aria-live="polite">
          {calculator.rows(values, constants).map((row) => (
            <div key={`${row.name}${row.position ?? ""}`}>
              <dt>{say(`row.${row.name}`, { position: row.position ?? 0 })}</dt>
              <dd>
                {withUnit(t, row)}
                {row.warning && <span className="calculator-warning"> {say(`warning.${row.name}`)}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {link?.ok && <a href={`${sandboxUrl}${link.value}`}>{t("calculators:run")}</a>}
    </section>
  );
}

/** Both decimal signs are understood. @returns undefined outside the bounds or when it is no number */
function readNumber(text: string, { least, most, step }: CalculatorField): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !(value >= least && value <= most)) return undefined;
  return step === 1 && !Number.isInteger(value) ? undefined : value;
}

function withUnit(t: Translator, { value, unit }: CalculatorRow): string {
  const number = (digits: number) => formatNumber(value, t.language, digits);
  switch (unit) {
    case "share":
      return t("sandbox:unit.percent", { value: formatNumber(value * 100, t.language, value > 0 && value < 0.01 ? 3 : 1) });
    case "count":
      return number(value < 100 ? 1 : 0);
    case "times":
      return t("calculators:unit.times", { value: number(2) });
    default:
      return t(`calculators:unit.${unit}`, { value: number(value < 10 ? 2 : 1) });
  }
}
