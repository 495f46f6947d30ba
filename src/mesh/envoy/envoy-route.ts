/** Route tables of a bootstrap (config.route.v3), with Envoy's own defaults: 15 s timeout, no retries. */
import type {
  ForwardAction,
  GrpcTimeoutPolicy,
  HashPolicy,
  MirrorPolicy,
  RedirectAction,
  RetryPolicy,
  Route,
  RouteAction,
  RouteConfiguration,
  SubsetMetadata,
  VirtualHost,
  WeightedCluster,
} from "#engine";
import { at, durationMs, type Field, flag, items, number, sourceOf, text, texts } from "../translation/field.ts";
import { partialMatch } from "../translation/re2.ts";
import { readCors } from "./envoy-cors.ts";
import { readPerFilter } from "./envoy-filter.ts";
import { readHeaderOperations } from "./envoy-header-operations.ts";
import { readInternalRedirect } from "./envoy-internal-redirect.ts";
import { readHeaderMatchers, readPercent } from "./envoy-matcher.ts";
import { readMetadata, readRateLimits } from "./envoy-rate-limits.ts";
import { readRouteMatch } from "./envoy-route-match.ts";
import { readSubsetMetadata } from "./envoy-subsets.ts";

/** Envoy's route timeout where none is written. */
const defaultTimeoutMs = 15_000;

export function readRouteConfiguration(field: Field | undefined, fallbackName: string): RouteConfiguration {
  const ignorePort = flag(field, "ignore_port_in_host_matching");
  const bodyBytes = number(field, "max_direct_response_body_size_bytes");
  const table: Inherited = {
    mirrors: field ? readMirrors(field) : [],
    hedge: undefined,
  };
  const headers = field && readHeaderOperations(field);
  const perFilter = field && readPerFilter(field);
  return {
    name: text(field, "name") || fallbackName,
    virtualHosts: items(field, "virtual_hosts").map((host) => readVirtualHost(host, table)),
    ...(headers ? { headers } : {}),
    ...(perFilter ? { perFilter } : {}),
    ...(ignorePort ? { ignorePortInHostMatching: true } : {}),
    // A table that stands in its listener is validated unless it says otherwise.
    validatesClusters: flag(field, "validate_clusters") ?? true,
    ...(flag(field, "most_specific_header_mutations_wins") ? { routeHeadersLast: true } : {}),
    ...(bodyBytes === undefined ? {} : { maxDirectResponseBodyBytes: bodyBytes }),
  };
}

/** What a route has from its virtual host, and that from its table, where it has none of its own. */
export interface Inherited {
  mirrors: MirrorPolicy[];
  hedge: ForwardAction["hedgePolicy"];
}

export function readVirtualHost(field: Field, table: Inherited): VirtualHost {
  const retryPolicy = readRetryPolicy(at(field, "retry_policy"));
  const perFilter = readPerFilter(field);
  const headers = readHeaderOperations(field);
  const rateLimits = readRateLimits(field);
  const mirrors = readMirrors(field);
  const inherited = { ...table, mirrors: mirrors.length > 0 ? mirrors : table.mirrors, hedge: readHedge(field) };
  return {
    name: text(field, "name") ?? "",
    domains: texts(field, "domains"),
    routes: items(field, "routes").flatMap((route) => readRoute(route, inherited) ?? []),
    ...(retryPolicy ? { retryPolicy } : {}),
    ...(perFilter ? { perFilter } : {}),
    ...(headers ? { headers } : {}),
    ...(rateLimits ? { rateLimits } : {}),
    ...(flag(field, "include_request_attempt_count") ? { countsTries: true as const } : {}),
    ...(flag(field, "include_attempt_count_in_response") ? { countsTriesInAnswers: true as const } : {}),
    // EXTERNAL_ONLY spares requests from inside, which nobody here is unless the listener says so.
    ...(["ALL", "EXTERNAL_ONLY"].includes(text(field, "require_tls") ?? "") ? { requireTls: "ALL" as const } : {}),
    source: sourceOf(field),
  };
}

