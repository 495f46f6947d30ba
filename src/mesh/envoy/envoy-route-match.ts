/** config.route.v3.RouteMatch, of a route or of another rule that asks the same of requests. */
import type { CookieMatcher, HeaderMatcher, PathMatcher, RouteMatch } from "#engine";
import { at, type Field, flag, items, text } from "../translation/field.ts";
import { wholeMatch } from "../translation/re2.ts";
import { readHeaderMatchers, readPercent, readQueryParameters, readStringMatcher } from "./envoy-matcher.ts";
import { isBrokenTemplate, templateRegex } from "./uri-template.ts";

export function readRouteMatch(match: Field | undefined): RouteMatch {
  const cookies = readCookies(match);
  const fraction = readPercent(at(match, "runtime_fraction", "default_value"));
  return {
    path: readPath(match),
    ...(pathSpecifiers.some((key) => at(match, key) !== undefined) ? {} : { isPathless: true as const }),
    headers: [...readHeaderMatchers(match, "headers"), ...connectOnly(match)],
    queryParameters: readQueryParameters(match, "query_parameters"),
    ...(cookies.length > 0 ? { cookies } : {}),
    ...(at(match, "grpc") ? { grpc: true } : {}),
    ...(fraction === undefined ? {} : { fractionPercent: fraction }),
  };
}

const pathSpecifiers = ["prefix", "path", "safe_regex", "connect_matcher", "path_separated_prefix", "path_match_policy"];

function readCookies(match: Field | undefined): CookieMatcher[] {
  return items(match, "cookies").flatMap((one): CookieMatcher[] => {
    const value = readStringMatcher(at(one, "string_match"));
    return value ? [{ name: text(one, "name") ?? "", value, invert: flag(one, "invert_match") === true }] : [];
  });
}

/** connect_matcher takes CONNECT requests alone. */
function connectOnly(match: Field | undefined): HeaderMatcher[] {
  return at(match, "connect_matcher") ? [{ name: ":method", value: { type: "exact", value: "CONNECT" }, invert: false }] : [];
}

function readPath(match: Field | undefined): PathMatcher {
  const ignoreCase = flag(match, "case_sensitive") === false;
  const exact = text(match, "path");
  if (exact !== undefined) return { type: "exact", value: exact, ignoreCase };
  const separated = text(match, "path_separated_prefix");
  if (separated !== undefined) return { type: "pathSeparatedPrefix", value: separated, ignoreCase };
  const template = text(match, "path_match_policy", "typed_config", "path_template");
  if (template !== undefined) {
    text(match, "path_match_policy", "name");
    text(match, "path_match_policy", "typed_config", "@type");
    const value = wholeMatch(templateRegex(template));
    if (!isBrokenTemplate(template)) return { type: "regex", value };
    return { type: "regex", value: { ...value, regex: template, isBroken: "template" } };
  }
  const regex = text(match, "safe_regex", "regex");
  if (regex !== undefined) return { type: "regex", value: wholeMatch(regex) };
  return { type: "prefix", value: text(match, "prefix") ?? "/", ignoreCase };
}
