/** envoy.filters.http.jwt_authn of a bootstrap, and what routes say of it. */
import type { JwtAuthnConfig, JwtPerRoute, JwtProvider, JwtRequirement, JwtRule, RemoteKeys } from "#engine";
import { at, durationMs, entries, type Field, flag, items, number, sourceOf, text, texts } from "../translation/field.ts";
import { readJwtPlaces } from "../translation/jwt-places.ts";
import { readCoreRetryPolicy } from "./envoy-core-retry.ts";
import { readStringMatcher } from "./envoy-matcher.ts";
import { readRouteMatch } from "./envoy-route-match.ts";

export function readJwtAuthn(field: Field): JwtAuthnConfig {
  const named = (key: string) => entries(field, key);
  return {
    providers: Object.fromEntries(named("providers").map(([name, one]) => [name, readProvider(one)])),
    rules: items(field, "rules").map(readRule),
    requirements: Object.fromEntries(named("requirement_map").map(([name, one]) => [name, readRequirement(one)])),
    ...(flag(field, "bypass_cors_preflight") ? { passesPreflights: true as const } : {}),
  };
}

export function readJwtPerRoute(field: Field): JwtPerRoute {
  if (flag(field, "disabled")) return { isOff: true };
  return { requirement: text(field, "requirement_name") ?? "" };
}

function readRule(field: Field): JwtRule {
  const name = text(field, "requirement_name");
  const requires = at(field, "requires");
  return {
    match: readRouteMatch(at(field, "match")),
    requires: name === undefined ? readRequirement(requires) : { type: "named", name },
  };
}

function readRequirement(field: Field | undefined): JwtRequirement {
  if (field === undefined) return { type: "none" };
  const list = (key: string) => items(field, key, "requirements").map(readRequirement);
  const provider = text(field, "provider_name");
  if (provider !== undefined) return { type: "provider", provider };
  const listed = at(field, "provider_and_audiences");
  if (listed) {
    const audiences = texts(listed, "audiences");
    return { type: "provider", provider: text(listed, "provider_name") ?? "", ...(audiences.length > 0 ? { audiences } : {}) };
  }
  if (at(field, "requires_any")) return { type: "any", requirements: list("requires_any") };
  if (at(field, "requires_all")) return { type: "all", requirements: list("requires_all") };
  const extracting = at(field, "extract_only_without_validation");
  if (extracting) {
    const statusHeader = text(extracting, "verification_status_header");
    return { type: "extractOnly", ...(statusHeader ? { statusHeader } : {}) };
  }
  if (at(field, "allow_missing_or_failed")) return { type: "allowMissingOrFailed" };
  return { type: at(field, "allow_missing") ? "allowMissing" : "none" };
}

const words = { headers: "from_headers", prefix: "value_prefix", params: "from_params", cookies: "from_cookies" };

