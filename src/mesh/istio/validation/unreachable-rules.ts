/**
 * Rules of a VirtualService that can never win: only the last may go without a match, and a match used by an earlier rule,
 * or inside an earlier prefix, is dead. Istio's analyzer says IST0130 and IST0131 for what is found here.
 */
import { child, type Field, isSet, items, number, snakeCase, text } from "../../resource/field.ts";
import { isObject, objectOf } from "../../resource/json-value.ts";
import { type Verdict, warn } from "./verdict.ts";

const maps = ["headers", "queryParams", "sourceLabels", "withoutHeaders"];

interface PrefixMatch {
  rule: string;
  match: string;
  field: Field;
  prefix: string;
  port: number;
  method: string;
  authority: string;
  headers: Record<string, string>;
  queryParams: Record<string, string>;
  withoutHeaders: Record<string, string>;
}

export function warnUnreachableRules(verdict: Verdict, routes: Field): void {
  const seen = new Map<string, string>();
  const prefixes: PrefixMatch[] = [];
  let matchlessSeen = false;
  for (const [index, route] of items(routes).entries()) {
    if (!isSet(route)) continue;
    const rule = nameOf(route, index);
    const matches = items(child(route, "match"));
    if (matchlessSeen) warn(verdict, "MESH1343", route, { rule });
    if (matches.length === 0) matchlessSeen = true;
    if (matchlessSeen) continue;
    let duplicates = 0;
    for (const [position, match] of matches.entries()) {
      const identity = identityOf(match.value);
      const earlier = seen.get(identity);
      if (earlier !== undefined) {
        warn(verdict, "MESH1344", match, { rule, match: nameOf(match, position), earlier });
        duplicates++;
        continue;
      }
      seen.set(identity, rule);
      const prefix = prefixMatchOf(match, rule, position);
      if (prefix) prefixes.push(prefix);
    }
    if (duplicates === matches.length) warn(verdict, "MESH1345", route, { rule });
  }
  warnCovered(verdict, prefixes);
}

/** A name in quotes, or `#index`. */
function nameOf(field: Field, index: number): string {
  const name = text(child(field, "name"));
  return name === "" ? `#${index}` : `"${name}"`;
}

/** Equal but for the name and the order of keys. */
function identityOf(match: unknown): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, sorted(value[key])]),
    );
  };
  const { name: _, ...rest } = objectOf(match);
  const written = Object.entries(rest).filter(([field, value]) => !isEmpty(field, value));
  return JSON.stringify(sorted(Object.fromEntries(written)));
}

/** What protobuf would not write out. */
function isEmpty(field: string, value: unknown): boolean {
  if (isObject(value)) return maps.includes(field) && Object.keys(value).length === 0;
  return value === null || value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
}

function prefixMatchOf(match: Field, rule: string, position: number): PrefixMatch | undefined {
  const prefix = text(child(child(match, "uri"), "prefix"));
  if (prefix === "") return undefined;
  return {
    rule,
    match: nameOf(match, position),
    field: match,
    prefix,
    port: number(child(match, "port")),
    // Without a method GET is assumed, as Istio does.
    method: condition(child(match, "method").value) || "exact:GET",
    authority: condition(child(match, "authority").value),
    headers: conditions(match, "headers"),
    queryParams: conditions(match, "queryParams"),
    withoutHeaders: conditions(match, "withoutHeaders"),
  };
}

function condition(match: unknown): string {
  const { exact, prefix } = objectOf(match);
  if (typeof exact === "string" && exact !== "") return `exact:${exact}`;
  return typeof prefix === "string" && prefix !== "" ? `prefix:${prefix}` : "";
}

function conditions(match: Field, name: string): Record<string, string> {
  const map = objectOf(child(match, name).value ?? child(match, snakeCase(name)).value);
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, condition(value)]));
}

/** Compares only prefixes that lie inside one another: sorted by text, those stand in a run behind the shorter one. */
function warnCovered(verdict: Verdict, prefixes: readonly PrefixMatch[]): void {
  if (prefixes.length < 2) return;
  const order = prefixes.map((_, index) => index).sort((a, b) => (prefixes[a]!.prefix < prefixes[b]!.prefix ? -1 : 1));
  const found: [earlier: number, later: number][] = [];
  for (const [position, earlier] of order.entries()) {
    const outer = prefixes[earlier]!;
    for (let next = position + 1; next < order.length; next++) {
      const later = order[next]!;
      const inner = prefixes[later]!;
      if (!inner.prefix.startsWith(outer.prefix)) break;
      if (later > earlier && inner.prefix !== outer.prefix && covers(outer, inner)) found.push([earlier, later]);
      if (found.length > 200) break;
    }
  }
  for (const [earlier, later] of found.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const [outer, inner] = [prefixes[earlier]!, prefixes[later]!];
    warn(verdict, "MESH1346", inner.field, { rule: inner.rule, prefix: inner.prefix, earlier: outer.rule, outer: outer.prefix });
  }
}

function covers(outer: PrefixMatch, inner: PrefixMatch): boolean {
  return (
    outer.port === inner.port &&
    outer.method.startsWith(inner.method) &&
    outer.authority.startsWith(inner.authority) &&
    [
      [outer.headers, inner.headers],
      [outer.queryParams, inner.queryParams],
      [outer.withoutHeaders, inner.withoutHeaders],
    ].every(([a, b]) => sameConditions(a!, b!))
  );
}

function sameConditions(outer: Record<string, string>, inner: Record<string, string>): boolean {
  const names = Object.keys(outer);
  return (
    names.length === Object.keys(inner).length &&
    names.every((name) => inner[name] !== undefined && outer[name]!.startsWith(inner[name]))
  );
}
