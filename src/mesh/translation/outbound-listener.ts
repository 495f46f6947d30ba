/** The listeners a sidecar opens towards its services: shared per HTTP port, one per address for TCP (core/listener.go). */
import type { FilterChain, Listener, RouteConfiguration } from "#engine";
import type { Catalog } from "./catalog.ts";
import { clusterName } from "./cluster-name.ts";
import { connectionManager } from "./connection-manager.ts";
import { sourceOf } from "./field.ts";
import { hostsOverlap } from "./host-name.ts";
import { destinationCluster } from "./http-route.ts";
import { labelsMatch } from "./labels.ts";
import type { ProxyIdentity } from "./outbound-cluster.ts";
import { outboundRouteTable } from "./outbound-route.ts";
import { isHttp, isTls, parseProtocol } from "./protocol.ts";
import type { Service, ServicePort } from "./service.ts";
import { type SessionLimits, sessionLimits } from "./session-limits.ts";
import type { EgressListener, SidecarScope } from "./sidecar-scope.ts";
import type { StreamMatch, StreamRule, VirtualService } from "./virtual-service.ts";

const wildcard = "0.0.0.0";
/** Plain HTTP as the inspector names it. */
const httpProtocols = ["http/1.1", "h2c"];

export interface OutboundConfig {
  listeners: Listener[];
  routes: RouteConfiguration[];
}

interface Entry {
  address: string;
  port: number;
  kind: "http" | "tcp" | "sniffed";
  chains: FilterChain[];
  locked: boolean;
  source?: Listener["source"];
}

export function outboundConfig(catalog: Catalog, scope: SidecarScope, proxy: ProxyIdentity): OutboundConfig {
  const entries = new Map<string, Entry>();
  const tables = new Map<string, RouteConfiguration>();
  const needTable = (listener: EgressListener, port: number, name: string): string => {
    if (!tables.has(name)) tables.set(name, outboundRouteTable(catalog, scope, proxy, listener, port, name));
    return name;
  };
  for (const listener of scope.listeners) {
    if (!listener.port) for (const entry of entries.values()) entry.locked = true;
    for (const service of listener.services) {
      if (service.resolution === "alias") continue;
      const ports = listener.port ? [listenerPort(listener, service)] : service.ports;
      for (const port of ports) if (port) addListener(entries, listener, service, port, catalog, proxy, needTable);
    }
  }
  const fallback = passthroughChain(scope);
  const listeners = [...entries.values()].map(
    (entry): Listener => ({
      name: `${entry.address}_${entry.port}`,
      direction: "outbound",
      address: entry.address,
      port: entry.port,
      filterChains: hasCatchAll(entry.chains) ? entry.chains : [...entry.chains, fallback],
      ...(entry.source ? { source: entry.source } : {}),
    }),
  );
  return {
    listeners: [
      ...listeners.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0)),
      { name: "virtualOutbound", direction: "outbound", address: wildcard, port: 15_001, filterChains: [fallback] },
    ],
    routes: [...tables.values()],
  };
}

/** A port named by the Sidecar speaks what the Sidecar says. */
function listenerPort(listener: EgressListener, service: Service): ServicePort | undefined {
  const written = listener.port;
  const first = service.ports[0];
  if (!written || !first) return undefined;
  const own = service.ports.find((one) => one.port === written.number) ?? first;
  return { ...own, port: written.number, protocol: parseProtocol(written.protocol) };
}

function hasCatchAll(chains: readonly FilterChain[]): boolean {
  return chains.some(({ match }) => !match.applicationProtocols && !match.serverNames && !match.transportProtocol);
}

function passthroughChain(scope: SidecarScope): FilterChain {
  const cluster = scope.registryOnly ? "BlackHoleCluster" : "PassthroughCluster";
  return { name: cluster, match: {}, networkRbac: [], terminal: { type: "tcp", clusters: [{ cluster, weight: 100 }] } };
}

