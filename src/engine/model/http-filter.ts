/** HTTP filters the engine knows, in the order they stand in the filter chain. The router is always last and implied. */
import type { ConfigSource } from "./config-source.ts";
import type { JwtAuthnConfig } from "./jwt-authn.ts";
import type { HeaderMatcher, StringMatcher } from "./matcher.ts";
import type { LocalDescriptor, RateLimitSource, TokenBucket } from "./rate-limit.ts";
import type { RbacConfig } from "./rbac.ts";
import type { HeaderChanges } from "./route.ts";

/**
 * isOff: `disabled` in the list of filters; only a route turns it on. key: the name by which routes override it; absent: they do so by what it
 * is (Istio's, of which there is one each).
 */
export type HttpFilterConfig = { isOff?: boolean; key?: string } & (
  | { name: "fault"; config: FaultConfig }
  | { name: "rbac"; config: RbacConfig }
  | { name: "jwtAuthn"; config: JwtAuthnConfig }
  | { name: "localRateLimit"; config: LocalRateLimitConfig }
  | { name: "rateLimit"; config: RateLimitConfig }
  | { name: "extAuthz"; config: ExtAuthzConfig }
  | { name: "cors"; config: Record<string, never> }
  | { name: "csrf"; config: CsrfConfig }
  | { name: "headerMutation"; config: HeaderMutationConfig }
  | { name: "healthCheck"; config: HealthCheckFilterConfig }
);

/** envoy.filters.http.fault. Percentages 0–100, independent of each other; a delay is outside the route timeout. */
export interface FaultConfig {
  delay?: { fixedMs: number; percent: number; byHeader?: boolean };
  /** percentUnset: nothing was written, which Envoy reads as 0. */
  abort?: { httpStatus?: number; grpcStatus?: number; percent: number; byHeader?: boolean; percentUnset?: boolean };
  headers?: readonly HeaderMatcher[];
  /** Only requests routed to this cluster. */
  upstreamCluster?: string;
  /** Only requests of these callers, by x-envoy-downstream-service-node. */
  downstreamNodes?: readonly string[];
  maxActiveFaults?: number;
  source?: ConfigSource;
}

/** envoy.filters.http.local_ratelimit: continuous refill of one token every fillIntervalMs / tokensPerFill. */
export interface LocalRateLimitConfig extends RateLimitSource {
  tokenBucket?: TokenBucket;
  descriptors?: readonly LocalDescriptor[];
  /** local_rate_limit_per_downstream_connection: each connection has buckets of its own. */
  isByConnection?: true;
  /** max_dynamic_descriptors: so many values of a descriptor that leaves them open have buckets; of more, the least used one is forgotten. */
  maxOpenValues?: number;
  /** always_consume_default_token_bucket: false; then only requests without a descriptor take from it. */
  sparesDefault?: true;
  enabledPercent: number;
  enforcedPercent: number;
  status: number;
  /** rate_limited_as_resource_exhausted: gRPC requests are told RESOURCE_EXHAUSTED instead of UNAVAILABLE. */
  asResourceExhausted?: true;
  /** enable_x_ratelimit_headers, enable_retry_after_header, and what is added to the answer of a request over the limit. */
  tells?: true;
  tellsRetryAfter?: true;
  answerChanges?: HeaderChanges;
  source?: ConfigSource;
}

/** envoy.filters.http.ratelimit: asks a rate limit service (a workload) by descriptor; fails open unless told otherwise. */
export interface RateLimitConfig extends RateLimitSource {
  domain: string;
  cluster: string;
  /** Of the question. Absent: the cluster's name. */
  authority?: string;
  timeoutMs: number;
  /** How often a request is denied where the service is silent. */
  failureDenyPercent: number;
  /** Absent: 500. */
  statusOnError?: number;
  /** How often the service is asked, and how often it is heard; absent: always. */
  enabledPercent?: number;
  enforcedPercent?: number;
  /** Of a request over the limit; absent: 429. */
  status?: number;
  /** No service is named: Envoy refuses it. */
  isUnsaid?: true;
  /** Requests from inside or outside alone are asked about; absent: both. */
  requestType?: string;
  /** The service is asked about requests with a descriptor alone; absent: about each. */
  asksByDescriptor?: true;
  /** As in a local rate limit. */
  asResourceExhausted?: true;
  answerChanges?: HeaderChanges;
  /** disable_x_envoy_ratelimited_header. */
  hidesHeader?: true;
  /** The service's own rule: requests per second for the one descriptor simulated. */
  requestsPerSecond?: number;
  source?: ConfigSource;
}

/** What a route says of it. */
export interface RateLimitPerRoute extends RateLimitSource {
  domain?: string;
}

/** envoy.filters.http.ext_authz. */
export interface ExtAuthzConfig {
  cluster: string;
  /** http_service: what stands before the path of the question, which is the request without most of its headers. Absent: gRPC. */
  pathPrefix?: string;
  /** Of a question over gRPC. Absent: the cluster's name. */
  authority?: string;
  timeoutMs: number;
  failureModeAllow: boolean;
  statusOnError: number;
  /** Only requests that one of these policies matches are asked about (Istio's CUSTOM rules). Absent: all. */
  when?: RbacConfig;
  source?: ConfigSource;
}

/** envoy.filters.http.csrf: changing requests of other origins are refused. */
export interface CsrfConfig {
  enabledPercent: number;
  /** Beside the request's own host: hosts with their ports, where those are written. */
  additionalOrigins: readonly StringMatcher[];
  source?: ConfigSource;
}

/** What one level says of envoy.filters.http.header_mutation: changes of one header each, in their order. */
export interface HeaderMutations {
  request: readonly HeaderChanges[];
  response: readonly HeaderChanges[];
}

export interface HeaderMutationConfig extends HeaderMutations {
  /** most_specific_header_mutations_wins: the route's come last. */
  mostSpecificLast?: true;
  source?: ConfigSource;
}

/** envoy.filters.http.health_check. */
export interface HealthCheckFilterConfig {
  /** Requests that match go on to the route, and their answers are marked. */
  passesThrough: boolean;
  headers: readonly HeaderMatcher[];
  /** cluster_min_healthy_percentages, 0–100. */
  minHealthy: readonly { cluster: string; percent: number }[];
  /** Of the proxy itself (node.cluster): what answers are marked with. */
  ownCluster: string;
  source?: ConfigSource;
}