function readProvider(field: Field): JwtProvider {
  const claimHeaders = items(field, "claim_to_headers").map((one) => ({
    header: text(one, "header_name") ?? "",
    claim: text(one, "claim_name") ?? "",
  }));
  const jwks = text(field, "local_jwks", "inline_string");
  const local = at(field, "local_jwks");
  const remote = at(field, "remote_jwks");
  const hasNoKeys = local === undefined && remote === undefined;
  const remoteKeys = remote && readRemoteKeys(remote);
  const clockSkewSeconds = number(field, "clock_skew_seconds");
  const payloadInMetadata = text(field, "payload_in_metadata");
  const payloadHeader = text(field, "forward_payload_header");
  const subjects = readStringMatcher(at(field, "subjects"));
  const lifetimeMs = durationMs(field, "max_lifetime");
  const problems = [
    ...(local === undefined ? [] : fileProblems(local)),
    ...(remote === undefined ? [] : remoteProblems(remote)),
    ...(at(field, "subjects") !== undefined && subjects === undefined ? ["StringMatcher.MatchPattern: value is required"] : []),
    ...(lifetimeMs === undefined ? [] : negativeDuration(lifetimeMs)),
  ];
  const mustExpire = flag(field, "require_expiration") === true;
  const maxLifetimeS = lifetimeMs === undefined ? (mustExpire ? Number.POSITIVE_INFINITY : undefined) : lifetimeMs / 1000;
  const listClaims = texts(at(field, "normalize_payload_in_metadata"), "space_delimited_claims");
  const headerInMetadata = text(field, "header_in_metadata");
  const failureInMetadata = text(field, "failed_status_in_metadata");
  const isPadded = flag(field, "pad_forward_payload_header") === true;
  return {
    issuer: text(field, "issuer") ?? "",
    ...readJwtPlaces(field, words),
    ...(jwks === undefined ? {} : { jwks }),
    ...(remoteKeys ? { remoteKeys } : {}),
    ...(hasNoKeys ? { hasNoKeys: true as const } : {}),
    ...(problems.length > 0 ? { problems } : {}),
    ...(subjects ? { subjects } : {}),
    ...(maxLifetimeS === undefined ? {} : { maxLifetimeS }),
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    forwards: flag(field, "forward") === true,
    ...(payloadInMetadata ? { payloadInMetadata } : {}),
    ...(listClaims.length > 0 ? { listClaims } : {}),
    ...(headerInMetadata ? { headerInMetadata } : {}),
    ...(failureInMetadata ? { failureInMetadata } : {}),
    ...(payloadHeader ? { payloadHeader: { name: payloadHeader, isPadded } } : {}),
    ...(claimHeaders.length > 0 ? { claimHeaders } : {}),
    ...(flag(field, "clear_route_cache") ? { choosesRouteAnew: true as const } : {}),
    source: sourceOf(field),
  };
}

/** Ten minutes where nothing is written. */
const defaultFreshMs = 600_000;

function readRemoteKeys(field: Field): RemoteKeys {
  const uri = at(field, "http_uri");
  const [, authority = "", path = ""] = /^(?:[a-z]+:\/\/)?([^/]*)(.*)$/i.exec(text(uri, "uri") ?? "") ?? [];
  // Envoy counts whole seconds: half of one is none at all.
  const freshMs = Math.floor((durationMs(field, "cache_duration") ?? defaultFreshMs) / 1000) * 1000;
  const isKeptFresh = at(field, "async_fetch") !== undefined;
  const retryPolicy = readCoreRetryPolicy(at(field, "retry_policy"), ["5xx", "gateway-error", "connect-failure", "reset"]);
  return {
    cluster: text(uri, "cluster") ?? "",
    authority,
    path: path === "" ? "/" : path,
    timeoutMs: durationMs(uri, "timeout") ?? 0,
    freshMs: isKeptFresh ? Number.POSITIVE_INFINITY : freshMs,
    ...(retryPolicy ? { retryPolicy } : {}),
  };
}

/** A bootstrap here has no files and no variables beside it. */
function fileProblems(field: Field): string[] {
  const filename = text(field, "filename");
  if (filename !== undefined) return [`Invalid path: ${filename}`];
  const variable = text(field, "environment_variable");
  if (variable !== undefined) return [`Environment variable doesn't exist: ${variable}`];
  const isSaid = text(field, "inline_string") !== undefined || text(field, "inline_bytes") !== undefined;
  return isSaid ? [] : ["DataSource.Specifier: value is required"];
}

function remoteProblems(field: Field): string[] {
  const uri = at(field, "http_uri");
  if (uri === undefined) return ["RemoteJwks.HttpUri: value is required"];
  const timeoutMs = durationMs(uri, "timeout");
  const cacheMs = durationMs(field, "cache_duration");
  return [
    ...["uri", "cluster"].flatMap((key) =>
      (text(uri, key) ?? "") === "" ? [`HttpUri.${key}: value length must be at least 1 characters`] : [],
    ),
    ...(timeoutMs === undefined ? ["HttpUri.Timeout: value is required"] : negativeDuration(timeoutMs)),
    ...(cacheMs !== undefined && cacheMs < 1 ? ["RemoteJwks.CacheDuration: value must be inside range [1ms, 2500000h0m0s)"] : []),
  ];
}

function negativeDuration(ms: number): string[] {
  return ms < 0 ? [`Invalid duration: Expected positive duration: ${ms / 1000}s`] : [];
}
