/** The clusters and endpoints a proxy gets for the services it sees (core/cluster.go, cluster_builder.go). */
import type { CertificateConfig, Cluster, ClusterLoadAssignment, Endpoint, LocalityEndpoints } from "#engine";
import type { Catalog } from "./catalog.ts";
import { clusterName, sniName } from "./cluster-name.ts";
import { circuitBreakersOf, connectionLimitsOf, loadBalancingOf, outlierDetectionOf, unlimited } from "./cluster-policy.ts";
import { type DestinationRule, destinationRuleFor, type Subset } from "./destination-rule.ts";
import { at, flag, number, sourceOf, specOf, text } from "./field.ts";
import { type Labels, labelsMatch } from "./labels.ts";
import { applyLocality, type LabelledGroup, localityPolicyOf } from "./locality.ts";
import { namespaceMode } from "./peer-authentication.ts";
import { isHttp, isHttp2, isTcp, type Protocol } from "./protocol.ts";
import type { Service, ServicePort } from "./service.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { policyForPort, policyForSubset, type TrafficPolicy } from "./traffic-policy.ts";
import { clusterTlsOf } from "./upstream-tls.ts";

/** The root that signs all workload certificates of a mesh. */
export const meshRoot = "ROOTCA";

/** The most concurrent streams istiod allows on an HTTP/2 connection. */
const maxConcurrentStreams = 1_073_741_824;

export interface ProxyIdentity {
  namespace: string;
  labels: Labels;
  locality: string;
  certificate: CertificateConfig;
  gateway: boolean;
}

export interface ClustersAndEndpoints {
  clusters: Cluster[];
  endpoints: ClusterLoadAssignment[];
}

export function outboundClusters(catalog: Catalog, proxy: ProxyIdentity, services: readonly Service[]): ClustersAndEndpoints {
  const result: ClustersAndEndpoints = { clusters: [], endpoints: [] };
  for (const service of services) {
    if (service.resolution === "alias" || service.resolution === "dynamicDns") continue;
    const rule = destinationRuleFor(catalog.destinationRules, proxy, service, "outbound");
    for (const port of service.ports) {
      if (port.protocol === "udp") continue;
      const base = policyForPort(rule?.trafficPolicy, port.port).policy;
      addCluster(result, catalog, proxy, service, port, rule, undefined, base);
      for (const subset of rule?.subsets ?? []) {
        addCluster(result, catalog, proxy, service, port, rule, subset, policyForSubset(base, subset.trafficPolicy, port.port));
      }
    }
  }
  return result;
}

