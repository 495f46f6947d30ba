/** The route tables of a sidecar: per port, a virtual host per service and per other host of a VirtualService (core/httproute.go). */
import type { HashPolicy, Route, RouteConfiguration, VirtualHost } from "#engine";
import type { Catalog } from "./catalog.ts";
import { clusterName } from "./cluster-name.ts";
import { hashPolicyOf } from "./cluster-policy.ts";
import { type DestinationRule, destinationRuleFor } from "./destination-rule.ts";
import { at, type Field, items, number, sourceOf } from "./field.ts";
import { alternativeHosts, hostsOverlap, isWildcard } from "./host-name.ts";
import { httpRoutesOf, type RouteContext } from "./http-route.ts";
import type { ProxyIdentity } from "./outbound-cluster.ts";
import { isHttpOrSniffed } from "./protocol.ts";
import { retryPolicyOf } from "./retry-policy.ts";
import type { Service, ServicePort } from "./service.ts";
import type { EgressListener, SidecarScope } from "./sidecar-scope.ts";
import type { Destination, VirtualService } from "./virtual-service.ts";

/** Envoy's default of 4 kB for direct responses is raised by istiod. */
export const maxDirectResponseBodyBytes = 1_048_576;

interface Wrapper {
  port: number;
  services: Service[];
  otherHosts: readonly string[];
  routes: Route[];
  source?: VirtualHost["source"];
}

/** The table that listeners on `port` use. `port` 0: all ports of an HTTP proxy listener. */
export function outboundRouteTable(
  catalog: Catalog,
  scope: SidecarScope,
  proxy: ProxyIdentity,
  listener: EgressListener,
  port: number,
  name: string,
): RouteConfiguration {
  const services = new Map<string, Service>();
  for (const service of listener.services) {
    if (port === 0) services.set(service.hostname, service);
    else {
      const own = service.ports.find((one) => one.port === port);
      if (own) services.set(service.hostname.toLowerCase(), { ...service, ports: [own] });
    }
  }
  const used =
    port === 80 ? listener.virtualServices : listener.virtualServices.filter((one) => reachesService(one, [...services.keys()]));
  const wrappers = used.flatMap((one) => wrappersOf(one, services, catalog, proxy, listener, port));
  for (const wrapper of wrappers) for (const service of wrapper.services) services.delete(service.hostname);
  for (const service of services.values()) {
    if (service.resolution === "alias") continue;
    for (const own of service.ports) {
      if (isHttpOrSniffed(own.protocol)) wrappers.push(defaultWrapper(service, own, catalog, proxy));
    }
  }
  const hosts = virtualHosts(wrappers, proxy.namespace, port);
  const sniffedFor = name.includes(":") ? name.slice(0, name.lastIndexOf(":")) : undefined;
  return {
    name,
    virtualHosts: sniffedFor === undefined ? [...hosts.sort(byName), catchAllHost(scope)] : onlyHost(hosts, sniffedFor),
    ignorePortInHostMatching: true,
    maxDirectResponseBodyBytes,
  };
}

/** The table behind a sniffed port of one service takes every name for that service's. */
function onlyHost(hosts: readonly VirtualHost[], hostname: string): VirtualHost[] {
  const own = hosts.filter((host) => host.domains.includes(hostname));
  return own.length === 1 ? [{ ...own[0]!, domains: ["*"] }] : own;
}

function byName(left: VirtualHost, right: VirtualHost): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

/** Only on port 80 a VirtualService may speak of hosts that no service has. */
function reachesService(one: VirtualService, hostnames: readonly string[]): boolean {
  return one.hosts.some((written) => {
    const host = written.toLowerCase();
    return hostnames.some((name) => name === host || ((isWildcard(host) || isWildcard(name)) && hostsOverlap(host, name)));
  });
}

function wrappersOf(
  one: VirtualService,
  services: ReadonlyMap<string, Service>,
  catalog: Catalog,
  proxy: ProxyIdentity,
  listener: EgressListener,
  port: number,
): Wrapper[] {
  const routes = httpRoutesOf(one, routeContext(catalog, proxy, port, services));
  if (routes.length === 0) return [];
  const { otherHosts, matched } = splitHosts(one, services, listener);
  let own = matched;
  if (one.semantics === "gateway") {
    own = matched.filter((service) => service.namespace === one.namespace || proxy.namespace === one.namespace);
    if (own.length === 0) return [];
  }
  const byPort = new Map<number, Service[]>();
  for (const service of own) {
    for (const servicePort of service.ports) {
      if (!isHttpOrSniffed(servicePort.protocol)) continue;
      byPort.set(servicePort.port, [...(byPort.get(servicePort.port) ?? []), service]);
    }
  }
  if (byPort.size === 0 && port === 80) byPort.set(80, []);
  return [...byPort].map(([number, list]) => ({ port: number, services: list, otherHosts, routes }));
}

