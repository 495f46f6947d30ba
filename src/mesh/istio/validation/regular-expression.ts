/** RE2 syntax judged as RE2: what JavaScript accepts is another language (no look-around, no back-references). */
import { type Field, text } from "../../resource/field.ts";
import { isRe2Syntax } from "./re2-syntax.ts";
import { reject, type Verdict } from "./verdict.ts";

const maxLength = 1024;
const known = new Map<string, boolean>();

export function isRe2(pattern: string): boolean {
  let fine = known.get(pattern);
  if (fine === undefined) {
    fine = isRe2Syntax(pattern);
    if (known.size > 2000) known.clear();
    known.set(pattern, fine);
  }
  return fine;
}

/** Envoy bounds a program's size; Istio stands in a length of 1024 bytes for it. */
export function validateRegex(verdict: Verdict, field: Field): void {
  const pattern = text(field);
  if (pattern.length > maxLength) reject(verdict, "MESH1226", field, { size: pattern.length, most: maxLength });
  else if (!isRe2(pattern)) reject(verdict, "MESH1225", field, { value: pattern });
}
