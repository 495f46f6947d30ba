/** HTTPMatchRequest → Envoy's route match (route.go TranslateRouteMatch). */
import type { HeaderMatcher, PathMatcher, QueryParameterMatcher, RouteMatch, StringMatcher } from "#engine";
import { wholeMatch } from "./re2.ts";
import type { HttpMatch, StringMatch, VirtualService } from "./virtual-service.ts";

/** @returns undefined where only presence is asked. */
export function stringMatcher(match: StringMatch): StringMatcher | undefined {
  if (match.type === "present") return undefined;
  return match.type === "regex" ? { type: "regex", value: wholeMatch(match.value) } : { type: match.type, value: match.value };
}

export function routeMatchOf(match: HttpMatch | undefined, semantics: VirtualService["semantics"]): RouteMatch {
  const anything: PathMatcher = { type: "prefix", value: "/", ignoreCase: false };
  if (!match) return { path: anything, headers: [], queryParameters: [] };
  const named: HeaderMatcher[] = [
    ...Object.entries(match.headers).map(([name, value]) => headerMatcher(name, value)),
    ...Object.entries(match.withoutHeaders).map(([name, value]) => ({
      ...headerMatcher(name, value),
      invert: true,
      ...(value.type === "present" ? {} : { treatMissingAsEmpty: true }),
    })),
  ];
  const claims = named.filter((header) => header.name.startsWith("@request.auth.claims"));
  const headers = named
    .filter((header) => !header.name.startsWith("@request.auth.claims"))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  if (match.method) headers.push(headerMatcher(":method", match.method));
  if (match.authority) headers.push(headerMatcher(":authority", match.authority));
  if (match.scheme) headers.push(headerMatcher(":scheme", match.scheme));
  return {
    path: match.uri ? pathMatcher(match.uri, match.ignoreUriCase, semantics) : { ...anything, ignoreCase: match.ignoreUriCase },
    headers,
    queryParameters: Object.entries(match.queryParams).map(([name, value]): QueryParameterMatcher => {
      const matcher = stringMatcher(value);
      return matcher ? { name, value: matcher } : { name };
    }),
    ...(claims.length > 0
      ? {
          claims: claims.map((header) => ({
            claim: claimPath(header.name),
            ...(header.value ? { value: header.value } : {}),
            invert: header.invert,
          })),
        }
      : {}),
    caseSensitivityWritten: true,
  };
}

/** "@request.auth.claims.group.id" and "@request.auth.claims[group][id]" → ["group", "id"]. */
function claimPath(name: string): string[] {
  const rest = name.slice("@request.auth.claims".length);
  if (rest.startsWith("[")) return [...rest.matchAll(/\[([^\]]*)\]/g)].map((found) => found[1] ?? "");
  return rest.replace(/^\./, "").split(".");
}

function headerMatcher(name: string, match: StringMatch): HeaderMatcher {
  const value = stringMatcher(match);
  return value ? { name, value, invert: false } : { name, invert: false };
}

/** Gateway API and Ingress prefixes end at "/" boundaries; Istio's are plain text. */
function pathMatcher(uri: StringMatch, ignoreCase: boolean, semantics: VirtualService["semantics"]): PathMatcher {
  if (uri.type === "exact") return { type: "exact", value: uri.value, ignoreCase };
  if (uri.type === "regex") return { type: "regex", value: wholeMatch(uri.value) };
  if (uri.type === "present") return { type: "prefix", value: "/", ignoreCase };
  if (semantics !== "istio" && uri.value !== "/") {
    return { type: "pathSeparatedPrefix", value: uri.value.replace(/\/$/, ""), ignoreCase };
  }
  return { type: "prefix", value: uri.value, ignoreCase };
}

/** Nothing after such a route can be reached (route.go IsCatchAllRoute). */
export function isCatchAll(match: RouteMatch): boolean {
  const { path } = match;
  const everything =
    (path.type === "prefix" && path.value === "/") ||
    (path.type === "pathSeparatedPrefix" && path.value === "/") ||
    (path.type === "regex" && path.value.regex === ".*");
  return everything && match.headers.length === 0 && match.queryParameters.length === 0 && (match.claims ?? []).length === 0;
}
