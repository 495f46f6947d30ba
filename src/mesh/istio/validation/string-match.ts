/** StringMatch: exact, prefix or regex. */
import { child, type Field, isSet, text } from "../../resource/field.ts";
import { validateRegex } from "./regular-expression.ts";
import { reject, type Verdict } from "./verdict.ts";

/** A prefix or a regex must not be empty; a regex must be RE2. */
export function validateStringMatch(verdict: Verdict, match: Field): void {
  const prefix = child(match, "prefix");
  if (isSet(prefix) && !isSet(child(match, "regex"))) {
    if (text(prefix) === "") reject(verdict, "MESH1227", prefix, { field: "prefix" });
    return;
  }
  validateRegexMatch(verdict, match);
}

/** As validateStringMatch, but an empty prefix is fine (a URI). */
export function validateRegexMatch(verdict: Verdict, match: Field): void {
  const regex = child(match, "regex");
  if (!isSet(regex)) return;
  if (text(regex) === "") reject(verdict, "MESH1227", regex, { field: "regex" });
  else validateRegex(verdict, regex);
}
