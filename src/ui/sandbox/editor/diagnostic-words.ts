/** A diagnostic in the reader's language, with the place it points at. Codes without a sentence show themselves. */
import type { Diagnostic } from "#mesh";
import type { SandboxTexts } from "../texts.tsx";

/** Catalogues that hold diagnostics, by who finds them: the mesh layer and the experiment's reader. */
const catalogues = ["diagnostics", "scenario"] as const;

export function diagnosticMessage(diagnostic: Diagnostic, texts: SandboxTexts): string {
  for (const catalogue of catalogues) {
    const known = texts.maybe(`${catalogue}:${diagnostic.code}`, diagnostic.params);
    if (known !== undefined) return known;
  }
  const params = Object.entries(diagnostic.params).map(([name, value]) => `${name}=${value}`);
  return [diagnostic.code, ...params].join(" ");
}

export function diagnosticPlace(diagnostic: Diagnostic): string {
  return [diagnostic.kind, diagnostic.name, diagnostic.path].filter(Boolean).join(" · ");
}

/** Applies a fix to the text it was made from. Edits do not overlap, so the last one goes first. */
export function applyFix(text: string, fix: NonNullable<Diagnostic["fix"]>): string {
  return fix.edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.insert + result.slice(edit.to), text);
}

/** Offset of a 1-based line and column; clamped to the text. */
export function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  const end = text.indexOf("\n", offset);
  return Math.min(offset + Math.max(column - 1, 0), end < 0 ? text.length : end);
}
