/** Gateways → one Istio Gateway per listener, what routes may attach to, and the Gateway's status. */
import type { Resource } from "../../resource/resource.ts";
import { at, type Field, items, specOf, text } from "../../translation/field.ts";
import { gatewayServiceAnnotation } from "../../translation/gateway.ts";
import { type Condition, condition, type ResourceStatus } from "./condition.ts";
import type { ConversionContext } from "./context.ts";
import { deriveResource, originOf } from "./derived-resource.ts";
import { type ClassKind, classOf } from "./gateway-class.ts";
import { convertListener, type ListenerOwner, type ListenerResult, type RouteKind, selectorMatches } from "./listener.ts";
import { gatewayGroup, listenerSetGroup, readRef } from "./reference.ts";

/** Something a parentRef can mean: a listener. */
export interface Parent {
  /** "namespace/name" of the Istio Gateway, or "mesh". */
  internalName: string;
  kind: string;
  namespace: string;
  name: string;
  section: string;
  port: number;
  protocol: string;
  hostname: string;
  hosts: readonly string[];
  kinds: readonly RouteKind[];
}

export interface GatewayConversion {
  derived: Resource[];
  parents: Parent[];
  statuses: ResourceStatus[];
}

export function convertGateway(context: ConversionContext, gateway: Resource): GatewayConversion {
  const kind = classOf(context, gateway);
  const result: GatewayConversion = { derived: [], parents: [], statuses: [] };
  if (kind === undefined) return result;
  const status: ResourceStatus = { kind: gateway.kind, name: gateway.name, namespace: gateway.namespace };
  result.statuses.push(status);
  if (kind === "remote") {
    status.conditions = [condition("Accepted", "Accepted"), condition("Programmed", "Programmed")];
    return result;
  }
  const services = servicesOf(context, gateway);
  const sets = convertListenerSets(context, gateway, kind, services);
  result.statuses.push(...sets.statuses);
  const attached = condition(
    "AttachedListenerSets",
    "ListenersAttached",
    sets.parents.length === 0 ? { reason: "NoListenersAttached" } : undefined,
  );
  const counted = at(specOf(gateway), "allowedListeners") ? [attached] : [];
  if (services.hosts.length === 0) {
    status.conditions = [...refused("UnsupportedAddress"), ...counted];
    return result;
  }
  const ports = addListeners(context, { resource: gateway, gateway, kind }, services, result, status);
  status.conditions = [
    condition("Accepted", "Accepted", services.skipped ? { reason: "UnsupportedAddress" } : undefined),
    condition("Programmed", "Programmed", addressProblem(context, services, [...ports, ...sets.ports])),
    ...counted,
  ];
  result.derived.push(...sets.derived);
  result.parents.push(...sets.parents);
  return result;
}

function refused(reason: string): Condition[] {
  return [condition("Accepted", "Accepted", { reason }), condition("Programmed", "Programmed", { reason })];
}

/** XListenerSets that extend a Gateway with listeners of other teams. */
function convertListenerSets(
  context: ConversionContext,
  gateway: Resource,
  kind: ClassKind,
  services: GatewayServices,
): GatewayConversion & { ports: number[] } {
  const result: GatewayConversion & { ports: number[] } = { derived: [], parents: [], statuses: [], ports: [] };
  for (const set of context.resources) {
    if (set.kind !== "XListenerSet" || set.group !== listenerSetGroup) continue;
    const parent = at(specOf(set), "parentRef");
    const ref = parent && readRef(parent, { group: gatewayGroup, kind: "Gateway" }, set.namespace);
    if (ref?.group !== gatewayGroup || ref.kind !== "Gateway") continue;
    if (ref.namespace !== gateway.namespace || ref.name !== gateway.name) continue;
    const status: ResourceStatus = { kind: set.kind, name: set.name, namespace: set.namespace };
    result.statuses.push(status);
    if (kind !== "gateway" || !allowsSets(context, gateway, set.namespace)) {
      status.conditions = refused("NotAllowed");
      continue;
    }
    if (services.hosts.length === 0) {
      status.conditions = refused("UnsupportedAddress");
      continue;
    }
    const ports = addListeners(context, { resource: set, gateway, kind }, services, result, status);
    result.ports.push(...ports);
    status.conditions = [
      condition("Accepted", "Accepted", services.skipped ? { reason: "UnsupportedAddress" } : undefined),
      condition("Programmed", "Programmed", addressProblem(context, services, ports)),
    ];
  }
  return result;
}

