/** envoy.filters.http.rbac and its network twin, read from a configuration into the model's rules. */
import type { MetadataValue, RbacConfig, RbacPolicy, RbacRule, StringMatcher } from "#engine";
import { at, entries, type Field, flag, items, number, sourceOf, text } from "../translation/field.ts";
import { sortedPolicies } from "../translation/rbac-rule.ts";
import { wholeMatch } from "../translation/re2.ts";
import { readHeaderMatcher, readStringMatcher } from "./envoy-matcher.ts";
import { readRbacTree } from "./envoy-rbac-tree.ts";
import { isBrokenTemplate } from "./uri-template.ts";

const scheme = "spiffe://";

export const admitsAll: RbacConfig = { action: "DENY", policies: [] };

/** Enforced rules and shadow rules are two configurations here; a matcher stands over rules. */
export function readRbac(field: Field): RbacConfig[] {
  const trees = [["matcher", false] as const, ["shadow_matcher", true] as const].flatMap(([key, shadow]) => {
    const tree = at(field, key);
    return tree ? [{ action: "ALLOW" as const, policies: readRbacTree(tree), ...(shadow ? { shadow } : {}) }] : [];
  });
  return [...trees, ...readRules(field)];
}

function readRules(field: Field): RbacConfig[] {
  return [["rules", false] as const, ["shadow_rules", true] as const].flatMap(([key, shadow]) => {
    const rules = at(field, key);
    if (!rules) return [];
    const action = text(rules, "action") ?? "ALLOW";
    return [
      {
        action: action === "DENY" || action === "LOG" ? action : ("ALLOW" as const),
        policies: sortedPolicies(entries(rules, "policies").map(([name, policy]) => readPolicy(name, policy))),
        ...(shadow ? { shadow } : {}),
      },
    ];
  });
}

function readPolicy(name: string, policy: Field): RbacPolicy {
  return {
    name,
    permission: { type: "or", rules: items(policy, "permissions").map(readPermission) },
    principal: { type: "or", rules: items(policy, "principals").map(readPrincipal) },
    source: sourceOf(policy),
  };
}

function readPermission(field: Field): RbacRule {
  const nested = readNested(field, "rules", "and_rules", "or_rules", "not_rule", readPermission);
  if (nested) return nested;
  const port = number(field, "destination_port");
  if (port !== undefined) return { type: "destinationPort", port };
  const range = at(field, "destination_port_range");
  if (range) return { type: "destinationPortRange", start: number(range, "start") ?? 0, end: number(range, "end") ?? 0 };
  const address = at(field, "destination_ip");
  if (address) return { type: "destinationIp", cidr: readCidr(address) };
  const sni = readStringMatcher(at(field, "requested_server_name"));
  if (sni) return { type: "sni", value: sni };
  const template = text(field, "uri_template", "typed_config", "path_template");
  if (template !== undefined)
    return { type: "uriTemplate", template, ...(isBrokenTemplate(template) ? { isBroken: "template" as const } : {}) };
  return readShared(field);
}

function readPrincipal(field: Field): RbacRule {
  const nested = readNested(field, "ids", "and_ids", "or_ids", "not_id", readPrincipal);
  if (nested) return nested;
  for (const [key, type] of [
    ["direct_remote_ip", "directRemoteIp"],
    ["remote_ip", "remoteIp"],
    ["source_ip", "directRemoteIp"],
  ] as const) {
    const address = at(field, key);
    if (address) return { type, cidr: readCidr(address) };
  }
  const authenticated = at(field, "authenticated");
  if (authenticated) {
    const name = readStringMatcher(at(authenticated, "principal_name"));
    return { type: "authenticated", principal: withoutScheme(name ?? { type: "regex", value: wholeMatch(".+") }) };
  }
  return readShared(field);
}

function readNested(
  field: Field,
  list: string,
  and: string,
  or: string,
  not: string,
  read: (field: Field) => RbacRule,
): RbacRule | undefined {
  if (at(field, and)) return { type: "and", rules: items(field, and, list).map(read) };
  if (at(field, or)) return { type: "or", rules: items(field, or, list).map(read) };
  const negated = at(field, not);
  if (negated) return { type: "not", rule: read(negated) };
  return at(field, "any") ? { type: "any" } : undefined;
}

function readShared(field: Field): RbacRule {
  const header = at(field, "header");
  if (header) return { type: "header", header: readHeaderMatcher(header) };
  const path = readStringMatcher(at(field, "url_path", "path"));
  if (path) return { type: "path", value: path };
  const sourced = at(field, "sourced_metadata");
  // What a route says of itself is not asked.
  const isDynamic = sourced !== undefined && text(sourced, "metadata_source") !== "ROUTE";
  const metadata = at(field, "metadata") ?? (isDynamic ? at(sourced, "metadata_matcher") : undefined);
  if (metadata) return readMetadata(metadata);
  return { type: "unknown", key: Object.keys(field.value as object)[0] ?? "" };
}

/** Claims of a verified token are the metadata that jwt_authn leaves; anything else cannot be judged. */
function readMetadata(field: Field): RbacRule {
  const filter = text(field, "filter") ?? "";
  const path = items(field, "path").map((step) => text(step, "key") ?? "");
  const value = readMetadataValue(at(field, "value"));
  if (filter !== "envoy.filters.http.jwt_authn") return { type: "unknown", key: `${filter}[${path.join("][")}]` };
  return { type: "jwtMetadata", path, value, ...(flag(field, "invert") ? { invert: true as const } : {}) };
}

function readMetadataValue(field: Field | undefined): MetadataValue {
  const string = readStringMatcher(at(field, "string_match"));
  if (string) return { type: "string", value: string };
  const alternatives = at(field, "or_match");
  if (alternatives) return { type: "or", values: items(alternatives, "value_matchers").map(readMetadataValue) };
  const member = at(field, "list_match");
  if (member) return { type: "list", oneOf: readMetadataValue(at(member, "one_of")) };
  const exact = number(field, "double_match", "exact");
  if (exact !== undefined) return { type: "number", start: exact, end: exact };
  const range = at(field, "double_match", "range");
  if (range) return { type: "number", start: number(range, "start") ?? 0, end: number(range, "end") ?? 0 };
  const bool = flag(field, "bool_match");
  if (bool !== undefined) return { type: "bool", value: bool };
  at(field, "null_match");
  const present = flag(field, "present_match");
  return present === undefined ? { type: "null" } : { type: "present", value: present };
}

function readCidr(field: Field): string {
  const address = text(field, "address_prefix") ?? "";
  return `${address}/${number(field, "prefix_len") ?? (address.includes(":") ? 128 : 32)}`;
}

/** The model's identities have no "spiffe://". */
function withoutScheme(matcher: StringMatcher): StringMatcher {
  if (matcher.type === "regex") {
    const regex = matcher.value.regex;
    if (!regex.startsWith(scheme)) return matcher;
    return { type: "regex", value: wholeMatch(regex.slice(scheme.length)) };
  }
  return matcher.value.startsWith(scheme) ? { ...matcher, value: matcher.value.slice(scheme.length) } : matcher;
}
