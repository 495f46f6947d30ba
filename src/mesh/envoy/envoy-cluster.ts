/** config.cluster.v3.Cluster of a bootstrap, with Envoy's own defaults (not Istio's). */
import type {
  CircuitBreakerThresholds,
  Cluster,
  ClusterLoadAssignment,
  Endpoint,
  HealthCheck,
  LocalityEndpoints,
  OutlierDetection,
  StatusRange,
} from "#engine";
import { at, durationMs, type Field, flag, items, number, sourceOf, text, textMap } from "../translation/field.ts";
import { type ProxyPlace, readLoadBalancing } from "./envoy-load-balancing.ts";
import { readPercent } from "./envoy-matcher.ts";
import { readMetadata } from "./envoy-rate-limits.ts";
import { readSubsetMetadata } from "./envoy-subsets.ts";
import { type NameCertificate, readUpstreamTls } from "./envoy-tls.ts";

const types: ReadonlySet<string> = new Set(["EDS", "STATIC", "STRICT_DNS", "LOGICAL_DNS", "ORIGINAL_DST"]);
const protocolOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

export function readCluster(
  field: Field,
  nameCertificate: NameCertificate,
  place: ProxyPlace,
): { cluster: Cluster; assignment: ClusterLoadAssignment } {
  const name = text(field, "name") ?? "";
  const type = text(field, "type") ?? "STATIC";
  const http = at(field, "typed_extension_protocol_options", protocolOptions);
  const common = at(http, "common_http_protocol_options") ?? at(field, "common_http_protocol_options");
  const http2 = at(http, "explicit_http_config", "http2_protocol_options") ?? at(field, "http2_protocol_options");
  at(http, "explicit_http_config", "http_protocol_options");
  const tls = readUpstreamTls(at(field, "transport_socket"), nameCertificate);
  const outlierDetection = readOutlierDetection(at(field, "outlier_detection"));
  const healthChecks = simulatedChecks(items(field, "health_checks")).map(readHealthCheck);
  const idleTimeoutMs = durationMs(common, "idle_timeout");
  const maxConnectionAgeMs = durationMs(common, "max_connection_duration");
  const maxStreamDurationMs = durationMs(common, "max_stream_duration");
  const metadata = readMetadata(field);
  const { dropPercent, misfit } = readDrops(at(field, "load_assignment", "policy"));
  const cluster: Cluster = {
    name,
    type: types.has(type) ? (type as Cluster["type"]) : "STATIC",
    connectTimeoutMs: durationMs(field, "connect_timeout") ?? 5000,
    lb: { ...readLoadBalancing(field, place), ...optional({ misfit }) },
    circuitBreakers: readCircuitBreakers(field),
    ...(outlierDetection ? { outlierDetection } : {}),
    ...(healthChecks.length > 0 ? { healthChecks } : {}),
    upstreamProtocol: http2 ? "http2" : "http1",
    maxRequestsPerConnection: number(common, "max_requests_per_connection") ?? number(field, "max_requests_per_connection") ?? 0,
    maxConcurrentStreams: number(http2, "max_concurrent_streams") ?? 1024,
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxConnectionAgeMs === undefined ? {} : { maxConnectionAgeMs }),
    ...(maxStreamDurationMs === undefined ? {} : { maxStreamDurationMs }),
    transportSocketMatches: items(field, "transport_socket_matches").map((match) => {
      const own = readUpstreamTls(at(match, "transport_socket"), nameCertificate);
      return { name: text(match, "name") ?? "", match: textMap(match, "match"), ...(own ? { tls: own } : {}) };
    }),
    ...(tls ? { tls } : {}),
    ...(metadata ? { metadata } : {}),
    source: sourceOf(field),
  };
  const byName = type === "STRICT_DNS" || type === "LOGICAL_DNS";
  const localities = items(field, "load_assignment", "endpoints").map((one) => readLocality(one, byName));
  return { cluster, assignment: { cluster: name, localities, ...optional({ dropPercent }) } };
}

