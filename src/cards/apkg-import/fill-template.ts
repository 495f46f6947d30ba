/**
 * A foreign card template's question with a note's fields put in, as far as a page without Anki can show it (Anki manual, "Card
 * Templates"): conditions and the text around the fields count; what Anki asks for or reveals on demand is left to the answer.
 */

export interface TemplateField {
  name: string;
  filters: readonly string[];
}

/** A tag with a field in it, a condition's begin or end, or text. */
const tag = /\{\{([^{}]*)\}\}/;

/** Typed into a box, shown by a click, read aloud: none of it stands on the question. */
export function isAskedFor({ filters }: TemplateField): boolean {
  if (filters.includes("type")) return !filters.includes("cloze");
  return filters.some((filter) => filter === "hint" || filter.startsWith("tts"));
}

/** `{{filter:other filter:Field}}`; undefined for a condition. */
export function fieldIn(inner: string): TemplateField | undefined {
  if (/^\s*[#^/]/.test(inner)) return undefined;
  const parts = inner.split(":").map((part) => part.trim());
  return { name: parts.at(-1)!, filters: parts.slice(0, -1) };
}

/** @param fieldValue the HTML of a field; undefined when the note has no such field */
export function fillTemplate(template: string, fieldValue: (field: string) => string | undefined): string {
  const shown: boolean[] = [];
  let html = "";
  for (const [index, piece] of template.split(tag).entries()) {
    if (index % 2 === 0) {
      if (!shown.includes(false)) html += piece;
      continue;
    }
    const [, sign, name = ""] = /^\s*([#^/])(.*)$/s.exec(piece) ?? [];
    if (sign === "/") shown.pop();
    else if (sign !== undefined) shown.push(isEmptyField(fieldValue(name.trim()) ?? "") === (sign === "^"));
    else {
      const field = fieldIn(piece)!;
      if (!shown.includes(false) && !isAskedFor(field)) html += fieldValue(field.name) ?? "";
    }
  }
  return html;
}

/** As Anki has it (rslib/src/template.rs, `field_is_empty`). */
export function isEmptyField(html: string): boolean {
  return html.replace(/\s+|<\/?(?:br|div) ?\/?>/gi, "") === "";
}

/** Without the breaks that a typing box or the answer's line would have followed. */
export function withoutOuterBreaks(html: string): string {
  return html.replace(/^(?:\s|<br>|<hr>)+|(?:\s|<br>|<hr>)+$/g, "");
}
