/** Upstream clusters and their endpoints (config.cluster.v3, config.endpoint.v3). Durations are milliseconds. */
import type { ConfigSource } from "./config-source.ts";
import type { Metadata } from "./route.ts";
import type { UpstreamTls } from "./tls.ts";

export interface Cluster {
  /** Istio's name: "outbound|8080|v1|payments.shop.svc.cluster.local", "inbound|8080||", "PassthroughCluster". */
  name: string;
  type: "EDS" | "STATIC" | "STRICT_DNS" | "LOGICAL_DNS" | "ORIGINAL_DST";
  /** What the control plane writes where the simulation balances by itself: pods of a headless service, found by the client's DNS. */
  announcedType?: "ORIGINAL_DST";
  connectTimeoutMs: number;
  lb: LoadBalancing;
  circuitBreakers: CircuitBreakers;
  outlierDetection?: OutlierDetection;
  healthChecks?: readonly HealthCheck[];
  /** max_connection_duration. */
  maxConnectionAgeMs?: number;
  /** common_http_protocol_options.max_stream_duration, for each try. */
  maxStreamDurationMs?: number;
  upstreamProtocol: "http1" | "http2" | "tcp";
  /** 0 = unlimited. */
  maxRequestsPerConnection: number;
  /** HTTP/2 only. */
  maxConcurrentStreams: number;
  idleTimeoutMs?: number;
  /** TLS by endpoint metadata (Istio's auto mTLS); the first match wins, `tls` is used where none matches. */
  transportSocketMatches: readonly { name: string; match: Record<string, string>; tls?: UpstreamTls }[];
  tls?: UpstreamTls;
  /** filter_metadata, where something may ask for it. */
  metadata?: Metadata;
  /** HTTP/1 or HTTP/2 as the caller speaks (sniffed ports, useClientProtocol); `upstreamProtocol` is then the default. */
  useDownstreamProtocol?: boolean;
  maxConnectionDurationMs?: number;
  /** PROXY protocol is spoken to the upstream. */
  proxyProtocol?: "V1" | "V2";
  /** Name of the service and subset behind it, where there is one. */
  service?: { host: string; port: number; subset: string };
  /** The resource whose policies these are. */
  owner?: { kind: string; name: string; namespace: string };
  source?: ConfigSource;
  sources?: { loadBalancer?: ConfigSource; connectionPool?: ConfigSource; outlierDetection?: ConfigSource; tls?: ConfigSource };
}

export interface LoadBalancing {
  policy: "ROUND_ROBIN" | "LEAST_REQUEST" | "RANDOM" | "RING_HASH" | "MAGLEV" | "PEAK_EWMA" | "CLUSTER_PROVIDED";
  /** scansAll: selection_method FULL_SCAN. */
  leastRequest?: { choiceCount: number; activeRequestBias: number; scansAll?: true };
  /** defaulted: not written, so absent from dumps (also below). */
  ringHash?: { minimumRingSize: number; maximumRingSize: number; hashFunction?: "MURMUR_HASH_2"; defaulted?: boolean };
  maglev?: { tableSize: number; defaulted?: boolean };
  /** hash_balance_factor of ring hash and Maglev; absent: no bound. */
  hashBalancePercent?: number;
  /** use_hostname_for_hashing. */
  hashesHostnames?: true;
  slowStart?: { windowMs: number; aggression: number; minWeightPercent: number; defaulted?: boolean };
  peakEwma?: { decayMs: number; defaultRttMs: number };
  /** healthy_panic_threshold, 0–100; Envoy's default is 50, Istio sets 0 with outlier detection. */
  panicThresholdPercent: number;
  localityWeighted: boolean;
  /** update_merge_window; Envoy's default 1000. 0 applies health changes at once. */
  updateMergeWindowMs: number;
  overprovisioningFactor: number;
  /** zone_aware_lb_config.fail_traffic_on_panic: below the threshold nothing is sent at all. */
  failTrafficOnPanic?: boolean;
  zoneAware?: ZoneAwareRouting;
  subsets?: SubsetSelection;
  /** Why Envoy does not take the policies as they are put together, or what the cluster is to drop, in its words. */
  misfit?: string;
}

/** zone_aware_lb_config of a proxy that knows its zone and the cluster its own kind are in. */
export interface ZoneAwareRouting {
  /** Cluster of the proxies (cluster_manager.local_cluster_name). */
  localCluster: string;
  /** The proxy's own: "region/zone/subzone". */
  zone: string;
  /** Healthy hosts it takes; Envoy's default 6. */
  minClusterSize: number;
  /** Share of requests that goes by zone, 0–100 in whole percents. */
  routingPercent: number;
  /** locality_basis HEALTHY_HOSTS_WEIGHT: zones count by the weight of their hosts. */
  byWeight: boolean;
  /** force_local_zone: with so many healthy hosts the own zone takes everything. */
  forceLocalMinSize?: number;
}

/** Values of filter_metadata "envoy.lb": each a canonical JSON text, a list of such texts where a list was written. */
export type SubsetMetadata = Readonly<Record<string, string | readonly string[]>>;

