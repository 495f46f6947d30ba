/** Header manipulation and rewrites: the request as it leaves the proxy. Pure; response headers are not simulated. */
import type { ForwardAction, HeaderOperations, PathMatcher } from "../model/index.ts";
import { betweenValues, fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

/**
 * @param operations most specific first, as Envoy applies them: weighted cluster, route, virtual host
 * @param hostRewrite of the weighted cluster: stands over the route's
 */
export function rewriteRequest(
  table: ShapeTable,
  shape: RequestShape,
  action: ForwardAction,
  matched: PathMatcher,
  operations: readonly (HeaderOperations | undefined)[],
  hostRewrite: string | undefined,
): RequestShape {
  const fields = fieldsOf(shape);
  const headers: Record<string, string> = { ...fields.headers };
  let { authority, path } = fields;
  let changed = false;
  const set = (name: string, value: string): void => {
    if (name === ":authority" || name === "host") authority = value;
    else headers[name] = value;
  };
  for (const operation of operations) {
    const request = operation?.request;
    if (request === undefined) continue;
    changed = true;
    for (const name of request.remove ?? []) delete headers[name.toLowerCase()];
    for (const [name, value] of entriesOf(request.add)) {
      headers[name] = headers[name] === undefined ? value : `${headers[name]}${betweenValues}${value}`;
    }
    for (const [name, value] of entriesOf(request.setIfAbsent)) if (headers[name] === undefined) headers[name] = value;
    for (const [name, value] of entriesOf(request.setIfPresent)) if (headers[name] !== undefined) headers[name] = value;
    for (const [name, value] of entriesOf(request.set)) set(name, value);
  }
  const { rewrite } = action;
  if (rewrite !== undefined) {
    changed = true;
    const named = rewrite.hostFromHeader === undefined ? undefined : headers[rewrite.hostFromHeader.toLowerCase()];
    authority = rewrite.host ?? named ?? authority;
    path = rewritePath(path, rewrite, matched);
  }
  if (hostRewrite !== undefined) {
    changed = true;
    authority = hostRewrite;
  }
  return changed ? internShape(table, { ...fields, authority, path, headers }) : shape;
}

function entriesOf(values: Readonly<Record<string, string>> | undefined): [name: string, value: string][] {
  return Object.entries(values ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
}

/** A mirrored copy as Envoy marks it: "-shadow" after the host, before the port. */
export function shadowRequest(table: ShapeTable, shape: RequestShape): RequestShape {
  const port = /:\d+$/.exec(shape.authority)?.[0] ?? "";
  const host = shape.authority.slice(0, shape.authority.length - port.length);
  return internShape(table, { ...fieldsOf(shape), authority: `${host}-shadow${port}` });
}

export function rewritePath(path: string, rewrite: NonNullable<ForwardAction["rewrite"]>, matched: PathMatcher): string {
  const question = path.indexOf("?");
  const query = question < 0 ? "" : path.slice(question);
  const bare = question < 0 ? path : path.slice(0, question);
  if (rewrite.path !== undefined) return rewrite.path + query;
  if (rewrite.regex !== undefined) {
    const { pattern, substitution } = rewrite.regex;
    const replacement = substitution.replace(/\$/g, "$$$$").replace(/\\(\d)/g, "$$$1");
    return bare.replace(new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`), replacement) + query;
  }
  if (rewrite.prefix === undefined) return path;
  // A regex route with a prefix rewrite replaces the whole path, an exact one too.
  const length = matched.type === "regex" ? bare.length : matched.value.length;
  return rewrite.prefix + bare.slice(length) + query;
}
