/** Envoy's matchers (type.matcher.v3, config.route.v3.HeaderMatcher) applied to a request. Pure. */
import type {
  CookieMatcher,
  HeaderMatcher,
  PathMatcher,
  QueryParameterMatcher,
  RegexMatcher,
  StringMatcher,
} from "../../model/index.ts";
import { betweenValues, type RequestShape } from "./request-shape.ts";

const compiled = new Map<string, RegExp>();

/** Whole-input match; the pattern was translated from RE2 by whoever made the configuration. */
function matchesRegex(matcher: RegexMatcher, text: string): boolean {
  const key = `${matcher.flags}/${matcher.source}`;
  let expression = compiled.get(key);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${matcher.source})$`, matcher.flags.replace(/[gy]/g, ""));
    compiled.set(key, expression);
  }
  return expression.test(text);
}

export function matchesString(matcher: StringMatcher, text: string): boolean {
  if (matcher.type === "regex") return matchesRegex(matcher.value, text);
  const value = matcher.ignoreCase ? matcher.value.toLowerCase() : matcher.value;
  const input = matcher.ignoreCase ? text.toLowerCase() : text;
  switch (matcher.type) {
    case "exact":
      return input === value;
    case "prefix":
      return input.startsWith(value);
    case "suffix":
      return input.endsWith(value);
    case "contains":
      return input.includes(value);
  }
}

/** Value of a header or pseudo header; undefined when the request has none. */
export function headerOf(shape: RequestShape, name: string): string | undefined {
  switch (name) {
    case ":method":
      return shape.method;
    case ":authority":
    case "host":
      return shape.authority;
    case ":path":
      return shape.path;
    case ":scheme":
      return schemeOf(shape);
    default:
      return shape.headers[name.toLowerCase()]?.replaceAll(betweenValues, ",");
  }
}

/** Over HTTP/1 the connection manager makes :scheme of x-forwarded-proto, where that is one. */
function schemeOf({ scheme, headers }: RequestShape): string {
  const forwarded = headers["x-forwarded-proto"]?.toLowerCase();
  return forwarded === "http" || forwarded === "https" ? forwarded : scheme === "https" ? "https" : "http";
}

/** Of a header that was sent more than once the first line. */
export function firstLine(shape: RequestShape, name: string): string | undefined {
  return headerLines(shape, name.toLowerCase())?.[0];
}

/** Each line of a header that was sent more than once by itself. */
export function headerLines(shape: RequestShape, name: string): readonly string[] | undefined {
  const written = shape.headers[name.toLowerCase()];
  if (written?.includes(betweenValues)) return written.split(betweenValues);
  const value = headerOf(shape, name);
  return value === undefined ? undefined : [value];
}

/**
 * An absent header never matches, not even an inverted value match, unless the matcher treats a missing one as empty; an
 * inverted presence match is how "absent" is written. Of a header with several lines each is judged by itself (Envoy from 1.39 on,
 * match_headers_individually), and one that matches is enough.
 */
export function matchesHeader(matcher: HeaderMatcher, shape: RequestShape): boolean {
  return matchesLines(matcher, headerLines(shape, matcher.name));
}

/** The same of the lines of a header of whatever message; undefined where it has none. */
export function matchesLines(matcher: HeaderMatcher, lines: readonly string[] | undefined): boolean {
  const values = lines ?? (matcher.treatMissingAsEmpty ? [""] : undefined);
  if (matcher.value === undefined && matcher.range === undefined) return (values !== undefined) !== matcher.invert;
  return values?.some((value) => matchesValue(matcher, value)) === !matcher.invert;
}

function matchesValue({ range, value }: HeaderMatcher, actual: string): boolean {
  if (range !== undefined) return /^[+-]?\d+$/.test(actual) && Number(actual) >= range.start && Number(actual) < range.end;
  return value !== undefined && matchesString(value, actual);
}

export function matchesQuery(matcher: QueryParameterMatcher, shape: RequestShape): boolean {
  const actual = shape.query.get(matcher.name);
  if (actual === undefined || matcher.isAbsent) return actual === undefined && matcher.isAbsent === true;
  return matcher.value === undefined || matchesString(matcher.value, actual);
}

export function matchesCookie({ name, value, invert }: CookieMatcher, shape: RequestShape): boolean {
  const actual = cookieOf(shape, name);
  return (actual !== undefined && matchesString(value, actual)) !== invert;
}

/** The first of that name, without quotes (Http::Utility::parseCookieValue). */
export function cookieOf(shape: RequestShape, name: string): string | undefined {
  for (const pair of (headerOf(shape, "cookie") ?? "").split(";")) {
    const [key = "", ...rest] = pair.trim().split("=");
    if (key === name && rest.length > 0) return rest.join("=").replace(/^"(.*)"$/, "$1");
  }
  return undefined;
}

export function matchesPath(matcher: PathMatcher, shape: RequestShape): boolean {
  if (matcher.type === "regex") return matchesRegex(matcher.value, shape.pathOnly);
  const value = matcher.ignoreCase ? matcher.value.toLowerCase() : matcher.value;
  const path = matcher.ignoreCase ? shape.pathOnly.toLowerCase() : shape.pathOnly;
  switch (matcher.type) {
    case "exact":
      return path === value;
    case "prefix":
      return path.startsWith(value);
    case "pathSeparatedPrefix":
      return path === value || path.startsWith(`${value}/`);
  }
}

/** Path templates (envoy.path.match.uri_template): "{*}", "*" and "{name}" are one segment, "{**}", "**" and "{name=**}" any number. */
export function matchesUriTemplate(template: string, path: string): boolean {
  const pattern = template
    .split("/")
    .map((segment) => {
      const [, name, pattern = name] = /^\{([^=}]+)(?:=([^}]+))?\}$/.exec(segment) ?? [undefined, segment];
      if (pattern === "**") return "(?:[^?#]*)";
      if (pattern === "*" || (segment.startsWith("{") && pattern === name)) return "[^/]+";
      return segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("/");
  return new RegExp(`^${pattern}$`).test(path);
}
