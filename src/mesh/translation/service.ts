/** The service registry: Kubernetes Services and ServiceEntries, as istiod's aggregate controller sees them. */
import type { Resource } from "../resource/resource.ts";
import { addressPool } from "./address.ts";
import { at, entries, type Field, items, number, specOf, text, textMap, texts } from "./field.ts";
import { clusterDomain, isIpAddress } from "./host-name.ts";
import type { Labels } from "./labels.ts";
import type { MeshSettings } from "./mesh-settings.ts";
import { type Protocol, parseProtocol, protocolOfPort } from "./protocol.ts";
import { joinByHost } from "./service-merge.ts";

export interface ServicePort {
  name: string;
  port: number;
  /** A number, or the name of a container port. */
  targetPort: number | string;
  protocol: Protocol;
  field: Field;
}

/** An endpoint written out (ServiceEntry.endpoints, Endpoints, EndpointSlice) rather than selected. */
export interface WrittenEndpoint {
  address: string;
  /** By the service port's name. */
  ports: Readonly<Record<string, number>>;
  /** Names of the ports it has; absent: every port of its service. */
  serves?: readonly string[];
  labels: Labels;
  locality: string;
  weight: number;
  meshed: boolean;
}

export interface Service {
  hostname: string;
  name: string;
  namespace: string;
  registry: "kubernetes" | "external";
  /** "0.0.0.0": none of its own. */
  address: string;
  addresses: readonly string[];
  /** Given by us, not in the text: kept out of what is compared with istiod. */
  syntheticAddress: boolean;
  ports: readonly ServicePort[];
  resolution: "clientSide" | "dnsLb" | "dnsRoundRobin" | "passthrough" | "alias" | "dynamicDns";
  meshExternal: boolean;
  exportTo: readonly string[];
  selector: Labels | null;
  endpoints: readonly WrittenEndpoint[];
  /** Hosts of ExternalName services that stand for this one. */
  aliases: readonly string[];
  externalName: string;
  subjectAltNames: readonly string[];
  resource: Resource;
}

const unspecified = "0.0.0.0";

export function readServices(resources: readonly Resource[], { dnsCapture }: Pick<MeshSettings, "dnsCapture">): Service[] {
  const nextClusterIp = addressPool(10, 96);
  const nextExternalIp = addressPool(240, 240);
  const services = resources.flatMap((resource) => {
    if (resource.kind === "Service" && resource.group === "") return [kubernetesService(resource, resources, nextClusterIp)];
    if (resource.kind === "ServiceEntry") return serviceEntry(resource, dnsCapture ? nextExternalIp : undefined);
    return [];
  });
  return withAliases(joinByHost(services)).sort((left, right) => compare(left.hostname, right.hostname));
}

