/** Gateway API's precedence of rules: exact paths, longer prefixes, regexes, then method, headers, query parameters. */
import type { Derived } from "./derived-resource.ts";

type Json = Record<string, unknown>;

/** Stable: rules of equal rank keep their order; those without a match go last. */
export function sortRules(rules: readonly Derived[]): Derived[] {
  return [...rules].sort((left, right) => {
    const [a, b] = [matchOf(left), matchOf(right)];
    if (!a || !b) return a ? -1 : b ? 1 : 0;
    return (
      rank(b) - rank(a) ||
      length(b) - length(a) ||
      Number(b.method !== undefined) - Number(a.method !== undefined) ||
      size(b.headers) - size(a.headers) ||
      size(b.queryParams) - size(a.queryParams)
    );
  });
}

function matchOf(rule: Derived): Json | undefined {
  return Array.isArray(rule.value.match) ? (rule.value.match[0] as Json) : undefined;
}

function rank(match: Json): number {
  const uri = match.uri as Json | undefined;
  if (!uri) return -1;
  return "exact" in uri ? 3 : "prefix" in uri ? 2 : 1;
}

function length(match: Json): number {
  const uri = match.uri as Json | undefined;
  return uri ? String(Object.values(uri)[0]).length : 0;
}

function size(map: unknown): number {
  return map && typeof map === "object" ? Object.keys(map).length : 0;
}
