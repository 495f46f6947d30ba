/** Clusters that Envoy refuses (cluster.proto, endpoint.proto, outlier_detection.proto, health_check.proto and what reads them). */
import type { Cluster, ClusterLoadAssignment, HealthCheck, OutlierDetection, SubsetSelection } from "../../model/index.ts";
import { isIpAddress } from "../../proxy/matching/ip-address.ts";
import {
  atReading,
  negative,
  notPositive,
  outOfRange,
  percentOf,
  type Reason,
  type Refusal,
  refusing,
  repeated,
} from "./refusal.ts";

const largestRing = 8_388_608;
const largestMaglevTable = 5_000_011;

export function clusterRefusals(clusters: readonly Cluster[]): Refusal[] {
  const twice = repeated(clusters.map(({ name }) => name));
  const second = clusters.findLast(({ name }) => name === twice);
  return [
    ...(twice === undefined
      ? []
      : [{ ...atReading(`duplicate cluster ${twice} found`), resource: twice, source: second?.source }]),
    ...clusters.flatMap((cluster) =>
      reasonsOf(cluster).map((reason) => ({ ...reason, resource: cluster.name, source: cluster.source })),
    ),
  ];
}

function reasonsOf({ name, connectTimeoutMs, lb, circuitBreakers, outlierDetection, healthChecks, ...other }: Cluster): Reason[] {
  const { ringHash, maglev, leastRequest, slowStart, subsets } = lb;
  return [
    ...(name === "" ? [atReading("Cluster.Name: value length must be at least 1 characters")] : []),
    ...notPositive("connect_timeout", connectTimeoutMs),
    ...percentOf("healthy_panic_threshold", lb.panicThresholdPercent),
    ...outOfRange("minimum_ring_size", ringHash?.minimumRingSize, { max: largestRing }),
    ...outOfRange("maximum_ring_size", ringHash?.maximumRingSize, { max: largestRing }),
    ...(ringHash !== undefined && ringHash.minimumRingSize > ringHash.maximumRingSize
      ? [refusing(`ring hash: minimum_ring_size (${ringHash.minimumRingSize}) > maximum_ring_size (${ringHash.maximumRingSize})`)]
      : []),
    ...outOfRange("table_size", maglev?.tableSize, { max: largestMaglevTable }),
    ...(maglev !== undefined && !isPrime(maglev.tableSize) ? [refusing("The table size of maglev must be prime number")] : []),
    ...outOfRange("hash_balance_factor", lb.hashBalancePercent, { min: 100 }),
    ...outOfRange("choice_count", leastRequest?.choiceCount, { min: 2 }),
    ...(lb.misfit === undefined ? [] : [refusing(lb.misfit)]),
    ...percentOf("min_weight_percent", slowStart?.minWeightPercent),
    // Of an extension's configuration, and so asked when the cluster is made.
    ...outOfRange("max_concurrent_streams", other.upstreamProtocol === "http2" ? other.maxConcurrentStreams : undefined, {
      min: 1,
    }).map(({ reason }) => refusing(reason)),
    // As are these.
    ...[
      ...negative("max_connection_duration", other.maxConnectionAgeMs),
      ...negative("max_stream_duration", other.maxStreamDurationMs),
    ].map(({ reason }) => refusing(reason)),
    ...[circuitBreakers.default, circuitBreakers.high].flatMap(({ retryBudget, hasOtherLimitsPerHost }) => [
      ...percentOf("budget_percent", retryBudget?.budgetPercent),
      ...(hasOtherLimitsPerHost === true ? [refusing("Unsupported field in per_host_thresholds")] : []),
    ]),
    ...(subsets === undefined ? [] : subsetReasons(subsets)),
    ...(outlierDetection === undefined ? [] : outlierReasons(outlierDetection)),
    ...severalChecks(healthChecks ?? []),
    ...(healthChecks ?? []).flatMap(healthCheckReasons),
  ];
}

function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}