/** drop_overloads, of which Envoy takes one at most. */
function readDrops(policy: Field | undefined): { dropPercent: number | undefined; misfit: string | undefined } {
  const drops = items(policy, "drop_overloads");
  for (const one of drops) text(one, "category");
  const dropPercent = readPercent(at(drops[0], "drop_percentage")) || undefined;
  const config = "Cluster drop_overloads config";
  if (drops.length > 1) return { dropPercent, misfit: `${config} has ${drops.length} categories. Envoy only support one.` };
  const isTooMuch = dropPercent !== undefined && dropPercent > 100;
  return {
    dropPercent,
    misfit: isTooMuch ? `${config} is invalid. drop_ratio=${dropPercent / 100}. The valid range is 0~1.` : undefined,
  };
}

/** What a limit by host cannot be. */
const otherLimits = ["max_pending_requests", "max_requests", "max_retries", "max_connection_pools", "retry_budget"] as const;

export function readCircuitBreakers(field: Field): Cluster["circuitBreakers"] {
  const of = (key: string, priority: string) =>
    items(field, "circuit_breakers", key).find((one) => (text(one, "priority") ?? "DEFAULT") === priority);
  const read = (priority: string): CircuitBreakerThresholds => {
    const own = of("thresholds", priority);
    const perHost = of("per_host_thresholds", priority);
    const maxConnectionsPerHost = number(perHost, "max_connections");
    const hasOther = otherLimits.some((name) => at(perHost, name) !== undefined);
    const budget = at(own, "retry_budget");
    return {
      maxConnections: number(own, "max_connections") ?? 1024,
      ...(maxConnectionsPerHost === undefined ? {} : { maxConnectionsPerHost }),
      ...(hasOther ? { hasOtherLimitsPerHost: true as const } : {}),
      maxPendingRequests: number(own, "max_pending_requests") ?? 1024,
      maxRequests: number(own, "max_requests") ?? 1024,
      maxRetries: number(own, "max_retries") ?? 3,
      ...(budget
        ? {
            retryBudget: {
              budgetPercent: number(budget, "budget_percent", "value") ?? 20,
              minRetryConcurrency: number(budget, "min_retry_concurrency") ?? 3,
            },
          }
        : {}),
    };
  };
  return { default: read("DEFAULT"), high: read("HIGH") };
}

export function readOutlierDetection(field: Field | undefined): OutlierDetection | undefined {
  if (!field) return undefined;
  const baseEjectionTimeMs = durationMs(field, "base_ejection_time") ?? 30_000;
  return {
    consecutive5xx: number(field, "consecutive_5xx") ?? 5,
    consecutiveGatewayFailure: number(field, "consecutive_gateway_failure") ?? 5,
    consecutiveLocalOriginFailure: number(field, "consecutive_local_origin_failure") ?? 5,
    splitExternalLocalOriginErrors: flag(field, "split_external_local_origin_errors") ?? false,
    enforcingConsecutive5xxPercent: number(field, "enforcing_consecutive_5xx") ?? 100,
    enforcingConsecutiveGatewayFailurePercent: number(field, "enforcing_consecutive_gateway_failure") ?? 0,
    enforcingConsecutiveLocalOriginFailurePercent: number(field, "enforcing_consecutive_local_origin_failure") ?? 100,
    successRate: {
      enforcingPercent: number(field, "enforcing_success_rate") ?? 100,
      enforcingLocalOriginPercent: number(field, "enforcing_local_origin_success_rate") ?? 100,
      minimumHosts: number(field, "success_rate_minimum_hosts") ?? 5,
      requestVolume: number(field, "success_rate_request_volume") ?? 100,
      stdevFactor: (number(field, "success_rate_stdev_factor") ?? 1900) / 1000,
    },
    failurePercentage: {
      enforcingPercent: number(field, "enforcing_failure_percentage") ?? 0,
      enforcingLocalOriginPercent: number(field, "enforcing_failure_percentage_local_origin") ?? 0,
      threshold: number(field, "failure_percentage_threshold") ?? 85,
      minimumHosts: number(field, "failure_percentage_minimum_hosts") ?? 5,
      requestVolume: number(field, "failure_percentage_request_volume") ?? 50,
    },
    intervalMs: durationMs(field, "interval") ?? 10_000,
    baseEjectionTimeMs,
    maxEjectionTimeMs: durationMs(field, "max_ejection_time") ?? Math.max(300_000, baseEjectionTimeMs),
    maxEjectionTimeJitterMs: durationMs(field, "max_ejection_time_jitter") ?? 0,
    maxEjectionPercent: number(field, "max_ejection_percent") ?? 10,
    alwaysEjectOneHost: flag(field, "always_eject_one_host") ?? false,
  };
}

