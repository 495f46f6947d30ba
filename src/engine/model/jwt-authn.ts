/** envoy.filters.http.jwt_authn in Envoy's words, and what is known of the tokens that requests carry. */
import type { ConfigSource } from "./config-source.ts";
import type { StringMatcher } from "./matcher.ts";
import type { RetryPolicy, RouteMatch } from "./route.ts";

/** Signatures are judged before the run: a request carries what was found out about its tokens (`TokenFacts`). */
export interface JwtAuthnConfig {
  /** By name; the first that fits an issuer counts where none is named. */
  providers: Readonly<Record<string, JwtProvider>>;
  /** The first that matches says what is required; where none does the request passes. */
  rules: readonly JwtRule[];
  /** requirement_map: what rules and routes ask for by name. */
  requirements?: Readonly<Record<string, JwtRequirement>>;
  /** bypass_cors_preflight. */
  passesPreflights?: true;
}

export interface JwtRule {
  match: RouteMatch;
  requires: JwtRequirement;
}

export interface JwtProvider {
  /** "": tokens of any issuer. */
  issuer: string;
  audiences?: readonly string[];
  subjects?: StringMatcher;
  /** What a token may still live, seconds; infinite: it has to expire some day. */
  maxLifetimeS?: number;
  /** Where tokens are looked for; none of the three: the Authorization header and the parameter access_token. */
  fromHeaders?: readonly { name: string; prefix?: string }[];
  fromParams?: readonly string[];
  fromCookies?: readonly string[];
  /** The key set as it is written; absent: it is somewhere else, and signatures are believed. */
  jwks?: string;
  /** Where requests get it from; absent: it is believed to be there. */
  remoteKeys?: RemoteKeys;
  /** Not a word about where it is. */
  hasNoKeys?: true;
  /** What Envoy says of fields that are not in the model. */
  problems?: readonly string[];
  clockSkewSeconds?: number;
  /** The token goes along. */
  forwards: boolean;
  /** Under which name the claims are kept for other filters; absent: they are not. */
  payloadInMetadata?: string;
  /** Claims of several words that are kept as lists of them. */
  listClaims?: readonly string[];
  /** The same for the token's header, and for what was wrong with it. */
  headerInMetadata?: string;
  failureInMetadata?: string;
  /** Headers that carry the claims on: all of them (base64url), or one each. */
  payloadHeader?: { name: string; isPadded: boolean };
  claimHeaders?: readonly { header: string; claim: string }[];
  /** clear_route_cache: a request that got one of the latter is routed by its new headers. */
  choosesRouteAnew?: true;
  source?: ConfigSource;
}

/** remote_jwks: the first request that needs the keys, and each one after they have become old, asks a cluster for them and waits. */
export interface RemoteKeys {
  cluster: string;
  authority: string;
  path: string;
  timeoutMs: number;
  /** Infinite: they are kept fresh beside the requests. */
  freshMs: number;
  retryPolicy?: RetryPolicy;
}

export type JwtRequirement =
  | { type: "none" }
  /** audiences: instead of the provider's own. */
  | { type: "provider"; provider: string; audiences?: readonly string[] }
  | { type: "any" | "all"; requirements: readonly JwtRequirement[] }
  | { type: "allowMissing" | "allowMissingOrFailed" }
  /** extract_only_without_validation: in spite of its name no token that is not good is taken; a header may tell of it. */
  | { type: "extractOnly"; statusHeader?: string }
  /** A name of the requirement_map. */
  | { type: "named"; name: string };

/** PerRouteConfig: another requirement by name, or none. */
export type JwtPerRoute = { isOff: true } | { requirement: string };

/** A token of a request, as far as it can be judged before the run. */
export interface TokenFacts {
  /** What is wrong with its form, in Envoy's words; "": nothing. */
  problem: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  /** Seconds from the run's moment to `exp` and to `nbf`; absent: not written. */
  expiresInS?: number;
  validInS?: number;
  /** By key set as written: what verification says in Envoy's words; "": a key of it signed the token. */
  signatures: Readonly<Record<string, string>>;
}

/** By the token's text. */
export type RequestTokens = Readonly<Record<string, TokenFacts>>;
