/** envoy.filters.http.rbac and its network twin, as Istio generates them from AuthorizationPolicies. */
import type { ConfigSource } from "./config-source.ts";
import type { HeaderMatcher, StringMatcher } from "./matcher.ts";

/** Several actions are several filters, evaluated in the order of the filter chain (Istio: CUSTOM, DENY, ALLOW, AUDIT). */
export interface RbacConfig {
  action: "ALLOW" | "DENY" | "LOG";
  /** ALLOW: the request passes if any policy matches (none: refused). DENY: it is refused if any matches. */
  /** The first that fits decides. Of a matcher tree each has an action of its own; Envoy keeps those of rules sorted by name. */
  policies: readonly RbacPolicy[];
  /** Dry run (istio.io/dry-run): judged and recorded, never enforced. */
  shadow?: boolean;
}

export interface RbacPolicy {
  /** Istio's name: "ns[shop]-policy[deny-admin]-rule[0]". */
  name: string;
  permission: RbacRule;
  principal: RbacRule;
  /** Absent: the filter's. */
  action?: RbacConfig["action"];
  source?: ConfigSource;
}

/** One vocabulary for permissions and principals. */
export type RbacRule =
  | { type: "any" }
  | { type: "and" | "or"; rules: readonly RbacRule[] }
  | { type: "not"; rule: RbacRule }
  | { type: "header"; header: HeaderMatcher }
  | { type: "path"; value: StringMatcher }
  /** uri_template: Istio's "{*}" and "{**}" path templates. isBroken: Envoy does not start with it. */
  | { type: "uriTemplate"; template: string; isBroken?: "template" }
  /** An input of a matcher tree; several lines of a header are one text. */
  | { type: "input"; input: RbacInput; value: StringMatcher }
  | { type: "destinationPort"; port: number }
  /** From start on, below end. */
  | { type: "destinationPortRange"; start: number; end: number }
  | { type: "destinationIp" | "directRemoteIp" | "remoteIp"; cidr: string }
  | { type: "sni"; value: StringMatcher }
  /** The peer's SPIFFE identity without the scheme: "cluster.local/ns/shop/sa/checkout"; a plaintext peer has none. */
  | { type: "authenticated"; principal: StringMatcher }
  /** list: the claim may also be a list, of which any element may match. */
  /** A verified JWT claim ("iss/sub" joined for request principals: claim ["@principal"]). */
  | { type: "jwtClaim"; claim: readonly string[]; value: StringMatcher; list?: boolean }
  /** What jwt_authn keeps of a token, at a path that begins with the name it is kept under. */
  | { type: "jwtMetadata"; path: readonly string[]; value: MetadataValue; invert?: true }
  /** A condition this model cannot evaluate: never matches, and "why?" says so. */
  | { type: "unknown"; key: string; values?: readonly string[] };

export type RbacInput =
  | { type: "destinationIp" | "destinationPort" | "sourceIp" | "directSourceIp" | "serverName" }
  | { type: "header"; name: string };

/** type.matcher.v3.ValueMatcher. */
export type MetadataValue =
  | { type: "string"; value: StringMatcher }
  | { type: "list"; oneOf: MetadataValue }
  | { type: "or"; values: readonly MetadataValue[] }
  /** From start on, below end; one number where they are the same. */
  | { type: "number"; start: number; end: number }
  | { type: "bool" | "present"; value: boolean }
  | { type: "null" };
