/** What is wrong with the text, as a list under the editor: code, sentence, line, and the fix where there is one sure repair. */
import { useRef } from "react";
import type { Diagnostic } from "#mesh";
import { useTexts } from "../texts.tsx";
import { diagnosticMessage, diagnosticPlace } from "./diagnostic-words.ts";

interface DiagnosticListProps {
  diagnostics: readonly Diagnostic[];
  onShow(diagnostic: Diagnostic): void;
  onFix(diagnostic: Diagnostic): void;
}

const shown = 50;
const signs = { error: "✗", warning: "!", info: "i" } as const;

export function DiagnosticList({ diagnostics, onShow, onFix }: DiagnosticListProps) {
  const texts = useTexts();
  const { t } = texts;
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === "warning").length;
  const count = useRef<HTMLParagraphElement>(null);
  const fix = (diagnostic: Diagnostic) => {
    onFix(diagnostic);
    // The mended finding goes, and its button with it: the focus stays at the count of what is left.
    count.current?.focus();
  };
  return (
    <div className="diagnostics">
      <p ref={count} className="diagnostics-count" role="status" tabIndex={-1}>
        {errors + warnings === 0
          ? t("sandbox:editor.clean")
          : [
              errors > 0 ? t("sandbox:editor.errors", { count: errors }) : "",
              warnings > 0 ? t("sandbox:editor.warnings", { count: warnings }) : "",
            ]
              .filter(Boolean)
              .join(", ")}
      </p>
      {diagnostics.length > 0 ? (
        <ul>
          {diagnostics.slice(0, shown).map((diagnostic) => (
            <li
              key={`${diagnostic.file} ${diagnostic.line}:${diagnostic.column} ${diagnostic.code} ${diagnostic.path}`}
              className={`diagnostic diagnostic-${diagnostic.severity}`}
            >
              <span className="diagnostic-sign" aria-hidden="true">
                {signs[diagnostic.severity]}
              </span>
              <div>
                <p>
                  <span className="mw-visually-hidden">{t(`sandbox:severity.${diagnostic.severity}`)}: </span>
                  {diagnosticMessage(diagnostic, texts)}
                </p>
                <p className="muted">
                  <code>{diagnostic.code}</code> {diagnosticPlace(diagnostic)} · {t(`sandbox:source.${diagnostic.source}`)}
                </p>
                <div className="diagnostic-actions">
                  <button type="button" className="line-button" onClick={() => onShow(diagnostic)}>
                    {t("sandbox:editor.line", { line: diagnostic.line })}
                  </button>
                  {diagnostic.fix ? (
                    <button type="button" className="line-button" onClick={() => fix(diagnostic)}>
                      {t("sandbox:editor.fix")}
                    </button>
                  ) : null}
                </div>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {diagnostics.length > shown ? (
        <p className="muted">{t("sandbox:editor.more", { count: diagnostics.length - shown })}</p>
      ) : null}
    </div>
  );
}
