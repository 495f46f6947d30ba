/** Istio's annotations (istio.io/api 1.29), the kinds they belong to, and what their values must look like. */
import { parseGoDuration } from "#base";
import { isCidr } from "../validation/ip-address.ts";

const onPods = [
  "ambient.istio.io/bypass-inbound-capture",
  "ambient.istio.io/dns-capture",
  "ambient.istio.io/redirection",
  "inject.istio.io/templates",
  "istio.io/reroute-virtual-interfaces",
  "istio.io/rev",
  "prometheus.istio.io/merge-metrics",
  "proxy.istio.io/config",
  "proxy.istio.io/overrides",
  "readiness.status.sidecar.istio.io/applicationPorts",
  "readiness.status.sidecar.istio.io/failureThreshold",
  "readiness.status.sidecar.istio.io/initialDelaySeconds",
  "readiness.status.sidecar.istio.io/periodSeconds",
  "sidecar.istio.io/agentLogLevel",
  "sidecar.istio.io/bootstrapOverride",
  "sidecar.istio.io/componentLogLevel",
  "sidecar.istio.io/discoveryAddress",
  "sidecar.istio.io/extraStatTags",
  "sidecar.istio.io/inject",
  "sidecar.istio.io/interceptionMode",
  "sidecar.istio.io/logLevel",
  "sidecar.istio.io/nativeSidecar",
  "sidecar.istio.io/proxyCPU",
  "sidecar.istio.io/proxyCPULimit",
  "sidecar.istio.io/proxyImage",
  "sidecar.istio.io/proxyImageType",
  "sidecar.istio.io/proxyMemory",
  "sidecar.istio.io/proxyMemoryLimit",
  "sidecar.istio.io/rewriteAppHTTPProbers",
  "sidecar.istio.io/statsCompression",
  "sidecar.istio.io/statsEvictionInterval",
  "sidecar.istio.io/statsFlushInterval",
  "sidecar.istio.io/statsHistogramBins",
  "sidecar.istio.io/statsHistogramBuckets",
  "sidecar.istio.io/statsInclusionPrefixes",
  "sidecar.istio.io/statsInclusionRegexps",
  "sidecar.istio.io/statsInclusionSuffixes",
  "sidecar.istio.io/status",
  "sidecar.istio.io/userVolume",
  "sidecar.istio.io/userVolumeMount",
  "status.sidecar.istio.io/port",
  "traffic.sidecar.istio.io/excludeInboundPorts",
  "traffic.sidecar.istio.io/excludeInterfaces",
  "traffic.sidecar.istio.io/excludeOutboundIPRanges",
  "traffic.sidecar.istio.io/excludeOutboundPorts",
  "traffic.sidecar.istio.io/includeInboundPorts",
  "traffic.sidecar.istio.io/includeOutboundIPRanges",
  "traffic.sidecar.istio.io/includeOutboundPorts",
  "traffic.sidecar.istio.io/kubevirtInterfaces",
];

export const annotationKinds: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(onPods.map((name) => [name, ["Pod"]])),
  "alpha.istio.io/canonical-serviceaccounts": ["Service"],
  "alpha.istio.io/kubernetes-serviceaccounts": ["Service"],
  "ambient.istio.io/waypoint-inbound-binding": ["GatewayClass", "Gateway"],
  "galley.istio.io/analyze-suppress": ["Any"],
  "gateway.istio.io/controller-version": ["Any"],
  "gateway.istio.io/name-override": ["Gateway"],
  "gateway.istio.io/service-account": ["Gateway"],
  "istio.io/autoRegistrationGroup": ["WorkloadEntry"],
  "istio.io/connectedAt": ["WorkloadEntry"],
  "istio.io/disconnectedAt": ["WorkloadEntry"],
  "istio.io/dry-run": ["AuthorizationPolicy"],
  "istio.io/workloadController": ["WorkloadEntry"],
  "kubernetes.io/ingress.class": ["Ingress"],
  "networking.istio.io/exportTo": ["Service"],
  "networking.istio.io/service-type": ["Gateway"],
  "networking.istio.io/traffic-distribution": ["Service", "ServiceEntry"],
  "topology.istio.io/controlPlaneClusters": ["Namespace"],
  "traffic.istio.io/nodeSelector": ["Service"],
};

export const deprecatedAnnotations: ReadonlySet<string> = new Set([
  "alpha.istio.io/canonical-serviceaccounts",
  "alpha.istio.io/kubernetes-serviceaccounts",
  "sidecar.istio.io/discoveryAddress",
  "sidecar.istio.io/extraStatTags",
  "sidecar.istio.io/inject",
  "sidecar.istio.io/statsCompression",
  "sidecar.istio.io/statsInclusionPrefixes",
  "sidecar.istio.io/statsInclusionRegexps",
  "sidecar.istio.io/statsInclusionSuffixes",
  "traffic.sidecar.istio.io/kubevirtInterfaces",
]);

type Check = (value: string) => boolean;

const unsigned: Check = (value) => /^\d+$/.test(value) && Number(value) < 2 ** 32;
const boolean: Check = (value) => /^(?:1|0|t|f|true|false|TRUE|FALSE|True|False|T|F)$/.test(value);
const ports: Check = (value) =>
  value.split(",").every((port) => port.trim() === "" || (unsigned(port.trim()) && Number(port) <= 65535));
const includedPorts: Check = (value) => value === "*" || ports(value);
const blocks: Check = (value) => value.split(",").every((block) => block.trim() === "" || isCidr(block.trim()));
const includedBlocks: Check = (value) => value === "*" || blocks(value);
const quantity: Check = (value) => /^\d+(?:\.\d+)?(?:m|k|M|G|Ki|Mi|Gi|Ti)?$/.test(value);

const checks: Readonly<Record<string, Check>> = {
  "readiness.status.sidecar.istio.io/applicationPorts": ports,
  "readiness.status.sidecar.istio.io/failureThreshold": unsigned,
  "readiness.status.sidecar.istio.io/initialDelaySeconds": unsigned,
  "readiness.status.sidecar.istio.io/periodSeconds": unsigned,
  "sidecar.istio.io/interceptionMode": (value) => ["REDIRECT", "TPROXY", "NONE"].includes(value),
  "sidecar.istio.io/proxyCPU": quantity,
  "sidecar.istio.io/proxyCPULimit": quantity,
  "sidecar.istio.io/proxyMemory": quantity,
  "sidecar.istio.io/proxyMemoryLimit": quantity,
  "sidecar.istio.io/rewriteAppHTTPProbers": boolean,
  "sidecar.istio.io/statsEvictionInterval": (value) => parseGoDuration(value) !== undefined,
  "status.sidecar.istio.io/port": (value) => unsigned(value) && Number(value) <= 65535,
  "traffic.sidecar.istio.io/excludeInboundPorts": ports,
  "traffic.sidecar.istio.io/excludeOutboundIPRanges": blocks,
  "traffic.sidecar.istio.io/excludeOutboundPorts": ports,
  "traffic.sidecar.istio.io/includeInboundPorts": includedPorts,
  "traffic.sidecar.istio.io/includeOutboundIPRanges": includedBlocks,
  "traffic.sidecar.istio.io/includeOutboundPorts": includedPorts,
};

export function isValidAnnotation(name: string, value: string): boolean {
  return checks[name]?.(value) ?? true;
}
