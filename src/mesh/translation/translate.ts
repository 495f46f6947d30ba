/** Resources → what istiod would push to every proxy. Never throws: what cannot be used is left out, as istiod leaves it out. */
import type { CertificateConfig, MeshConfig, ProxyNode } from "#engine";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { envoyReaders } from "../envoy/dialect.ts";
import { conditionDiagnostics } from "../gateway-api/translation/condition-diagnostic.ts";
import { convertGatewayApi } from "../gateway-api/translation/convert.ts";
import type { TranslateResult, WorkloadInput } from "../mesh-api.ts";
import { bootstrapGroup } from "../resource/read-resources.ts";
import type { Resource } from "../resource/resource.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { specOf, textMap } from "./field.ts";
import { gatewayConfig, gatewayServiceAnnotation, gatewaysFor } from "./gateway.ts";
import { inboundConfig } from "./inbound.ts";
import { convertIngresses } from "./ingress.ts";
import { readMeshSettings } from "./mesh-settings.ts";
import { meshRoot, outboundClusters, type ProxyIdentity, passthroughClusters } from "./outbound-cluster.ts";
import { type Outbound, outboundShare } from "./outbound-share.ts";
import { gatewayNameLabel } from "./policy-target.ts";
import { serviceEntryPoints } from "./service-entry-point.ts";
import { servicesSeenFrom } from "./sidecar-scope.ts";
import type { Workload } from "./workload.ts";

/** Workload certificates live for a day. */
const certificateLifetimeMs = 86_400_000;

/**
 * @param workloads beside those written as Deployments and Pods; one of the same name stands for it.
 * @returns frozen-by-convention plain data, shared between proxies where it is the same.
 */
export function translate(resources: readonly Resource[], workloads: readonly WorkloadInput[]): TranslateResult {
  const converted = convertGatewayApi(resources);
  const ingresses = convertIngresses(resources, readMeshSettings(resources));
  const catalog = readCatalog([...resources, ...ingresses, ...converted.resources], workloads);
  const share = outboundShare(catalog);
  const refused: Diagnostic[] = [];
  const patcher = resources.some(isEnvoyFilter) ? envoyReaders().envoyFilterPatcher(catalog) : undefined;
  const patched = (workload: Workload, node: ProxyNode): ProxyNode => {
    if (patcher === undefined) return node;
    const result = patcher(workload, node);
    refused.push(...result.diagnostics);
    return result.node;
  };
  const nodes = [
    ...catalog.workloads.filter((one) => one.meshed && !one.gateway).map((one) => patched(one, sidecarNode(catalog, one, share))),
    ...[...catalog.workloads.filter((one) => one.gateway), ...impliedGateways(catalog)].map((one) =>
      patched(one, gatewayNode(catalog, one)),
    ),
  ];
  const bootstraps = resources.filter((one) => one.group === bootstrapGroup).map((one) => envoyReaders().translateBootstrap(one));
  const config: MeshConfig = { nodes: [...bootstraps.map((one) => one.node), ...nodes], services: serviceEntryPoints(catalog) };
  return {
    config,
    diagnostics: [
      ...bootstraps.flatMap((one) => one.diagnostics),
      ...conditionDiagnostics(resources, converted.statuses),
      ...refused,
    ],
  };
}

function isEnvoyFilter({ kind, group }: Resource): boolean {
  return kind === "EnvoyFilter" && group === "networking.istio.io";
}

function identityOf(catalog: Catalog, workload: Workload): ProxyIdentity {
  const certificate: CertificateConfig = {
    identity: `spiffe://${catalog.settings.trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`,
    issuer: meshRoot,
    notBeforeMs: 0,
    notAfterMs: certificateLifetimeMs,
  };
  return {
    namespace: workload.namespace,
    labels: workload.labels,
    locality: workload.replicas[0]?.locality ?? "",
    certificate,
    gateway: workload.gateway,
  };
}

function sidecarNode(catalog: Catalog, workload: Workload, share: (proxy: ProxyIdentity) => Outbound): ProxyNode {
  const proxy = identityOf(catalog, workload);
  const { scope, config: outbound, upstream } = share(proxy);
  const inbound = inboundConfig(catalog, scope, workload, proxy);
  return {
    id: `${workload.name}.${workload.namespace}`,
    type: "sidecar",
    workload: workload.name,
    namespace: workload.namespace,
    labels: workload.labels,
    addresses: workload.replicas.map((replica) => replica.ip),
    listeners: [...outbound.listeners, inbound.listener],
    routes: [...outbound.routes, ...inbound.routes],
    clusters: [...upstream.clusters, ...inbound.clusters, ...passthroughClusters(catalog.settings.connectTimeoutMs)],
    endpoints: upstream.endpoints,
  };
}

/** A Gateway whose proxy nobody deployed in the text still gets one: it would be there in a cluster. */
function impliedGateways(catalog: Catalog): Workload[] {
  const implied = new Map<string, Workload>();
  for (const gateway of catalog.resources) {
    if (gateway.kind !== "Gateway" || gateway.group !== "networking.istio.io") continue;
    const named = gateway.annotations[gatewayServiceAnnotation]?.split(",")[0]?.split(".");
    const labels = textMap(specOf(gateway), "selector");
    if (catalog.workloads.some((one) => one.gateway && gatewaysFor(catalog, one).includes(gateway))) continue;
    const usual = usualGatewayName(labels);
    const name = named?.[0] ?? usual ?? gateway.name;
    const namespace = named?.[1] ?? (usual === undefined ? gateway.namespace : catalog.settings.rootNamespace);
    implied.set(`${namespace}/${name}`, {
      name,
      namespace,
      labels: { ...implied.get(`${namespace}/${name}`)?.labels, ...labels, ...gatewayNameOf(gateway) },
      serviceAccount: named ? name : `${name}-service-account`,
      meshed: true,
      gateway: true,
      replicas: [],
      ports: {},
    });
  }
  return [...implied.values()];
}

/** What istioctl calls the pods with these labels; its service account is called `…-service-account`. */
export function usualGatewayName({ istio, app }: Readonly<Record<string, string>>): string | undefined {
  const own = istio ?? app;
  return own === undefined || own.startsWith("istio-") ? own : `istio-${own}`;
}

/** The label by which policies find the proxies of a Gateway API gateway. */
function gatewayNameOf(gateway: Resource): Record<string, string> {
  const parent = /^Gateway\/([^/.]+)/.exec(gateway.annotations["internal.istio.io/parents"] ?? "")?.[1];
  return parent === undefined ? {} : { [gatewayNameLabel]: parent };
}

function gatewayNode(catalog: Catalog, workload: Workload): ProxyNode {
  const proxy = identityOf(catalog, workload);
  const { listeners, routes } = gatewayConfig(catalog, workload, proxy);
  const upstream = outboundClusters(catalog, proxy, servicesSeenFrom(catalog, workload.namespace));
  return {
    id: `${workload.name}.${workload.namespace}`,
    type: "gateway",
    workload: workload.name,
    namespace: workload.namespace,
    labels: workload.labels,
    addresses: workload.replicas.map((replica) => replica.ip),
    listeners,
    routes,
    clusters: [...upstream.clusters, ...passthroughClusters(catalog.settings.connectTimeoutMs)],
    endpoints: upstream.endpoints,
  };
}
