/** RBAC filters of the model in Envoy's field names (config.rbac.v3). */
import type { RbacConfig, RbacRule, StringMatcher } from "#engine";
import { compact } from "./envoy-json.ts";
import { headerJson, stringJson } from "./matcher-json.ts";

export function rbacJson(config: RbacConfig, network: boolean): Record<string, unknown> {
  const name = network ? "envoy.filters.network.rbac" : "envoy.filters.http.rbac";
  const rules = compact({
    action: config.action === "ALLOW" ? undefined : config.action,
    policies: Object.fromEntries(
      config.policies.map((policy) => [
        policy.name,
        {
          permissions: alternatives(policy.permission).map((rule) => ruleJson(rule, "permission")),
          principals: alternatives(policy.principal).map((rule) => ruleJson(rule, "principal")),
        },
      ]),
    ),
  });
  return {
    name,
    typedConfig: compact({
      "@type": `type.googleapis.com/envoy.extensions.filters.${network ? "network" : "http"}.rbac.v3.RBAC`,
      [config.shadow ? "shadowRules" : "rules"]: rules,
      statPrefix: network ? "tcp." : undefined,
    }),
  };
}

function alternatives(rule: RbacRule): readonly RbacRule[] {
  return rule.type === "or" ? rule.rules : [rule];
}

function ruleJson(rule: RbacRule, side: "permission" | "principal"): Record<string, unknown> {
  const [list, member] = side === "permission" ? ["Rules", "rules"] : ["Ids", "ids"];
  switch (rule.type) {
    case "any":
      return { any: true };
    case "and":
    case "or": {
      const claims = rule.type === "or" ? sameClaim(rule.rules) : undefined;
      if (claims) return claims;
      return { [`${rule.type}${list}`]: { [member!]: rule.rules.map((one) => ruleJson(one, side)) } };
    }
    case "not":
      return { [side === "permission" ? "notRule" : "notId"]: ruleJson(rule.rule, side) };
    case "header":
      return { header: headerJson(rule.header) };
    case "path":
      return { urlPath: { path: stringJson(rule.value) } };
    case "uriTemplate":
      return { uriTemplate: { name: "uri-template", typedConfig: { pathTemplate: rule.template } } };
    case "destinationPort":
      return { destinationPort: rule.port };
    case "destinationPortRange":
      return { destinationPortRange: { start: rule.start, end: rule.end } };
    case "destinationIp":
    case "directRemoteIp":
    case "remoteIp":
      return { [rule.type]: cidrJson(rule.cidr) };
    case "sni":
      return { requestedServerName: stringJson(rule.value) };
    case "authenticated":
      return { authenticated: { principalName: stringJson(withScheme(rule.principal)) } };
    case "jwtClaim":
      return { metadata: claimJson(rule.claim, [rule.value], rule.list === true) };
    case "jwtMetadata":
      return { metadata: { filter: "envoy.filters.http.jwt_authn", path: rule.path.map((key) => ({ key })) } };
    case "input":
      return { valueMatch: stringJson(rule.value) };
    case "unknown":
      return { metadata: { filter: rule.key } };
  }
}

function sameClaim(rules: readonly RbacRule[]): Record<string, unknown> | undefined {
  const first = rules[0];
  if (first?.type !== "jwtClaim" || !first.list) return undefined;
  const values = rules.flatMap((one) => (one.type === "jwtClaim" ? [one.value] : []));
  return values.length === rules.length ? { metadata: claimJson(first.claim, values, true) } : undefined;
}

function claimJson(claim: readonly string[], values: readonly StringMatcher[], list: boolean): Record<string, unknown> {
  const matchers = values.map((value) => ({ stringMatch: stringJson(value) }));
  const value = matchers.length === 1 ? matchers[0]! : { orMatch: { valueMatchers: matchers } };
  return {
    filter: "envoy.filters.http.jwt_authn",
    path: ["payload", ...claim].map((key) => ({ key })),
    value: list ? { orMatch: { valueMatchers: [{ listMatch: { oneOf: value } }, value] } } : value,
  };
}

function cidrJson(cidr: string): Record<string, unknown> {
  const [addressPrefix, length] = cidr.split("/");
  return { addressPrefix, prefixLen: Number(length) };
}

/** Peers are compared by their whole SPIFFE name. */
function withScheme(matcher: StringMatcher): StringMatcher {
  if (matcher.type === "exact" || matcher.type === "prefix") return { ...matcher, value: `spiffe://${matcher.value}` };
  // Namespaces are looked for anywhere in the name; everything else is anchored at the scheme.
  const anywhere = matcher.type === "regex" && (matcher.value.regex === ".+" || /^\.\*\/ns\/.*\/\.\*$/.test(matcher.value.regex));
  if (matcher.type === "regex" && !anywhere) {
    return { type: "regex", value: { ...matcher.value, regex: `spiffe://${matcher.value.regex}` } };
  }
  return matcher;
}
