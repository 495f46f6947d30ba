/** A diagnostic in words; `texts` is the `diagnostics` namespace of the reader's language. */
import type { Diagnostic } from "./diagnostic.ts";

export function formatDiagnostic(
  diagnostic: Pick<Diagnostic, "code" | "params">,
  texts: Readonly<Record<string, string>>,
): string {
  const text = texts[diagnostic.code];
  if (text === undefined) return diagnostic.code;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(diagnostic.params[name] ?? ""));
}
