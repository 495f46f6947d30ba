/** Envoy's StringMatcher, HeaderMatcher and QueryParameterMatcher, read from a configuration. */
import type { HeaderMatcher, QueryParameterMatcher, StringMatcher } from "#engine";
import { at, type Field, flag, items, number, text } from "../translation/field.ts";
import { wholeMatch } from "../translation/re2.ts";

export function readStringMatcher(field: Field | undefined): StringMatcher | undefined {
  if (!field) return undefined;
  const ignoreCase = flag(field, "ignore_case") ? { ignoreCase: true } : {};
  for (const type of ["exact", "prefix", "suffix", "contains"] as const) {
    const value = text(field, type);
    if (value !== undefined) return { type, value, ...ignoreCase };
  }
  const regex = text(field, "safe_regex", "regex");
  // There is no other engine.
  at(field, "safe_regex", "google_re2");
  return regex === undefined ? undefined : { type: "regex", value: wholeMatch(regex) };
}

export function readHeaderMatchers(field: Field | undefined, key: string): HeaderMatcher[] {
  return items(field, key).map(readHeaderMatcher);
}

/** The older one-of forms (exact_match, prefix_match …) mean the same as string_match. */
export function readHeaderMatcher(field: Field): HeaderMatcher {
  const name = text(field, "name") ?? "";
  const invert = flag(field, "invert_match") ?? false;
  const missing = flag(field, "treat_missing_header_as_empty") ? { treatMissingAsEmpty: true } : {};
  const present = flag(field, "present_match");
  if (present !== undefined) return { name, invert: present ? invert : !invert, ...missing };
  const range = at(field, "range_match");
  if (range) return { name, invert, range: { start: number(range, "start") ?? 0, end: number(range, "end") ?? 0 }, ...missing };
  const value = readStringMatcher(at(field, "string_match")) ?? legacyMatch(field);
  return value ? { name, value, invert, ...missing } : { name, invert, ...missing };
}

function legacyMatch(field: Field): StringMatcher | undefined {
  for (const type of ["exact", "prefix", "suffix", "contains"] as const) {
    const value = text(field, `${type}_match`);
    if (value !== undefined) return { type, value };
  }
  const regex = text(field, "safe_regex_match", "regex");
  return regex === undefined ? undefined : { type: "regex", value: wholeMatch(regex) };
}

export function readQueryParameters(field: Field | undefined, key: string): QueryParameterMatcher[] {
  return items(field, key).map((one): QueryParameterMatcher => {
    const name = text(one, "name") ?? "";
    if (flag(one, "present_match") === false) return { name, isAbsent: true };
    const value = readStringMatcher(at(one, "string_match"));
    return value ? { name, value } : { name };
  });
}

/** @returns 0–100; a FractionalPercent counts in hundredths unless it says otherwise. */
export function readPercent(field: Field | undefined): number | undefined {
  if (!field) return undefined;
  const numerator = number(field, "numerator") ?? 0;
  const denominator = text(field, "denominator") ?? "HUNDRED";
  return numerator / (denominator === "MILLION" ? 10_000 : denominator === "TEN_THOUSAND" ? 100 : 1);
}
