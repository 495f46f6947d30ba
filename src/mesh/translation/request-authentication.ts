/**
 * RequestAuthentications → the jwt_authn filter as istiod makes it (convertToEnvoyJwtConfig): a token that is there must be valid, a
 * missing one passes. The token goes along even where `forwardOriginalToken` is unset.
 */
import type { JwtAuthnConfig, JwtProvider, JwtRequirement } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { type Field, items, sourceOf, specOf, text } from "./field.ts";
import { readJwtPlaces } from "./jwt-places.ts";
import { appliesTo, type PolicyTarget } from "./policy-target.ts";

export interface RequestAuthentications {
  policies: readonly Resource[];
}

export function readRequestAuthentications(resources: readonly Resource[]): RequestAuthentications {
  return { policies: resources.filter((one) => one.kind === "RequestAuthentication" && one.group === "security.istio.io") };
}

/** @returns undefined where no rule applies to the workload. */
export function jwtAuthnFor(
  all: RequestAuthentications,
  target: PolicyTarget,
  rootNamespace: string,
): JwtAuthnConfig | undefined {
  const providers = all.policies
    .filter((policy) => appliesTo(policy, target, rootNamespace))
    .flatMap((policy) => items(specOf(policy), "jwtRules"))
    .map(readProvider);
  if (providers.length === 0) return undefined;
  const named = providers.map((provider, index): [string, JwtProvider] => [`origins-${index}`, provider]);
  return {
    providers: Object.fromEntries(named),
    rules: [{ match: everything, requires: requirementFor(named.map(([name]) => name)) }],
  };
}

const everything = { path: { type: "prefix", value: "/", ignoreCase: false }, headers: [], queryParameters: [] } as const;

/** Any one that is good, or all that are there. */
function requirementFor(names: readonly string[]): JwtRequirement {
  const wanted = names.map((provider): JwtRequirement => ({ type: "provider", provider }));
  const optional = wanted.map((one): JwtRequirement => ({ type: "any", requirements: [one, { type: "allowMissing" }] }));
  const [only] = optional;
  if (optional.length === 1 && only !== undefined) return only;
  return { type: "any", requirements: [...wanted, { type: "all", requirements: optional }] };
}

const words = { headers: "fromHeaders", prefix: "prefix", params: "fromParams", cookies: "fromCookies" };

function readProvider(rule: Field): JwtProvider {
  const jwks = text(rule, "jwks");
  return {
    issuer: text(rule, "issuer") ?? "",
    ...readJwtPlaces(rule, words),
    ...(jwks ? { jwks } : {}),
    forwards: true,
    payloadInMetadata: "payload",
    source: sourceOf(rule),
  };
}
