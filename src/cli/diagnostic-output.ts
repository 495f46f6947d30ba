/** Diagnostics in words: the JSON of contracts.md 2, and one line each for people. */
import type { Translator } from "#i18n";
import type { Diagnostic } from "#mesh";

export interface WrittenDiagnostic {
  code: string;
  severity: Diagnostic["severity"];
  source: Diagnostic["source"];
  message: string;
  kind: string;
  name: string;
  namespace: string;
  path: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** The catalogue's sentence for a diagnostic in the translator's language. */
function messageOf(diagnostic: Diagnostic, text: Translator): string {
  for (const namespace of ["diagnostics", "scenario"]) {
    const key = `${namespace}:${diagnostic.code}`;
    if (text.has(key)) return text(key, { ...diagnostic.params });
  }
  return diagnostic.code;
}

export function writtenDiagnostic(diagnostic: Diagnostic, text: Translator): WrittenDiagnostic {
  const { code, severity, source, kind, name, namespace, path, line, column, endLine, endColumn } = diagnostic;
  const message = messageOf(diagnostic, text);
  return { code, severity, source, message, kind, name, namespace, path, line, column, endLine, endColumn };
}

/** "shop.yaml:12:7 error MESH1501 VirtualService shop/payments: …" */
export function diagnosticLine(diagnostic: Diagnostic, text: Translator): string {
  const { file, line, column, severity, code, kind, name, namespace } = diagnostic;
  const subject = kind === "" ? "" : ` ${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  return `${file === "" ? "-" : file}:${line}:${column} ${text(`cli:severity.${severity}`)} ${code}${subject}: ${messageOf(diagnostic, text)}`;
}

export function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === "error");
}
