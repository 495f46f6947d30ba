/** Header manipulation and rewrites: the request as it leaves the proxy. Pure; headers of answers are `answer-headers.ts`. */
import type { ForwardAction, HeaderChanges, HeaderOperations, PathMatcher } from "../model/index.ts";
import { type FormatFacts, formatValue } from "./header-format.ts";
import { betweenValues, fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

export interface Rewriting {
  action: ForwardAction;
  matched: PathMatcher;
  /** In the order they are applied. */
  operations: readonly (HeaderOperations | undefined)[];
  /** Of the weighted cluster: stands over the route's. */
  hostRewrite: string | undefined;
  /** auto_host_rewrite: the upstream host's name, where it has one. */
  upstreamHostname: string | undefined;
  /** What the operators of values ask about. */
  facts: Omit<FormatFacts, "shape">;
}

export function rewriteRequest(table: ShapeTable, shape: RequestShape, rewriting: Rewriting): RequestShape {
  const { action, operations, facts } = rewriting;
  const fields = fieldsOf(shape);
  const headers: Record<string, string> = { ...fields.headers };
  let { authority, path } = fields;
  let changed = false;
  for (const operation of operations) {
    const request = operation?.request;
    if (request === undefined) continue;
    changed = true;
    for (const name of request.remove ?? []) delete headers[name.toLowerCase()];
    // Values are made of the headers as this level found them, without those it takes away.
    const found = holdsOperators(request) ? internShape(table, { ...fields, authority, headers: { ...headers } }) : shape;
    const entriesOf = (values: Readonly<Record<string, string>> | undefined) =>
      Object.entries(values ?? {}).flatMap(([name, value]): [name: string, value: string][] => {
        const made = value.includes("%") ? formatValue(value, { ...facts, shape: found }) : value;
        // What came to nothing is not sent.
        return made === "" && value !== "" ? [] : [[name.toLowerCase(), made]];
      });
    const absent = entriesOf(request.setIfAbsent).filter(([name]) => headers[name] === undefined);
    for (const [name, value] of entriesOf(request.setIfPresent)) if (headers[name] !== undefined) headers[name] = value;
    for (const [name, value] of entriesOf(request.set)) {
      if (name === ":authority" || name === "host") authority = value;
      else headers[name] = value;
    }
    for (const [name, value] of [...entriesOf(request.add), ...absent]) {
      headers[name] = headers[name] === undefined ? value : `${headers[name]}${betweenValues}${value}`;
    }
  }
  const host = rewrittenHost(rewriting, headers, path);
  if (host !== undefined) {
    changed = true;
    if (action.rewrite?.appendForwardedHost && authority !== "")
      headers["x-forwarded-host"] = [headers["x-forwarded-host"], authority].filter(Boolean).join(",");
    authority = host;
  }
  if (action.rewrite !== undefined) {
    changed = true;
    if (action.rewrite.keepOriginalPath) headers["x-envoy-original-path"] = path;
    path = rewritePath(path, action.rewrite, rewriting.matched);
  }
  return changed ? internShape(table, { ...fields, authority, path, headers }) : shape;
}

function holdsOperators({ set, add, setIfAbsent, setIfPresent }: HeaderChanges): boolean {
  return [set, add, setIfAbsent, setIfPresent].some((values) => Object.values(values ?? {}).some((value) => value.includes("%")));
}

/** @returns undefined where the host stays */
function rewrittenHost(
  { action: { rewrite }, hostRewrite, upstreamHostname }: Rewriting,
  headers: Readonly<Record<string, string>>,
  path: string,
): string | undefined {
  if (hostRewrite !== undefined) return hostRewrite;
  if (upstreamHostname !== undefined) return upstreamHostname;
  if (rewrite === undefined) return undefined;
  if (rewrite.host !== undefined) return rewrite.host;
  if (rewrite.hostFromHeader !== undefined) return headers[rewrite.hostFromHeader.toLowerCase()];
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

export function rewritePath(
  path: string,
  rewrite: Pick<NonNullable<ForwardAction["rewrite"]>, "path" | "prefix" | "regex">,
  matched: PathMatcher,
): string {
  const question = path.indexOf("?");
  const query = question < 0 ? "" : path.slice(question);
  const bare = question < 0 ? path : path.slice(0, question);
  if (rewrite.path !== undefined) return rewrite.path + query;
  if (rewrite.regex !== undefined) return substitute(bare, rewrite.regex) + query;
  if (rewrite.prefix === undefined) return path;
  // A regex route with a prefix rewrite replaces the whole path, an exact one too.
  const length = matched.type === "regex" ? bare.length : matched.value.length;
  return rewrite.prefix + bare.slice(length) + query;
}

/** RE2's GlobalReplace: "\\1" is the first group, "\\0" the whole match. */
function substitute(
  text: string,
  { pattern, substitution }: NonNullable<NonNullable<ForwardAction["rewrite"]>["regex"]>,
): string {
  const expression = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`);
  return text.replace(expression, (...match) =>
    substitution.replace(/\\(\d)/g, (_, group: string) => String(match[Number(group)] ?? "")),
  );
}
