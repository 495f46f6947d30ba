/** The Location of a redirect (config.route.v3.RedirectAction; RouteEntryImplBase::newUri, as measured on Envoy 1.40). Pure. */
import type { PathMatcher, RedirectAction } from "../model/index.ts";
import { rewritePath } from "./header-operations.ts";
import { fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

/** @param matched what the route asked of the path: a prefix that is rewritten is that one */
export function redirectLocation(action: RedirectAction, shape: RequestShape, matched: PathMatcher): string {
  const came = shape.headers["x-forwarded-proto"] ?? (shape.scheme === "https" ? "https" : "http");
  const scheme = action.scheme ?? came;
  const port = action.port === undefined ? "" : `:${action.port}`;
  return `${scheme}://${action.host ?? hostOf(shape.authority, scheme, came, port)}${port}${pathOf(action, shape, matched)}`;
}

/** What a redirect that rewrites the path makes of the request itself, which headers of its answer may tell of. */
export function redirectedRequest(
  table: ShapeTable,
  shape: RequestShape,
  { prefixRewrite: prefix, regexRewrite: regex }: RedirectAction,
  matched: PathMatcher,
): RequestShape {
  const path = rewritePath(shape.path, { prefix, regex }, matched);
  if (path === undefined) return shape;
  return internShape(table, { ...fieldsOf(shape), path, headers: { ...shape.headers, "x-envoy-original-path": shape.path } });
}

/** Its own port goes where another is set, or where it was its scheme's and the scheme changes. */
function hostOf(authority: string, scheme: string, came: string, port: string): string {
  const own = /:\d+$/.exec(authority)?.[0] ?? "";
  const isUsual = scheme !== came && own === (came === "https" ? ":443" : ":80");
  return port !== "" || isUsual ? authority.slice(0, authority.length - own.length) : authority;
}

function pathOf(action: RedirectAction, { path, pathOnly }: RequestShape, matched: PathMatcher): string {
  const query = path.slice(pathOnly.length);
  if (action.path !== undefined && action.path !== "") {
    // A query of its own stands for the request's, and stays whatever is stripped.
    return action.path.includes("?") || action.stripQuery ? action.path : `${action.path}${query}`;
  }
  const { prefixRewrite: prefix, regexRewrite: regex } = action;
  const made = rewritePath(path, { prefix, regex }, matched) ?? path;
  return action.stripQuery ? (made.split("?")[0] ?? made) : made;
}