function addListener(
  entries: Map<string, Entry>,
  listener: EgressListener,
  service: Service,
  port: ServicePort,
  catalog: Catalog,
  proxy: ProxyIdentity,
  needTable: (listener: EgressListener, port: number, name: string) => string,
): void {
  if (port.protocol === "udp") return;
  if (port.protocol === "http_proxy") {
    const table = needTable(listener, 0, String(port.port));
    entries.set(`${wildcard}_${port.port}`, {
      address: listener.bind || wildcard,
      port: port.port,
      kind: "http",
      chains: [httpChain(catalog, table)],
      locked: false,
    });
    return;
  }
  const http = isHttp(port.protocol);
  for (const address of addressesOf(listener, service, port, catalog, http)) {
    const key = `${address}_${port.port}`;
    const current = entries.get(key);
    if (current?.locked) continue;
    const chains = chainsFor(http, address, listener, service, port, catalog, proxy, needTable);
    const kind = http ? (address === wildcard ? "sniffed" : "http") : port.protocol === "sniffed" ? "sniffed" : "tcp";
    if (!current || (current.kind === "http" && port.protocol === "sniffed")) {
      entries.set(key, { address, port: port.port, kind, chains, locked: false, source: sourceOf(port.field) });
    } else if (!((http && current.kind !== "tcp") || (port.protocol === "sniffed" && current.kind === "sniffed"))) {
      // HTTP and TCP on one port: both chains, told apart by looking at the first bytes.
      const known = new Set(current.chains.map((chain) => JSON.stringify(chain.match)));
      current.chains.push(...chains.filter((chain) => !known.has(JSON.stringify(chain.match))));
      current.kind = "sniffed";
    }
  }
}

/** HTTP shares 0.0.0.0; TCP listens on the service's address, or on each pod's of a headless service. */
function addressesOf(listener: EgressListener, service: Service, port: ServicePort, catalog: Catalog, http: boolean): string[] {
  if (listener.bind !== "") return [listener.bind];
  if (http) return [wildcard];
  if (service.resolution === "passthrough" && service.address === wildcard) {
    const endpoints = catalog.endpointsOf(service, port.port);
    if (service.registry !== "kubernetes" && endpoints.length === 0 && service.selector === null) return [wildcard];
    return [...new Set(endpoints.map((endpoint) => endpoint.ip))];
  }
  return [service.address.includes("/") ? wildcard : service.address];
}

function httpChain({ settings }: Catalog, table: string, sniffed = false): FilterChain {
  return {
    name: table,
    match: sniffed ? { transportProtocol: "raw_buffer", applicationProtocols: httpProtocols } : {},
    networkRbac: [],
    terminal: connectionManager(settings, table, outboundFilters),
  };
}

/** Faults and CORS are configured by the routes; the filters only have to be there. */
const outboundFilters = [
  { name: "fault" as const, config: {} },
  { name: "cors" as const, config: {} },
];

function chainsFor(
  http: boolean,
  address: string,
  listener: EgressListener,
  service: Service,
  port: ServicePort,
  catalog: Catalog,
  proxy: ProxyIdentity,
  needTable: (listener: EgressListener, port: number, name: string) => string,
): FilterChain[] {
  if (http) return [httpChain(catalog, needTable(listener, port.port, String(port.port)), address === wildcard)];
  const stream = streamChains(listener, service, port, catalog, proxy, address);
  if (port.protocol !== "sniffed") return stream;
  const own = address !== wildcard;
  const table = own
    ? needSniffedTable(needTable, listener, service, port.port)
    : needTable(listener, port.port, String(port.port));
  return [...stream, httpChain(catalog, table, true)];
}

/** A sniffed service with an address of its own gets a table that knows only that service. */
function needSniffedTable(
  needTable: (listener: EgressListener, port: number, name: string) => string,
  listener: EgressListener,
  service: Service,
  port: number,
): string {
  return needTable({ ...listener, services: [service] }, port, `${service.hostname}:${port}`);
}

