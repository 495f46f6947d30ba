/** RequestAuthentications → the jwt_authn filter: a token that is there must be valid, a missing one passes. */
import type { JwtAuthnConfig } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { items, sourceOf, specOf, text, texts } from "./field.ts";
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
  const rules = all.policies
    .filter((policy) => appliesTo(policy, target, rootNamespace))
    .flatMap((policy) => items(specOf(policy), "jwtRules"))
    .map((rule) => {
      const audiences = texts(rule, "audiences");
      const fromHeaders = items(rule, "fromHeaders").map((header) => {
        const prefix = text(header, "prefix");
        return { name: text(header, "name") ?? "", ...(prefix === undefined ? {} : { prefix }) };
      });
      const fromParams = texts(rule, "fromParams");
      const fromCookies = texts(rule, "fromCookies");
      return {
        issuer: text(rule, "issuer") ?? "",
        ...(audiences.length > 0 ? { audiences } : {}),
        ...(fromHeaders.length > 0 ? { fromHeaders } : {}),
        ...(fromParams.length > 0 ? { fromParams } : {}),
        ...(fromCookies.length > 0 ? { fromCookies } : {}),
        source: sourceOf(rule),
      };
    });
  return rules.length > 0 ? { rules, allowMissing: true } : undefined;
}