export function readRoute(field: Field, inherited: Inherited): Route | undefined {
  const action = readAction(field, inherited);
  if (!action) return undefined;
  const headers = readHeaderOperations(field);
  const perFilter = readPerFilter(field);
  const metadata = readMetadata(field);
  return {
    name: text(field, "name") ?? "",
    match: readRouteMatch(at(field, "match")),
    action,
    ...(headers ? { headers } : {}),
    ...(perFilter ? { perFilter } : {}),
    ...(metadata ? { metadata } : {}),
    source: sourceOf(field),
  };
}

function readAction(field: Field, inherited: Inherited): RouteAction | undefined {
  const direct = at(field, "direct_response");
  if (direct) {
    const body = text(direct, "body", "inline_string");
    return { type: "directResponse", status: number(direct, "status") ?? 200, ...(body === undefined ? {} : { body }) };
  }
  const redirect = at(field, "redirect");
  if (redirect) return readRedirect(redirect);
  // To nowhere: as to a cluster that is not there.
  const nowhere = at(field, "non_forwarding_action");
  const route = at(field, "route") ?? nowhere;
  if (nowhere !== undefined)
    return { ...readForward(nowhere, inherited), clusters: [{ cluster: "", weight: 100 }], leadsNowhere: true };
  return route ? readForward(route, inherited) : undefined;
}

const redirectCodes: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

function readRedirect(field: Field): RedirectAction {
  const scheme = text(field, "scheme_redirect") ?? (flag(field, "https_redirect") ? "https" : undefined);
  const host = text(field, "host_redirect");
  const port = number(field, "port_redirect");
  const path = text(field, "path_redirect");
  const prefixRewrite = text(field, "prefix_rewrite");
  const regexRewrite = readSubstitution(at(field, "regex_rewrite"));
  return {
    type: "redirect",
    ...(scheme ? { scheme } : {}),
    ...(host ? { host } : {}),
    ...(port ? { port } : {}),
    ...(path === undefined ? {} : { path }),
    ...(prefixRewrite === undefined ? {} : { prefixRewrite }),
    ...(regexRewrite ? { regexRewrite } : {}),
    ...(flag(field, "strip_query") ? { stripQuery: true } : {}),
    status: redirectCodes[text(field, "response_code") ?? ""] ?? 301,
  };
}

export function readForward(field: Field, inherited: Inherited): ForwardAction {
  const weighted = at(field, "weighted_clusters");
  const single = text(field, "cluster");
  const clusterHeader = text(field, "cluster_header");
  const pinned = text(weighted, "header_name");
  const retryPolicy = readRetryPolicy(at(field, "retry_policy"));
  const hedgePolicy = readHedge(field) ?? inherited.hedge;
  const mirrors = readMirrors(field);
  const internalRedirect = readInternalRedirect(at(field, "internal_redirect_policy"));
  const idleTimeoutMs = durationMs(field, "idle_timeout");
  const timeoutMs = durationMs(field, "timeout") ?? defaultTimeoutMs;
  const stream = at(field, "max_stream_duration");
  const maxStreamDurationMs = durationMs(stream, "max_stream_duration");
  const grpcTimeout = readGrpcTimeout(field, stream);
  const cors = at(field, "cors");
  const rewrite = readRewrite(field);
  const rateLimits = readRateLimits(field);
  const missing = text(field, "cluster_not_found_response_code");
  const metadataMatch = readSubsetMetadata(at(field, "metadata_match"));
  return {
    type: "forward",
    clusters: weighted
      ? items(weighted, "clusters").map(readWeightedCluster)
      : single === undefined
        ? []
        : [{ cluster: single, weight: 100, source: sourceOf(field) }],
    ...(weighted ? { weighted: true } : {}),
    ...(metadataMatch ? { metadataMatch } : {}),
    ...(pinned ? { pinnedByHeader: pinned } : {}),
    ...(clusterHeader ? { clusterHeader } : {}),
    // Where the stream's duration is limited the timeout is not asked.
    timeoutMs: stream === undefined ? timeoutMs : 0,
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxStreamDurationMs === undefined ? {} : { maxStreamDurationMs }),
    ...(grpcTimeout ? { grpcTimeout } : {}),
    ...(retryPolicy ? { retryPolicy } : {}),
    ...(hedgePolicy ? { hedgePolicy } : {}),
    mirrors: mirrors.length > 0 ? mirrors : inherited.mirrors,
    ...(internalRedirect ? { internalRedirect } : {}),
    ...(rateLimits ? { rateLimits } : {}),
    ...(flag(field, "include_vh_rate_limits") ? { includesHostRateLimits: true as const } : {}),
    ...(rewrite ? { rewrite } : {}),
    hashPolicy: items(field, "hash_policy").flatMap((one) => readHashPolicy(one) ?? []),
    priority: text(field, "priority") === "HIGH" ? "high" : "default",
    ...(cors ? { cors: readCors(cors) } : {}),
    clusterNotFoundStatus: missing === "NOT_FOUND" ? 404 : missing === "INTERNAL_SERVER_ERROR" ? 500 : 503,
  };
}