/** Of several with names of their own, which Envoy takes, the first; those it refuses all. */
function simulatedChecks(checks: readonly Field[]): readonly Field[] {
  const names = new Set(checks.map((one) => text(one, "name") ?? "").filter(Boolean));
  return names.size === checks.length ? checks.slice(0, 1) : checks;
}

export function readHealthCheck(field: Field): HealthCheck {
  return {
    ...optional({ name: text(field, "name") }),
    ...(at(field, "tcp_health_check") ? { kind: "tcp" as const } : {}),
    path: text(field, "http_health_check", "path") ?? "/",
    intervalMs: durationMs(field, "interval") ?? 5000,
    ...optional({
      unhealthyIntervalMs: durationMs(field, "unhealthy_interval"),
      healthyEdgeIntervalMs: durationMs(field, "healthy_edge_interval"),
      unhealthyEdgeIntervalMs: durationMs(field, "unhealthy_edge_interval"),
      noTrafficHealthyIntervalMs: durationMs(field, "no_traffic_healthy_interval"),
      jitterMs: durationMs(field, "interval_jitter"),
      jitterPercent: number(field, "interval_jitter_percent"),
      initialJitterMs: durationMs(field, "initial_jitter"),
      expectedStatuses: readRanges(field, "expected_statuses"),
      retriableStatuses: readRanges(field, "retriable_statuses"),
    }),
    noTrafficIntervalMs: durationMs(field, "no_traffic_interval") ?? 60_000,
    timeoutMs: durationMs(field, "timeout") ?? 1000,
    unhealthyThreshold: number(field, "unhealthy_threshold") ?? 3,
    healthyThreshold: number(field, "healthy_threshold") ?? 2,
  };
}

function readRanges(check: Field, name: string): StatusRange[] | undefined {
  const ranges = items(check, "http_health_check", name);
  return ranges.length === 0
    ? undefined
    : ranges.map((range) => ({ start: number(range, "start") ?? 0, end: number(range, "end") ?? 0 }));
}

/** Leaves out what is undefined. */
function optional<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** config.core.v3.Locality → "region/zone/subzone", as far as it is written. */
export function readZone(field: Field | undefined): string {
  const parts = ["region", "zone", "sub_zone"].map((key) => text(field, key) ?? "");
  while (parts.length > 0 && parts.at(-1) === "") parts.pop();
  return parts.join("/");
}

function readLocality(field: Field, byName: boolean): LocalityEndpoints {
  const endpoints = items(field, "lb_endpoints").map((one) => readEndpoint(one, byName));
  return {
    locality: readZone(at(field, "locality")),
    priority: number(field, "priority") ?? 0,
    // Unwritten, a locality has no share of what is spread by weight.
    weight: number(field, "load_balancing_weight") ?? 0,
    endpoints,
  };
}

const health: Readonly<Record<string, Endpoint["health"]>> = {
  UNHEALTHY: "UNHEALTHY",
  TIMEOUT: "UNHEALTHY",
  DEGRADED: "DEGRADED",
  DRAINING: "DRAINING",
};

/** @param byName the address is a name in DNS, and the host is called so */
function readEndpoint(field: Field, byName: boolean): Endpoint {
  const socket = at(field, "endpoint", "address", "socket_address");
  const subsetMetadata = readSubsetMetadata(at(field, "metadata"));
  const hostname = text(field, "endpoint", "hostname") ?? (byName ? text(socket, "address") : undefined);
  return {
    address: `${text(socket, "address") ?? ""}:${number(socket, "port_value") ?? 0}`,
    weight: number(field, "load_balancing_weight") ?? 1,
    health: health[text(field, "health_status") ?? ""] ?? "HEALTHY",
    metadata: textMap(field, "metadata", "filter_metadata", "envoy.transport_socket_match"),
    ...(subsetMetadata ? { subsetMetadata } : {}),
    ...(hostname ? { hostname } : {}),
  };
}