function splitHosts(
  one: VirtualService,
  services: ReadonlyMap<string, Service>,
  listener: EgressListener,
): { otherHosts: string[]; matched: Service[] } {
  const otherHosts: string[] = [];
  const matched: Service[] = [];
  for (const written of one.hosts) {
    if (isWildcard(written)) continue;
    const service = services.get(written.toLowerCase());
    if (service) matched.push(service);
    else otherHosts.push(written);
  }
  for (const written of one.hosts) {
    if (!isWildcard(written)) continue;
    const host = written.toLowerCase();
    if (one.semantics === "gateway") {
      otherHosts.push(host);
      continue;
    }
    let found = false;
    for (const [name, service] of services) {
      if (!(name === host || hostsOverlap(name, host))) continue;
      found = true;
      if (listener.bestVirtualService.get(name) === `${one.namespace}/${one.name}`) matched.push(service);
    }
    if (!found) otherHosts.push(host);
  }
  return { otherHosts, matched };
}

function routeContext(
  catalog: Catalog,
  proxy: ProxyIdentity,
  port: number,
  services: ReadonlyMap<string, Service>,
): RouteContext {
  return {
    port,
    proxyLabels: proxy.labels,
    proxyNamespace: proxy.namespace,
    gateways: new Set(["mesh"]),
    tls: false,
    ...(catalog.settings.defaultRetries ? { defaultRetries: catalog.settings.defaultRetries } : {}),
    findService: (host) => services.get(host),
    hashPolicyOf: (destination) => destinationHash(catalog, proxy, destination),
  };
}

/** route.go HashForHTTPDestination: the subset's port, the subset, the port, then the rule as a whole. */
export function destinationHash(catalog: Catalog, proxy: ProxyIdentity, destination: Destination): HashPolicy | undefined {
  const service = catalog.services.find((one) => one.hostname === destination.host);
  const rule = service && destinationRuleFor(catalog.destinationRules, proxy, service, "outbound");
  if (!rule) return undefined;
  const subset = rule.subsets.find((one) => one.name === destination.subset);
  const portLevel = (policy: Field | undefined): Field | undefined =>
    destination.port === undefined
      ? undefined
      : at(
          items(policy, "portLevelSettings").find((one) => number(one, "port", "number") === destination.port),
          "loadBalancer",
        );
  const candidates = [
    portLevel(subset?.trafficPolicy),
    at(subset?.trafficPolicy, "loadBalancer"),
    portLevel(rule.trafficPolicy),
    at(rule.trafficPolicy, "loadBalancer"),
  ];
  return hashPolicyOf(candidates.find((one) => at(one, "consistentHash")));
}

function serviceHash(rule: DestinationRule | undefined, port: number): HashPolicy | undefined {
  const own = items(rule?.trafficPolicy, "portLevelSettings").find((one) => number(one, "port", "number") === port);
  return hashPolicyOf(
    at(own, "loadBalancer", "consistentHash") ? at(own, "loadBalancer") : at(rule?.trafficPolicy, "loadBalancer"),
  );
}

/** A service that no VirtualService speaks of: one route to it, with the mesh's default retries. */
function defaultWrapper(service: Service, port: ServicePort, catalog: Catalog, proxy: ProxyIdentity): Wrapper {
  const rule = destinationRuleFor(catalog.destinationRules, proxy, service, "outbound");
  const hash = serviceHash(rule, port.port);
  const retryPolicy = retryPolicyOf(catalog.settings.defaultRetries, false);
  return {
    port: port.port,
    services: [service],
    otherHosts: [],
    source: sourceOf(port.field),
    routes: [
      {
        name: "default",
        match: { path: { type: "prefix", value: "/", ignoreCase: false }, headers: [], queryParameters: [] },
        action: {
          type: "forward",
          clusters: [{ cluster: clusterName("outbound", port.port, "", service.hostname), weight: 100 }],
          timeoutMs: 0,
          grpcTimeout: { maxMs: 0, offsetMs: 0, limitsStream: false },
          ...(retryPolicy ? { retryPolicy } : {}),
          mirrors: [],
          hashPolicy: hash ? [hash] : [],
          priority: "default",
          clusterNotFoundStatus: 503,
        },
      },
    ],
  };
}

