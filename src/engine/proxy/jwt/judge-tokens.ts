/**
 * Whether the tokens of a request are what a requirement of jwt_authn asks for, in the order and with the words of Envoy
 * (jwt_authn/verifier.cc, authenticator.cc, jwt_verify_lib's status.cc). Pure: signatures were judged before.
 */
import type { JwtAuthnConfig, JwtProvider, JwtRequirement, TokenFacts } from "../../model/index.ts";
import { matchesString } from "../matching/matchers.ts";
import { missing, unknownIssuer, wrongAudience } from "./statuses.ts";
import { formProblem } from "./token-form.ts";
import { type FoundToken, findTokens } from "./token-places.ts";
import { acceptToken, type Judging, noteFailure, sanitize } from "./token-traces.ts";

/** @returns "": met; else Envoy's words for what is wrong */
export function judge(judging: Judging, requirement: JwtRequirement): string {
  const { config } = judging;
  switch (requirement.type) {
    case "none":
      return "";
    case "named":
      return judge(judging, config.requirements?.[requirement.name] ?? { type: "none" });
    case "provider": {
      const provider = config.providers[requirement.provider];
      if (provider === undefined) return "";
      return judgeTokens(judging, [provider], { audiences: requirement.audiences, of: provider });
    }
    case "allowMissing":
    case "allowMissingOrFailed": {
      const status = judgeTokens(judging, Object.values(config.providers), { goesOn: true });
      return requirement.type === "allowMissingOrFailed" || status === missing ? "" : status;
    }
    case "extractOnly": {
      const status = judgeTokens(judging, Object.values(config.providers), { goesOn: true });
      const { statusHeader } = requirement;
      if (statusHeader !== undefined && status !== "" && status !== missing)
        judging.carrier.headers[statusHeader.toLowerCase()] = "false";
      return "";
    }
    case "all":
      for (const one of requirement.requirements) {
        const status = judge(judging, one);
        if (status !== "") return status;
      }
      return "";
    case "any":
      return judgeAny(judging, requirement.requirements);
  }
}

/** Beside others, what may be missing or fail only changes what comes of their failures. */
function judgeAny(judging: Judging, requirements: readonly JwtRequirement[]): string {
  const allows = (type: JwtRequirement["type"]) => requirements.some((one) => one.type === type);
  const others = requirements.filter(({ type }) => type !== "allowMissing" && type !== "allowMissingOrFailed");
  if (others.length === 0)
    return judge(judging, { type: allows("allowMissingOrFailed") ? "allowMissingOrFailed" : "allowMissing" });
  let worst = missing;
  for (const one of others) {
    const status = judge(judging, one);
    if (status === "") return "";
    if ((status !== missing && status !== unknownIssuer) || worst === missing) worst = status;
  }
  return allows("allowMissingOrFailed") || (allows("allowMissing") && worst === missing) ? "" : worst;
}

interface Manner {
  audiences?: readonly string[] | undefined;
  of?: JwtProvider;
  /** All tokens are looked at, whatever they are. */
  goesOn?: boolean;
}

/** Every token at the providers' places has to be good, the last one first. */
function judgeTokens(judging: Judging, providers: readonly JwtProvider[], { audiences, of, goesOn = false }: Manner): string {
  const { carrier, tokens } = judging;
  // What another provider was let through with is taken back as well.
  sanitize(providers, carrier);
  const found = findTokens(providers, carrier).reverse();
  let status = missing;
  for (const one of found) {
    const facts = tokens[one.text] ?? { problem: formProblem(one.text), header: {}, claims: {}, signatures: {} };
    const provider = of ?? providerFor(judging.config, facts.claims.iss);
    judging.issuer = typeof facts.claims.iss === "string" ? facts.claims.iss : "";
    status = judgeToken(judging, facts, one, provider, audiences);
    if (status === "" && provider !== undefined) {
      acceptToken(judging, provider, one, facts);
      continue;
    }
    noteFailure(judging, of ?? (facts.problem === "" && status !== unknownIssuer ? provider : undefined), status);
    if (!goesOn) return status;
  }
  if (found.length === 0) noteFailure(judging, undefined, missing);
  return status;
}

function judgeToken(
  judging: Judging,
  { problem, claims, expiresInS, validInS, signatures }: TokenFacts,
  { issuers }: FoundToken,
  provider: JwtProvider | undefined,
  audiences: readonly string[] | undefined,
): string {
  if (problem !== "") return problem;
  if (!issuers.has("") && !issuers.has(String(claims.iss ?? ""))) return unknownIssuer;
  if (provider === undefined) return unknownIssuer;
  const skewS = provider.clockSkewSeconds || 60;
  if (validInS !== undefined && validInS > skewS) return "Jwt not yet valid";
  if (expiresInS !== undefined && expiresInS < -skewS) return "Jwt is expired";
  if (!allowsAudience(audiences ?? provider.audiences ?? [], claims.aud)) return wrongAudience;
  const { subjects, maxLifetimeS, jwks } = provider;
  const isOthers = subjects !== undefined && !matchesString(subjects, String(claims.sub ?? ""));
  const isLasting = maxLifetimeS !== undefined && !((expiresInS ?? Number.POSITIVE_INFINITY) < maxLifetimeS);
  if (isOthers || isLasting) return unverified;
  if (jwks === "") return "Jwks doesn't have any valid public key";
  if (jwks !== undefined) return signatures[jwks] ?? unverified;
  return provider.remoteKeys === undefined || haveArrived(judging, provider) ? "" : "Jwks remote fetch is failed";
}

function haveArrived(judging: Judging, provider: JwtProvider): boolean {
  const known = judging.keys.get(provider);
  if (known === undefined) judging.asks ??= provider;
  return known ?? true;
}

const unverified = "Jwt verification fails";

function providerFor({ providers }: JwtAuthnConfig, issuer: unknown): JwtProvider | undefined {
  const all = Object.values(providers);
  return all.find((one) => one.issuer !== "" && one.issuer === issuer) ?? all.find((one) => one.issuer === "");
}

/** Schemes and a last slash do not count (jwt_verify_lib's check_audience.cc). */
function allowsAudience(allowed: readonly string[], claim: unknown): boolean {
  if (allowed.length === 0) return true;
  const plain = (name: unknown) =>
    String(name)
      .replace(/^https?:\/\//, "")
      .replace(/\/$/, "");
  const wanted = new Set(allowed.map(plain));
  return (Array.isArray(claim) ? claim : claim === undefined ? [] : [claim]).some((one) => wanted.has(plain(one)));
}