/** istiod handles services oldest first; without times the order of names is stable. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function withAliases(services: readonly Service[]): Service[] {
  const byTarget = new Map<string, string[]>();
  for (const service of services) {
    if (service.resolution !== "alias") continue;
    byTarget.set(service.externalName, [...(byTarget.get(service.externalName) ?? []), service.hostname].sort());
  }
  return services.map((service) => {
    const aliases = byTarget.get(service.hostname);
    return aliases && service.resolution !== "alias" ? { ...service, aliases } : service;
  });
}

function kubernetesService(resource: Resource, all: readonly Resource[], nextAddress: (name: string) => string): Service {
  const spec = specOf(resource);
  const hostname = `${resource.name}.${resource.namespace}.svc.${clusterDomain}`;
  const written = text(spec, "clusterIP") ?? texts(spec, "clusterIPs")[0];
  const external = text(spec, "type") === "ExternalName";
  const headless = written === "None";
  const synthetic = !external && !headless && (written === undefined || written === "");
  const address = external || headless ? unspecified : synthetic ? nextAddress(hostname) : written!;
  const selector = textMap(spec, "selector");
  return {
    hostname,
    name: resource.name,
    namespace: resource.namespace,
    registry: "kubernetes",
    address,
    addresses: address === unspecified ? [] : [address],
    syntheticAddress: synthetic,
    ports: items(spec, "ports").map((field) => {
      const port = number(field, "port") ?? 0;
      const target = at(field, "targetPort")?.value;
      return {
        name: text(field, "name") ?? "",
        port,
        targetPort:
          typeof target === "string" ? (/^\d+$/.test(target) ? Number(target) : target) : (number(field, "targetPort") ?? port),
        protocol: protocolOfPort(port, text(field, "name") ?? "", text(field, "protocol") ?? "TCP", text(field, "appProtocol")),
        field,
      };
    }),
    resolution: external ? "alias" : headless ? "passthrough" : "clientSide",
    meshExternal: false,
    exportTo: (resource.annotations["networking.istio.io/exportTo"] ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
    selector: Object.keys(selector).length > 0 ? selector : null,
    endpoints: Object.keys(selector).length > 0 ? [] : writtenEndpoints(resource, all),
    aliases: [],
    externalName: external ? (text(spec, "externalName") ?? "") : "",
    subjectAltNames: [],
    resource,
  };
}

/** Endpoints and EndpointSlices of a Service without selector. */
function writtenEndpoints(service: Resource, all: readonly Resource[]): WrittenEndpoint[] {
  const found: WrittenEndpoint[] = [];
  const make = (address: string, ports: Field[], portKey: string): WrittenEndpoint => ({
    address,
    ports: Object.fromEntries(ports.map((port) => [text(port, "name") ?? "", number(port, portKey) ?? 0])),
    labels: {},
    locality: "",
    weight: 1,
    meshed: false,
  });
  for (const one of all) {
    if (one.namespace !== service.namespace) continue;
    const root: Field = { resource: one, path: [], value: one.object };
    if (one.kind === "Endpoints" && one.name === service.name) {
      for (const subset of items(root, "subsets")) {
        for (const address of items(subset, "addresses"))
          found.push(make(text(address, "ip") ?? "", items(subset, "ports"), "port"));
      }
    }
    if (one.kind === "EndpointSlice" && one.labels["kubernetes.io/service-name"] === service.name) {
      for (const endpoint of items(root, "endpoints")) {
        if (at(endpoint, "conditions", "ready")?.value === false) continue;
        for (const address of texts(endpoint, "addresses")) found.push(make(address, items(root, "ports"), "port"));
      }
    }
  }
  return found;
}

const resolutions: Readonly<Record<string, Service["resolution"]>> = {
  STATIC: "clientSide",
  DNS: "dnsLb",
  DNS_ROUND_ROBIN: "dnsRoundRobin",
  NONE: "passthrough",
  DYNAMIC_DNS: "dynamicDns",
};

/** @param nextAddress for hosts without one, where sidecars capture DNS: 240.240/16 */
function serviceEntry(resource: Resource, nextAddress: ((name: string) => string) | undefined): Service[] {
  const spec = specOf(resource);
  const ports = items(spec, "ports").map((field): ServicePort => {
    const port = number(field, "number") ?? 0;
    return {
      name: text(field, "name") ?? "",
      port,
      targetPort: number(field, "targetPort") || port,
      protocol: parseProtocol(text(field, "protocol") ?? ""),
      field,
    };
  });
  const resolution = resolutions[text(spec, "resolution") ?? "NONE"] ?? "passthrough";
  const selector = at(spec, "workloadSelector") ? textMap(spec, "workloadSelector", "labels") : null;
  const written = texts(spec, "addresses");
  return texts(spec, "hosts").map((host) => {
    const hostname = host.toLowerCase();
    const addresses = written.filter((one) => isIpAddress(one.split("/")[0] ?? ""));
    const synthetic = addresses.length === 0 && !hostname.startsWith("*") && nextAddress !== undefined;
    return {
      hostname,
      name: hostname,
      namespace: resource.namespace,
      registry: "external" as const,
      address: addresses[0] ?? (synthetic ? nextAddress(`${resource.namespace}/${hostname}`) : unspecified),
      addresses,
      syntheticAddress: synthetic,
      ports,
      resolution,
      meshExternal: (text(spec, "location") ?? "MESH_EXTERNAL") === "MESH_EXTERNAL",
      exportTo: texts(spec, "exportTo"),
      selector,
      endpoints: items(spec, "endpoints").map((field) => ({
        address: text(field, "address") ?? "",
        ports: Object.fromEntries(entries(field, "ports").map(([name, port]) => [name, number(port) ?? 0])),
        labels: textMap(field, "labels"),
        locality: text(field, "locality") ?? "",
        weight: number(field, "weight") ?? 1,
        meshed: text(field, "labels", "security.istio.io/tlsMode") === "istio",
      })),
      aliases: [],
      externalName: "",
      subjectAltNames: texts(spec, "subjectAltNames"),
      resource,
    };
  });
}
