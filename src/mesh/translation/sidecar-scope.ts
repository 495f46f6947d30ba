/** What one proxy may see: the Sidecar resource in force, its egress listeners, and what each imports (model/sidecar.go). */
import type { Resource } from "../resource/resource.ts";
import type { Catalog } from "./catalog.ts";
import { byAge } from "./delegate.ts";
import { at, type Field, items, number, specOf, text, textMap, texts } from "./field.ts";
import { hostsOverlap, hostWithin, isWildcard, mostSpecificHost } from "./host-name.ts";
import { type Labels, labelsMatch } from "./labels.ts";
import type { Service } from "./service.ts";
import type { VirtualService } from "./virtual-service.ts";
import { isVisible } from "./visibility.ts";

export interface EgressListener {
  field?: Field;
  /** Absent: the catch-all listener. */
  port?: { number: number; protocol: string; name: string };
  bind: string;
  services: readonly Service[];
  virtualServices: readonly VirtualService[];
  /** Service host → "namespace/name" of the VirtualService whose host fits it best. */
  bestVirtualService: ReadonlyMap<string, string>;
}

export interface SidecarScope {
  resource?: Resource;
  namespace: string;
  listeners: readonly EgressListener[];
  /** Services of all listeners, and those that their VirtualServices lead to. */
  services: readonly Service[];
  registryOnly: boolean;
  /** outboundTrafficPolicy.egressProxy: unknown traffic goes there instead. */
  egressProxy?: Field;
  ingress: readonly Field[];
  inboundConnectionPool?: Field;
}

export function sidecarScopeFor(catalog: Catalog, namespace: string, labels: Labels): SidecarScope {
  const resource = sidecarFor(catalog, namespace, labels);
  const spec = resource ? specOf(resource) : undefined;
  const written = items(spec, "egress");
  const listeners = (written.length > 0 ? written : [undefined]).map((field) => egressListener(catalog, namespace, field));
  const policy = at(spec, "outboundTrafficPolicy");
  const egressProxy = at(policy, "egressProxy");
  const pool = at(spec, "inboundConnectionPool");
  return {
    ...(resource ? { resource } : {}),
    namespace,
    listeners,
    services: importedServices(catalog, namespace, listeners),
    registryOnly: policy ? text(policy, "mode") !== "ALLOW_ANY" : catalog.settings.registryOnly,
    ...(egressProxy ? { egressProxy } : {}),
    ingress: items(spec, "ingress"),
    ...(pool ? { inboundConnectionPool: pool } : {}),
  };
}

/** One with a matching selector, else the namespace's own, else the root namespace's. */
function sidecarFor(catalog: Catalog, namespace: string, labels: Labels): Resource | undefined {
  const sidecars = catalog.resources
    .filter((one) => one.kind === "Sidecar" && one.group === "networking.istio.io")
    .map((resource) => ({ resource, name: resource.name, namespace: resource.namespace, createdAt: createdAt(resource) }))
    .sort(byAge)
    .map((one) => one.resource);
  const selector = (one: Resource): Labels => textMap(specOf(one), "workloadSelector", "labels");
  const selects = (one: Resource): boolean => at(specOf(one), "workloadSelector") !== undefined;
  const own = sidecars.filter((one) => one.namespace === namespace);
  return (
    own.find((one) => selects(one) && labelsMatch(selector(one), labels)) ??
    own.find((one) => !selects(one)) ??
    sidecars.find((one) => one.namespace === catalog.settings.rootNamespace && !selects(one))
  );
}

function createdAt(resource: Resource): string {
  return text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "";
}

function egressListener(catalog: Catalog, namespace: string, field: Field | undefined): EgressListener {
  const imports = new Map<string, string[]>();
  for (const written of field ? texts(field, "hosts") : ["*/*"]) {
    const slash = written.indexOf("/");
    if (slash < 0) continue;
    const owner = written.slice(0, slash) === "." ? namespace : written.slice(0, slash);
    imports.set(owner, [...(imports.get(owner) ?? []), written.slice(slash + 1)]);
  }
  const portNumber = number(field, "port", "number");
  const port =
    portNumber === undefined
      ? undefined
      : { number: portNumber, protocol: text(field, "port", "protocol") ?? "", name: text(field, "port", "name") ?? "" };
  const matchPort = port !== undefined && port.number !== 0 && port.protocol.toUpperCase() !== "HTTP_PROXY";

  const candidates = catalog.services
    .filter((service) => isVisible(service.exportTo, catalog.settings.defaultExportTo.service, service.namespace, namespace))
    .filter((service) => importsHost(imports, service.namespace, (host) => serviceMatches(service.hostname, host)))
    .flatMap((service) => {
      if (!matchPort) return [service];
      const ports = service.ports.filter((one) => one.port === port?.number);
      return ports.length > 0 ? [{ ...service, ports }] : [];
    });
  const services = oneNamespacePerHost(candidates, namespace);
  const virtualServices = orderedVirtualServices(catalog, namespace, "mesh").filter((one) =>
    one.hosts.some((own) =>
      importsHost(imports, one.namespace, (host) =>
        one.semantics === "gateway"
          ? serviceMatches(own, host)
          : own === host || ((isWildcard(own) || isWildcard(host)) && hostsOverlap(own, host)),
      ),
    ),
  );
  return {
    ...(field ? { field } : {}),
    ...(port ? { port } : {}),
    bind: text(field, "bind") ?? "",
    services,
    virtualServices,
    bestVirtualService: bestVirtualServices(virtualServices, services),
  };
}