/** lb_subset_config: hosts grouped by their metadata, groups chosen by the route's. */
export interface SubsetSelection {
  /** In the order written; allow_redundant_keys puts those with more keys first. */
  selectors: readonly SubsetSelector[];
  /** Where the route asks for nothing or for a group without hosts. */
  fallback: "NO_FALLBACK" | "ANY_ENDPOINT" | "DEFAULT_SUBSET";
  defaultSubset: SubsetMetadata;
  /** Any host at all when the fallback has none to give. */
  panicModeAny: boolean;
  /** Each value of a list counts by itself. */
  listAsAny: boolean;
  /** The route may ask for keys that no selector names. */
  allowRedundantKeys: boolean;
  localityWeightAware: boolean;
  scaleLocalityWeight: boolean;
  /** metadata_fallback_policy FALLBACK_LIST: what the route has under "fallback_list" is asked for one after the other. */
  usesFallbackList: boolean;
}

export interface SubsetSelector {
  /** Sorted. */
  keys: readonly string[];
  singleHostPerSubset: boolean;
  /** NOT_DEFINED: the cluster's own fallback. KEYS_SUBSET: again, with `fallbackKeys` of what was asked for. */
  fallback: "NOT_DEFINED" | "NO_FALLBACK" | "ANY_ENDPOINT" | "DEFAULT_SUBSET" | "KEYS_SUBSET";
  fallbackKeys: readonly string[];
}

/** One set of limits per priority. 4294967295 is Istio's "no limit". */
export interface CircuitBreakers {
  default: CircuitBreakerThresholds;
  high: CircuitBreakerThresholds;
}

export interface CircuitBreakerThresholds {
  maxConnections: number;
  /** per_host_thresholds; absent: no limit. */
  maxConnectionsPerHost?: number;
  /** per_host_thresholds say more than that, which Envoy does not take. */
  hasOtherLimitsPerHost?: true;
  maxPendingRequests: number;
  maxRequests: number;
  /** Concurrent retries; ignored where a budget is set. */
  maxRetries: number;
  retryBudget?: { budgetPercent: number; minRetryConcurrency: number };
}

export interface OutlierDetection {
  /** 0 = detector off. */
  consecutive5xx: number;
  consecutiveGatewayFailure: number;
  consecutiveLocalOriginFailure: number;
  splitExternalLocalOriginErrors: boolean;
  enforcingConsecutive5xxPercent: number;
  enforcingConsecutiveGatewayFailurePercent: number;
  enforcingConsecutiveLocalOriginFailurePercent: number;
  /** `stdevFactor` in deviations, where Envoy's field has thousandths of one. */
  successRate: EnforcedRate & { stdevFactor: number };
  failurePercentage: EnforcedRate & { threshold: number };
  intervalMs: number;
  baseEjectionTimeMs: number;
  maxEjectionTimeMs: number;
  maxEjectionTimeJitterMs: number;
  /** eject iff 100·(ejected+1)/hosts ≤ this. */
  maxEjectionPercent: number;
  alwaysEjectOneHost: boolean;
  /** Which numbers were written on purpose; only shown in dumps. */
  written?: Readonly<Record<string, boolean>>;
}

interface EnforcedRate {
  enforcingPercent: number;
  /** For failures before any answer, where they are told apart. */
  enforcingLocalOriginPercent: number;
  minimumHosts: number;
  requestVolume: number;
}

export interface HealthCheck {
  name?: string;
  /** tcp: the port has to be open, nothing is asked. */
  kind?: "http" | "tcp";
  path: string;
  /** After a check that passed, and after one that did not. */
  intervalMs: number;
  unhealthyIntervalMs?: number;
  /** Instead of them while the threshold that would change the host's health is not reached. */
  healthyEdgeIntervalMs?: number;
  unhealthyEdgeIntervalMs?: number;
  /** Until the cluster's first connection; absent: as the others. Envoy's default is a minute. */
  noTrafficIntervalMs?: number;
  noTrafficHealthyIntervalMs?: number;
  /** Added to every interval: up to so many milliseconds, up to so much of it; before the first check. */
  jitterMs?: number;
  jitterPercent?: number;
  initialJitterMs?: number;
  timeoutMs: number;
  unhealthyThreshold: number;
  healthyThreshold: number;
  /** Status codes, from inclusive to exclusive; absent: 200 alone. */
  expectedStatuses?: readonly StatusRange[];
  /** Those that count by the threshold; any other that is not expected counts at once. */
  retriableStatuses?: readonly StatusRange[];
}

export interface StatusRange {
  start: number;
  end: number;
}

export interface ClusterLoadAssignment {
  cluster: string;
  /** policy.drop_overloads: how many requests are turned away, 0–100; absent: none. */
  dropPercent?: number;
  localities: readonly LocalityEndpoints[];
}

export interface LocalityEndpoints {
  /** "region/zone/subzone", or "". */
  locality: string;
  /** 0 is tried first. */
  priority: number;
  weight: number;
  endpoints: readonly Endpoint[];
}

export interface Endpoint {
  /** "10.0.0.7:8080": where a workload replica listens. An address nobody serves is a closed port. */
  address: string;
  weight: number;
  health: "HEALTHY" | "UNHEALTHY" | "DEGRADED" | "DRAINING";
  /** Istio: { tlsMode: "istio" } where the pod has a sidecar. */
  metadata: Readonly<Record<string, string>>;
  /** What subsets are made of; absent: in none. */
  subsetMetadata?: SubsetMetadata;
  /** The DNS name this address came from (STRICT_DNS, LOGICAL_DNS). */
  hostname?: string;
}
