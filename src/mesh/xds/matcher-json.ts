/** Matchers of the model in Envoy's field names. */
import type { HeaderMatcher, QueryParameterMatcher, StringMatcher } from "#engine";
import { compact } from "./envoy-json.ts";

export function stringJson(matcher: StringMatcher): Record<string, unknown> {
  if (matcher.type === "regex") return { safeRegex: { regex: matcher.value.regex } };
  return compact({ [matcher.type]: matcher.value, ignoreCase: matcher.ignoreCase || undefined });
}

export function headerJson(matcher: HeaderMatcher): Record<string, unknown> {
  return compact({
    name: matcher.name,
    presentMatch: matcher.value || matcher.range ? undefined : true,
    stringMatch: matcher.value ? stringJson(matcher.value) : undefined,
    rangeMatch: matcher.range,
    invertMatch: matcher.invert || undefined,
    treatMissingHeaderAsEmpty: matcher.treatMissingAsEmpty || undefined,
  });
}

export function queryJson(matcher: QueryParameterMatcher): Record<string, unknown> {
  return compact({
    name: matcher.name,
    presentMatch: matcher.value ? undefined : true,
    stringMatch: matcher.value ? stringJson(matcher.value) : undefined,
  });
}
