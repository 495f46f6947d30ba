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

/** A diagnostic that says in which file it is: of commands that tell of all files in one list. */
export interface FiledDiagnostic extends WrittenDiagnostic {
  file: string;
}

export function filedDiagnostic(diagnostic: Diagnostic, text: Translator): FiledDiagnostic {
  return { file: diagnostic.file, ...writtenDiagnostic(diagnostic, text) };
}

/** "shop.yaml:12:7 error MESH1501 VirtualService shop/payments: …" */
export function diagnosticLine(diagnostic: Diagnostic, text: Translator): string {
  return filedLine(filedDiagnostic(diagnostic, text), text);
}

/** The same of one that is in words already. */
export function filedLine(diagnostic: FiledDiagnostic, text: Translator): string {
  const { file, line, column, severity, code, kind, name, namespace, message } = diagnostic;
  const subject = kind === "" ? "" : ` ${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  return `${file === "" ? "-" : file}:${line}:${column} ${text(`cli:severity.${severity}`)} ${code}${subject}: ${message}`;
}

export function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === "error");
}