function allowsSets(context: ConversionContext, gateway: Resource, namespace: string): boolean {
  const allowed = at(specOf(gateway), "allowedListeners", "namespaces");
  const from = text(allowed, "from");
  if (from === "All") return true;
  if (from === "Same") return namespace === gateway.namespace;
  const selector = at(allowed, "selector");
  if (from !== "Selector" || !selector) return false;
  const found = context.resources.find((one) => one.kind === "Namespace" && one.name === namespace);
  return found !== undefined && selectorMatches(selector, { "kubernetes.io/metadata.name": namespace, ...found.labels });
}

/** @returns the ports listened on. */
function addListeners(
  context: ConversionContext,
  owner: ListenerOwner,
  services: GatewayServices,
  result: GatewayConversion,
  status: ResourceStatus,
): number[] {
  const { resource } = owner;
  status.listeners = [];
  const ports: number[] = [];
  for (const field of items(specOf(resource), "listeners")) {
    const listener = convertListener(context, owner, field);
    ports.push(listener.port);
    status.listeners.push({
      name: listener.name,
      attachedRoutes: 0,
      supportedKinds: listener.kinds,
      conditions: listener.conditions,
    });
    if (owner.kind !== "gateway") continue;
    const name = `${resource.name}~istio-autogenerated-k8s-gateway~${listener.name}`;
    if (listener.valid) result.derived.push(istioGateway(owner, field, listener, name, services));
    result.parents.push({
      internalName: `${resource.namespace}/${name}`,
      kind: resource.kind,
      namespace: resource.namespace,
      name: resource.name,
      section: listener.name,
      port: listener.port,
      protocol: listener.protocol,
      hostname: listener.hostname,
      hosts: listener.hosts,
      kinds: listener.kinds,
    });
  }
  return ports;
}

function istioGateway(
  owner: ListenerOwner,
  field: Field,
  listener: ListenerResult,
  name: string,
  services: GatewayServices,
): Resource {
  const { resource, gateway } = owner;
  return deriveResource({
    kind: "Gateway",
    name,
    namespace: resource.namespace,
    annotations: {
      "internal.istio.io/gateway-semantics": "gateway",
      [gatewayServiceAnnotation]: services.hosts.join(","),
      "internal.istio.io/parents": `${resource.kind}/${resource.name}/${listener.name}.${resource.namespace}`,
      ...(resource === gateway ? {} : { "internal.istio.io/parent-namespace": gateway.namespace }),
      "internal.istio.io/service-account-name": services.managed || resource !== gateway ? managedName(gateway) : "",
    },
    createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
    source: originOf(field),
    spec: { servers: [listener.server] },
    origins: [{ below: ["spec", "servers", 0], origin: originOf(field) }],
  });
}

/** Deployment and Service that Istio creates for a Gateway. */
function managedName(gateway: Resource): string {
  return (
    gateway.annotations["gateway.istio.io/name-override"] ||
    `${gateway.name}-${text(specOf(gateway), "gatewayClassName") ?? "istio"}`
  );
}

interface GatewayServices {
  hosts: string[];
  managed: boolean;
  skipped: boolean;
}

/** One address of the type Hostname means an existing Service; none, or an IP, means that Istio deploys the gateway. */
function servicesOf(context: ConversionContext, gateway: Resource): GatewayServices {
  const addresses = items(specOf(gateway), "addresses");
  const type = (address: Field): string => text(address, "type") ?? "IPAddress";
  const managed = addresses.length === 0 || (addresses.length === 1 && type(addresses[0]!) === "IPAddress");
  if (managed) {
    return { hosts: [`${managedName(gateway)}.${gateway.namespace}.svc.${context.domain}`], managed, skipped: false };
  }
  const named = addresses.filter((address) => text(address, "type") === undefined || type(address) === "Hostname");
  const hosts = named.map((address) => {
    const host = text(address, "value") ?? "";
    return host.includes(".") ? host : `${host}.${gateway.namespace}.svc.${context.domain}`;
  });
  return { hosts, managed, skipped: named.length < addresses.length };
}

/** Programmed tells whether the Service that should carry the gateway is there, with the ports. */
function addressProblem(
  context: ConversionContext,
  services: GatewayServices,
  ports: readonly number[],
): { reason: string } | undefined {
  if (services.managed && context.deploysGateways) return undefined;
  for (const host of services.hosts) {
    if (!context.hasHost(host)) return { reason: "AddressNotUsable" };
    const [name, namespace] = host.split(".");
    const service = context.find("Service", namespace ?? "", name ?? "");
    if (!service) continue;
    const known = items(specOf(service), "ports").map((port) => at(port, "port")?.value);
    if (ports.some((port) => !known.includes(port))) return { reason: "AddressNotUsable" };
  }
  return undefined;
}
