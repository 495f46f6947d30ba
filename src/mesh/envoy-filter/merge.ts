/** Merging as protobuf does it: messages field by field, lists one behind the other, anything else replaced. */
import type { HeaderChanges, HeaderOperations, PerFilterConfig } from "#engine";
import { isRecord } from "../translation/field.ts";

/** Of two values as they are written. */
export function mergedValue(base: unknown, patch: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(patch)) return [...base, ...patch];
  if (!isRecord(base) || !isRecord(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) merged[key] = key in base ? mergedValue(base[key], value) : value;
  return merged;
}

export function mergedHeaders(base: HeaderOperations | undefined, patch: HeaderOperations | undefined): HeaderOperations {
  const both = (one: HeaderChanges | undefined, other: HeaderChanges | undefined): HeaderChanges => ({
    put: [...(one?.put ?? []), ...(other?.put ?? [])],
    remove: [...(one?.remove ?? []), ...(other?.remove ?? [])],
  });
  return { request: both(base?.request, patch?.request), response: both(base?.response, patch?.response) };
}

export function mergedPerFilter(base: PerFilterConfig | undefined, patch: PerFilterConfig): PerFilterConfig {
  return { ...base, byKey: { ...base?.byKey, ...patch.byKey } };
}
