/** RE2 syntax judged by an RE2: what JavaScript accepts is another language (no look-around, no back-references). */
import { RE2JS } from "re2js";
import { type Field, text } from "../../resource/field.ts";
import { reject, type Verdict } from "./verdict.ts";

const maxLength = 1024;
const known = new Map<string, boolean>();

export function isRe2(pattern: string): boolean {
  let fine = known.get(pattern);
  if (fine === undefined) {
    try {
      RE2JS.compile(pattern);
      fine = true;
    } catch {
      fine = false;
    }
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
