/** Route tables in Envoy's words: RouteConfiguration → VirtualHost → Route (config.route.v3). Durations are milliseconds. */
import type { SubsetMetadata } from "./cluster.ts";
import type { ConfigSource } from "./config-source.ts";
import type { CsrfConfig, FaultConfig, HeaderMutations, LocalRateLimitConfig, RateLimitPerRoute } from "./http-filter.ts";
import type { JwtPerRoute } from "./jwt-authn.ts";
import type { CookieMatcher, HeaderMatcher, PathMatcher, QueryParameterMatcher, RegexMatcher, StringMatcher } from "./matcher.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RbacConfig } from "./rbac.ts";

export interface RouteConfiguration {
  name: string;
  virtualHosts: readonly VirtualHost[];
  /** Envoy answers 404 NR where no virtual host or route matches. */
  ignorePortInHostMatching?: boolean;
  /** most_specific_header_mutations_wins: the route's header operations come last. */
  routeHeadersLast?: boolean;
  headers?: HeaderOperations;
  perFilter?: PerFilterConfig;
  maxDirectResponseBodyBytes?: number;
  /** validate_clusters: a route to a cluster that is not there is an error of the table. */
  validatesClusters?: boolean;
}

export interface VirtualHost {
  name: string;
  /** Exact names, "*.suffix", "prefix.*" or "*"; ports as written ("reviews:9080"). */
  domains: readonly string[];
  routes: readonly Route[];
  retryPolicy?: RetryPolicy;
  /** typed_per_filter_config. */
  perFilter?: PerFilterConfig;
  headers?: HeaderOperations;
  rateLimits?: readonly RateLimit[];
  source?: ConfigSource;
  /** include_request_attempt_count: x-envoy-attempt-count goes along with each try. */
  countsTries?: true;
  /** include_attempt_count_in_response. */
  countsTriesInAnswers?: true;
  /** Plain HTTP is answered with a redirect to HTTPS (301). */
  requireTls?: "ALL";
  /** The service it was made for. */
  service?: string;
  /** Those of `domains` that stand for an address we gave, not for anything written. */
  syntheticDomains?: readonly string[];
}

/** Structs by name. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface Route {
  name: string;
  match: RouteMatch;
  action: RouteAction;
  headers?: HeaderOperations;
  perFilter?: PerFilterConfig;
  /** filter_metadata, where something may ask for it. */
  metadata?: Metadata;
  source?: ConfigSource;
  /** The resource whose rule this is, where `source` is finer. */
  owner?: { kind: string; name: string; namespace: string };
}

export interface RouteMatch {
  path: PathMatcher;
  /** None was written: Envoy refuses it. */
  isPathless?: true;
  headers: readonly HeaderMatcher[];
  queryParameters: readonly QueryParameterMatcher[];
  cookies?: readonly CookieMatcher[];
  grpc?: boolean;
  /** runtime_fraction, 0–100. */
  fractionPercent?: number;
  /** Conditions on verified JWT claims (dynamic_metadata). */
  claims?: readonly { claim: readonly string[]; value?: StringMatcher; invert: boolean }[];
  /** Whether case_sensitive was set on purpose; only shown in dumps. */
  caseSensitivityWritten?: boolean;
}

export type RouteAction = ForwardAction | RedirectAction | DirectResponseAction;

