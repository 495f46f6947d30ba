/** Small configurations written in code: only what a test is about has to be said. */
import type {
  BehaviourConfig,
  CircuitBreakerThresholds,
  Cluster,
  Endpoint,
  ForwardAction,
  HttpFilterConfig,
  Listener,
  LoadBalancing,
  MeshConfig,
  OutlierDetection,
  ProxyNode,
  RequestTemplate,
  RetryPolicy,
  Route,
  RouteAction,
  ServiceEntryPoint,
  SimulationConfig,
  TrafficConfig,
  WorkloadConfig,
} from "#engine";

export const unlimited = 4294967295;

export const noBreakers: CircuitBreakerThresholds = {
  maxConnections: unlimited,
  maxPendingRequests: unlimited,
  maxRequests: unlimited,
  maxRetries: unlimited,
};

export function behaviour(over: Partial<BehaviourConfig> = {}): BehaviourConfig {
  return {
    serviceTime: { type: "constant", ms: 0 },
    concurrency: null,
    queue: null,
    whenFull: "refuse",
    errors: null,
    calls: [],
    ...over,
  };
}

export function lb(over: Partial<LoadBalancing> = {}): LoadBalancing {
  return {
    policy: "ROUND_ROBIN",
    panicThresholdPercent: 50,
    localityWeighted: false,
    updateMergeWindowMs: 1000,
    overprovisioningFactor: 140,
    ...over,
  };
}

export function cluster(name: string, over: Partial<Cluster> = {}): Cluster {
  return {
    name,
    type: "EDS",
    connectTimeoutMs: 1000,
    lb: lb(),
    circuitBreakers: { default: noBreakers, high: noBreakers },
    upstreamProtocol: "http1",
    maxRequestsPerConnection: 0,
    maxConcurrentStreams: unlimited,
    transportSocketMatches: [],
    ...over,
  };
}

export function endpoint(address: string, over: Partial<Endpoint> = {}): Endpoint {
  return { address, weight: 1, health: "HEALTHY", metadata: {}, ...over };
}

export function retryPolicy(over: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    retryOn: ["5xx"],
    numRetries: 1,
    perTryTimeoutMs: 0,
    retriableStatusCodes: [],
    backOff: { baseIntervalMs: 25, maxIntervalMs: 250 },
    avoidPreviousHosts: false,
    hostSelectionRetryMaxAttempts: 0,
    ...over,
  };
}

export function forward(clusterName: string, over: Partial<ForwardAction> = {}): ForwardAction {
  return {
    type: "forward",
    clusters: [{ cluster: clusterName, weight: 1 }],
    timeoutMs: 0,
    mirrors: [],
    hashPolicy: [],
    priority: "default",
    clusterNotFoundStatus: 503,
    ...over,
  };
}

export function route(prefix: string, action: RouteAction, over: Partial<Route> = {}): Route {
  return {
    name: prefix,
    match: { path: { type: "prefix", value: prefix, ignoreCase: false }, headers: [], queryParameters: [] },
    action,
    ...over,
  };
}

export function outlier(over: Partial<OutlierDetection> = {}): OutlierDetection {
  return {
    consecutive5xx: 5,
    consecutiveGatewayFailure: 0,
    consecutiveLocalOriginFailure: 0,
    splitExternalLocalOriginErrors: false,
    enforcingConsecutive5xxPercent: 100,
    enforcingConsecutiveGatewayFailurePercent: 0,
    enforcingConsecutiveLocalOriginFailurePercent: 100,
    successRate: { enforcingPercent: 0, enforcingLocalOriginPercent: 0, minimumHosts: 5, requestVolume: 100, stdevFactor: 1.9 },
    failurePercentage: { enforcingPercent: 0, enforcingLocalOriginPercent: 0, threshold: 85, minimumHosts: 5, requestVolume: 50 },
    intervalMs: 10_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionTimeMs: 300_000,
    maxEjectionTimeJitterMs: 0,
    maxEjectionPercent: 10,
    alwaysEjectOneHost: false,
    ...over,
  };
}