function importsHost(
  imports: ReadonlyMap<string, readonly string[]>,
  owner: string,
  matches: (host: string) => boolean,
): boolean {
  return (imports.get(owner) ?? []).some(matches) || (imports.get("*") ?? []).some(matches);
}

function serviceMatches(hostname: string, imported: string): boolean {
  return hostname === imported || ((isWildcard(hostname) || isWildcard(imported)) && hostWithin(hostname, imported));
}

/** The same host from several namespaces: the proxy's own wins, then Kubernetes over ServiceEntries. */
function oneNamespacePerHost(services: readonly Service[], namespace: string): Service[] {
  const chosen = new Map<string, Service>();
  for (const service of services) {
    const current = chosen.get(service.hostname);
    const better =
      !current ||
      (service.namespace === namespace && current.namespace !== namespace) ||
      (current.registry !== "kubernetes" && service.registry === "kubernetes" && current.namespace !== namespace);
    if (better) chosen.set(service.hostname, service);
  }
  return services.filter((service) => chosen.get(service.hostname)?.namespace === service.namespace);
}

/** Those of the proxy's namespace alone come first, then those exported to it, then public ones; each oldest first. */
export function orderedVirtualServices(catalog: Catalog, namespace: string, gateway: string): VirtualService[] {
  const bound = catalog.virtualServices.filter((one) => one.gateways.includes(gateway));
  const defaults = catalog.settings.defaultExportTo.virtualService;
  const groups: VirtualService[][] = [[], [], []];
  for (const one of bound) {
    const exportTo = one.exportTo.length > 0 ? one.exportTo : defaults;
    if (exportTo.includes("*")) groups[2]!.push(one);
    else if (exportTo.includes("~")) continue;
    else if (one.namespace === namespace && (exportTo.includes(".") || exportTo.includes(namespace))) groups[0]!.push(one);
    else if (exportTo.includes(namespace)) groups[1]!.push(one);
  }
  // Routes of Gateway API written in the caller's namespace (consumer routes) go before all others of their group.
  return groups.flatMap((group) => [
    ...group.filter((one) => one.semantics === "gateway" && one.namespace === namespace),
    ...group.filter((one) => !(one.semantics === "gateway" && one.namespace === namespace)),
  ]);
}

function bestVirtualServices(virtualServices: readonly VirtualService[], services: readonly Service[]): Map<string, string> {
  const table = new Map<string, string>();
  for (const one of virtualServices) {
    for (const host of one.hosts) if (!table.has(host)) table.set(host, `${one.namespace}/${one.name}`);
  }
  const best = new Map<string, string>();
  for (const service of services) {
    const found = mostSpecificHost(service.hostname, table);
    if (found !== undefined) best.set(service.hostname, found);
  }
  return best;
}

function importedServices(catalog: Catalog, namespace: string, listeners: readonly EgressListener[]): Service[] {
  const services = new Map<string, Service>();
  const add = (service: Service): void => {
    const known = services.get(service.hostname);
    if (!known) services.set(service.hostname, service);
    else if (known.namespace === service.namespace) services.set(service.hostname, mergePorts(known, service));
  };
  for (const listener of listeners) {
    for (const service of listener.services) add(service);
    const narrowed = listener.field !== undefined;
    if (!narrowed) continue;
    for (const one of listener.virtualServices) {
      for (const { host, port } of destinationsOf(one)) {
        const owners = catalog.services.filter(
          (service) =>
            service.hostname === host &&
            isVisible(service.exportTo, catalog.settings.defaultExportTo.service, service.namespace, namespace),
        );
        const service = owners.find((owner) => owner.namespace === namespace) ?? owners.sort(byNamespace)[0];
        if (!service) continue;
        const wanted = listener.port?.number ?? port;
        const ports = wanted === undefined ? service.ports : service.ports.filter((one) => one.port === wanted);
        if (ports.length > 0) add({ ...service, ports });
      }
    }
  }
  return [...services.values()];
}

function byNamespace(left: Service, right: Service): number {
  return left.namespace < right.namespace ? -1 : left.namespace > right.namespace ? 1 : 0;
}

/** What a proxy without a Sidecar of its own sees: each host once. */
export function servicesSeenFrom(catalog: Catalog, namespace: string): Service[] {
  return importedServices(catalog, namespace, [egressListener(catalog, namespace, undefined)]);
}

/** Several ServiceEntries may speak of one host; a Kubernetes Service shares its with none. */
function mergePorts(known: Service, more: Service): Service {
  if (known.registry !== more.registry) return known.registry === "kubernetes" ? known : more;
  const missing = more.ports.filter((port) => !known.ports.some((one) => one.port === port.port));
  return missing.length === 0 ? known : { ...known, ports: [...known.ports, ...missing] };
}

function destinationsOf(service: VirtualService): { host: string; port?: number }[] {
  return [
    ...service.http.flatMap((rule) => [...rule.destinations, ...rule.mirrors]),
    ...service.tcp.flatMap((rule) => rule.destinations),
    ...service.tls.flatMap((rule) => rule.destinations),
  ].map((one) => ({ host: one.destination.host, ...(one.destination.port === undefined ? {} : { port: one.destination.port }) }));
}
