/** Cluster → config.cluster.v3 JSON, and its endpoints → config.endpoint.v3 JSON. */
import type {
  CircuitBreakerThresholds,
  Cluster,
  ClusterLoadAssignment,
  Endpoint,
  HealthCheck,
  LoadBalancing,
  OutlierDetection,
} from "#engine";
import { compact, duration, type Json } from "./matchers.ts";
import { upstreamTls } from "./tls.ts";

const unlimited = 4_294_967_295;

export function cluster(one: Cluster): Json {
  const { lb } = one;
  return compact({
    name: one.name,
    type: one.type,
    eds_cluster_config:
      one.type === "EDS"
        ? { eds_config: { ads: {}, initial_fetch_timeout: "0s", resource_api_version: "V3" }, service_name: one.name }
        : undefined,
    connect_timeout: duration(one.connectTimeoutMs),
    lb_policy: lb.policy,
    ...lbConfig(lb),
    common_lb_config: compact({
      healthy_panic_threshold: { value: lb.panicThresholdPercent },
      locality_weighted_lb_config: lb.localityWeighted ? {} : undefined,
      update_merge_window: lb.updateMergeWindowMs === 1000 ? undefined : duration(lb.updateMergeWindowMs),
    }),
    circuit_breakers: {
      thresholds: [thresholds(one.circuitBreakers.default), { priority: "HIGH", ...thresholds(one.circuitBreakers.high) }],
    },
    outlier_detection: one.outlierDetection && outlierDetection(one.outlierDetection),
    health_checks: one.healthChecks?.map(healthCheck),
    max_requests_per_connection: one.maxRequestsPerConnection === 0 ? undefined : one.maxRequestsPerConnection,
    typed_extension_protocol_options: protocolOptions(one),
    transport_socket: one.tls && upstreamTls(one.tls),
    transport_socket_matches: one.transportSocketMatches.map(({ name, match, tls }) => ({
      name,
      match,
      transport_socket: tls ? upstreamTls(tls) : { name: "envoy.transport_sockets.raw_buffer" },
    })),
  });
}

function lbConfig(lb: LoadBalancing): Json {
  const slowStart = lb.slowStart && {
    slow_start_window: duration(lb.slowStart.windowMs),
    aggression: { default_value: lb.slowStart.aggression },
    min_weight_percent: { value: lb.slowStart.minWeightPercent },
  };
  switch (lb.policy) {
    case "LEAST_REQUEST":
      return compact({
        least_request_lb_config: compact({
          choice_count: lb.leastRequest?.choiceCount,
          active_request_bias: lb.leastRequest && { default_value: lb.leastRequest.activeRequestBias },
          slow_start_config: slowStart,
        }),
      });
    case "ROUND_ROBIN":
      return compact({ round_robin_lb_config: compact({ slow_start_config: slowStart }) });
    case "RING_HASH":
      return compact({
        ring_hash_lb_config: lb.ringHash && {
          minimum_ring_size: lb.ringHash.minimumRingSize,
          maximum_ring_size: lb.ringHash.maximumRingSize,
        },
      });
    case "MAGLEV":
      return compact({ maglev_lb_config: lb.maglev && { table_size: lb.maglev.tableSize } });
    default:
      return {};
  }
}

function thresholds(limits: CircuitBreakerThresholds): Json {
  const { retryBudget } = limits;
  return compact({
    max_connections: limits.maxConnections,
    max_pending_requests: limits.maxPendingRequests,
    max_requests: limits.maxRequests,
    max_retries: retryBudget ? undefined : Math.min(limits.maxRetries, unlimited),
    retry_budget: retryBudget && {
      budget_percent: { value: retryBudget.budgetPercent },
      min_retry_concurrency: retryBudget.minRetryConcurrency,
    },
  });
}

function outlierDetection(one: OutlierDetection): Json {
  return {
    consecutive_5xx: one.consecutive5xx,
    enforcing_consecutive_5xx: one.enforcingConsecutive5xxPercent,
    consecutive_gateway_failure: one.consecutiveGatewayFailure,
    enforcing_consecutive_gateway_failure: one.enforcingConsecutiveGatewayFailurePercent,
    split_external_local_origin_errors: one.splitExternalLocalOriginErrors,
    consecutive_local_origin_failure: one.consecutiveLocalOriginFailure,
    enforcing_consecutive_local_origin_failure: one.enforcingConsecutiveLocalOriginFailurePercent,
    enforcing_success_rate: one.successRate.enforcingPercent,
    enforcing_failure_percentage: one.failurePercentage.enforcingPercent,
    interval: duration(one.intervalMs),
    base_ejection_time: duration(one.baseEjectionTimeMs),
    max_ejection_time: duration(one.maxEjectionTimeMs),
    max_ejection_percent: one.maxEjectionPercent,
    always_eject_one_host: one.alwaysEjectOneHost,
  };
}

function healthCheck(check: HealthCheck): Json {
  return {
    timeout: duration(check.timeoutMs),
    interval: duration(check.intervalMs),
    unhealthy_threshold: check.unhealthyThreshold,
    healthy_threshold: check.healthyThreshold,
    http_health_check: { path: check.path },
  };
}

function protocolOptions(one: Cluster): Json | undefined {
  if (one.upstreamProtocol === "tcp") return undefined;
  const limits = compact({ max_concurrent_streams: one.maxConcurrentStreams });
  const http2 = { http2_protocol_options: limits };
  const explicit = one.upstreamProtocol === "http2" ? http2 : { http_protocol_options: {} };
  return {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": compact({
      "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      common_http_protocol_options: one.idleTimeoutMs === undefined ? undefined : { idle_timeout: duration(one.idleTimeoutMs) },
      ...(one.useDownstreamProtocol
        ? { use_downstream_protocol_config: { http_protocol_options: {}, ...http2 } }
        : { explicit_http_config: explicit }),
    }),
  };
}

export function clusterLoadAssignment(one: ClusterLoadAssignment): Json {
  return {
    cluster_name: one.cluster,
    endpoints: one.localities.map((locality) =>
      compact({
        locality: localityOf(locality.locality),
        lb_endpoints: locality.endpoints.map(lbEndpoint),
        load_balancing_weight: locality.weight,
        priority: locality.priority === 0 ? undefined : locality.priority,
      }),
    ),
  };
}

function localityOf(text: string): Json {
  const [region, zone, sub_zone] = text.split("/");
  return compact({ region: region === "" ? undefined : region, zone, sub_zone });
}

function lbEndpoint(endpoint: Endpoint): Json {
  const colon = endpoint.address.lastIndexOf(":");
  const address = { address: endpoint.address.slice(0, colon), port_value: Number(endpoint.address.slice(colon + 1)) };
  return compact({
    endpoint: { address: { socket_address: address } },
    health_status: endpoint.health,
    metadata:
      Object.keys(endpoint.metadata).length === 0
        ? undefined
        : { filter_metadata: { "envoy.transport_socket_match": endpoint.metadata } },
    load_balancing_weight: endpoint.weight,
  });
}
