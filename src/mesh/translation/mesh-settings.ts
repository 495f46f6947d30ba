/** MeshConfig: istiod's own settings, from the ConfigMap "istio" (data.mesh) or an IstioOperator; defaults as Istio 1.29. */
import { parse } from "yaml";
import type { Resource } from "../resource/resource.ts";
import { at, durationMs, type Field, flag, isRecord, items, number, text, texts } from "./field.ts";

export interface ExtensionProvider {
  name: string;
  type: "extAuthz" | "other";
  /** "namespace/host" or host. */
  service: string;
  port: number;
  timeoutMs: number;
  failOpen: boolean;
  statusOnError: number;
  grpc: boolean;
  /** What stands before the path of an HTTP service's question. */
  pathPrefix: string;
}

export interface MeshSettings {
  rootNamespace: string;
  trustDomain: string;
  trustDomainAliases: readonly string[];
  registryOnly: boolean;
  autoMtls: boolean;
  connectTimeoutMs: number;
  h2Upgrade: boolean;
  dnsRefreshRateMs: number;
  /** Sidecars answer DNS, and hosts without an address get one (`ISTIO_META_DNS_CAPTURE`; off by default). */
  dnsCapture: boolean;
  /** meshConfig.defaultHttpRetryPolicy. */
  defaultRetries?: Field;
  localityLb?: Field;
  extensionProviders: readonly ExtensionProvider[];
  defaultExportTo: { service: readonly string[]; virtualService: readonly string[]; destinationRule: readonly string[] };
  /** Ingress resources are taken when they name this class, or (DEFAULT mode) none. */
  ingressClass: string;
  ingressControllerMode: string;
  /** Value of the label "istio" of the gateway that carries Ingresses. */
  ingressSelector: string;
  /** meshConfig.pathNormalization.normalization. */
  pathNormalization: string;
}

export function readMeshSettings(resources: readonly Resource[]): MeshSettings {
  const config = findMeshConfig(resources);
  const exportDefault = (key: string): string[] => (at(config, key) ? texts(config, key) : ["*"]);
  const localityLb = at(config, "localityLbSetting");
  const defaultRetries = at(config, "defaultHttpRetryPolicy");
  return {
    rootNamespace: text(config, "rootNamespace") ?? "istio-system",
    trustDomain: text(config, "trustDomain") ?? "cluster.local",
    trustDomainAliases: texts(config, "trustDomainAliases"),
    registryOnly: text(config, "outboundTrafficPolicy", "mode") === "REGISTRY_ONLY",
    autoMtls: flag(config, "enableAutoMtls") ?? true,
    connectTimeoutMs: durationMs(config, "connectTimeout") ?? 10_000,
    h2Upgrade: text(config, "h2UpgradePolicy") === "UPGRADE",
    dnsRefreshRateMs: durationMs(config, "dnsRefreshRate") ?? 60_000,
    dnsCapture: text(config, "defaultConfig", "proxyMetadata", "ISTIO_META_DNS_CAPTURE") === "true",
    ...(defaultRetries ? { defaultRetries } : {}),
    ...(localityLb ? { localityLb } : {}),
    pathNormalization: text(config, "pathNormalization", "normalization") ?? "DEFAULT",
    extensionProviders: items(config, "extensionProviders").map(readProvider),
    defaultExportTo: {
      service: exportDefault("defaultServiceExportTo"),
      virtualService: exportDefault("defaultVirtualServiceExportTo"),
      destinationRule: exportDefault("defaultDestinationRuleExportTo"),
    },
    ingressClass: text(config, "ingressClass") ?? "istio",
    ingressControllerMode: text(config, "ingressControllerMode") ?? "STRICT",
    ingressSelector: ingressSelector(text(config, "ingressSelector"), text(config, "ingressService")),
  };
}

/** The gateway of the default installation carries a label that is not its Service's name. */
function ingressSelector(selector: string | undefined, service: string | undefined): string {
  return selector || (service && service !== "istio-ingressgateway" ? service : "ingressgateway");
}

function findMeshConfig(resources: readonly Resource[]): Field | undefined {
  for (const resource of resources) {
    if (resource.kind === "IstioOperator") {
      const found = at({ resource, path: ["spec"], value: resource.spec }, "meshConfig");
      if (found) return found;
    }
    if (resource.kind !== "ConfigMap" || resource.group !== "" || !/^istio(-.*)?$/.test(resource.name)) continue;
    const written = at({ resource, path: [], value: resource.object }, "data", "mesh");
    if (typeof written?.value !== "string") continue;
    const value = parseLeniently(written.value);
    // Places inside the embedded text are not known: everything points at data.mesh.
    if (isRecord(value))
      return { resource: { ...resource, rangeOf: () => resource.rangeOf(["data", "mesh"]) }, path: written.path, value };
  }
  return undefined;
}

function parseLeniently(source: string): unknown {
  try {
    return parse(source, { logLevel: "silent", maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function readProvider(field: Field): ExtensionProvider {
  const http = at(field, "envoyExtAuthzHttp");
  const authz = http ?? at(field, "envoyExtAuthzGrpc");
  return {
    name: text(field, "name") ?? "",
    type: authz ? "extAuthz" : "other",
    service: text(authz, "service") ?? "",
    port: number(authz, "port") ?? 0,
    timeoutMs: durationMs(authz, "timeout") ?? 600_000,
    failOpen: flag(authz, "failOpen") ?? false,
    statusOnError: number(authz, "statusOnError") ?? 403,
    grpc: authz !== undefined && http === undefined,
    pathPrefix: text(authz, "pathPrefix") ?? "",
  };
}
