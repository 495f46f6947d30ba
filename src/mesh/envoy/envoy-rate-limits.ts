/** rate_limits of routes, virtual hosts and the local rate limit filter itself, and that filter's descriptors. */
import type {
  ConnectionRateLimit,
  LocalDescriptor,
  Metadata,
  RateLimit,
  RateLimitAction,
  RateLimitSource,
  TokenBucket,
} from "#engine";
import { at, atOrNull, durationMs, type Field, flag, items, number, sourceOf, text } from "../translation/field.ts";
import { readHeaderMatchers, readQueryParameters } from "./envoy-matcher.ts";

/** @returns undefined where none are written. @param isOwn those of a filter itself, of which Envoy reads more */
export function readRateLimits(field: Field, isOwn = false): RateLimit[] | undefined {
  const written = items(field, "rate_limits");
  if (written.length === 0) return undefined;
  return written.map((one) => ({
    stage: number(one, "stage") ?? 0,
    ...(text(one, "disable_key") ? { hasKey: true as const } : {}),
    ...(flag(one, "apply_on_stream_done") ? { isLate: true as const } : {}),
    ...readHits(one),
    ...readOption(one),
    actions: items(one, "actions").map(readAction),
    ...(isOwn && (at(one, "stage") ?? text(one, "disable_key")) ? { isForRoutes: true as const } : {}),
  }));
}

function readOption(field: Field): Pick<RateLimit, "tells"> {
  const option = text(field, "x_ratelimit_option") ?? "UNSPECIFIED";
  return option === "UNSPECIFIED" ? {} : { tells: option !== "OFF" && option !== "false" };
}

function readHits(field: Field): Pick<RateLimit, "hits" | "givesBack"> {
  const hits = number(field, "hits_addend", "number") ?? text(field, "hits_addend", "format");
  const givesBack = flag(field, "hits_addend", "is_negative_hits") === true;
  if (hits === undefined) return {};
  return { hits, ...(givesBack ? { givesBack } : {}) };
}

export function readRateLimitSource(field: Field): RateLimitSource {
  const rateLimits = readRateLimits(field, true);
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
  // Operators in values of this action and of the matches are not read unless runtime says so, and so neither is what stands in for them.
  for (const name of ["generic_key", "header_value_match", "query_parameter_value_match"]) text(field, name, "default_value");
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
  const masked = atOrNull(field, "masked_remote_address");
  if (masked)
    return {
      type: "maskedAddress",
      v4Bits: number(masked, "v4_prefix_mask_len") ?? 32,
      v6Bits: number(masked, "v6_prefix_mask_len") ?? 128,
    };
  const address = at(field, "remote_address_match");
  if (address) return readAddressMatch(address);
  const metadata = at(field, "metadata");
  if (metadata) return readMetadataAction(metadata);
  if (at(field, "dynamic_metadata")) return { type: "unknown", deprecated: "dynamic_metadata" };
  const query = at(field, "query_parameter_value_match");
  if (!query) return { type: "unknown", ...(Object.keys(field.value ?? {}).length === 0 ? { isEmpty: true as const } : {}) };
  return { type: "queryMatch", ...matching(query, "query_match"), parameters: readQueryParameters(query, "query_parameters") };
}

function readAddressMatch(field: Field): RateLimitAction {
  const matcher = at(field, "address_matcher");
  return {
    type: "addressMatch",
    key: text(field, "descriptor_key") || "remote_address_match",
    value: text(field, "descriptor_value") ?? "",
    fallback: text(field, "default_value") ?? "",
    ...(matcher
      ? { cidrs: items(matcher, "ranges").map((one) => `${text(one, "address_prefix")}/${number(one, "prefix_len") ?? 0}`) }
      : {}),
    inverts: flag(matcher, "invert_match") === true,
  };
}

const sources = {
  DYNAMIC: "dynamic",
  ROUTE_ENTRY: "route",
  CLUSTER_ENTRY: "cluster",
  CLUSTER_LOCALITY_ENTRY: "locality",
} as const;

function readMetadataAction(field: Field): RateLimitAction {
  const written = text(field, "source") ?? "DYNAMIC";
  return {
    type: "metadata",
    key: text(field, "descriptor_key") ?? "",
    source: sources[written as keyof typeof sources] ?? "dynamic",
    path: [
      text(field, "metadata_key", "key") ?? "",
      ...items(field, "metadata_key", "path").map((step) => text(step, "key") ?? ""),
    ],
    fallback: text(field, "default_value") ?? "",
    skipsAbsent: flag(field, "skip_if_absent") === true,
  };
}

/** filter_metadata of a route or cluster as plain data. */
export function readMetadata(field: Field): Metadata | undefined {
  const written = at(field, "metadata", "filter_metadata");
  return written === undefined ? undefined : (JSON.parse(JSON.stringify(written.value)) as Metadata);
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

/** @returns none where runtime would have to switch it on. A bucket that is missing is one that Envoy refuses. */
export function readConnectionLimit(field: Field): ConnectionRateLimit[] {
  const bucket = at(field, "token_bucket");
  const shareKey = text(field, "share_key");
  const isOn = flag(field, "runtime_enabled", "default_value") !== false;
  const tokenBucket = bucket ? readTokenBucket(bucket) : { maxTokens: 0, tokensPerFill: 1, fillIntervalMs: 0 };
  return isOn ? [{ tokenBucket, ...(shareKey ? { shareKey } : {}), source: sourceOf(field) }] : [];
}

export function readLocalDescriptors(field: Field): LocalDescriptor[] {
  return items(field, "descriptors").map((one) => {
    const bucket = at(one, "token_bucket");
    return {
      entries: items(one, "entries").map((entry) => ({ key: text(entry, "key") ?? "", value: text(entry, "value") ?? "" })),
      ...(bucket ? { tokenBucket: readTokenBucket(bucket) } : {}),
      ...(flag(one, "shadow_mode") ? { isShadow: true as const } : {}),
    };
  });
}