export function request(url: string, over: Partial<RequestTemplate> = {}): RequestTemplate {
  const { hostname, port, pathname, search, protocol } = new URL(url);
  const scheme = protocol.slice(0, -1) as RequestTemplate["scheme"];
  return {
    method: "GET",
    scheme,
    host: hostname,
    port: port === "" ? (scheme === "https" ? 443 : 80) : Number(port),
    path: pathname + search,
    headers: {},
    ...over,
  };
}

export const listenerAddress = "10.9.9.9";

export interface BootstrapOptions {
  routes: readonly Route[];
  clusters: readonly Cluster[];
  endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** More than one group per cluster. */
  assignments?: ProxyNode["endpoints"];
  filters?: readonly HttpFilterConfig[];
  listeners?: readonly Listener[];
}

/** One Envoy in front of plain servers, as `type: "bootstrap"`. */
export function bootstrap(options: BootstrapOptions): MeshConfig {
  const listener: Listener = {
    name: "in",
    direction: "outbound",
    address: listenerAddress,
    port: 10000,
    filterChains: [
      { name: "", match: {}, networkRbac: [], terminal: { type: "http", httpFilters: options.filters ?? [], routeConfig: "r" } },
    ],
  };
  const node: ProxyNode = {
    id: "envoy",
    type: "bootstrap",
    workload: "envoy",
    namespace: "",
    listeners: options.listeners ?? [listener],
    routes: [{ name: "r", virtualHosts: [{ name: "v", domains: ["*"], routes: options.routes }] }],
    clusters: options.clusters,
    endpoints: [
      ...Object.entries(options.endpoints).map(([name, endpoints]) => ({
        cluster: name,
        localities: [{ locality: "", priority: 0, weight: 1, endpoints }],
      })),
      ...(options.assignments ?? []),
    ],
  };
  return { nodes: [node], services: [] };
}

export interface ServerOptions extends Partial<BehaviourConfig> {
  service?: string;
}

/** A workload without a proxy, one replica for each address. */
export function server(name: string, addresses: readonly string[], options: ServerOptions = {}): WorkloadConfig {
  const { service, ...rest } = options;
  return {
    name,
    namespace: "default",
    service: service ?? name,
    serviceAccount: name,
    labels: {},
    nodeId: null,
    replicas: addresses.map((address) => ({
      ip: address.replace(/:\d+$/, ""),
      addresses: [address],
      locality: "",
      behaviour: behaviour(rest),
    })),
  };
}

/** Traffic from a plain client to the bootstrap's listener. */
export function toEnvoy(path: string, over: Partial<TrafficConfig> & { headers?: Record<string, string> } = {}): TrafficConfig {
  const { headers, ...rest } = over;
  return {
    name: path,
    from: null,
    fromLabel: "client",
    entryNodeId: "envoy",
    variants: [{ weight: 1, request: request(`http://${listenerAddress}:10000${path}`, { headers: headers ?? {} }) }],
    load: { type: "rate", perSecond: 100, arrivals: "constant" },
    timeoutMs: null,
    startMs: 0,
    durationMs: null,
    requests: null,
    ...rest,
  };
}

export function simulation(over: Partial<SimulationConfig> & Pick<SimulationConfig, "mesh">): SimulationConfig {
  return {
    name: "test",
    workloads: [],
    traffic: [],
    network: { latencyMs: 0, loss: 0, links: [] },
    timeline: [],
    durationMs: 10_000,
    windows: [],
    accessLogLimit: 0,
    ...over,
  };
}

export function service(name: string, endpoints: readonly string[], over: Partial<ServiceEntryPoint> = {}): ServiceEntryPoint {
  return {
    name,
    namespace: "shop",
    hostnames: [name, `${name}.shop`, `${name}.shop.svc.cluster.local`],
    address: `10.96.0.${name.length}`,
    ports: [{ port: 8080, targetPort: 8080, protocol: "http" }],
    endpoints,
    external: false,
    ...over,
  };
}
