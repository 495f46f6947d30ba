/** envoy.filters.http.header_mutation of a bootstrap, its own list and those of routes. */
import type { HeaderMutationConfig, HeaderMutations, QueryChange } from "#engine";
import { at, type Field, flag, items, sourceOf, text } from "../translation/field.ts";
import { appendActions, readMutations } from "./envoy-header-operations.ts";

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
    ...readQueryChanges(mutations),
  };
}

function readQueryChanges(mutations: Field | undefined): Pick<HeaderMutations, "query"> {
  const query = items(mutations, "query_parameter_mutations").map((one): QueryChange => {
    const removed = text(one, "remove");
    if (removed !== undefined && removed !== "") return { name: removed, value: "" };
    return {
      name: text(one, "append", "record", "key") ?? "",
      how: appendActions[text(one, "append", "action") ?? ""] ?? "add",
      value: text(one, "append", "record", "value") ?? "",
    };
  });
  return query.length > 0 ? { query } : {};
}
