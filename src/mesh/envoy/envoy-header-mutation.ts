/** envoy.filters.http.header_mutation of a bootstrap, its own list and those of routes. */
import type { HeaderMutationConfig, HeaderMutations } from "#engine";
import { at, type Field, flag, sourceOf } from "../translation/field.ts";
import { readMutations } from "./envoy-header-operations.ts";

export function readHeaderMutation(field: Field): HeaderMutationConfig {
  return {
    ...readHeaderMutations(field),
    ...(flag(field, "most_specific_header_mutations_wins") ? { mostSpecificLast: true as const } : {}),
    source: sourceOf(field),
  };
}

/** HeaderMutationPerRoute. */
export function readHeaderMutations(field: Field): HeaderMutations {
  const mutations = at(field, "mutations");
  return {
    request: readMutations(mutations, "request_mutations"),
    response: readMutations(mutations, "response_mutations"),
  };
}
