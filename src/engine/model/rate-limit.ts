/** config.route.v3.RateLimit: what a route or virtual host says of a request to filters that limit rates, and local descriptors. */
import type { HeaderMatcher, QueryParameterMatcher } from "./matcher.ts";

/** One descriptor, made by its actions in order; none where one of them has nothing to say of the request. */
export interface RateLimit {
  stage: number;
  /** disable_key: for a local limit it is off. */
  hasKey?: true;
  /** apply_on_stream_done: it counts when the request is over, and so refuses none. */
  isLate?: true;
  /**
   * Tokens that a request takes: a number, or command operators that make one (else there is no descriptor); absent: one. A local limit
   * asks for those of its own alone.
   */
  hits?: number | string;
  /** x_ratelimit_option: whether headers tell of it; absent: as its filter does. */
  tells?: boolean;
  /** They are given back instead. */
  givesBack?: true;
  /** What a filter's own may not have is written. */
  isForRoutes?: true;
  actions: readonly RateLimitAction[];
}

export type RateLimitAction =
  | { type: "genericKey"; key: string; value: string }
  /** skipsAbsent: a request without it goes on without the entry. */
  | { type: "requestHeader"; key: string; name: string; skipsAbsent: boolean }
  | { type: "queryParameter"; key: string; name: string; skipsAbsent: boolean }
  | { type: "remoteAddress" }
  /** Its network, "10.0.0.0/8". */
  | { type: "maskedAddress"; v4Bits: number; v6Bits: number }
  /** value: with command operators; fallback: where it comes out empty. */
  | { type: "addressMatch"; key: string; value: string; fallback: string; cidrs?: readonly string[]; inverts: boolean }
  | MetadataAction
  | { type: "destinationCluster" }
  | { type: "sourceCluster"; name: string }
  | { type: "headerMatch"; key: string; value: string; headers: readonly HeaderMatcher[]; expects: boolean }
  | { type: "queryMatch"; key: string; value: string; parameters: readonly QueryParameterMatcher[]; expects: boolean }
  /** One that is not modelled: no descriptor. isEmpty: none at all is written; deprecated: one that Envoy takes no more. */
  | { type: "unknown"; isEmpty?: true; deprecated?: string };

/** A text that stands in metadata: what filters said of the request, or what the configuration says of route or cluster. */
export interface MetadataAction {
  type: "metadata";
  key: string;
  source: "dynamic" | "route" | "cluster" | "locality";
  /** Begins with the name it is kept under. */
  path: readonly string[];
  fallback: string;
  skipsAbsent: boolean;
}

/** Where a filter has its descriptors from. */
export interface RateLimitSource {
  /** Its own instead of the routes'. */
  rateLimits?: readonly RateLimit[];
  stage?: number;
  /** vh_rate_limits; absent: the virtual host's count where the route has none. */
  hostRateLimits?: "INCLUDE" | "IGNORE";
}

export interface DescriptorEntry {
  key: string;
  /** Of a local limit's own descriptor "": a bucket for each value. */
  value: string;
}

export interface TokenBucket {
  maxTokens: number;
  tokensPerFill: number;
  fillIntervalMs: number;
}

/** A bucket of its own for requests with just these entries. */
export interface LocalDescriptor {
  entries: readonly DescriptorEntry[];
  /** Absent: Envoy refuses it. */
  tokenBucket?: TokenBucket;
  /** shadow_mode: an empty bucket refuses nothing. */
  isShadow?: true;
}
