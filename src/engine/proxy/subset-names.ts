/**
 * Subsets of a cluster by name (Envoy's SubsetLoadBalancer, lb_subset_config): which ones a host belongs to, and which one a route
 * asks for. A name is the JSON of the sorted keys with their values, so that equal metadata gives equal names.
 */
import type { SubsetMetadata, SubsetSelection, SubsetSelector } from "../model/index.ts";

/** What is asked for, sorted by key. */
export type SubsetCriteria = readonly (readonly [key: string, value: string])[];

/** Every host, whatever its metadata; and those that match default_subset. No name of a subset looks like these. */
export const anySubset = "any";
export const defaultSubset = "default";

export function subsetName(criteria: SubsetCriteria): string {
  return JSON.stringify(criteria);
}

/** Tried in this order until one gives a host; null asks for nothing. */
export type SubsetWishes = readonly (SubsetCriteria | null)[];

/** The weighted cluster's values stand over the route's, and those of each entry of a fallback list over both. */
export function wishesOf(
  { usesFallbackList }: SubsetSelection,
  route: SubsetMetadata | undefined,
  weighted: SubsetMetadata | undefined,
): SubsetWishes {
  const asked: SubsetMetadata = { ...route, ...weighted };
  const { fallback_list: list, ...others } = asked;
  if (!usesFallbackList || list === undefined) return [criteriaOf(asked)];
  if (typeof list === "string" || list.length === 0) return [criteriaOf(others)];
  return list.map((entry) => criteriaOf({ ...others, ...valuesOf(entry) }));
}

function criteriaOf(asked: SubsetMetadata): SubsetCriteria | null {
  const entries = Object.entries(asked).map(([key, value]) => [key, wholeValue(value)] as const);
  return entries.length === 0 ? null : entries.sort(byKey);
}

/** @param entry JSON; only an object has values */
function valuesOf(entry: string): SubsetMetadata {
  const value: unknown = JSON.parse(entry);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, JSON.stringify(one)]));
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

/** A list as one value. */
function wholeValue(value: string | readonly string[]): string {
  return typeof value === "string" ? value : `[${value.join(",")}]`;
}

/** Names of the subsets that a host with this metadata is in, each once, with the selector that made it. */
export function subsetsOf(selection: SubsetSelection, metadata: SubsetMetadata): Map<string, SubsetSelector> {
  const names = new Map<string, SubsetSelector>();
  for (const selector of selection.selectors) {
    for (const criteria of combinations(selection, selector.keys, metadata)) {
      const name = subsetName(criteria);
      if (!names.has(name)) names.set(name, selector);
    }
  }
  return names;
}

/** One set of values for every choice out of lists that count as any of their values; none where a key is missing. */
function combinations(selection: SubsetSelection, keys: readonly string[], metadata: SubsetMetadata): SubsetCriteria[] {
  let found: SubsetCriteria[] = [[]];
  for (const key of keys) {
    const value = metadata[key];
    if (value === undefined) return [];
    const values = selection.listAsAny && typeof value !== "string" ? value : [wholeValue(value)];
    found = found.flatMap((criteria) => values.map((one) => [...criteria, [key, one] as const]));
  }
  return found;
}

export function isInDefaultSubset({ defaultSubset: wanted, listAsAny }: SubsetSelection, metadata: SubsetMetadata): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const own = metadata[key];
    if (own === undefined) return false;
    const whole = wholeValue(value);
    return wholeValue(own) === whole || (listAsAny && typeof own !== "string" && own.includes(whole));
  });
}

/** The keys of the first selector that are all asked for; what is asked for besides is left out. */
export function withoutRedundantKeys({ selectors }: SubsetSelection, criteria: SubsetCriteria): SubsetCriteria {
  const asked = new Set(criteria.map(([key]) => key));
  const selector = selectors.find(({ keys }) => keys.every((key) => asked.has(key)));
  return selector === undefined ? criteria : criteria.filter(([key]) => selector.keys.includes(key));
}

/**
 * The selector whose own fallback holds for these keys. Envoy keeps fallbacks in a tree of keys and writes each where a branch
 * begins: a selector whose keys begin an earlier one's, or equal them, has none.
 */
export function selectorFor({ selectors }: SubsetSelection, criteria: SubsetCriteria): SubsetSelector | undefined {
  const begins = (keys: readonly string[]) => keys.length >= criteria.length && criteria.every(([key], i) => keys[i] === key);
  const first = selectors.find(({ keys }) => begins(keys));
  return first?.keys.length === criteria.length ? first : undefined;
}
