/** Clusters and endpoints of the model as CDS and EDS resources (config.cluster.v3, config.endpoint.v3). */
import type {
  CircuitBreakerThresholds,
  Cluster,
  ClusterLoadAssignment,
  Endpoint,
  LoadBalancing,
  LocalityEndpoints,
  OutlierDetection,
  UpstreamTls,
} from "#engine";
import { compact, durationJson, notEmpty } from "./envoy-json.ts";
import { ownerJson } from "./route-json.ts";

const http2Streams = 1_073_741_824;

export function clusterJson(cluster: Cluster, assignment: ClusterLoadAssignment | undefined): Record<string, unknown> {
  const dns = cluster.type === "STRICT_DNS" || cluster.type === "LOGICAL_DNS";
  const inline = dns || cluster.type === "STATIC";
  const type = cluster.announcedType ?? cluster.type;
  const provided = type === "ORIGINAL_DST";
  return compact({
    name: cluster.name,
    type,
    edsClusterConfig: type === "EDS" ? { edsConfig: { ads: {} }, serviceName: cluster.name } : undefined,
    connectTimeout: durationJson(cluster.connectTimeoutMs),
    lbPolicy: provided ? "CLUSTER_PROVIDED" : cluster.lb.policy,
    ...(provided ? {} : lbConfigJson(cluster.lb)),
    commonLbConfig: commonLbJson(cluster),
    circuitBreakers: { thresholds: [thresholdsJson(cluster.circuitBreakers.default)] },
    outlierDetection: cluster.outlierDetection ? outlierJson(cluster.outlierDetection) : undefined,
    dnsRefreshRate: dns ? "60s" : undefined,
    respectDnsTtl: dns || undefined,
    dnsLookupFamily: dns ? "V4_ONLY" : undefined,
    typedExtensionProtocolOptions: protocolOptionsJson(cluster),
    transportSocket: cluster.tls ? socketJson(cluster.tls, cluster) : undefined,
    transportSocketMatches: notEmpty(
      cluster.transportSocketMatches.map((one) => ({
        name: one.name,
        match: one.match,
        transportSocket: one.tls ? socketJson(one.tls, cluster) : { name: "envoy.transport_sockets.raw_buffer" },
      })),
    ),
    loadAssignment: inline && assignment ? assignmentJson(assignment) : undefined,
    metadata: cluster.owner ? ownerJson(cluster.owner) : undefined,
  });
}

function lbConfigJson(lb: LoadBalancing): Record<string, unknown> {
  const slow = lb.slowStart
    ? {
        slowStartConfig: lb.slowStart.defaulted
          ? { slowStartWindow: durationJson(lb.slowStart.windowMs) }
          : {
              slowStartWindow: durationJson(lb.slowStart.windowMs),
              aggression: { defaultValue: lb.slowStart.aggression, runtimeKey: "(" },
              minWeightPercent: { value: lb.slowStart.minWeightPercent },
            },
      }
    : undefined;
  return compact({
    leastRequestLbConfig: lb.policy === "LEAST_REQUEST" ? slow : undefined,
    roundRobinLbConfig: lb.policy === "ROUND_ROBIN" ? slow : undefined,
    ringHashLbConfig:
      lb.ringHash && !lb.ringHash.defaulted ? { minimumRingSize: String(lb.ringHash.minimumRingSize) } : undefined,
    maglevLbConfig: lb.maglev && !lb.maglev.defaulted ? { tableSize: String(lb.maglev.tableSize) } : undefined,
  });
}

function commonLbJson(cluster: Cluster): Record<string, unknown> {
  const percent = cluster.lb.panicThresholdPercent;
  return compact({
    healthyPanicThreshold: cluster.outlierDetection && percent !== 50 ? (percent === 0 ? {} : { value: percent }) : undefined,
    localityWeightedLbConfig: cluster.lb.localityWeighted ? {} : undefined,
  });
}

function thresholdsJson(thresholds: CircuitBreakerThresholds): Record<string, unknown> {
  return compact({
    maxConnections: thresholds.maxConnections,
    maxPendingRequests: thresholds.maxPendingRequests,
    maxRequests: thresholds.maxRequests,
    maxRetries: thresholds.maxRetries,
    trackRemaining: true,
    retryBudget: thresholds.retryBudget
      ? {
          budgetPercent: { value: thresholds.retryBudget.budgetPercent },
          minRetryConcurrency: thresholds.retryBudget.minRetryConcurrency,
        }
      : undefined,
  });
}

