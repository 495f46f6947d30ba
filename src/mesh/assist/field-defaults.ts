/**
 * What holds where a field is not written, with where that is said. Keys are the end of a field's path behind its kind; the longest
 * one counts. Numbers the translation fills in are the same ones (a test asks it).
 */
const istio = "https://istio.io/latest/docs/reference/config";
const virtualService = `${istio}/networking/virtual-service/`;
const destinationRule = `${istio}/networking/destination-rule/`;
const gatewayApi = "https://gateway-api.sigs.k8s.io/reference/spec/";
const retryCode = "https://github.com/istio/istio/blob/1.29.1/pilot/pkg/networking/core/route/retry/retry.go";
const meshConfig = `${istio}/istio.mesh.v1alpha1/`;
const experiment = "src/scenario/experiment/experiment-shape.ts";
const unlimited = "4294967295";

type Defaults = Readonly<Record<string, readonly [value: string, source: string]>>;

export const fieldDefaults: Readonly<Record<string, Defaults>> = {
  VirtualService: {
    "spec.gateways": ["[mesh]", virtualService],
    "spec.exportTo": ['["*"]', virtualService],
    "http.timeout": ["0s", virtualService],
    "retries.attempts": ["2", retryCode],
    "retries.retryOn": ["connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", retryCode],
    "retries.perTryTimeout": ["0s", `${virtualService}#HTTPRetry`],
    "retries.backoff": ["25ms", `${virtualService}#HTTPRetry`],
    "retries.retryRemoteLocalities": ["false", `${virtualService}#HTTPRetry`],
    "retries.retryIgnorePreviousHosts": ["true", `${virtualService}#HTTPRetry`],
    "delay.percentage": ["100", `${virtualService}#HTTPFaultInjection-Delay`],
    "abort.percentage": ["100", `${virtualService}#HTTPFaultInjection-Abort`],
    "http.mirrorPercentage": ["100", `${virtualService}#HTTPRoute`],
    "mirrors.percentage": ["100", `${virtualService}#HTTPMirrorPolicy`],
    "redirect.redirectCode": ["301", `${virtualService}#HTTPRedirect`],
    "match.ignoreUriCase": ["false", `${virtualService}#HTTPMatchRequest`],
  },
  DestinationRule: {
    "spec.exportTo": ['["*"]', destinationRule],
    "loadBalancer.simple": ["LEAST_REQUEST", `${destinationRule}#LoadBalancerSettings-SimpleLB`],
    "tcp.maxConnections": [unlimited, `${destinationRule}#ConnectionPoolSettings-TCPSettings`],
    "tcp.connectTimeout": ["10s", `${destinationRule}#ConnectionPoolSettings-TCPSettings`],
    "http.http1MaxPendingRequests": [unlimited, `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.http2MaxRequests": [unlimited, `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.maxRequestsPerConnection": ["0", `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.maxRetries": [unlimited, `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.idleTimeout": ["1h", `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.h2UpgradePolicy": ["DEFAULT", `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "http.useClientProtocol": ["false", `${destinationRule}#ConnectionPoolSettings-HTTPSettings`],
    "outlierDetection.consecutive5xxErrors": ["5", `${destinationRule}#OutlierDetection`],
    "outlierDetection.consecutiveGatewayErrors": ["0", `${destinationRule}#OutlierDetection`],
    "outlierDetection.interval": ["10s", `${destinationRule}#OutlierDetection`],
    "outlierDetection.baseEjectionTime": ["30s", `${destinationRule}#OutlierDetection`],
    "outlierDetection.maxEjectionPercent": ["10", `${destinationRule}#OutlierDetection`],
    "outlierDetection.minHealthPercent": ["0", `${destinationRule}#OutlierDetection`],
    "outlierDetection.splitExternalLocalOriginErrors": ["false", `${destinationRule}#OutlierDetection`],
    "warmup.minimumPercent": ["10", `${destinationRule}#WarmupConfiguration`],
    "warmup.aggression": ["1", `${destinationRule}#WarmupConfiguration`],
    "trafficPolicy.tls": ["ISTIO_MUTUAL", `${meshConfig}#MeshConfig-enable_auto_mtls`],
  },
  PeerAuthentication: { "mtls.mode": ["PERMISSIVE", `${istio}/security/peer_authentication/`] },
  AuthorizationPolicy: { "spec.action": ["ALLOW", `${istio}/security/authorization-policy/`] },
  ServiceEntry: {
    "spec.location": ["MESH_EXTERNAL", `${istio}/networking/service-entry/`],
    "spec.resolution": ["NONE", `${istio}/networking/service-entry/`],
    "spec.exportTo": ['["*"]', `${istio}/networking/service-entry/`],
  },
  Gateway: { "tls.httpsRedirect": ["false", `${istio}/networking/gateway/#ServerTLSSettings`] },
  HTTPRoute: {
    "backendRefs.weight": ["1", gatewayApi],
    "backendRefs.kind": ["Service", gatewayApi],
    "path.type": ["PathPrefix", gatewayApi],
    "path.value": ["/", gatewayApi],
    "headers.type": ["Exact", gatewayApi],
    "queryParams.type": ["Exact", gatewayApi],
    "parentRefs.kind": ["Gateway", gatewayApi],
    "requestRedirect.statusCode": ["302", gatewayApi],
  },
  Experiment: {
    "spec.dataPlane": ["sidecar", experiment],
    "spec.seed": ["1", experiment],
    "spec.duration": ["30s", experiment],
    "workloads.namespace": ["default", experiment],
    "workloads.replicas": ["1", experiment],
    "behaviour.whenFull": ["refuse", experiment],
    "errors.status": ["503", experiment],
    "calls.method": ["GET", experiment],
    "calls.onError": ["fail", experiment],
    "calls.forwardHeaders": ["false", experiment],
    "traffic.method": ["GET", experiment],
    "traffic.arrivals": ["poisson", experiment],
    "traffic.thinkTime": ["0s", experiment],
    "traffic.start": ["0s", experiment],
    "network.latency": ["0s", experiment],
    "network.loss": ["0", experiment],
    "fault.removedAfter": ["1s", experiment],
    "controlPlane.debounce": ["100ms", "https://istio.io/latest/docs/reference/commands/pilot-discovery/"],
    "controlPlane.debounceMax": ["10s", "https://istio.io/latest/docs/reference/commands/pilot-discovery/"],
    "controlPlane.pushDelay": ["0s", experiment],
    "controlPlane.typeDelay": ["0s", experiment],
    "rollout.interval": ["1m", "https://docs.flagger.app/usage/how-it-works"],
    "rollout.stepWeight": ["10", experiment],
    "rollout.maxWeight": ["50", experiment],
    "rollout.threshold": ["5", experiment],
    "rollout.successRate": ["99", experiment],
    "certificates.lifetime": ["24h", "https://istio.io/latest/docs/reference/commands/pilot-agent/"],
    "certificates.renewAt": ["0.5", "https://istio.io/latest/docs/reference/commands/pilot-agent/"],
  },
};

/** @param path names of fields from the root */
export function defaultOf(kind: string, path: readonly string[]): { value: string; source: string } | null {
  const table = fieldDefaults[kind] ?? {};
  for (let from = 0; from < path.length; from++) {
    const found = table[path.slice(from).join(".")];
    if (found) return { value: found[0], source: found[1] };
  }
  return null;
}
