/** Patches of clusters (core/envoyfilter/cluster_patch.go of istiod). */
import type { CircuitBreakers, Cluster, ClusterLoadAssignment, OutlierDetection } from "#engine";
import { readCircuitBreakers, readCluster, readHealthCheck, readOutlierDetection } from "../envoy/envoy-cluster.ts";
import { certificateNaming } from "../envoy/envoy-tls.ts";
import { at, durationMs, type Field, items, number, text } from "../translation/field.ts";
import { matchesCluster } from "./match.ts";
import type { Patch } from "./patch.ts";

/** @returns undefined where it was removed @param hosts the services an inbound cluster stands for */
export function patchCluster(patches: readonly Patch[], cluster: Cluster, hosts: readonly string[]): Cluster | undefined {
  let patched = cluster;
  for (const patch of patches) {
    if (!matchesCluster(patch, patched, hosts)) continue;
    if (patch.operation === "REMOVE") return undefined;
    if (patch.operation === "MERGE") patched = { ...patched, ...readClusterChange(patch.value, patched) };
  }
  return patched;
}

export interface AddedCluster {
  cluster: Cluster;
  assignment: ClusterLoadAssignment;
}

/** @param resolve addresses behind a host and port that the mesh knows; undefined: the host is an address already */
export function addedCluster(
  { value }: Patch,
  resolve: (host: string, port: number) => readonly string[] | undefined,
): AddedCluster {
  const { cluster, assignment } = readCluster(value, certificateNaming([]), { zone: "", localCluster: undefined });
  return {
    cluster,
    assignment: {
      ...assignment,
      localities: assignment.localities.map((locality) => ({
        ...locality,
        // What DNS answers is the Service's own address, behind which a connection meets any of its pods.
        endpoints: locality.endpoints.flatMap((endpoint) => {
          const colon = endpoint.address.lastIndexOf(":");
          const addresses = resolve(endpoint.address.slice(0, colon), Number(endpoint.address.slice(colon + 1)));
          return addresses === undefined ? [endpoint] : addresses.map((address) => ({ ...endpoint, address }));
        }),
      })),
    },
  };
}

/** The fields of a cluster that a patch can change here. */
function readClusterChange(value: Field, { circuitBreakers, outlierDetection, lb }: Cluster): Partial<Cluster> {
  const connectTimeoutMs = durationMs(value, "connect_timeout");
  const outlier = at(value, "outlier_detection");
  const panic = number(value, "common_lb_config", "healthy_panic_threshold", "value");
  const mergeWindowMs = durationMs(value, "common_lb_config", "update_merge_window");
  const checks = items(value, "health_checks").map(readHealthCheck);
  const options = at(value, "typed_extension_protocol_options", "envoy.extensions.upstreams.http.v3.HttpProtocolOptions");
  text(options, "@type");
  const common = at(options, "common_http_protocol_options") ?? at(value, "common_http_protocol_options");
  const requests = number(common, "max_requests_per_connection") ?? number(value, "max_requests_per_connection");
  const idleTimeoutMs = durationMs(common, "idle_timeout");
  const maxConnectionAgeMs = durationMs(common, "max_connection_duration");
  const maxStreamDurationMs = durationMs(common, "max_stream_duration");
  return {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(at(value, "circuit_breakers") ? { circuitBreakers: mergedBreakers(circuitBreakers, value) } : {}),
    ...(outlier ? { outlierDetection: mergedOutliers(outlierDetection, outlier) } : {}),
    ...(panic === undefined && mergeWindowMs === undefined
      ? {}
      : {
          lb: {
            ...lb,
            ...(panic === undefined ? {} : { panicThresholdPercent: panic }),
            ...(mergeWindowMs === undefined ? {} : { updateMergeWindowMs: mergeWindowMs }),
          },
        }),
    ...(checks.length > 0 ? { healthChecks: checks.slice(0, 1) } : {}),
    ...(requests === undefined ? {} : { maxRequestsPerConnection: requests }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxConnectionAgeMs === undefined ? {} : { maxConnectionAgeMs }),
    ...(maxStreamDurationMs === undefined ? {} : { maxStreamDurationMs }),
  };
}

