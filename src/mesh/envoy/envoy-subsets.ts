/** Subsets of a cluster's hosts (config.cluster.v3.Cluster.LbSubsetConfig) and the metadata they are made of and asked for by. */
import type { SubsetMetadata, SubsetSelection, SubsetSelector } from "#engine";
import { at, entries, type Field, flag, isRecord, items, text, texts } from "../translation/field.ts";

/** @returns undefined where nothing stands under "envoy.lb" */
export function readSubsetMetadata(field: Field | undefined): SubsetMetadata | undefined {
  const metadata = at(field, "filter_metadata", "envoy.lb");
  return metadata === undefined ? undefined : readStruct(metadata);
}

export function readSubsetSelection(field: Field | undefined): SubsetSelection | undefined {
  const written = items(field, "subset_selectors").map(readSelector);
  const selectors = written.filter(({ keys }) => keys.length > 0);
  if (selectors.length === 0) return undefined;
  const allowRedundantKeys = flag(field, "allow_redundant_keys") ?? false;
  return {
    selectors: allowRedundantKeys ? selectors.toSorted((a, b) => b.keys.length - a.keys.length) : selectors,
    fallback: oneOf(text(field, "fallback_policy"), ["NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET"]),
    defaultSubset: readStruct(at(field, "default_subset")),
    panicModeAny: flag(field, "panic_mode_any") ?? false,
    listAsAny: flag(field, "list_as_any") ?? false,
    allowRedundantKeys,
    localityWeightAware: flag(field, "locality_weight_aware") ?? false,
    scaleLocalityWeight: flag(field, "scale_locality_weight") ?? false,
    usesFallbackList: text(field, "metadata_fallback_policy") === "FALLBACK_LIST",
  };
}

function readSelector(field: Field): SubsetSelector {
  return {
    keys: [...new Set(texts(field, "keys"))].sort(),
    singleHostPerSubset: flag(field, "single_host_per_subset") ?? false,
    fallback: oneOf(text(field, "fallback_policy"), [
      "NOT_DEFINED",
      "NO_FALLBACK",
      "ANY_ENDPOINT",
      "DEFAULT_SUBSET",
      "KEYS_SUBSET",
    ]),
    fallbackKeys: texts(field, "fallback_keys_subset"),
  };
}

/** The first is protobuf's default. */
function oneOf<Name extends string>(written: string | undefined, names: readonly [Name, ...Name[]]): Name {
  return names.find((name) => name === written) ?? names[0];
}

function readStruct(field: Field | undefined): SubsetMetadata {
  return Object.fromEntries(
    entries(field).map(([key, { value }]) => [key, Array.isArray(value) ? value.map(canonical) : canonical(value)]),
  );
}

/** JSON with sorted keys: equal values of google.protobuf.Value are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const sorted = Object.keys(value).sort();
  return `{${sorted.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}