/** Only what was written; the rest is Envoy's default and not sent. */
function outlierJson(outlier: OutlierDetection): Record<string, unknown> {
  const written = outlier.written ?? {};
  const when = <Value>(key: string, value: Value): Value | undefined => (written[key] ? value : undefined);
  return compact({
    consecutive5xx: when("consecutive5xx", outlier.consecutive5xx),
    enforcingConsecutive5xx: when("consecutive5xx", outlier.enforcingConsecutive5xxPercent),
    consecutiveGatewayFailure: when("consecutiveGatewayFailure", outlier.consecutiveGatewayFailure),
    enforcingConsecutiveGatewayFailure: when("consecutiveGatewayFailure", outlier.enforcingConsecutiveGatewayFailurePercent),
    splitExternalLocalOriginErrors: outlier.splitExternalLocalOriginErrors || undefined,
    consecutiveLocalOriginFailure: when("consecutiveLocalOriginFailure", outlier.consecutiveLocalOriginFailure),
    enforcingConsecutiveLocalOriginFailure: when(
      "consecutiveLocalOriginFailure",
      outlier.enforcingConsecutiveLocalOriginFailurePercent,
    ),
    enforcingLocalOriginSuccessRate: outlier.splitExternalLocalOriginErrors
      ? outlier.successRate.enforcingLocalOriginPercent
      : undefined,
    interval: when("interval", durationJson(outlier.intervalMs)),
    baseEjectionTime: when("baseEjectionTime", durationJson(outlier.baseEjectionTimeMs)),
    maxEjectionPercent: when("maxEjectionPercent", outlier.maxEjectionPercent),
    enforcingSuccessRate: outlier.successRate.enforcingPercent,
  });
}

function protocolOptionsJson(cluster: Cluster): Record<string, unknown> | undefined {
  const tls = cluster.tls;
  const upstream = compact({ autoSni: tls?.autoSni, autoSanValidation: tls?.autoSanValidation });
  const common = compact({
    idleTimeout: cluster.idleTimeoutMs === undefined ? undefined : durationJson(cluster.idleTimeoutMs),
    maxRequestsPerConnection: cluster.maxRequestsPerConnection > 0 ? cluster.maxRequestsPerConnection : undefined,
    maxConnectionDuration:
      cluster.maxConnectionDurationMs === undefined ? undefined : durationJson(cluster.maxConnectionDurationMs),
  });
  const http2 = { maxConcurrentStreams: cluster.maxConcurrentStreams };
  const needed = Object.keys(upstream).length + Object.keys(common).length > 0;
  const protocol = cluster.useDownstreamProtocol
    ? { useDownstreamProtocolConfig: { httpProtocolOptions: {}, http2ProtocolOptions: http2 } }
    : cluster.upstreamProtocol === "http2"
      ? { explicitHttpConfig: { http2ProtocolOptions: cluster.maxConcurrentStreams === http2Streams ? {} : http2 } }
      : needed
        ? { explicitHttpConfig: { httpProtocolOptions: {} } }
        : undefined;
  if (!protocol) return undefined;
  return {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": compact({
      "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      upstreamHttpProtocolOptions: Object.keys(upstream).length > 0 ? upstream : undefined,
      commonHttpProtocolOptions: Object.keys(common).length > 0 ? common : undefined,
      ...protocol,
    }),
  };
}

function socketJson(tls: UpstreamTls, cluster: Cluster): Record<string, unknown> {
  const http2 = cluster.upstreamProtocol === "http2";
  const alpn = tls.mode === "istio" ? ["istio-peer-exchange", "istio", ...(http2 ? ["h2"] : [])] : http2 ? ["h2"] : undefined;
  return {
    name: "envoy.transport_sockets.tls",
    typedConfig: compact({
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      commonTlsContext: compact({
        alpnProtocols: alpn,
        tlsCertificateSdsSecretConfigs: tls.certificate
          ? [{ name: tls.mode === "istio" ? "default" : tls.certificate.identity }]
          : undefined,
        combinedValidationContext:
          tls.trustedRoots.length > 0
            ? {
                defaultValidationContext: compact({
                  matchSubjectAltNames: notEmpty(tls.subjectAltNames.map((exact) => ({ exact }))),
                }),
                validationContextSdsSecretConfig: { name: tls.trustedRoots[0] },
              }
            : undefined,
        validationContext: tls.trustedRoots.length === 0 ? {} : undefined,
      }),
      sni: tls.sni,
    }),
  };
}

export function assignmentJson(assignment: ClusterLoadAssignment): Record<string, unknown> {
  return { clusterName: assignment.cluster, endpoints: assignment.localities.map(localityJson) };
}

function localityJson(locality: LocalityEndpoints): Record<string, unknown> {
  const [region, zone, subZone] = locality.locality.split("/");
  return compact({
    locality: compact({ region: region || undefined, zone: zone || undefined, subZone: subZone || undefined }),
    lbEndpoints: locality.endpoints.map(endpointJson),
    loadBalancingWeight: locality.weight,
    priority: locality.priority || undefined,
  });
}

function endpointJson(endpoint: Endpoint): Record<string, unknown> {
  const colon = endpoint.address.lastIndexOf(":");
  const address = endpoint.hostname || endpoint.address.slice(0, colon);
  const socketAddress = { address, portValue: Number(endpoint.address.slice(colon + 1)) };
  return compact({
    endpoint: { address: { socketAddress } },
    healthStatus: endpoint.health,
    metadata:
      Object.keys(endpoint.metadata).length > 0
        ? { filterMetadata: { "envoy.transport_socket_match": endpoint.metadata } }
        : undefined,
    loadBalancingWeight: endpoint.weight,
  });
}
