/** config.route.v3.InternalRedirectPolicy and its predicates (extensions.internal_redirect). */
import type { InternalRedirectPolicy } from "#engine";
import { at, type Field, flag, items, number, sourceOf, text, texts } from "../translation/field.ts";

/** Codes that may be listed; others are ignored. */
const redirectCodes: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function readInternalRedirect(field: Field | undefined): InternalRedirectPolicy | undefined {
  if (!field) return undefined;
  const written = texts(field, "redirect_response_codes").map(Number);
  const predicates = items(field, "predicates").map(readPredicate);
  const lists = predicates.filter(({ kind }) => kind === "allow_listed_routes").map(({ routes }) => routes);
  const previous = predicates.filter(({ kind }) => kind === "previous_routes").length;
  return {
    maxRedirects: number(field, "max_internal_redirects") ?? 1,
    codes: written.length === 0 ? [302] : written.filter((code) => redirectCodes.has(code)),
    allowsCrossScheme: flag(field, "allow_cross_scheme_redirect") ?? false,
    headersToCopy: texts(field, "response_headers_to_copy"),
    avoidsPreviousRoutes: previous > 0,
    ...(previous > 1 ? { avoidsEveryRoute: true as const } : {}),
    safeCrossScheme: predicates.some(({ kind }) => kind === "safe_cross_scheme"),
    ...(lists.length > 0 ? { allowedRoutes: lists.reduce((both, list) => both.filter((one) => list.includes(one))) } : {}),
    source: sourceOf(field),
  };
}

/** By the type of its configuration. */
function readPredicate(field: Field): { kind: string | undefined; routes: string[] } {
  text(field, "name");
  const config = at(field, "typed_config");
  const kind = /internal_redirect\.(\w+)\.v3\./.exec(text(config, "@type") ?? "")?.[1];
  return { kind, routes: texts(config, "allowed_route_names") };
}