function readGrpcTimeout(field: Field, stream: Field | undefined): GrpcTimeoutPolicy | undefined {
  const streamMaxMs = durationMs(stream, "grpc_timeout_header_max");
  const streamOffsetMs = durationMs(stream, "grpc_timeout_header_offset") ?? 0;
  const maxMs = durationMs(field, "max_grpc_timeout");
  const offsetMs = durationMs(field, "grpc_timeout_offset") ?? 0;
  if (stream !== undefined)
    return streamMaxMs === undefined ? undefined : { maxMs: streamMaxMs, offsetMs: streamOffsetMs, limitsStream: true };
  return maxMs === undefined ? undefined : { maxMs, offsetMs, limitsStream: false };
}

function readHedge(field: Field): ForwardAction["hedgePolicy"] {
  const hedge = at(field, "hedge_policy");
  if (!hedge) return undefined;
  return {
    initialRequests: number(hedge, "initial_requests") ?? 1,
    hedgeOnPerTryTimeout: flag(hedge, "hedge_on_per_try_timeout") ?? false,
  };
}

function readMirrors(field: Field): MirrorPolicy[] {
  return items(field, "request_mirror_policies").map((mirror) => ({
    cluster: text(mirror, "cluster") ?? "",
    percent: readPercent(at(mirror, "runtime_fraction", "default_value")) ?? 100,
    ...(flag(mirror, "disable_shadow_host_suffix_append") ? { keepHost: true } : {}),
    source: sourceOf(mirror),
  }));
}

function readWeightedCluster(field: Field): WeightedCluster {
  const headers = readHeaderOperations(field);
  const perFilter = readPerFilter(field);
  const hostRewrite = text(field, "host_rewrite_literal");
  const metadataMatch = readSubsetMetadata(at(field, "metadata_match"));
  return {
    cluster: text(field, "name") ?? "",
    weight: number(field, "weight") ?? 0,
    ...(headers ? { headers } : {}),
    ...(hostRewrite ? { hostRewrite } : {}),
    ...(metadataMatch ? { metadataMatch } : {}),
    ...(perFilter ? { perFilter } : {}),
    source: sourceOf(field),
  };
}

function readRewrite(field: Field): ForwardAction["rewrite"] {
  const prefix = text(field, "prefix_rewrite");
  const host = text(field, "host_rewrite_literal");
  const hostFromHeader = text(field, "host_rewrite_header");
  const regex = readSubstitution(at(field, "regex_rewrite"));
  const hostFromPath = readSubstitution(at(field, "host_rewrite_path_regex"));
  const hostFromUpstream = flag(field, "auto_host_rewrite");
  const appendForwardedHost = flag(field, "append_x_forwarded_host");
  const isPlain = [prefix, regex, host, hostFromHeader, hostFromPath].every((one) => one === undefined);
  if (isPlain && !hostFromUpstream) return appendForwardedHost ? { appendForwardedHost } : undefined;
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(host === undefined ? {} : { host }),
    ...(hostFromHeader === undefined ? {} : { hostFromHeader }),
    ...(hostFromPath ? { hostFromPath } : {}),
    ...(hostFromUpstream ? { hostFromUpstream } : {}),
    ...(appendForwardedHost ? { appendForwardedHost } : {}),
    ...(regex ? { regex } : {}),
    keepsOriginals: true,
  };
}

