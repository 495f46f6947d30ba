/** Matchers in Envoy v3's field names (envoy.type.matcher.v3, config.route.v3.HeaderMatcher). */
import type { HeaderMatcher, PathMatcher, QueryParameterMatcher, RegexMatcher, StringMatcher } from "#engine";

export type Json = Readonly<Record<string, unknown>>;

/** Leaves out fields that are undefined, empty lists and empty objects: what Envoy's dump leaves out. */
export function compact(fields: Json): Json {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => {
      if (value === undefined || value === null) return false;
      if (Array.isArray(value)) return value.length > 0;
      return typeof value !== "object" || Object.keys(value).length > 0;
    }),
  );
}

/** 1500 → "1.5s", as protobuf's JSON writes a Duration. */
export function duration(ms: number): string {
  return `${Number((ms / 1000).toFixed(9))}s`;
}

export function regex(matcher: RegexMatcher): Json {
  return { regex: matcher.regex };
}

export function stringMatcher(matcher: StringMatcher): Json {
  if (matcher.type === "regex") return { safe_regex: regex(matcher.value) };
  return compact({ [matcher.type]: matcher.value, ignore_case: matcher.ignoreCase === true ? true : undefined });
}

export function headerMatcher(header: HeaderMatcher): Json {
  const { name, value, range, invert, treatMissingAsEmpty } = header;
  return compact({
    name,
    string_match: value && stringMatcher(value),
    range_match: range && { start: range.start, end: range.end },
    present_match: value === undefined && range === undefined ? true : undefined,
    invert_match: invert ? true : undefined,
    treat_missing_header_as_empty: treatMissingAsEmpty === true ? true : undefined,
  });
}

export function queryParameterMatcher(parameter: QueryParameterMatcher): Json {
  const { name, value } = parameter;
  return compact({ name, string_match: value && stringMatcher(value), present_match: value ? undefined : true });
}

const pathFields = { exact: "path", prefix: "prefix", pathSeparatedPrefix: "path_separated_prefix" } as const;

export function pathMatcher(path: PathMatcher): Json {
  if (path.type === "regex") return { safe_regex: regex(path.value) };
  return compact({ [pathFields[path.type]]: path.value, case_sensitive: path.ignoreCase ? false : undefined });
}
