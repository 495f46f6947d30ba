/**
 * Whether the tokens of a request are what a requirement of jwt_authn asks for, in the order and with the words of Envoy
 * (jwt_authn/verifier.cc, authenticator.cc, jwt_verify_lib's status.cc). Pure: signatures were judged before.
 */
import type { JwtAuthnConfig, JwtProvider, JwtRequirement, RequestTokens, TokenFacts } from "../../model/index.ts";
import { claimAt } from "./claims.ts";
import { type FoundToken, findTokens, type TokenCarrier } from "./token-places.ts";

export const missing = "Jwt is missing";
export const unknownIssuer = "Jwt issuer is not configured";
export const wrongAudience = "Audiences in Jwt are not allowed";

/** Claims by the name under which their provider keeps them. */
export type Payloads = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What judging goes along with: tokens that are not forwarded leave the carrier, claims come into it. */
export interface Judging {
  readonly config: JwtAuthnConfig;
  readonly tokens: RequestTokens;
  readonly carrier: TokenCarrier;
  readonly payloads: Record<string, Readonly<Record<string, unknown>>>;
  /** The last token that was good, and whose it was. */
  accepted: { provider: JwtProvider; claims: TokenFacts["claims"] } | null;
  /** The issuer of the last token that was looked at. */
  issuer: string;
}

/** Headers that providers make of claims are theirs alone, whatever is required. */
export function sanitize({ providers }: JwtAuthnConfig, { headers }: TokenCarrier): void {
  for (const { payloadHeader, claimHeaders = [] } of Object.values(providers))
    for (const name of [payloadHeader?.name, ...claimHeaders.map(({ header }) => header)])
      if (name !== undefined) delete headers[name.toLowerCase()];
}

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

/** Every token at the providers' places has to be good, the last one first; `goesOn` looks at all of them whatever they are. */
function judgeTokens(
  judging: Judging,
  providers: readonly JwtProvider[],
  { audiences, of, goesOn = false }: { audiences?: readonly string[] | undefined; of?: JwtProvider; goesOn?: boolean },
): string {
  const { carrier, tokens } = judging;
  const found = findTokens(providers, carrier).reverse();
  let status = missing;
  for (const one of found) {
    const facts = tokens[one.text] ?? { problem: formProblem(one.text), claims: {}, signatures: {} };
    const provider = of ?? providerFor(judging.config, facts.claims.iss);
    judging.issuer = typeof facts.claims.iss === "string" ? facts.claims.iss : "";
    status = judgeToken(facts, one, provider, audiences);
    if (status === "" && provider !== undefined) accept(judging, provider, one, facts);
    else if (!goesOn) return status;
  }
  return status;
}

function judgeToken(
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
  if (provider.jwks === undefined) return "";
  return signatures[provider.jwks] ?? "Jwt verification fails";
}

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

function accept(judging: Judging, provider: JwtProvider, token: FoundToken, { claims }: TokenFacts): void {
  const { carrier, payloads } = judging;
  const { payloadHeader, claimHeaders = [], payloadInMetadata } = provider;
  const add = (name: string, value: string) => {
    const key = name.toLowerCase();
    const before = carrier.headers[key];
    carrier.headers[key] = before === undefined ? value : `${before},${value}`;
  };
  if (payloadHeader !== undefined) {
    const payload = token.text.split(".")[1] ?? "";
    add(payloadHeader.name, payloadHeader.isPadded ? payload.padEnd(Math.ceil(payload.length / 4) * 4, "=") : payload);
  }
  for (const { header, claim } of claimHeaders) {
    const value = claimAt(claims, claim.split("."));
    if (typeof value === "string" || typeof value === "boolean") add(header, String(value));
    else if (typeof value === "number") add(header, Number.isInteger(value) && value >= 0 ? String(value) : value.toFixed(6));
  }
  if (!provider.forwards) token.removeFrom(carrier);
  if (payloadInMetadata !== undefined) payloads[payloadInMetadata] = claims;
  judging.accepted = { provider, claims };
}

/** Of a text that nobody took for a token. */
function formProblem(text: string): string {
  const parts = text.split(".");
  if (parts.length !== 3) return "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  const isEncoded = (part: string | undefined) => /^[\w-]+$/.test(part ?? "") && (part ?? "").length % 4 !== 1;
  if (!isEncoded(parts[0])) return "Jwt header is an invalid Base64url encoded";
  if (!parts[0]?.startsWith("eyJ")) return "Jwt header is an invalid JSON";
  return `Jwt ${isEncoded(parts[1]) ? "signature" : "payload"} is an invalid Base64url encoded`;
}