export interface ForwardAction {
  type: "forward";
  /** One entry is a plain cluster; several are independent random draws by weight / sum of weights. */
  clusters: readonly WeightedCluster[];
  /** non_forwarding_action: the only cluster is none, and nobody asks for it before a request comes. */
  leadsNowhere?: true;
  /** Made as weighted_clusters even where one entry is left. */
  weighted?: boolean;
  /** metadata_match: the subset of hosts that is asked for, where the cluster is divided. */
  metadataMatch?: SubsetMetadata;
  /** A numeric header that pins the draw: value mod total weight (weighted_clusters.header_name). */
  pinnedByHeader?: string;
  /** cluster_header: the request's header names the cluster. */
  clusterHeader?: string;
  /** 0 = no route timeout. */
  timeoutMs: number;
  idleTimeoutMs?: number;
  maxStreamDurationMs?: number;
  /** How far the client's grpc-timeout is heard; absent: not at all. */
  grpcTimeout?: GrpcTimeoutPolicy;
  retryPolicy?: RetryPolicy;
  hedgePolicy?: { initialRequests: number; hedgeOnPerTryTimeout: boolean };
  mirrors: readonly MirrorPolicy[];
  internalRedirect?: InternalRedirectPolicy;
  rateLimits?: readonly RateLimit[];
  /** include_vh_rate_limits. */
  includesHostRateLimits?: true;
  rewrite?: {
    prefix?: string;
    regex?: { pattern: RegexMatcher; substitution: string };
    path?: string;
    host?: string;
    hostFromHeader?: string;
    /** host_rewrite_path_regex: made of the path without its query. */
    hostFromPath?: { pattern: RegexMatcher; substitution: string };
    /** auto_host_rewrite: the name of the host that is sent to. */
    hostFromUpstream?: boolean;
    /** append_x_forwarded_host. */
    appendForwardedHost?: boolean;
    /** Host and path before go along as x-envoy-original-host and x-envoy-original-path. */
    keepsOriginals?: true;
  };
  hashPolicy: readonly HashPolicy[];
  priority: "default" | "high";
  cors?: CorsPolicy;
  /** Answer when the cluster does not exist: Envoy's cluster_not_found_response_code. */
  clusterNotFoundStatus: number;
  /** Which YAML lines set (or left to a default) each behaviour. */
  sources?: { timeout?: ConfigSource; retries?: ConfigSource; mirror?: ConfigSource; rewrite?: ConfigSource };
}

export interface WeightedCluster {
  cluster: string;
  weight: number;
  headers?: HeaderOperations;
  /** Replaces the authority when this cluster is drawn. */
  hostRewrite?: string;
  perFilter?: PerFilterConfig;
  /** Over the route's own. */
  metadataMatch?: SubsetMetadata;
  source?: ConfigSource;
}

export interface RedirectAction {
  type: "redirect";
  scheme?: string;
  host?: string;
  port?: number;
  path?: string;
  prefixRewrite?: string;
  regexRewrite?: { pattern: RegexMatcher; substitution: string };
  stripQuery?: boolean;
  status: number;
}

export interface DirectResponseAction {
  type: "directResponse";
  status: number;
  body?: string;
  /** Base64, where the body was given as bytes. */
  bodyBytes?: string;
}

/** config.route.v3.RetryPolicy. `retryOn` holds Envoy's names: "5xx", "gateway-error", "connect-failure", … */
export interface RetryPolicy {
  retryOn: readonly string[];
  numRetries: number;
  /** 0 = none. */
  perTryTimeoutMs: number;
  perTryIdleTimeoutMs?: number;
  retriableStatusCodes: readonly number[];
  retriableHeaders?: readonly HeaderMatcher[];
  backOff: { baseIntervalMs: number; maxIntervalMs: number };
  /** Reset headers ("retry-after", in seconds or as unix time) that override the back-off. */
  rateLimitedBackOff?: { resetHeaders: readonly { name: string; format: "seconds" | "unix" }[]; maxIntervalMs: number };
  /** retriable_request_headers: one of them has to match, else nothing is retried. Absent: any request. */
  retriableRequestHeaders?: readonly HeaderMatcher[];
  /** envoy.retry_host_predicates.previous_hosts (Istio's default). */
  avoidPreviousHosts: boolean;
  /** omit_host_metadata, omit_canary_hosts: hosts with one of these are no choice for a retry. */
  omittedHosts?: readonly SubsetMetadata[];
  hostSelectionRetryMaxAttempts: number;
  /** envoy.retry_priorities.previous_priorities: retries go to other localities first. */
  avoidPreviousPriorities?: boolean;
  /** After how many tries they are left out; 2 (Istio's) where absent. */
  priorityUpdateFrequency?: number;
  source?: ConfigSource;
}

