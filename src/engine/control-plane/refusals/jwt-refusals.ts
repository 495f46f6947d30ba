/** Configurations of jwt_authn that Envoy refuses (jwt_authn's config.proto, its FilterConfig, and jwt_verify_lib's reading of keys). */
import type { JwtAuthnConfig, JwtProvider, JwtRequirement } from "../../model/index.ts";
import { retryReasons } from "./route-refusals.ts";

export function jwtReasons({ providers, rules, requirements = {} }: JwtAuthnConfig): string[] {
  const known = Object.keys(requirements).sort();
  const asked = [...Object.values(requirements), ...rules.map(({ requires }) => requires)].flatMap(nested);
  return [
    ...rules.flatMap(({ match }) => (match.isPathless ? ["RouteMatch.PathSpecifier: value is required"] : [])),
    ...Object.entries(providers).flatMap(([name, provider]) => providerReasons(name, provider)),
    ...asked.flatMap((one) => {
      if (one.type === "provider" && providers[one.provider] === undefined)
        return [`Required provider ['${one.provider}'] is not configured.`];
      if (one.type === "named" && requirements[one.name] === undefined)
        return [`Wrong requirement_name: ${one.name}. It should be one of [${known.join(",")}]`];
      const isShort = (one.type === "any" || one.type === "all") && one.requirements.length < 2;
      return isShort ? ["JwtRequirement.Requirements: value must contain at least 2 item(s)"] : [];
    }),
  ];
}

function nested(requirement: JwtRequirement): JwtRequirement[] {
  if (requirement.type !== "any" && requirement.type !== "all") return [requirement];
  return [requirement, ...requirement.requirements.flatMap(nested)];
}

function providerReasons(name: string, provider: JwtProvider): string[] {
  const { jwks, remoteKeys, hasNoKeys, fromHeaders = [], claimHeaders = [], problems = [] } = provider;
  // Where the text is empty every token is refused instead.
  const broken = jwks === undefined || jwks === "" ? undefined : keySetProblem(jwks);
  const nameless = [...fromHeaders.map((one) => one.name), ...claimHeaders.flatMap(({ header, claim }) => [header, claim])];
  return [
    ...problems,
    ...retryReasons(remoteKeys?.retryPolicy).map(({ reason }) => reason),
    ...(hasNoKeys === true ? ["JwtProvider.JwksSourceSpecifier: value is required"] : []),
    ...(broken === undefined ? [] : [`Provider '${name}' in jwt_authn config has invalid local jwks: ${broken}`]),
    ...(nameless.includes("") ? ["JwtHeader.Name: value length must be at least 1 characters"] : []),
  ];
}

/** One key that is good is enough. */
function keySetProblem(text: string): string | undefined {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch {
    return "Jwks is an invalid JSON";
  }
  if (keys === undefined) return "Jwks does not have [keys] field";
  if (!Array.isArray(keys)) return "[keys] in Jwks is not an array";
  const problems = keys.map(keyProblem);
  if (problems.includes(undefined)) return undefined;
  return problems[0] ?? "Jwks doesn't have any valid public key";
}

const fieldsByKind: Readonly<Record<string, readonly string[]>> = {
  RSA: ["n", "e"],
  EC: ["x", "y"],
  oct: ["k"],
  OKP: ["x"],
};

function keyProblem(key: unknown): string | undefined {
  const fields = (typeof key === "object" && key !== null ? key : {}) as Readonly<Record<string, unknown>>;
  if (fields.kty === undefined) return "[kty] is missing in [keys]";
  const needed = fieldsByKind[String(fields.kty)];
  if (needed === undefined) return "[kty] is not supported in [keys]";
  const absent = needed.find((name) => typeof fields[name] !== "string");
  return absent === undefined ? undefined : `[${absent}] field is missing for a ${String(fields.kty)} key`;
}
