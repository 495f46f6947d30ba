/**
 * Matcher trees of RBAC (xds.type.matcher.v3.Matcher) as policies in their order: a branch that finds nothing leaves the request to the next
 * one, so what leads to an action is all on its way. What is not simulated of them takes no request, and is named.
 */
import type { RbacInput, RbacPolicy, RbacRule } from "#engine";
import { at, entries, type Field, items, sourceOf, text } from "../translation/field.ts";
import { readStringMatcher } from "./envoy-matcher.ts";

/** @param way what a request has to fit before */
export function readRbacTree(field: Field, way: readonly RbacRule[] = []): RbacPolicy[] {
  return [
    ...items(field, "matcher_list", "matchers").flatMap((one) =>
      readBranch(at(one, "on_match"), [...way, readPredicate(at(one, "predicate"))]),
    ),
    ...readMap(at(field, "matcher_tree"), way),
    ...readBranch(at(field, "on_no_match"), way),
  ];
}

/** Of prefixes the longest comes first. */
function readMap(field: Field | undefined, way: readonly RbacRule[]): RbacPolicy[] {
  const input = readInput(at(field, "input"));
  if (input === undefined) return [];
  return (["exact", "prefix"] as const).flatMap((type) =>
    entries(field, `${type}_match_map`, "map")
      .toSorted(([a], [b]) => b.length - a.length)
      .flatMap(([value, onMatch]) => readBranch(onMatch, [...way, { type: "input", input, value: { type, value } }])),
  );
}

function readBranch(field: Field | undefined, way: readonly RbacRule[]): RbacPolicy[] {
  const below = at(field, "matcher");
  if (below !== undefined) return readRbacTree(below, way);
  const action = at(field, "action", "typed_config");
  if (action === undefined) return [];
  text(action, "@type");
  const written = text(action, "action");
  return [
    {
      name: text(action, "name") ?? "",
      permission: { type: "and", rules: way },
      principal: { type: "any" },
      action: written === "DENY" || written === "LOG" ? written : "ALLOW",
      source: sourceOf(action),
    },
  ];
}

function readPredicate(field: Field | undefined): RbacRule {
  for (const [key, type] of [
    ["and_matcher", "and"],
    ["or_matcher", "or"],
  ] as const)
    if (at(field, key)) return { type, rules: items(field, key, "predicate").map(readPredicate) };
  const negated = at(field, "not_matcher");
  if (negated) return { type: "not", rule: readPredicate(negated) };
  const single = at(field, "single_predicate");
  const input = readInput(at(single, "input"));
  const value = readStringMatcher(at(single, "value_match"));
  return input && value ? { type: "input", input, value } : { type: "unknown", key: "matcher" };
}

const inputs: Readonly<Record<string, Exclude<RbacInput["type"], "header">>> = {
  DestinationIPInput: "destinationIp",
  DestinationPortInput: "destinationPort",
  SourceIPInput: "sourceIp",
  DirectSourceIPInput: "directSourceIp",
  ServerNameInput: "serverName",
};

function readInput(field: Field | undefined): RbacInput | undefined {
  const config = at(field, "typed_config");
  const kind = (text(config, "@type") ?? "").split(".").at(-1) ?? "";
  if (kind === "HttpRequestHeaderMatchInput") return { type: "header", name: text(config, "header_name") ?? "" };
  const type = inputs[kind];
  return type && { type };
}
