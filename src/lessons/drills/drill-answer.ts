/** What a page shows once a line is marked: the judges' words in the reader's language, the lines that are right, the repair. */
import { createTranslator, type Language, type TranslationKey } from "#i18n";
import type { Drill } from "./drills.ts";
import { type DrillFinding, judgeDrill } from "./judge-drill.ts";
import { type RepairLine, repairOf } from "./repair.ts";

export interface DrillAnswer {
  /** 1-based lines that are right to mark. */
  right: readonly number[];
  findings: readonly { line: number; code: string; source: string; message: string }[];
  repair: readonly RepairLine[];
  why: string;
}

export function answerDrill(drill: Drill, lang: Language): DrillAnswer {
  const { findings, right } = judgeDrill(drill);
  const t = createTranslator(lang);
  const say = (finding: DrillFinding): DrillAnswer["findings"][number] => {
    const { line } = finding;
    if (finding.type === "route") {
      const { request, goesTo, shouldGoTo } = finding;
      return { line, code: "routes", source: "meshwise", message: t("drills:goesAstray", { request, goesTo, shouldGoTo }) };
    }
    const { code, source, params } = finding.diagnostic;
    return { line, code, source, message: t(`diagnostics:${code}` as TranslationKey, params) };
  };
  return { right, findings: findings.map(say), repair: repairOf(drill.faulty, drill.fixed), why: drill.texts[lang].why };
}
