/** config.route.v3.RateLimit: what a route or virtual host says of a request to filters that limit rates, and local descriptors. */
import type { HeaderMatcher, QueryParameterMatcher } from "./matcher.ts";

/** One descriptor, made by its actions in order; none where one of them has nothing to say of the request. */
export interface RateLimit {
  stage: number;
  actions: readonly RateLimitAction[];
}

export type RateLimitAction =
  | { type: "genericKey"; key: string; value: string }
  /** skipsAbsent: a request without it goes on without the entry. */
  | { type: "requestHeader"; key: string; name: string; skipsAbsent: boolean }
  | { type: "queryParameter"; key: string; name: string; skipsAbsent: boolean }
  | { type: "remoteAddress" }
  | { type: "destinationCluster" }
  | { type: "sourceCluster"; name: string }
  | { type: "headerMatch"; key: string; value: string; headers: readonly HeaderMatcher[]; expects: boolean }
  | { type: "queryMatch"; key: string; value: string; parameters: readonly QueryParameterMatcher[]; expects: boolean }
  /** One that is not modelled: no descriptor. isEmpty: none at all is written. */
  | { type: "unknown"; isEmpty?: true };

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
}