function addCluster(
  result: ClustersAndEndpoints,
  catalog: Catalog,
  proxy: ProxyIdentity,
  service: Service,
  port: ServicePort,
  rule: DestinationRule | undefined,
  subset: Subset | undefined,
  policy: TrafficPolicy | undefined,
): void {
  const name = clusterName("outbound", port.port, subset?.name ?? "", service.hostname);
  const all = catalog.endpointsOf(service, port.port);
  const members = subset ? all.filter((endpoint) => labelsMatch(subset.labels, endpoint.labels)) : all;
  const type = clusterType(service, proxy.gateway);
  // Without an address there is no DNS or static cluster at all.
  if ((type === "STRICT_DNS" || type === "LOGICAL_DNS") && members.length === 0) return;

  const outlier = outlierDetectionOf(policy?.outlierDetection);
  const minHealth = number(policy?.outlierDetection, "minHealthPercent") ?? 0;
  const panic = outlier && minHealth >= 0 ? minHealth : 50;
  const locality = localityPolicyOf(at(policy?.loadBalancer, "localityLbSetting"), service.resource, catalog.settings.localityLb);
  const weighted = Boolean(
    locality && (((outlier || locality.isForced) && locality.hasFailover) || locality.distribute.length > 0),
  );
  const { loadBalancing, passthrough } = loadBalancingOf(policy?.loadBalancer, panic, weighted);
  const originalDst = type === "ORIGINAL_DST" || passthrough;
  const tls = clusterTlsOf(policy?.tls, {
    certificate: proxy.certificate,
    meshRoot,
    meshSni: sniName(port.port, subset?.name ?? "", service.hostname),
    serviceIdentities: identitiesOf(all, catalog.settings.trustDomain),
    meshExternal: service.meshExternal,
    autoMtls: catalog.settings.autoMtls,
    assumedMode: assumedMode(catalog, service, all, subset?.trafficPolicy ?? rule?.trafficPolicy),
    external: service.registry === "external",
    externalNames: service.subjectAltNames,
    gateway: proxy.gateway,
    ruleHasSelector: rule?.workloadSelector !== null && rule !== undefined,
    originalDst,
  });
  const limits = connectionLimitsOf(policy?.connectionPool, catalog.settings.connectTimeoutMs);
  const source = subset ? sourceOf(subset.field) : rule ? sourceOf(specOf(rule.resource)) : sourceOf(port.field);
  const proxyProtocol = policy?.proxyProtocol ? (text(policy.proxyProtocol, "version") === "V2" ? "V2" : "V1") : undefined;
  result.clusters.push({
    name,
    type: originalDst ? "ORIGINAL_DST" : type,
    ...(type === "EDS" && service.resolution === "passthrough" && !proxy.gateway ? { announcedType: "ORIGINAL_DST" } : {}),
    connectTimeoutMs: limits.connectTimeoutMs,
    lb: originalDst ? { ...loadBalancing, policy: "CLUSTER_PROVIDED" } : loadBalancing,
    circuitBreakers: circuitBreakersOf(policy?.connectionPool, policy?.retryBudget),
    ...(outlier ? { outlierDetection: outlier } : {}),
    ...protocolOf(port.protocol, policy, catalog.settings.h2Upgrade, proxy.gateway),
    maxRequestsPerConnection: limits.maxRequestsPerConnection,
    maxConcurrentStreams: number(policy?.connectionPool, "http", "maxConcurrentStreams") || maxConcurrentStreams,
    ...(limits.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: limits.idleTimeoutMs }),
    ...(limits.maxConnectionDurationMs === undefined ? {} : { maxConnectionDurationMs: limits.maxConnectionDurationMs }),
    ...(proxyProtocol ? { proxyProtocol } : {}),
    ...tls,
    service: { host: service.hostname, port: port.port, subset: subset?.name ?? "" },
    ...(rule ? { owner: { kind: "DestinationRule", name: rule.name, namespace: rule.namespace } } : {}),
    source,
    sources: policySources(policy),
  });
  if (originalDst) return;
  result.endpoints.push({ cluster: name, localities: groupEndpoints(members, policy, locality, Boolean(outlier), proxy) });
}

function policySources(policy: TrafficPolicy | undefined): Cluster["sources"] {
  return {
    ...(policy?.loadBalancer ? { loadBalancer: sourceOf(policy.loadBalancer) } : {}),
    ...(policy?.connectionPool ? { connectionPool: sourceOf(policy.connectionPool) } : {}),
    ...(policy?.outlierDetection ? { outlierDetection: sourceOf(policy.outlierDetection) } : {}),
    ...(policy?.tls ? { tls: sourceOf(policy.tls) } : {}),
  };
}

function clusterType(service: Service, gateway: boolean): Cluster["type"] {
  if (service.resolution === "dnsLb") return "STRICT_DNS";
  if (service.resolution === "dnsRoundRobin") return "LOGICAL_DNS";
  if (service.resolution === "passthrough" && !gateway && service.registry !== "kubernetes") return "ORIGINAL_DST";
  return "EDS";
}

/** Sniffed ports speak to the upstream what the caller spoke; gateways sniff nothing. */
function protocolOf(
  protocol: Protocol,
  policy: TrafficPolicy | undefined,
  meshUpgrade: boolean,
  gateway: boolean,
): Pick<Cluster, "upstreamProtocol" | "useDownstreamProtocol"> {
  const pool = policy?.connectionPool;
  if (flag(pool, "http", "useClientProtocol")) return { upstreamProtocol: "http1", useDownstreamProtocol: true };
  const upgrade = text(pool, "http", "h2UpgradePolicy");
  if (upgrade === "UPGRADE" || isHttp2(protocol)) return { upstreamProtocol: "http2" };
  if (upgrade !== "DO_NOT_UPGRADE" && meshUpgrade && isHttp(protocol)) return { upstreamProtocol: "http2" };
  if (isTcp(protocol)) return { upstreamProtocol: "tcp" };
  return protocol === "sniffed" && !gateway
    ? { upstreamProtocol: "http1", useDownstreamProtocol: true }
    : { upstreamProtocol: "http1" };
}

