/** CsrfPolicy of a bootstrap, the filter's own or a route's. What `shadow_enabled` finds only statistics tell. */
import type { CsrfConfig } from "#engine";
import { at, type Field, items, sourceOf } from "../translation/field.ts";
import { readPercent, readStringMatcher } from "./envoy-matcher.ts";

export function readCsrf(field: Field): CsrfConfig {
  readPercent(at(field, "shadow_enabled", "default_value"));
  return {
    enabledPercent: readPercent(at(field, "filter_enabled", "default_value")) ?? 0,
    additionalOrigins: items(field, "additional_origins").flatMap((one) => readStringMatcher(one) ?? []),
    source: sourceOf(field),
  };
}