function readSubstitution(field: Field | undefined): NonNullable<ForwardAction["rewrite"]>["regex"] {
  return (
    field && {
      pattern: partialMatch(text(field, "pattern", "regex") ?? ""),
      substitution: text(field, "substitution") ?? "",
    }
  );
}

function readHashPolicy(field: Field): HashPolicy | undefined {
  const terminal = flag(field, "terminal") ?? false;
  const header = text(field, "header", "header_name");
  if (header !== undefined) return { type: "header", name: header, terminal };
  const cookie = text(field, "cookie", "name");
  if (cookie !== undefined) {
    const ttlMs = durationMs(field, "cookie", "ttl");
    const path = text(field, "cookie", "path");
    return { type: "cookie", name: cookie, ...(ttlMs === undefined ? {} : { ttlMs }), ...(path ? { path } : {}), terminal };
  }
  const parameter = text(field, "query_parameter", "name");
  if (parameter !== undefined) return { type: "queryParameter", name: parameter, terminal };
  return flag(field, "connection_properties", "source_ip") ? { type: "sourceIp", terminal } : undefined;
}

/** By its type, or its name where it has none. */
function readHostPredicate(field: Field): { name: string; omits?: SubsetMetadata } {
  const config = at(field, "typed_config");
  const name = `${text(field, "name") ?? ""} ${text(config, "@type") ?? ""}`;
  if (name.includes("omit_canary_hosts")) return { name, omits: { canary: "true" } };
  const omits = name.includes("omit_host_metadata") ? readSubsetMetadata(at(config, "metadata_match")) : undefined;
  return omits === undefined ? { name } : { name, omits };
}

/** Without a back-off of its own: 25 ms, at most ten times the base. */
function readRetryPolicy(field: Field | undefined): RetryPolicy | undefined {
  if (!field) return undefined;
  const baseIntervalMs = durationMs(field, "retry_back_off", "base_interval") ?? 25;
  const limited = at(field, "rate_limited_retry_back_off");
  const perTryIdle = durationMs(field, "per_try_idle_timeout");
  const retriableHeaders = readHeaderMatchers(field, "retriable_headers");
  const retriableRequestHeaders = readHeaderMatchers(field, "retriable_request_headers");
  const predicates = items(field, "retry_host_predicate").map(readHostPredicate);
  const omittedHosts = predicates.flatMap(({ omits }) => (omits === undefined ? [] : [omits]));
  const priority = text(field, "retry_priority", "name");
  text(field, "retry_priority", "typed_config", "@type");
  const frequency = number(field, "retry_priority", "typed_config", "update_frequency");
  return {
    retryOn: (text(field, "retry_on") ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
    numRetries: number(field, "num_retries") ?? 1,
    perTryTimeoutMs: durationMs(field, "per_try_timeout") ?? 0,
    ...(perTryIdle === undefined ? {} : { perTryIdleTimeoutMs: perTryIdle }),
    retriableStatusCodes: texts(field, "retriable_status_codes").map(Number),
    ...(retriableHeaders.length > 0 ? { retriableHeaders } : {}),
    backOff: { baseIntervalMs, maxIntervalMs: durationMs(field, "retry_back_off", "max_interval") ?? baseIntervalMs * 10 },
    ...(limited
      ? {
          rateLimitedBackOff: {
            resetHeaders: items(limited, "reset_headers").map((one) => ({
              name: text(one, "name") ?? "",
              format: text(one, "format") === "UNIX_TIMESTAMP" ? ("unix" as const) : ("seconds" as const),
            })),
            maxIntervalMs: durationMs(limited, "max_interval") ?? 300_000,
          },
        }
      : {}),
    ...(retriableRequestHeaders.length > 0 ? { retriableRequestHeaders } : {}),
    avoidPreviousHosts: predicates.some(({ name }) => name.includes("previous_hosts")),
    ...(omittedHosts.length > 0 ? { omittedHosts } : {}),
    hostSelectionRetryMaxAttempts: number(field, "host_selection_retry_max_attempts") ?? 1,
    ...(priority?.includes("previous_priorities")
      ? { avoidPreviousPriorities: true, priorityUpdateFrequency: frequency ?? 2 }
      : {}),
    source: sourceOf(field),
  };
}
