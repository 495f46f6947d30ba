/** The first route of a virtual host that matches, and for each one before it the condition that failed. Pure. */
import type { Route, VirtualHost } from "../model/index.ts";
import type { DecisionDraft } from "../telemetry/draft.ts";
import { isGrpc } from "./grpc-status.ts";
import { claimValues } from "./jwt/claims.ts";
import type { Payloads } from "./jwt/token-traces.ts";
import {
  cookieOf,
  headerOf,
  matchesCookie,
  matchesHeader,
  matchesPath,
  matchesQuery,
  matchesString,
} from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

export function findRoute(
  virtualHost: VirtualHost,
  shape: RequestShape,
  considered: DecisionDraft["considered"] | null,
  payloads: Payloads = {},
  from = 0,
): Route | undefined {
  for (let i = from; i < virtualHost.routes.length; i++) {
    const route = virtualHost.routes[i] as Route;
    const mismatch = mismatchOf(route, shape, payloads);
    if (mismatch === null) return route;
    considered?.push({ ...mismatch, source: route.source });
  }
  return undefined;
}

/** Null when the route matches. @param payloads claims of accepted tokens */
export function mismatchOf(
  route: Route,
  shape: RequestShape,
  payloads: Payloads = {},
): { code: string; params: Record<string, string | number> } | null {
  const { match } = route;
  if (!matchesPath(match.path, shape)) {
    const wanted = match.path.type === "regex" ? match.path.value.regex : match.path.value;
    return { code: "route.pathMismatch", params: { route: route.name, kind: match.path.type, wanted, actual: shape.pathOnly } };
  }
  for (const header of match.headers) {
    if (matchesHeader(header, shape)) continue;
    const actual = headerOf(shape, header.name);
    if (header.name === ":method") {
      return { code: "route.methodMismatch", params: { route: route.name, actual: shape.method } };
    }
    return actual === undefined
      ? { code: "route.headerMissing", params: { route: route.name, header: header.name } }
      : { code: "route.headerMismatch", params: { route: route.name, header: header.name, actual } };
  }
  for (const parameter of match.queryParameters) {
    if (!matchesQuery(parameter, shape)) {
      const actual = shape.query.get(parameter.name) ?? "-";
      return { code: "route.queryMismatch", params: { route: route.name, parameter: parameter.name, actual } };
    }
  }
  for (const cookie of match.cookies ?? []) {
    if (!matchesCookie(cookie, shape))
      return {
        code: "route.cookieMismatch",
        params: { route: route.name, cookie: cookie.name, actual: cookieOf(shape, cookie.name) ?? "-" },
      };
  }
  for (const condition of match.claims ?? []) {
    if (matchesClaim(condition, payloads.payload) === condition.invert)
      return { code: "route.claimMismatch", params: { route: route.name, claim: condition.claim.join(".") } };
  }
  if (match.grpc && !isGrpc(shape)) return { code: "route.notGrpc", params: { route: route.name } };
  return null;
}

/** Without an accepted token no claim is there. */
function matchesClaim(condition: NonNullable<Route["match"]["claims"]>[number], claims: Payloads[string] | undefined): boolean {
  if (claims === undefined) return false;
  const values = claimValues(claims, condition.claim);
  const { value } = condition;
  return value === undefined ? values.length > 0 : values.some((text) => matchesString(value, text));
}
