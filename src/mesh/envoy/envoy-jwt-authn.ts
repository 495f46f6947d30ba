/** envoy.filters.http.jwt_authn of a bootstrap, and what routes say of it. */
import type { JwtAuthnConfig, JwtPerRoute, JwtProvider, JwtRequirement, JwtRule } from "#engine";
import { at, entries, type Field, flag, items, number, sourceOf, text, texts } from "../translation/field.ts";
import { readJwtPlaces } from "../translation/jwt-places.ts";
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
  const hasNoKeys = at(field, "local_jwks") === undefined && at(field, "remote_jwks") === undefined;
  const clockSkewSeconds = number(field, "clock_skew_seconds");
  const payloadInMetadata = text(field, "payload_in_metadata");
  const payloadHeader = text(field, "forward_payload_header");
  const isPadded = flag(field, "pad_forward_payload_header") === true;
  return {
    issuer: text(field, "issuer") ?? "",
    ...readJwtPlaces(field, words),
    ...(jwks === undefined ? {} : { jwks }),
    ...(hasNoKeys ? { hasNoKeys: true as const } : {}),
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    forwards: flag(field, "forward") === true,
    ...(payloadInMetadata ? { payloadInMetadata } : {}),
    ...(payloadHeader ? { payloadHeader: { name: payloadHeader, isPadded } } : {}),
    ...(claimHeaders.length > 0 ? { claimHeaders } : {}),
    source: sourceOf(field),
  };
}