/**
 * A list of thresholds is appended to the one there is, and of two for one priority Envoy takes the first (ResourceManagers::load): Istio
 * writes one for the default priority of each cluster, so that a patch of that has no effect.
 */
function mergedBreakers(base: CircuitBreakers, value: Field): CircuitBreakers {
  const written = readCircuitBreakers(value);
  const hasHigh = items(value, "circuit_breakers", "thresholds").some((one) => text(one, "priority") === "HIGH");
  const perHost = written.default.maxConnectionsPerHost;
  return {
    default: { ...base.default, ...(perHost === undefined ? {} : { maxConnectionsPerHost: perHost }) },
    high: hasHigh ? written.high : base.high,
  };
}

/** Fields of outlier detection by their name in Envoy. */
const outlierFields: Readonly<Record<string, keyof OutlierDetection>> = {
  consecutive_5xx: "consecutive5xx",
  consecutive_gateway_failure: "consecutiveGatewayFailure",
  consecutive_local_origin_failure: "consecutiveLocalOriginFailure",
  split_external_local_origin_errors: "splitExternalLocalOriginErrors",
  enforcing_consecutive_5xx: "enforcingConsecutive5xxPercent",
  enforcing_consecutive_gateway_failure: "enforcingConsecutiveGatewayFailurePercent",
  enforcing_consecutive_local_origin_failure: "enforcingConsecutiveLocalOriginFailurePercent",
  interval: "intervalMs",
  base_ejection_time: "baseEjectionTimeMs",
  max_ejection_time: "maxEjectionTimeMs",
  max_ejection_time_jitter: "maxEjectionTimeJitterMs",
  max_ejection_percent: "maxEjectionPercent",
  always_eject_one_host: "alwaysEjectOneHost",
};

const successRateFields: Readonly<Record<string, keyof OutlierDetection["successRate"]>> = {
  enforcing_success_rate: "enforcingPercent",
  success_rate_minimum_hosts: "minimumHosts",
  success_rate_request_volume: "requestVolume",
  success_rate_stdev_factor: "stdevFactor",
};

const failureFields: Readonly<Record<string, keyof OutlierDetection["failurePercentage"]>> = {
  enforcing_failure_percentage: "enforcingPercent",
  failure_percentage_threshold: "threshold",
  failure_percentage_minimum_hosts: "minimumHosts",
  failure_percentage_request_volume: "requestVolume",
};

function mergedOutliers(base: OutlierDetection | undefined, value: Field): OutlierDetection {
  const written = readOutlierDetection(value) as OutlierDetection;
  if (base === undefined) return written;
  const change = <Part extends object>(from: Part, fields: Readonly<Record<string, keyof Part>>): Partial<Part> =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => at(value, name) !== undefined)
        .map(([, key]) => [key, from[key]]),
    ) as Partial<Part>;
  return {
    ...base,
    ...change(written, outlierFields),
    successRate: { ...base.successRate, ...change(written.successRate, successRateFields) },
    failurePercentage: { ...base.failurePercentage, ...change(written.failurePercentage, failureFields) },
  };
}

/** Reads all that a patch may bring, so that what is left is known. */
export function readWhole({ operation, value }: Patch): void {
  if (operation === "ADD") readCluster(value, certificateNaming([]), { zone: "", localCluster: undefined });
  else if (operation === "MERGE") readClusterChange(value, noCluster);
}

const noLimits = { maxConnections: 0, maxPendingRequests: 0, maxRequests: 0, maxRetries: 0 };
const noCluster = { circuitBreakers: { default: noLimits, high: noLimits }, lb: {} } as Cluster;
