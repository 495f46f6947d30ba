/** What a sidecar does with arriving connections: one listener with filter chains per port and mTLS mode (core/listener_inbound.go). */
import type { Cluster, DownstreamTls, FilterChain, HttpFilterConfig, Listener, RouteConfiguration } from "#engine";
import { httpAuthorization, type NetworkAuthorization, policiesFor, tcpAuthorization } from "./authorization-policy.ts";
import type { Catalog } from "./catalog.ts";
import { circuitBreakersOf, connectionLimitsOf } from "./cluster-policy.ts";
import { connectionManager } from "./connection-manager.ts";
import { destinationRuleFor } from "./destination-rule.ts";
import { at, type Field, number, sourceOf, text } from "./field.ts";
import { meshRoot, type ProxyIdentity } from "./outbound-cluster.ts";
import { type MtlsMode, type MtlsSetting, mtlsForPort, mtlsOf } from "./peer-authentication.ts";
import { isHttp, isHttp2, type Protocol, parseProtocol } from "./protocol.ts";
import { jwtAuthnFor } from "./request-authentication.ts";
import type { Service, ServicePort } from "./service.ts";
import { belongsTo, targetPortOf } from "./service-endpoint.ts";
import type { SidecarScope } from "./sidecar-scope.ts";
import { policyForPort } from "./traffic-policy.ts";
import type { Workload } from "./workload.ts";

/** Where redirected inbound traffic arrives. */
const inboundPort = 15_006;
/** ALPN names that mark mutual TLS between proxies, with and without HTTP inside. */
const meshHttp = ["istio-http/1.0", "istio-http/1.1", "istio-h2"];
const meshAny = ["istio-peer-exchange", "istio", ...meshHttp];
const meshTcp = ["istio-peer-exchange", "istio"];
const plainHttp = ["http/1.1", "h2c"];

interface InboundPort {
  targetPort: number;
  protocol: Protocol;
  service?: Service;
  servicePort?: ServicePort;
  connectionPool?: Field;
  field?: Field;
}

export interface InboundConfig {
  listener: Listener;
  routes: RouteConfiguration[];
  clusters: Cluster[];
}

export function inboundConfig(catalog: Catalog, scope: SidecarScope, workload: Workload, proxy: ProxyIdentity): InboundConfig {
  const target = { namespace: workload.namespace, labels: workload.labels };
  const policies = policiesFor(catalog.authorizationPolicies, target, catalog.settings.rootNamespace);
  const authorization = httpAuthorization(policies, catalog.settings, catalog.hosts);
  const jwt = jwtAuthnFor(catalog.requestAuthentications, target, catalog.settings.rootNamespace);
  const httpFilters: HttpFilterConfig[] = [
    ...authorization.custom,
    ...(jwt ? [{ name: "jwtAuthn" as const, config: jwt }] : []),
    ...authorization.others,
  ];
  const network = tcpAuthorization(policies, catalog.settings, catalog.hosts);
  const mtls = mtlsOf(catalog.peerAuthentications, workload.namespace, workload.labels);
  const ports = inboundPorts(catalog, scope, workload);
  const chainsOf = (port: InboundPort | undefined, setting: MtlsSetting): FilterChain[] =>
    filterChains(catalog, port, setting, httpFilters, network, proxy);
  return {
    listener: {
      name: "virtualInbound",
      direction: "inbound",
      address: "0.0.0.0",
      port: inboundPort,
      filterChains: [
        ...ports.flatMap((port) => chainsOf(port, mtlsForPort(mtls, port.targetPort))),
        ...[...mtls.ports]
          .filter(([port]) => !ports.some((one) => one.targetPort === port))
          .flatMap(([port, setting]) => chainsOf({ targetPort: port, protocol: "sniffed" }, setting).map(passedThrough)),
        ...chainsOf(undefined, mtls.whole),
      ],
    },
    routes: [...ports.map(inboundRoutes), inboundRoutes(undefined)],
    clusters: [...ports.map((port) => inboundCluster(catalog, scope, port, proxy)), passthroughCluster(catalog)],
  };
}

