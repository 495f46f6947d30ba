/** One rule of an AuthorizationPolicy → an Envoy RBAC policy (security/authz/model). */
import type { RbacPolicy, RbacRule, StringMatcher } from "#engine";
import { type Field, items, sourceOf, text, texts } from "./field.ts";
import { isIpAddress } from "./host-name.ts";
import { wholeMatch } from "./re2.ts";
import type { TrustDomains } from "./trust-domain.ts";

export interface RbacContext {
  policyNamespace: string;
  /** On a TCP chain HTTP conditions do not exist. */
  tcp: boolean;
  /** An ALLOW rule with a condition that cannot be kept is dropped; DENY and AUDIT drop only the condition. */
  strict: boolean;
  trustDomains: TrustDomains;
}

/** A condition that this chain cannot judge. */
const impossible = Symbol("impossible");
type Generated = RbacRule | typeof impossible;

interface Condition {
  values: readonly string[];
  notValues: readonly string[];
  /** All values at once: one matcher for a list. */
  together?: (values: readonly string[]) => Generated;
  each?: (value: string) => Generated;
}

/** As Envoy asks them: in the order of their names. */
export function sortedPolicies(policies: readonly RbacPolicy[]): RbacPolicy[] {
  return policies.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** @returns undefined where the rule is left out of this chain, or has an unknown condition. */
export function rbacPolicyOf(rule: Field, name: string, context: RbacContext): RbacPolicy | undefined {
  const permissions: Condition[] = [];
  const principals: Condition[] = [];
  for (const when of items(rule, "when")) {
    const known = conditionFor(text(when, "key") ?? "", texts(when, "values"), texts(when, "notValues"), context);
    if (!known) return undefined;
    (known.side === "permission" ? permissions : principals).push(known.condition);
  }
  const sources = items(rule, "from").map((from) => [...sourceConditions(from, context), ...principals]);
  const operations = items(rule, "to").map((to) => [...operationConditions(to, context), ...permissions]);
  const principal = joined(sources.length > 0 ? sources : [principals], context);
  const permission = joined(operations.length > 0 ? operations : [permissions], context);
  if (!principal || !permission) return undefined;
  return { name, permission, principal, source: sourceOf(rule) };
}

/** A policy without rules never matches. */
export function neverMatches(name: string, policy: Field): RbacPolicy {
  const never: RbacRule = { type: "not", rule: { type: "any" } };
  return {
    name,
    permission: { type: "or", rules: [never] },
    principal: { type: "or", rules: [never] },
    source: sourceOf(policy),
  };
}

function joined(alternatives: readonly (readonly Condition[])[], context: RbacContext): RbacRule | undefined {
  const rules: RbacRule[] = [];
  for (const conditions of alternatives) {
    const all: RbacRule[] = [];
    for (const condition of conditions) {
      const parts = generate(condition, context);
      if (!parts) return undefined;
      all.push(...parts);
    }
    rules.push({ type: "and", rules: all.length > 0 ? all : [{ type: "any" }] });
  }
  return { type: "or", rules };
}

/** @returns undefined where the whole rule has to go. */
function generate(condition: Condition, context: RbacContext): RbacRule[] | undefined {
  const parts: RbacRule[] = [];
  for (const [values, negated] of [
    [condition.values, false],
    [condition.notValues, true],
  ] as const) {
    if (values.length === 0) continue;
    const rule = condition.together ? condition.together(values) : eachOf(values, condition.each, context);
    if (rule === impossible || rule === undefined) {
      if (context.strict) return undefined;
      continue;
    }
    parts.push(negated ? { type: "not", rule } : rule);
  }
  return parts;
}

function eachOf(values: readonly string[], make: Condition["each"], context: RbacContext): Generated {
  const rules: RbacRule[] = [];
  for (const value of values) {
    const rule = make?.(value) ?? impossible;
    if (rule === impossible) {
      if (context.strict) return impossible;
      continue;
    }
    rules.push(rule);
  }
  return rules.length > 0 ? { type: "or", rules } : impossible;
}

/** In the order istiod writes them: each kind is put in front of the ones before. */
function sourceConditions(from: Field, context: RbacContext): Condition[] {
  const read = (key: string): Pick<Condition, "values" | "notValues"> => ({
    values: texts(from, "source", key),
    notValues: texts(from, "source", `not${key[0]!.toUpperCase()}${key.slice(1)}`),
  });
  return [
    migrated(read("principals"), context),
    { ...read("requestPrincipals"), together: (values) => (context.tcp ? impossible : requestPrincipals(values)) },
    { ...read("serviceAccounts"), each: (value) => serviceAccount(value, context.policyNamespace) },
    { ...read("namespaces"), each: namespaceOf },
    { ...read("remoteIpBlocks"), each: (value) => block("remoteIp", value) },
    { ...read("ipBlocks"), each: (value) => block("directRemoteIp", value) },
  ];
}

function operationConditions(to: Field, context: RbacContext): Condition[] {
  const read = (key: string): Pick<Condition, "values" | "notValues"> => ({
    values: texts(to, "operation", key),
    notValues: texts(to, "operation", `not${key[0]!.toUpperCase()}${key.slice(1)}`),
  });
  const http =
    (make: (value: string) => RbacRule) =>
    (value: string): Generated =>
      context.tcp ? impossible : make(value);
  return [
    { ...read("hosts"), each: http((value) => headerRule(":authority", value, true)) },
    { ...read("methods"), each: http((value) => headerRule(":method", value, false)) },
    { ...read("paths"), each: http(pathRule) },
    { ...read("ports"), each: destinationPort },
  ];
}

type Known = { side: "permission" | "principal"; condition: Condition } | undefined;

function conditionFor(key: string, values: readonly string[], notValues: readonly string[], context: RbacContext): Known {
  const permission = (each: (value: string) => Generated): Known => ({
    side: "permission",
    condition: { values, notValues, each },
  });
  const principal = (each: (value: string) => Generated): Known => ({
    side: "principal",
    condition: { values, notValues, each },
  });
  const claims = (claim: readonly string[] | undefined): Known => ({
    side: "principal",
    condition: {
      values,
      notValues,
      together: (list) => (context.tcp || !claim ? impossible : claimRule(claim, list)),
    },
  });
  if (key === "destination.ip") return permission((value) => block("destinationIp", value));
  if (key === "destination.port") return permission(destinationPort);
  if (key === "connection.sni") return permission((value) => ({ type: "sni", value: stringRule(value) }));
  if (key.startsWith("experimental.envoy.filters.")) {
    const together = (list: readonly string[]): Generated =>
      key.includes("[") ? { type: "unknown", key: key.slice("experimental.".length), values: list } : impossible;
    return { side: "permission", condition: { values, notValues, together } };
  }
  if (key === "source.ip") return principal((value) => block("directRemoteIp", value));
  if (key === "remote.ip") return principal((value) => block("remoteIp", value));
  if (key === "source.namespace") return principal(namespaceOf);
  if (key === "source.serviceAccount") return principal((value) => serviceAccount(value, context.policyNamespace));
  if (key === "source.principal") return { side: "principal", condition: migrated({ values, notValues }, context) };
  if (key === "request.auth.principal") {
    const together = (list: readonly string[]): Generated => (context.tcp ? impossible : requestPrincipals(list));
    return { side: "principal", condition: { values, notValues, together } };
  }
  if (key === "request.auth.audiences") return claims(["aud"]);
  if (key === "request.auth.presenter") return claims(["azp"]);
  if (key.startsWith("request.auth.claims")) return claims(bracketed(key.slice("request.auth.claims".length)));
  if (key.startsWith("request.headers")) {
    const name = /^\[(.*)\]$/.exec(key.slice("request.headers".length))?.[1];
    return principal((value) => (context.tcp || name === undefined ? impossible : headerRule(name, value, false)));
  }
  return undefined;
}

/** "[group][id]" → ["group", "id"]; anything else in one pair of brackets is one name. */
function bracketed(written: string): string[] | undefined {
  if (/^(\[[^[\]]*\])+$/.test(written)) return [...written.matchAll(/\[([^[\]]*)\]/g)].map((found) => found[1]!);
  const whole = /^\[(.*)\]$/.exec(written)?.[1];
  return whole === undefined ? undefined : [whole];
}

/** "*", "*suffix", "prefix*" or exact, as policies write them. */
function stringRule(value: string): StringMatcher {
  if (value === "*") return { type: "regex", value: wholeMatch(".+") };
  if (value.startsWith("*")) return { type: "suffix", value: value.slice(1) };
  if (value.endsWith("*")) return { type: "prefix", value: value.slice(0, -1) };
  return { type: "exact", value };
}

function headerRule(name: string, value: string, ignoreCase: boolean): RbacRule {
  if (value === "*") return { type: "header", header: { name, invert: false } };
  const matcher = stringRule(value);
  return {
    type: "header",
    header: { name, invert: false, value: ignoreCase && matcher.type !== "regex" ? { ...matcher, ignoreCase } : matcher },
  };
}

function pathRule(value: string): RbacRule {
  if (value.includes("{*}") || value.includes("{**}")) {
    return { type: "uriTemplate", template: value.replaceAll("{**}", "**").replaceAll("{*}", "*") };
  }
  return { type: "path", value: stringRule(value) };
}

function destinationPort(value: string): Generated {
  return /^\d+$/.test(value) && Number(value) <= 65_535 ? { type: "destinationPort", port: Number(value) } : impossible;
}

function block(type: "destinationIp" | "directRemoteIp" | "remoteIp", value: string): Generated {
  const [address, length] = value.split("/");
  if (!isIpAddress(address ?? "")) return impossible;
  return { type, cidr: `${address}/${length ?? (address!.includes(":") ? 128 : 32)}` };
}

function namespaceOf(value: string): RbacRule {
  return { type: "authenticated", principal: { type: "regex", value: wholeMatch(`.*/ns/${value.replaceAll("*", ".*")}/.*`) } };
}

/** "account" of the policy's namespace, or "namespace/account". */
function serviceAccount(value: string, policyNamespace: string): RbacRule {
  const slash = value.indexOf("/");
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = slash < 0 ? value : value.slice(slash + 1);
  return {
    type: "authenticated",
    principal: { type: "regex", value: wholeMatch(`.+/ns/${namespace}/(.+/|)sa/${account}(/.+)?`) },
  };
}

/** Principals also hold for the aliases of the trust domain. */
function migrated(condition: Pick<Condition, "values" | "notValues">, context: RbacContext): Condition {
  return {
    values: context.trustDomains.expand(condition.values),
    notValues: context.trustDomains.expand(condition.notValues),
    each: (value) => ({ type: "authenticated", principal: principalRule(value) }),
  };
}

/** A suffix becomes a regex, as istiod writes it: what it holds is read as one. */
function principalRule(value: string): StringMatcher {
  const suffix = value.startsWith("*") && value !== "*";
  return suffix ? { type: "regex", value: wholeMatch(`.*${value.slice(1)}`) } : stringRule(value);
}

/** "issuer/subject": the last slash divides, since an issuer may be a URL. */
function requestPrincipals(values: readonly string[]): RbacRule {
  const any: StringMatcher = { type: "regex", value: wholeMatch(".+") };
  const rules = values.map((value): RbacRule => {
    const slash = value.lastIndexOf("/");
    const found = slash >= 0;
    const issuer = found ? value.slice(0, slash) : value;
    const subject = found ? value.slice(slash + 1) : "";
    let issuerRule: StringMatcher = { type: "exact", value: issuer };
    let subjectRule: StringMatcher = { type: "exact", value: subject };
    if (value === "*") [issuerRule, subjectRule] = [any, any];
    else if (value.startsWith("*")) {
      issuerRule = !found || issuer === "*" ? any : { type: "suffix", value: issuer.slice(1) };
      if (!found) subjectRule = { type: "suffix", value: value.slice(1) };
    } else if (value.endsWith("*")) {
      if (!found) issuerRule = { type: "prefix", value: value.slice(0, -1) };
      subjectRule = !found || subject === "*" ? any : { type: "prefix", value: subject.slice(0, -1) };
    }
    return {
      type: "and",
      rules: [
        { type: "jwtClaim", claim: ["iss"], value: issuerRule },
        { type: "jwtClaim", claim: ["sub"], value: subjectRule },
      ],
    };
  });
  return rules.length === 1 ? rules[0]! : { type: "or", rules };
}

/** A claim may be a text or a list: any element may match. */
function claimRule(claim: readonly string[], values: readonly string[]): RbacRule {
  const rules = values.map((value): RbacRule => ({ type: "jwtClaim", claim, value: stringRule(value), list: true }));
  return rules.length === 1 ? rules[0]! : { type: "or", rules };
}