function subsetReasons({ selectors }: SubsetSelection): Reason[] {
  return selectors.flatMap(({ keys, fallback, fallbackKeys }) => {
    if (fallback !== "KEYS_SUBSET") return [];
    const unknown = fallbackKeys.find((key) => !keys.includes(key));
    if (fallbackKeys.length === 0) return [refusing("fallback_keys_subset cannot be empty")];
    if (unknown !== undefined) return [refusing(`fallback_keys_subset must be a subset of selector keys: ${unknown} is not`)];
    return fallbackKeys.length === keys.length ? [refusing("fallback_keys_subset cannot be equal to keys")] : [];
  });
}

function outlierReasons(outlier: OutlierDetection): Reason[] {
  const { successRate, failurePercentage, baseEjectionTimeMs, maxEjectionTimeMs } = outlier;
  return [
    ...notPositive("outlier_detection.interval", outlier.intervalMs),
    ...notPositive("outlier_detection.base_ejection_time", baseEjectionTimeMs),
    ...(maxEjectionTimeMs < baseEjectionTimeMs
      ? [refusing("outlier detector's max_ejection_time cannot be smaller than base_ejection_time")]
      : []),
    ...percentOf("max_ejection_percent", outlier.maxEjectionPercent),
    ...percentOf("enforcing_consecutive_5xx", outlier.enforcingConsecutive5xxPercent),
    ...percentOf("enforcing_consecutive_gateway_failure", outlier.enforcingConsecutiveGatewayFailurePercent),
    ...percentOf("enforcing_consecutive_local_origin_failure", outlier.enforcingConsecutiveLocalOriginFailurePercent),
    ...percentOf("enforcing_success_rate", successRate.enforcingPercent),
    ...percentOf("enforcing_local_origin_success_rate", successRate.enforcingLocalOriginPercent),
    ...percentOf("enforcing_failure_percentage", failurePercentage.enforcingPercent),
    ...percentOf("enforcing_failure_percentage_local_origin", failurePercentage.enforcingLocalOriginPercent),
    ...percentOf("failure_percentage_threshold", failurePercentage.threshold),
  ];
}

function severalChecks(checks: readonly HealthCheck[]): Reason[] {
  if (checks.length < 2) return [];
  const names = checks.map(({ name = "" }) => name);
  const unnamed = names.indexOf("");
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (unnamed >= 0)
    return [
      refusing(
        `health check at index ${unnamed} is missing a name; all health checks must have a name when multiple health checks are configured`,
      ),
    ];
  return twice < 0
    ? []
    : [
        refusing(
          `duplicate health check name '${names[twice]}' at index ${twice}; all health check names must be unique within a cluster`,
        ),
      ];
}

function healthCheckReasons(check: HealthCheck): Reason[] {
  return [
    ...notPositive("health_checks.timeout", check.timeoutMs),
    ...notPositive("health_checks.interval", check.intervalMs),
    ...notPositive("health_checks.unhealthy_interval", check.unhealthyIntervalMs),
    ...notPositive("health_checks.no_traffic_interval", check.noTrafficIntervalMs),
    ...[...(check.expectedStatuses ?? []), ...(check.retriableStatuses ?? [])].flatMap(({ start, end }) =>
      start >= end || start < 100 || end > 600 ? [refusing(`Invalid http status range: [${start}, ${end})`)] : [],
    ),
  ];
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

const highestPriority = 128;

export function assignmentRefusals(assignments: readonly ClusterLoadAssignment[], clusters: readonly Cluster[]): Refusal[] {
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return assignments.flatMap(({ cluster: name, localities }) => {
    const cluster = byName.get(name);
    const endpoints = localities.flatMap((one) => one.endpoints);
    const named = cluster?.type === "STATIC" ? endpoints.find(({ address }) => !isIpAddress(hostOf(address))) : undefined;
    const reasons = [
      ...localities.flatMap(({ priority }) => outOfRange("priority", priority, { max: highestPriority })),
      ...endpoints.flatMap(({ weight }) => outOfRange("load_balancing_weight", weight, { min: 1 })),
      ...(named === undefined
        ? []
        : [
            refusing(
              `malformed IP address: ${hostOf(named.address)}. Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'`,
            ),
          ]),
      ...(cluster?.type === "LOGICAL_DNS" && endpoints.length !== 1
        ? [refusing("LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint")]
        : []),
    ];
    return reasons.map((reason) => ({ ...reason, resource: name, source: cluster?.source }));
  });
}
