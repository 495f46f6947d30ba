/** What jwt_authn leaves of the tokens it looked at: headers for those behind it, metadata for other filters (authenticator.cc). Pure. */
import type { JwtAuthnConfig, JwtProvider, RequestTokens, TokenFacts } from "../../model/index.ts";
import type { Sim } from "../../sim.ts";
import { fieldsOf, internShape, type RequestShape } from "../matching/request-shape.ts";
import { claimText } from "./claim-text.ts";
import { claimAt } from "./claims.ts";
import type { FoundToken, TokenCarrier } from "./token-places.ts";

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
  /** Whether keys that are somewhere else arrive; those that are not known are believed to. */
  readonly keys: ReadonlyMap<JwtProvider, boolean>;
  /** The first of the latter. */
  asks: JwtProvider | null;
  /** A header was made of a claim by which the route has to be chosen anew. */
  choosesRouteAnew: boolean;
  /** The issuer of the last token that was looked at. */
  issuer: string;
}

export function beginJudging(config: JwtAuthnConfig, shape: RequestShape, keys: Judging["keys"] = new Map()): Judging {
  const carrier = { headers: { ...shape.headers }, path: shape.path };
  sanitize(Object.values(config.providers), carrier);
  const tokens = shape.tokens ?? {};
  return { config, tokens, carrier, payloads: {}, keys, asks: null, accepted: null, choosesRouteAnew: false, issuer: "" };
}

/** What filters behind see of the request, and its route. */
interface SeenBehind {
  shape: RequestShape;
  choosesRouteAnew: boolean;
  readonly payloads: Record<string, Payloads[string]>;
}

export function passOn(sim: Pick<Sim, "shapes">, shape: RequestShape, judging: Judging, seen: SeenBehind): void {
  Object.assign(seen.payloads, judging.payloads);
  seen.shape = internShape(sim.shapes, { ...fieldsOf(shape), ...judging.carrier });
  seen.choosesRouteAnew = judging.choosesRouteAnew;
}

/** Headers that providers make of claims are theirs alone. */
export function sanitize(providers: readonly JwtProvider[], { headers }: TokenCarrier): void {
  for (const { payloadHeader, claimHeaders = [] } of providers)
    for (const name of [payloadHeader?.name, ...claimHeaders.map(({ header }) => header)])
      if (name !== undefined) delete headers[name.toLowerCase()];
}

export function acceptToken(
  judging: Judging,
  provider: JwtProvider,
  token: FoundToken,
  { header: head, claims }: TokenFacts,
): void {
  const { carrier, payloads } = judging;
  const { payloadHeader, claimHeaders = [], payloadInMetadata, headerInMetadata, listClaims = [] } = provider;
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
    const value = claimText(claimAt(claims, claim.split(".")));
    if (value === "") continue;
    add(header, value);
    if (provider.choosesRouteAnew === true) judging.choosesRouteAnew = true;
  }
  if (!provider.forwards) token.removeFrom(carrier);
  if (headerInMetadata !== undefined) payloads[headerInMetadata] = head;
  if (payloadInMetadata !== undefined) payloads[payloadInMetadata] = withLists(claims, listClaims);
  judging.accepted = { provider, claims };
}

/** Claims of several words, as "scope", become lists of them. */
function withLists(claims: Payloads[string], names: readonly string[]): Payloads[string] {
  const lists = names.flatMap((name) => {
    const value = claims[name];
    return typeof value === "string" ? [[name, value.split(" ").filter((word) => word !== "")]] : [];
  });
  return lists.length === 0 ? claims : { ...claims, ...Object.fromEntries(lists) };
}

/** @param provider whose the token was, as far as that is known; the only one there is answers for the others */
export function noteFailure({ config, payloads }: Judging, provider: JwtProvider | undefined, status: string): void {
  const all = Object.values(config.providers);
  const name = (provider ?? (all.length === 1 ? all[0] : undefined))?.failureInMetadata;
  if (name !== undefined) payloads[name] = { code: keyFailures[status] ?? failureCodes.indexOf(status), message: status };
}

/** Codes of JwtVerify::Status above those of `failureCodes`. */
const keyFailures: Readonly<Record<string, number>> = {
  "Jwks doesn't have any valid public key": 31,
  "Jwks doesn't have key to match kid or alg from Jwt": 32,
  "Jwks remote fetch is failed": 40,
};

/** In the order of the enumeration JwtVerify::Status. */
const failureCodes: readonly string[] = [
  "Ok",
  "Jwt is missing",
  "Jwt not yet valid",
  "Jwt is expired",
  "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections",
  "Jwt header is an invalid Base64url encoded",
  "Jwt header is an invalid JSON",
  "Jwt header [alg] field is required and must be a string",
  "Jwt header [alg] is not supported",
  "Jwt header [kid] field is not a string",
  "Jwt payload is an invalid Base64url encoded",
  "Jwt payload is an invalid JSON",
  "Jwt payload [iss] field is not a string",
  "Jwt payload [sub] field is not a string",
  "Jwt payload [iat] field is not an integer",
  "Jwt payload [iat] field is not a positive 64 bit integer",
  "Jwt payload [nbf] field is not an integer",
  "Jwt payload [nbf] field is not a positive 64 bit integer",
  "Jwt payload [exp] field is not an integer",
  "Jwt payload [exp] field is not a positive 64 bit integer",
  "Jwt payload [jti] field is not a string",
  "Jwt payload [aud] field is not a string or string list",
  "Jwt signature is an invalid Base64url encoded",
  "Jwt ED25519 signature is wrong length",
  "Jwt issuer is not configured",
  "Audiences in Jwt are not allowed",
  "Jwt verification fails",
];
