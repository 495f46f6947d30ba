/** Matcher trees of RBAC (xds.type.matcher.v3.Matcher): what is not simulated of them takes no request, and is named. */
import type { RbacDecision, RbacInput, RbacRule, RbacTree } from "#engine";
import { at, entries, type Field, items, sourceOf, text } from "../translation/field.ts";
import { readStringMatcher } from "./envoy-matcher.ts";

type Branch = RbacDecision | RbacTree;

export function readRbacTree(field: Field): RbacTree {
  const cases = items(field, "matcher_list", "matchers").flatMap((one) => {
    const then = readBranch(at(one, "on_match"));
    return then === undefined ? [] : [{ rule: readPredicate(at(one, "predicate")), then }];
  });
  const otherwise = readBranch(at(field, "on_no_match"));
  return { cases: [...cases, ...readMap(at(field, "matcher_tree"))], ...(otherwise ? { otherwise } : {}) };
}

/** Of prefixes the longest comes first. */
function readMap(field: Field | undefined): RbacTree["cases"] {
  const input = readInput(at(field, "input"));
  return (["exact", "prefix"] as const).flatMap((type) =>
    entries(field, `${type}_match_map`, "map")
      .toSorted(([a], [b]) => b.length - a.length)
      .flatMap(([value, onMatch]) => {
        const then = readBranch(onMatch);
        return then === undefined || input === undefined
          ? []
          : [{ rule: { type: "input" as const, input, value: { type, value } }, then }];
      }),
  );
}

function readBranch(field: Field | undefined): Branch | undefined {
  const below = at(field, "matcher");
  if (below !== undefined) return readRbacTree(below);
  const action = at(field, "action", "typed_config");
  if (action === undefined) return undefined;
  text(action, "@type");
  const written = text(action, "action");
  return {
    action: written === "DENY" || written === "LOG" ? written : "ALLOW",
    policy: text(action, "name") ?? "",
    source: sourceOf(action),
  };
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
