/** The island's language for every component below it: texts and numbers. Holds no texts itself. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { createTranslator, formatNumber, type Language, type Translator } from "#i18n";

export interface SandboxTexts {
  t: Translator;
  /** A text whose key is computed (a decision's or a diagnostic's code); undefined where there is none. */
  maybe(key: string, values?: Readonly<Record<string, string | number>>): string | undefined;
  number(value: number, digits?: number): string;
  /** 0.051 → "5.1%" / "5,1 %". */
  percent(share: number): string;
  /** Virtual milliseconds with a unit that fits: "850 µs", "12.4 ms", "3.2 s". */
  duration(ms: number): string;
  /** A point of virtual time, fine enough that one event moves it. */
  moment(ms: number): string;
}

const TextsContext = createContext<SandboxTexts | null>(null);

export function TextsProvider({ language, children }: { language: Language; children: ReactNode }) {
  const texts = useMemo(() => createTexts(language), [language]);
  return <TextsContext value={texts}>{children}</TextsContext>;
}

export function useTexts(): SandboxTexts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error("invariant broken: a sandbox component stands inside TextsProvider");
  return texts;
}

export function createTexts(language: Language): SandboxTexts {
  const t = createTranslator(language);
  const number = (value: number, digits = 1) => formatNumber(value, language, digits);
  return {
    t,
    maybe: (key, values) => (t.has(key) ? t(key, values) : undefined),
    number,
    percent(share) {
      const percent = share * 100;
      const digits = percent > 0 && percent < 1 ? 2 : 1;
      return t("sandbox:unit.percent", { value: number(percent, digits) });
    },
    duration(ms) {
      if (ms >= 1000) return t("sandbox:unit.s", { value: number(ms / 1000, 2) });
      if (ms < 1 && ms > 0) return t("sandbox:unit.us", { value: number(ms * 1000, 0) });
      return t("sandbox:unit.ms", { value: number(ms, ms < 10 ? 1 : 0) });
    },
    moment: (ms) => t("sandbox:unit.s", { value: number(ms / 1000, 4) }),
  };
}
