/** Header manipulation and rewrites: the request as it leaves the proxy. Pure; headers of answers are `answer-headers.ts`. */
import type { ForwardAction, HeaderOperations, PathMatcher } from "../model/index.ts";
import { changeHeaders } from "./header-changes.ts";
import { type FormatFacts, formatValue } from "./header-format.ts";
import { betweenValues, fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

export interface Rewriting {
  action: ForwardAction;
  /** Of a router that adds no headers of its own. */
  suppressesHeaders: boolean;
  matched: PathMatcher;
  /** The weighted cluster's own come first, whatever the order of the others. */
  clusterOperations: HeaderOperations | undefined;
  /** Of route, virtual host and table, in the order they are applied. */
  operations: readonly (HeaderOperations | undefined)[];
  /** Of the weighted cluster: a route's own comes after it. */
  hostRewrite: string | undefined;
  /** auto_host_rewrite: the upstream host's name, where it has one. */
  upstreamHostname: string | undefined;
  /** What the operators of values ask about. */
  facts: Omit<FormatFacts, "shape">;
}

/** RouteEntryImplBase::finalizeRequestHeaders: headers, then the host, then the path. */
export function rewriteRequest(table: ShapeTable, shape: RequestShape, rewriting: Rewriting): RequestShape {
  const { action, suppressesHeaders, clusterOperations, operations, facts, hostRewrite } = rewriting;
  const fields = fieldsOf(shape);
  const headers: Record<string, string> = { ...fields.headers };
  let { authority, path } = fields;
  let changed = false;
  const apply = (operation: HeaderOperations | undefined) => {
    const request = operation?.request;
    if (request === undefined) return;
    changed = true;
    let found: RequestShape | null = null;
    changeHeaders(headers, request, (value) => {
      found ??= internShape(table, { ...fields, authority, headers: { ...headers } });
      return formatValue(value, { ...facts, shape: found });
    });
  };
  apply(clusterOperations);
  if (hostRewrite !== undefined) {
    changed = true;
    authority = hostRewrite;
  }
  for (const operation of operations) apply(operation);
  const { rewrite } = action;
  const keepsOriginals = rewrite?.keepsOriginals === true && !suppressesHeaders;
  const host = rewrittenHost(rewriting, headers, path);
  if (host !== undefined && host !== "") {
    changed = true;
    if (rewrite?.appendForwardedHost && authority !== "") appendForwardedHost(headers, authority);
    if (keepsOriginals) headers["x-envoy-original-host"] = authority;
    authority = host;
  }
  const rewritten = rewrite === undefined ? "" : (rewritePath(path, rewrite, rewriting.matched) ?? "");
  if (rewritten !== "") {
    changed = true;
    if (keepsOriginals) headers["x-envoy-original-path"] = path;
    path = rewritten;
  }
  return changed ? internShape(table, { ...fields, authority, path, headers }) : shape;
}

/** Not twice in a row (append_xfh_idempotent). */
function appendForwardedHost(headers: Record<string, string>, authority: string): void {
  const before = headers["x-forwarded-host"] ?? "";
  if (before.split(",").findLast((one) => one !== "") === authority) return;
  headers["x-forwarded-host"] = before === "" ? authority : `${before},${authority}`;
}

/** @returns undefined or "" where the host stays */
function rewrittenHost(
  { action: { rewrite }, upstreamHostname }: Rewriting,
  headers: Readonly<Record<string, string>>,
  path: string,
): string | undefined {
  if (upstreamHostname !== undefined) return upstreamHostname;
  if (rewrite === undefined) return undefined;
  if (rewrite.host !== undefined) return rewrite.host;
  if (rewrite.hostFromHeader !== undefined) return headers[rewrite.hostFromHeader.toLowerCase()]?.split(betweenValues)[0];
  if (rewrite.hostFromPath === undefined) return undefined;
  const [bare = ""] = path.split(/[?#]/);
  return substitute(bare, rewrite.hostFromPath);
}

/** A mirrored copy as Envoy marks it: "-shadow" after the host, before the port. */
export function shadowRequest(table: ShapeTable, shape: RequestShape): RequestShape {
  const port = /:\d+$/.exec(shape.authority)?.[0] ?? "";
  const host = shape.authority.slice(0, shape.authority.length - port.length);
  return internShape(table, { ...fieldsOf(shape), authority: `${host}-shadow${port}` });
}

/** @returns undefined where nothing is to be rewritten, or where that came to nothing */
export function rewritePath(
  path: string,
  rewrite: Pick<NonNullable<ForwardAction["rewrite"]>, "path" | "prefix" | "regex">,
  matched: PathMatcher,
): string | undefined {
  const question = path.indexOf("?");
  const query = question < 0 ? "" : path.slice(question);
  const bare = question < 0 ? path : path.slice(0, question);
  if (rewrite.path !== undefined) return rewrite.path + query;
  if (rewrite.regex !== undefined) {
    const made = substitute(bare, rewrite.regex);
    return made === "" ? undefined : made + query;
  }
  if (rewrite.prefix === undefined || rewrite.prefix === "") return undefined;
  // A regex route with a prefix rewrite replaces the whole path, an exact one too.
  const length = matched.type === "regex" ? bare.length : matched.value.length;
  return rewrite.prefix + bare.slice(length) + query;
}

/** RE2's GlobalReplace: "\\1" is the first group, "\\0" the whole match. */
function substitute(
  text: string,
  { pattern, substitution }: NonNullable<NonNullable<ForwardAction["rewrite"]>["regex"]>,
): string {
  const flags = pattern.flags.replace(/[gy]/g, "");
  const groups = (new RegExp(`${pattern.source}|`, flags).exec("")?.length ?? 1) - 1;
  // A substitution that asks for a group that is not there changes nothing.
  if ([...substitution.matchAll(/\\(\d)/g)].some(([, group]) => Number(group) > groups)) return text;
  let made = "";
  let end = 0;
  for (const match of text.matchAll(new RegExp(pattern.source, `${flags}g`))) {
    // Nothing right behind a match is no match of its own.
    if (match[0] === "" && match.index === end && end > 0) continue;
    const written = substitution.replace(/\\(\d)/g, (_, group: string) => match[Number(group)] ?? "");
    made += text.slice(end, match.index) + written;
    end = match.index + match[0].length;
  }
  return made + text.slice(end);
}