function identitiesOf(endpoints: readonly ServiceEndpoint[], trustDomain: string): string[] {
  const found = new Set(endpoints.filter((one) => one.meshed && one.identity !== "").map((one) => one.identity));
  return [...found].sort().map((identity) => `spiffe://${trustDomain}/ns/${identity}`);
}

/** Passed-through connections are encrypted only where every instance has a proxy. */
function assumedMode(
  catalog: Catalog,
  service: Service,
  endpoints: readonly ServiceEndpoint[],
  policy: Subset["trafficPolicy"],
): "DISABLE" | "PERMISSIVE" | "STRICT" {
  const passthrough = service.resolution === "passthrough" || text(policy, "loadBalancer", "simple") === "PASSTHROUGH";
  if (passthrough && (endpoints.length === 0 || endpoints.some((one) => !one.meshed))) return "DISABLE";
  return namespaceMode(catalog.peerAuthentications, service.namespace);
}

function groupEndpoints(
  members: readonly ServiceEndpoint[],
  policy: TrafficPolicy | undefined,
  locality: ReturnType<typeof localityPolicyOf>,
  outlier: boolean,
  proxy: ProxyIdentity,
): LocalityEndpoints[] {
  const ruleMode = policy?.tls ? (text(policy.tls, "mode") ?? "DISABLE") : undefined;
  const groups = new Map<string, { endpoints: Endpoint[]; labels: Labels[] }>();
  for (const member of members) {
    const group = groups.get(member.locality) ?? { endpoints: [], labels: [] };
    groups.set(member.locality, group);
    const istio = ruleMode === undefined ? member.mutualTls : ruleMode === "ISTIO_MUTUAL";
    group.endpoints.push({
      address: `${member.ip}:${member.port}`,
      weight: member.weight,
      health: "HEALTHY",
      metadata: istio ? { tlsMode: "istio" } : {},
      ...(member.hostname === "" ? {} : { hostname: member.hostname }),
    });
    group.labels.push(member.labels);
  }
  const labelled: LabelledGroup[] = [...groups].map(([name, group]) => ({
    group: {
      locality: name,
      priority: 0,
      weight: group.endpoints.reduce((sum, one) => sum + one.weight, 0),
      endpoints: group.endpoints,
    },
    labels: group.labels,
  }));
  return applyLocality(labelled, locality, { locality: proxy.locality, labels: proxy.labels }, outlier);
}

/** Where traffic goes that no configuration knows: to where it was sent, or nowhere. */
export function passthroughClusters(connectTimeoutMs: number): Cluster[] {
  const base: Omit<Cluster, "name" | "type" | "lb"> = {
    connectTimeoutMs,
    circuitBreakers: {
      default: { maxConnections: unlimited, maxPendingRequests: unlimited, maxRequests: unlimited, maxRetries: unlimited },
      high: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 3 },
    },
    upstreamProtocol: "http1",
    useDownstreamProtocol: true,
    maxRequestsPerConnection: 0,
    maxConcurrentStreams,
    transportSocketMatches: [],
  };
  const lb = { panicThresholdPercent: 50, localityWeighted: false, updateMergeWindowMs: 1000, overprovisioningFactor: 140 };
  return [
    { ...base, name: "BlackHoleCluster", type: "STATIC", lb: { ...lb, policy: "ROUND_ROBIN" } },
    {
      ...base,
      name: "PassthroughCluster",
      type: "ORIGINAL_DST",
      lb: { ...lb, policy: "CLUSTER_PROVIDED" },
      idleTimeoutMs: 300_000,
    },
  ];
}
