/** rate_limits of routes, virtual hosts and the local rate limit filter itself, and that filter's descriptors. */
import type { LocalDescriptor, RateLimit, RateLimitAction, RateLimitSource, TokenBucket } from "#engine";
import { at, durationMs, type Field, flag, items, number, text } from "../translation/field.ts";
import { readHeaderMatchers, readQueryParameters } from "./envoy-matcher.ts";

/** @returns undefined where none are written */
export function readRateLimits(field: Field): RateLimit[] | undefined {
  const written = items(field, "rate_limits");
  if (written.length === 0) return undefined;
  return written.map((one) => ({ stage: number(one, "stage") ?? 0, actions: items(one, "actions").map(readAction) }));
}

export function readRateLimitSource(field: Field): RateLimitSource {
  const rateLimits = readRateLimits(field);
  const stage = number(field, "stage");
  const fromHost = text(field, "vh_rate_limits");
  return {
    ...(rateLimits ? { rateLimits } : {}),
    ...(stage ? { stage } : {}),
    ...(fromHost === "INCLUDE" || fromHost === "IGNORE" ? { hostRateLimits: fromHost } : {}),
  };
}

function readAction(field: Field): RateLimitAction {
  const generic = at(field, "generic_key");
  if (generic) {
    const key = text(generic, "descriptor_key") || "generic_key";
    return { type: "genericKey", key, value: text(generic, "descriptor_value") ?? "" };
  }
  const header = at(field, "request_headers");
  if (header) return { type: "requestHeader", name: text(header, "header_name") ?? "", ...described(header) };
  const parameter = at(field, "query_parameters");
  if (parameter) return { type: "queryParameter", name: text(parameter, "query_parameter_name") ?? "", ...described(parameter) };
  if (at(field, "remote_address")) return { type: "remoteAddress" };
  if (at(field, "destination_cluster")) return { type: "destinationCluster" };
  if (at(field, "source_cluster")) return { type: "sourceCluster", name: text(rootOf(field), "node", "cluster") ?? "" };
  const headers = at(field, "header_value_match");
  if (headers)
    return { type: "headerMatch", ...matching(headers, "header_match"), headers: readHeaderMatchers(headers, "headers") };
  const query = at(field, "query_parameter_value_match");
  if (!query) return { type: "unknown", ...(Object.keys(field.value ?? {}).length === 0 ? { isEmpty: true as const } : {}) };
  return { type: "queryMatch", ...matching(query, "query_match"), parameters: readQueryParameters(query, "query_parameters") };
}

function rootOf({ resource }: Field): Field {
  return { resource, path: [], value: resource.object };
}

function described(field: Field): { key: string; skipsAbsent: boolean } {
  return { key: text(field, "descriptor_key") ?? "", skipsAbsent: flag(field, "skip_if_absent") === true };
}

function matching(field: Field, key: string): { key: string; value: string; expects: boolean } {
  return {
    key: text(field, "descriptor_key") || key,
    value: text(field, "descriptor_value") ?? "",
    expects: flag(field, "expect_match") ?? true,
  };
}

export function readTokenBucket(field: Field): TokenBucket {
  return {
    maxTokens: number(field, "max_tokens") ?? 0,
    tokensPerFill: number(field, "tokens_per_fill") ?? 1,
    fillIntervalMs: durationMs(field, "fill_interval") ?? 0,
  };
}

export function readLocalDescriptors(field: Field): LocalDescriptor[] {
  return items(field, "descriptors").map((one) => {
    const bucket = at(one, "token_bucket");
    return {
      entries: items(one, "entries").map((entry) => ({ key: text(entry, "key") ?? "", value: text(entry, "value") ?? "" })),
      ...(bucket ? { tokenBucket: readTokenBucket(bucket) } : {}),
    };
  });
}