/** A port with a policy but without a service keeps its own chain, and the passthrough route. */
function passedThrough(chain: FilterChain): FilterChain {
  return chain.terminal.type === "http"
    ? { ...chain, terminal: { ...chain.terminal, routeConfig: passthroughName } }
    : { ...chain, terminal: { type: "tcp", clusters: [{ cluster: passthroughName, weight: 100 }] } };
}

const passthroughName = "InboundPassthroughCluster";

/** Ports of the services the workload stands behind; or those of the Sidecar's ingress list, when it has one. */
function inboundPorts(catalog: Catalog, scope: SidecarScope, workload: Workload): InboundPort[] {
  const ports = new Map<number, InboundPort>();
  const services = catalog.services.filter((service) => service.resolution !== "alias" && belongsTo(workload, service));
  const pool = scope.inboundConnectionPool;
  if (scope.ingress.length > 0) {
    for (const field of scope.ingress) {
      const port = number(field, "port", "number") ?? 0;
      const own = at(field, "connectionPool") ?? pool;
      ports.set(port, {
        targetPort: port,
        protocol: parseProtocol(text(field, "port", "protocol") ?? ""),
        ...(own ? { connectionPool: own } : {}),
        field,
      });
    }
  } else {
    for (const service of services) {
      for (const servicePort of service.ports) {
        const targetPort = targetPortOf(servicePort, workload);
        if (servicePort.protocol === "udp" || ports.has(targetPort)) continue;
        ports.set(targetPort, {
          targetPort,
          protocol: servicePort.protocol,
          service,
          servicePort,
          ...(pool ? { connectionPool: pool } : {}),
          field: servicePort.field,
        });
      }
    }
  }
  return [...ports.values()].sort((left, right) => left.targetPort - right.targetPort);
}

interface ChainShape {
  alpn?: readonly string[];
  transport: "tls" | "raw_buffer";
  http: boolean;
  tls: boolean;
}

/** core/filterchain_options.go: which chains a port needs for its protocol and mode. */
function shapes(mode: MtlsMode, protocol: Protocol | "passthrough"): ChainShape[] {
  const http = protocol !== "passthrough" && isHttp(protocol);
  const sniffed = protocol === "sniffed" || protocol === "passthrough";
  if (mode === "STRICT") {
    if (http) return [{ transport: "tls", http: true, tls: true }];
    const tcp: ChainShape = { transport: "tls", http: false, tls: true };
    return sniffed ? [{ alpn: meshHttp, transport: "tls", http: true, tls: true }, tcp] : [tcp];
  }
  if (mode === "DISABLE") {
    if (http) return [{ transport: "raw_buffer", http: true, tls: false }];
    const tcp: ChainShape = { transport: "raw_buffer", http: false, tls: false };
    return sniffed ? [{ alpn: plainHttp, transport: "raw_buffer", http: true, tls: false }, tcp] : [tcp];
  }
  if (http) {
    return [
      { alpn: meshAny, transport: "tls", http: true, tls: true },
      { transport: "raw_buffer", http: true, tls: false },
    ];
  }
  const rest: ChainShape[] = [
    { transport: "tls", http: false, tls: false },
    { transport: "raw_buffer", http: false, tls: false },
  ];
  if (!sniffed) return [{ alpn: meshAny, transport: "tls", http: false, tls: true }, ...rest];
  return [
    { alpn: meshHttp, transport: "tls", http: true, tls: true },
    { alpn: plainHttp, transport: "raw_buffer", http: true, tls: false },
    { alpn: meshTcp, transport: "tls", http: false, tls: true },
    ...rest,
  ];
}