function streamChains(
  listener: EgressListener,
  service: Service,
  port: ServicePort,
  catalog: Catalog,
  proxy: ProxyIdentity,
  address: string,
): FilterChain[] {
  const used = listener.virtualServices.filter((one) => one.hosts.some((host) => hostsOverlap(service.hostname, host)));
  const services = new Map(catalog.services.map((one) => [one.hostname, one]));
  const context = { port: port.port, findService: (host: string) => services.get(host) };
  const limits = sessionLimits(catalog, proxy, service);
  const limitsOf = (rule: StreamRule) => sessionLimits(catalog, proxy, firstService(rule, context));
  const target = clusterName("outbound", service.ports.length === 1 ? service.ports[0]!.port : port.port, "", service.hostname);
  if (isTls(port.protocol)) {
    const chains = used.flatMap((one) => sniChains(one, port.port, proxy, context, limitsOf));
    if (chains.length > 0) return chains;
    const bySni = address === wildcard && service.address === wildcard;
    const match = bySni ? { serverNames: [service.hostname] } : {};
    return [tcpChain([{ cluster: target, weight: 100 }], match, sourceOf(port.field), limits)];
  }
  for (const one of used) {
    const rule = one.tcp.find(
      (entry) => entry.matches.length === 0 || entry.matches.some((match) => streamApplies(match, port.port, proxy)),
    );
    if (rule) return [tcpChain(streamClusters(rule, context), {}, rule.source, limitsOf(rule))];
  }
  return [tcpChain([{ cluster: target, weight: 100 }], {}, sourceOf(port.field), limits)];
}

function sniChains(
  one: VirtualService,
  port: number,
  proxy: ProxyIdentity,
  context: Parameters<typeof destinationCluster>[1],
  limitsOf: (rule: StreamRule) => SessionLimits,
): FilterChain[] {
  const seen = new Set<string>();
  return one.tls.flatMap((rule) =>
    rule.matches.flatMap((match) => {
      if (!streamApplies(match, port, proxy)) return [];
      const key = JSON.stringify([match.sniHosts, match.destinationSubnets]);
      if (seen.has(key)) return [];
      seen.add(key);
      return [tcpChain(streamClusters(rule, context), { serverNames: match.sniHosts }, rule.source, limitsOf(rule))];
    }),
  );
}

export function streamApplies(
  match: StreamMatch,
  port: number,
  proxy: Pick<ProxyIdentity, "labels" | "namespace">,
  gateways: ReadonlySet<string> = new Set(["mesh"]),
): boolean {
  if (match.port !== 0 && match.port !== port) return false;
  if (match.gateways.length > 0) return match.gateways.some((gateway) => gateways.has(gateway));
  return (
    labelsMatch(match.sourceLabels, proxy.labels) && (match.sourceNamespace === "" || match.sourceNamespace === proxy.namespace)
  );
}

export function streamClusters(
  rule: StreamRule,
  context: Parameters<typeof destinationCluster>[1],
): { cluster: string; weight: number }[] {
  const single = rule.destinations.length === 1;
  return rule.destinations
    .filter((one) => single || one.weight > 0)
    .map((one) => ({ cluster: destinationCluster(one.destination, context), weight: single ? 100 : one.weight }));
}

/** Whose rule limits a session, however many destinations there are. */
export function firstService(
  { destinations }: StreamRule,
  { findService }: Pick<Parameters<typeof destinationCluster>[1], "findService">,
): Service | undefined {
  const host = destinations[0]?.destination.host;
  return host === undefined ? undefined : findService(host);
}

export function tcpChain(
  clusters: readonly { cluster: string; weight: number }[],
  match: FilterChain["match"],
  source: FilterChain["source"],
  limits: SessionLimits,
): FilterChain {
  return {
    name: clusters[0]?.cluster ?? "",
    match,
    networkRbac: [],
    terminal: { type: "tcp", clusters, ...limits },
    ...(source ? { source } : {}),
  };
}