function virtualHosts(wrappers: readonly Wrapper[], namespace: string, port: number): VirtualHost[] {
  const names = new Set<string>();
  const taken = new Set<string>();
  const fullNames = new Set(
    wrappers.flatMap((wrapper) => wrapper.services.flatMap((one) => [one.hostname, `${one.hostname}:${wrapper.port}`])),
  );
  const out: VirtualHost[] = [];
  const add = (hostname: string, wrapper: Wrapper, service: Service | undefined): void => {
    if (port !== 0 && wrapper.port !== port) return;
    const name = `${hostname}:${wrapper.port}`;
    if (names.has(name)) return;
    names.add(name);
    const { domains, alternatives } = service
      ? serviceDomains(service, namespace, port === 0 ? wrapper.port : 0)
      : { domains: [hostname], alternatives: [] };
    const free = domains.filter((domain) => {
      const lower = domain.toLowerCase();
      // "foo.com.cluster.local" shortened to "foo.com" must not take a real service's name.
      if (taken.has(lower) || (alternatives.includes(domain) && fullNames.has(domain))) return false;
      taken.add(lower);
      return true;
    });
    if (free.length === 0) return;
    out.push({
      name,
      domains: free,
      routes: wrapper.routes,
      ...(service ? { service: service.hostname } : {}),
      ...(service?.syntheticAddress ? { syntheticDomains: service.address === "0.0.0.0" ? [] : [service.address] } : {}),
      ...(wrapper.source ? { source: wrapper.source } : {}),
    });
  };
  for (const wrapper of wrappers) {
    if (wrapper.routes.length === 0) continue;
    for (const host of wrapper.otherHosts) add(host.toLowerCase(), wrapper, undefined);
    for (const service of wrapper.services) add(service.hostname, wrapper, service);
  }
  return out;
}

/** All names of a service; ports are ignored when matching, except in an HTTP proxy's table. */
function serviceDomains(service: Service, namespace: string, port: number): { domains: string[]; alternatives: string[] } {
  const withPort = (name: string): string[] => (port === 0 ? [name] : [name, `${name}:${port}`]);
  const domains: string[] = [];
  const alternatives: string[] = [];
  for (const name of [service.hostname, ...service.aliases]) {
    const more = alternativeHosts(name, namespace).flatMap(withPort);
    domains.push(...withPort(name), ...more);
    alternatives.push(...more);
  }
  if (service.resolution === "passthrough" && service.registry === "kubernetes") {
    domains.push(...domains.map((domain) => `*.${domain}`));
  }
  if (service.address !== "0.0.0.0" && !service.address.includes("/")) domains.push(...withPort(service.address));
  return { domains, alternatives };
}

/** Everything else: passed through to where it was sent, or refused with 502 under REGISTRY_ONLY. */
function catchAllHost(scope: SidecarScope): VirtualHost {
  const match = { path: { type: "prefix" as const, value: "/", ignoreCase: false }, headers: [], queryParameters: [] };
  const policy = scope.resource
    ? { source: sourceOf({ resource: scope.resource, path: ["spec", "outboundTrafficPolicy"], value: null }) }
    : {};
  if (scope.registryOnly) {
    return {
      name: "block_all",
      domains: ["*"],
      routes: [{ name: "block_all", match, action: { type: "directResponse", status: 502 } }],
      ...policy,
    };
  }
  const proxied = scope.egressProxy;
  const cluster = proxied
    ? clusterName(
        "outbound",
        number(proxied, "port", "number") ?? 0,
        String(at(proxied, "subset")?.value ?? ""),
        String(at(proxied, "host")?.value ?? ""),
      )
    : "PassthroughCluster";
  return {
    name: "allow_any",
    domains: ["*"],
    routes: [
      {
        name: "allow_any",
        match,
        action: {
          type: "forward",
          clusters: [{ cluster, weight: 100 }],
          timeoutMs: 0,
          grpcTimeout: { maxMs: 0, offsetMs: 0, limitsStream: false },
          mirrors: [],
          hashPolicy: [],
          priority: "default",
          clusterNotFoundStatus: 503,
        },
      },
    ],
    ...policy,
  };
}