function filterChains(
  { settings }: Catalog,
  port: InboundPort | undefined,
  setting: MtlsSetting,
  httpFilters: readonly HttpFilterConfig[],
  network: NetworkAuthorization,
  proxy: ProxyIdentity,
): FilterChain[] {
  const tls: DownstreamTls = { certificate: proxy.certificate, requireClientCertificate: true, trustedRoots: [meshRoot] };
  return shapes(setting.mode, port?.protocol ?? "passthrough").map((shape) => ({
    name: port ? `0.0.0.0_${port.targetPort}` : shape.http ? "virtualInbound-catchall-http" : "virtualInbound",
    match: {
      ...(port ? { destinationPort: port.targetPort } : {}),
      transportProtocol: shape.transport,
      ...(shape.alpn ? { applicationProtocols: shape.alpn } : {}),
    },
    ...(shape.tls ? { tls } : {}),
    networkRbac: shape.http ? [] : network.rbac,
    ...(network.extAuthz && !shape.http ? { networkExtAuthz: network.extAuthz } : {}),
    terminal: shape.http
      ? connectionManager(settings, port ? inboundName(port.targetPort) : passthroughName, httpFilters)
      : { type: "tcp", clusters: [{ cluster: port ? inboundName(port.targetPort) : passthroughName, weight: 100 }] },
    ...(setting.source ? { source: setting.source } : {}),
  }));
}

function inboundName(port: number): string {
  return `inbound|${port}||`;
}

function inboundRoutes(port: InboundPort | undefined): RouteConfiguration {
  const cluster = port ? inboundName(port.targetPort) : passthroughName;
  const grpc = port?.protocol === "grpc" || port?.protocol === "grpc-web";
  return {
    name: cluster,
    virtualHosts: [
      {
        name: `inbound|http|${port?.servicePort?.port ?? port?.targetPort ?? 0}`,
        domains: ["*"],
        routes: [
          {
            name: "default",
            match: { path: { type: "prefix", value: "/", ignoreCase: false }, headers: [], queryParameters: [] },
            action: {
              type: "forward",
              clusters: [{ cluster, weight: 100 }],
              timeoutMs: 0,
              // Safe for any request: nothing had been sent yet.
              ...(grpc
                ? {}
                : {
                    retryPolicy: {
                      retryOn: ["reset-before-request"],
                      numRetries: 2,
                      perTryTimeoutMs: 0,
                      retriableStatusCodes: [],
                      backOff: { baseIntervalMs: 25, maxIntervalMs: 250 },
                      avoidPreviousHosts: false,
                      hostSelectionRetryMaxAttempts: 1,
                    },
                  }),
              mirrors: [],
              hashPolicy: [],
              priority: "default",
              clusterNotFoundStatus: 503,
            },
          },
        ],
      },
    ],
  };
}

/** The limits that callers have bind the server's own proxy as well. */
function inboundCluster(catalog: Catalog, scope: SidecarScope, port: InboundPort, proxy: ProxyIdentity): Cluster {
  const rule = port.service && destinationRuleFor(catalog.destinationRules, proxy, port.service, "inbound");
  const policy = rule && port.servicePort ? policyForPort(rule.trafficPolicy, port.servicePort.port).policy : undefined;
  const pool = port.connectionPool ?? scope.inboundConnectionPool ?? policy?.connectionPool;
  return localCluster(catalog, inboundName(port.targetPort), pool, policy?.retryBudget, port);
}

function passthroughCluster(catalog: Catalog): Cluster {
  return localCluster(catalog, passthroughName, undefined, undefined, undefined);
}

function localCluster(
  catalog: Catalog,
  name: string,
  pool: Field | undefined,
  retryBudget: Field | undefined,
  port: InboundPort | undefined,
): Cluster {
  const limits = connectionLimitsOf(pool, catalog.settings.connectTimeoutMs);
  const source = port?.field ? sourceOf(port.field) : undefined;
  return {
    name,
    type: "ORIGINAL_DST",
    connectTimeoutMs: limits.connectTimeoutMs,
    lb: {
      policy: "CLUSTER_PROVIDED",
      panicThresholdPercent: 50,
      localityWeighted: false,
      updateMergeWindowMs: 1000,
      overprovisioningFactor: 140,
    },
    circuitBreakers: circuitBreakersOf(pool, retryBudget),
    upstreamProtocol:
      port && isHttp2(port.protocol) ? "http2" : port && !isHttp(port.protocol) && port.protocol !== "sniffed" ? "tcp" : "http1",
    maxRequestsPerConnection: limits.maxRequestsPerConnection,
    maxConcurrentStreams: 1_073_741_824,
    ...(limits.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: limits.idleTimeoutMs }),
    transportSocketMatches: [],
    ...(source ? { source } : {}),
    ...(pool ? { sources: { connectionPool: sourceOf(pool) } } : {}),
  };
}
