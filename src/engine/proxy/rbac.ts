/**
 * envoy.filters.http.rbac and its network twin: which policy matches a request. Pure; the caller acts on the verdict. A condition
 * that the model cannot evaluate never matches.
 */
import type { MetadataValue, RbacConfig, RbacInput, RbacPolicy, RbacRule, StringMatcher } from "../model/index.ts";
import type { Peer } from "../sim.ts";
import type { DecisionLog } from "../telemetry/draft.ts";
import { claimAt, claimValues } from "./jwt/claims.ts";
import type { Payloads } from "./jwt/token-traces.ts";
import { matchesCidr } from "./matching/ip-address.ts";
import { headerOf, matchesHeader, matchesString, matchesUriTemplate } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

export interface RbacContext {
  shape: RequestShape | null;
  peer: Peer;
  destinationIp: string;
  destinationPort: number;
  /** The client as the connection manager determined it; absent: who opened the connection. */
  remoteIp?: string;
  /** Claims of the tokens that jwt_authn took, by the name it keeps them under. */
  payloads: Payloads;
}

export interface RbacVerdict {
  allowed: boolean;
  /** Name of the policy that decided; "" when none matched. */
  policy: string;
}

export function evaluateRbac(config: RbacConfig, context: RbacContext, log: DecisionLog): RbacVerdict {
  const considered: { code: string; params: Record<string, string | number>; source?: RbacPolicy["source"] }[] = [];
  let matched: RbacPolicy | undefined;
  for (const policy of config.policies) {
    const permission = matchesRule(policy.permission, context);
    if (permission && matchesRule(policy.principal, context)) {
      matched = policy;
      break;
    }
    if (log !== null) {
      const identity = context.peer.identity === "" ? "-" : context.peer.identity;
      const code = permission ? "authorization.principalMismatch" : "authorization.operationMismatch";
      considered.push({ code, params: { policy: policy.name, peer: identity }, source: policy.source });
    }
  }
  const { action = config.action } = matched ?? {};
  const allowed = action === "LOG" || (action === "ALLOW") === (matched !== undefined);
  log?.push({
    stage: "authorization",
    code: decisionCode(action, config.shadow, matched !== undefined),
    params: { policy: matched?.name ?? "", peer: context.peer.identity === "" ? "-" : context.peer.identity },
    source: matched?.source,
    considered,
  });
  return { allowed: allowed || config.shadow === true, policy: matched?.name ?? "" };
}

function inputOf(input: RbacInput, { shape, peer, destinationIp, destinationPort, remoteIp }: RbacContext): string | undefined {
  switch (input.type) {
    case "header":
      return shape === null ? undefined : headerOf(shape, input.name);
    case "destinationIp":
      return destinationIp;
    case "destinationPort":
      return String(destinationPort);
    case "sourceIp":
      return remoteIp ?? peer.ip;
    case "directSourceIp":
      return peer.ip;
    case "serverName":
      return peer.sni === "" ? undefined : peer.sni;
  }
}

function decisionCode(action: RbacConfig["action"], isShadow: boolean | undefined, matched: boolean): string {
  if (isShadow === true) return matched ? "authorization.dryRunMatched" : "authorization.dryRunNotMatched";
  if (action === "LOG") return matched ? "authorization.audited" : "authorization.notAudited";
  if (action === "DENY") return matched ? "authorization.deniedByPolicy" : "authorization.noDenyMatched";
  return matched ? "authorization.allowedByPolicy" : "authorization.noAllowMatched";
}

function matchesRule(rule: RbacRule, context: RbacContext): boolean {
  switch (rule.type) {
    case "any":
      return true;
    case "and":
      return rule.rules.every((inner) => matchesRule(inner, context));
    case "or":
      return rule.rules.some((inner) => matchesRule(inner, context));
    case "not":
      return !matchesRule(rule.rule, context);
    case "header":
      return context.shape !== null && matchesHeader(rule.header, context.shape);
    case "input": {
      const text = inputOf(rule.input, context);
      return text !== undefined && matchesString(rule.value, text);
    }
    case "path":
      return context.shape !== null && matchesString(rule.value, context.shape.pathOnly);
    case "uriTemplate":
      return context.shape !== null && matchesUriTemplate(rule.template, context.shape.pathOnly);
    case "destinationPortRange":
      return context.destinationPort >= rule.start && context.destinationPort < rule.end;
    case "destinationPort":
      return context.destinationPort === rule.port;
    case "destinationIp":
      return matchesCidr(rule.cidr, context.destinationIp);
    case "directRemoteIp":
      return matchesCidr(rule.cidr, context.peer.ip);
    case "remoteIp":
      return matchesCidr(rule.cidr, context.remoteIp ?? context.peer.ip);
    case "sni":
      return matchesString(rule.value, context.peer.sni);
    case "authenticated":
      return context.peer.identity !== "" && matchesPrincipal(rule.principal, context.peer.identity);
    case "jwtClaim":
      return matchesClaim(rule.claim, rule.value, context);
    case "jwtMetadata":
      return matchesMetadata(rule.value, claimAt(context.payloads, rule.path)) !== (rule.invert === true);
    case "unknown":
      return false;
  }
}

/** Written without the scheme, as Istio's principals are; "spiffe://" in a rule is part of the name and matches nobody. */
function matchesPrincipal(matcher: StringMatcher, identity: string): boolean {
  return matchesString(matcher, identity.replace(/^spiffe:\/\//, ""));
}

function matchesClaim(path: readonly string[], matcher: StringMatcher, { payloads }: RbacContext): boolean {
  const claims = payloads.payload;
  if (claims === undefined) return false;
  if (path.length === 1 && path[0] === "@principal") return matchesString(matcher, `${claims.iss ?? ""}/${claims.sub ?? ""}`);
  return claimValues(claims, path).some((text) => matchesString(matcher, text));
}

/** type.matcher.v3.ValueMatcher: a value of another kind never matches. */
function matchesMetadata(matcher: MetadataValue, value: unknown): boolean {
  switch (matcher.type) {
    case "string":
      return typeof value === "string" && matchesString(matcher.value, value);
    case "list":
      return Array.isArray(value) && value.some((one) => matchesMetadata(matcher.oneOf, one));
    case "or":
      return matcher.values.some((one) => matchesMetadata(one, value));
    case "number":
      return typeof value === "number" && value >= matcher.start && (value < matcher.end || value === matcher.start);
    case "bool":
      return value === matcher.value;
    case "present":
      // `present_match: false` matches nothing.
      return matcher.value && value !== undefined;
    case "null":
      return value === null;
  }
}