/** max_grpc_timeout and grpc_timeout_offset, or their kin in max_stream_duration. */
export interface GrpcTimeoutPolicy {
  /** 0 = as long as the client says; without its header, for ever. */
  maxMs: number;
  /** Taken off, so that the answer is there in time. */
  offsetMs: number;
  /** grpc_timeout_header_max: what it limits is the stream's life, and only where the header is there. */
  limitsStream: boolean;
}

/** config.route.v3.InternalRedirectPolicy: redirects of the upstream that the proxy follows itself. */
export interface InternalRedirectPolicy {
  maxRedirects: number;
  codes: readonly number[];
  /** May http lead to https, and the other way round? */
  allowsCrossScheme: boolean;
  /** Of the answer, to the request that follows it. */
  headersToCopy: readonly string[];
  /** previous_routes: no route leads to the same route twice. */
  avoidsPreviousRoutes: boolean;
  /** It stands there twice: the second finds what the first has just noted. */
  avoidsEveryRoute?: true;
  /** safe_cross_scheme: no way from http to https. */
  safeCrossScheme: boolean;
  /** Those that every allow_listed_routes names; absent: any. */
  allowedRoutes?: readonly string[];
  source?: ConfigSource;
}

export interface MirrorPolicy {
  cluster: string;
  /** 0–100, per request. */
  percent: number;
  /** disable_shadow_host_suffix_append: the host stays without "-shadow". */
  keepHost?: boolean;
  source?: ConfigSource;
}

export type HashPolicy =
  | { type: "header"; name: string; terminal: boolean }
  | {
      type: "cookie";
      name: string;
      ttlMs?: number;
      path?: string;
      attributes?: readonly { name: string; value: string }[];
      terminal: boolean;
    }
  | { type: "queryParameter"; name: string; terminal: boolean }
  | { type: "sourceIp"; terminal: boolean };

export interface HeaderOperations {
  request?: HeaderChanges;
  response?: HeaderChanges;
}

/** Removed first; then, in their order, those that overwrite, and after them those that add. */
export interface HeaderChanges {
  put?: readonly HeaderPut[];
  remove?: readonly string[];
  /** remove_on_match: every header whose name fits. */
  removeMatching?: StringMatcher;
}

export interface HeaderPut {
  name: string;
  /** Holds operators (%REQ(x)%). */
  value: string;
  /** append_action: add a line, overwrite or add, add if absent, overwrite if there. */
  how: "add" | "set" | "setIfAbsent" | "setIfPresent";
  /** keep_empty_value; otherwise what comes to nothing is not sent. */
  keepsEmpty?: true;
}

export interface CorsPolicy {
  allowOrigins: readonly import("./matcher.ts").StringMatcher[];
  allowMethods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  maxAgeMs?: number;
  allowCredentials?: boolean;
  /** Preflights that match no origin are sent on (Istio's default) instead of being answered. */
  forwardNotMatchingPreflights?: boolean;
}

/** What a route, virtual host or weighted cluster overrides of an HTTP filter's configuration. */
export interface PerFilterConfig {
  fault?: FaultConfig;
  localRateLimit?: LocalRateLimitConfig;
  rateLimit?: RateLimitPerRoute;
  cors?: CorsPolicy;
  /** RBACPerRoute: instead of the filter's own rules. */
  rbac?: readonly RbacConfig[];
  jwtAuthn?: JwtPerRoute;
  csrf?: CsrfConfig;
  /** Of every level that says something, the outermost first. */
  headerMutations?: readonly HeaderMutations[];
  /** Of one filter: it is off here, or on although its list says otherwise. */
  isOff?: boolean;
  /** Of one filter: nothing is said of it at all, which Envoy refuses. */
  isUnsaid?: true;
  /** Of filters that have a name of their own (`key`), by that alone. */
  byKey?: Readonly<Record<string, PerFilterConfig>>;
}
