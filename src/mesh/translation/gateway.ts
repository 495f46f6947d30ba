/** Gateways: which servers a gateway proxy opens, and the VirtualServices bound to them (model/gateway.go, core/gateway.go). */
import type { DownstreamTls, FilterChain, HttpConnectionManager, HttpFilterConfig, Listener, RouteConfiguration } from "#engine";
import type { Resource } from "../resource/resource.ts";
import { httpAuthorization, policiesFor } from "./authorization-policy.ts";
import type { Catalog } from "./catalog.ts";
import { connectionManager } from "./connection-manager.ts";
import { istioByAge } from "./delegate.ts";
import { at, type Field, items, number, sourceOf, specOf, text, textMap, texts } from "./field.ts";
import { boundServices, gatewayTable, routeContextFor } from "./gateway-table.ts";
import { hostsOverlap } from "./host-name.ts";
import { labelsMatch } from "./labels.ts";
import { meshRoot, type ProxyIdentity } from "./outbound-cluster.ts";
import { firstService, streamApplies, streamClusters, tcpChain } from "./outbound-listener.ts";
import { isHttp, isTls, type Protocol, parseProtocol } from "./protocol.ts";
import { jwtAuthnFor } from "./request-authentication.ts";
import { belongsTo, targetPortOf } from "./service-endpoint.ts";
import { sessionLimits } from "./session-limits.ts";
import type { Workload } from "./workload.ts";

export interface GatewayServer {
  /** "namespace/name" of the Gateway. */
  gateway: string;
  port: number;
  portName: string;
  protocol: Protocol;
  /** "namespace/host" or host. */
  hosts: readonly string[];
  bind: string;
  tls?: Field;
  field: Field;
}

export interface GatewayConfig {
  listeners: Listener[];
  routes: RouteConfiguration[];
}

/** Names the Services whose pods serve a Gateway made from Gateway API. */
export const gatewayServiceAnnotation = "internal.istio.io/gateway-service";

export function gatewaysFor(catalog: Catalog, workload: Workload): Resource[] {
  const services = catalog.services.filter((service) => belongsTo(workload, service)).map((service) => service.hostname);
  return istioByAge(catalog.resources, "Gateway").filter((one) => {
    const named = one.annotations[gatewayServiceAnnotation];
    if (named !== undefined) return named.split(",").some((host) => services.includes(host) || host === gatewayHostOf(workload));
    return labelsMatch(textMap(specOf(one), "selector"), workload.labels);
  });
}

/** A gateway that the control plane deploys has a Service of the same name. */
function gatewayHostOf(workload: Workload): string {
  return `${workload.name}.${workload.namespace}.svc.cluster.local`;
}

function serversOf(gateway: Resource): GatewayServer[] {
  return items(specOf(gateway), "servers").map((field) => {
    const tls = at(field, "tls");
    return {
      gateway: `${gateway.namespace}/${gateway.name}`,
      port: number(field, "port", "number") ?? 0,
      portName: text(field, "port", "name") ?? "",
      protocol: parseProtocol(text(field, "port", "protocol") ?? ""),
      hosts: texts(field, "hosts").map((host) => scopedHost(host, gateway.namespace)),
      bind: text(field, "bind") ?? "",
      ...(tls ? { tls } : {}),
      field,
    };
  });
}

/** "./host" means the Gateway's own namespace, a host after "*" any. */
function scopedHost(host: string, namespace: string): string {
  const slash = host.indexOf("/");
  if (slash < 0) return host;
  const owner = host.slice(0, slash);
  if (owner === ".") return `${namespace}/${host.slice(slash + 1)}`;
  return owner === "*" ? host.slice(slash + 1) : host;
}

interface OpenPort {
  port: number;
  bind: string;
  plaintext: boolean;
  chains: FilterChain[];
  source: Listener["source"];
  servicePorts: Set<number>;
}

export function gatewayConfig(catalog: Catalog, workload: Workload, proxy: ProxyIdentity): GatewayConfig {
  const open = new Map<string, OpenPort>();
  const byTable = new Map<string, GatewayServer[]>();
  const sniTaken = new Set<string>();
  const filters = gatewayFilters(catalog, workload);
  for (const server of gatewaysFor(catalog, workload).flatMap(serversOf)) {
    const port = resolvedPort(catalog, workload, server.port);
    const key = `${server.bind}:${port}`;
    const existing = open.get(key);
    const plaintext = server.tls === undefined || text(server.tls, "mode") === undefined ? !isTls(server.protocol) : false;
    const table = tableName(server, port);
    // Plain HTTP joins plain HTTP; everything else on a taken plaintext port is left out, as istiod does.
    if (existing?.plaintext && !(plaintext && isHttp(server.protocol) && byTable.has(table))) continue;
    if (existing && !existing.plaintext && plaintext) continue;
    if (server.tls && !plaintext) {
      const duplicate = server.hosts.some((host) => sniTaken.has(`${key}/${host}`));
      if (duplicate) continue;
      for (const host of server.hosts) sniTaken.add(`${key}/${host}`);
    }
    const entry: OpenPort = existing ?? {
      port,
      bind: server.bind,
      plaintext,
      chains: [],
      source: sourceOf(server.field),
      servicePorts: new Set(),
    };
    open.set(key, entry);
    entry.servicePorts.add(server.port);
    if (table !== "") {
      const first = !byTable.has(table);
      byTable.set(table, [...(byTable.get(table) ?? []), server]);
      if (first) entry.chains.push(httpChain(server, connectionManager(catalog.settings, table, filters), plaintext, proxy));
    } else {
      entry.chains.push(...streamChains(catalog, server, workload, proxy));
    }
  }
  return {
    listeners: [...open.values()]
      .filter((entry) => entry.chains.length > 0)
      .map((entry) => ({
        name: `${entry.bind || "0.0.0.0"}_${entry.port}`,
        direction: "gateway",
        address: entry.bind || "0.0.0.0",
        port: entry.port,
        servicePorts: [...entry.servicePorts],
        filterChains: entry.chains,
        source: entry.source,
      })),
    routes: [...byTable].map(([name, servers]) => gatewayTable(catalog, name, servers, proxy)),
  };
}

/** A Service in front of the gateway may map the server's port to another container port. */
function resolvedPort(catalog: Catalog, workload: Workload, port: number): number {
  for (const service of catalog.services) {
    if (!belongsTo(workload, service) || service.resource.labels["experimental.istio.io/disable-gateway-port-translation"])
      continue;
    const own = service.ports.find((one) => one.port === port);
    if (own) return targetPortOf(own, workload);
  }
  return port;
}

function isPassthrough(server: GatewayServer): boolean {
  const mode = text(server.tls, "mode");
  return mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH";
}

/** "" for servers that carry no HTTP. */
function tableName(server: GatewayServer, port: number): string {
  const bind = server.bind === "" ? "" : `.${server.bind}`;
  if (isHttp(server.protocol)) return `http.${port}${bind}`;
  if (server.protocol === "https" && !isPassthrough(server)) {
    const [namespace, name] = server.gateway.split("/");
    return `https.${server.port}.${server.portName}.${name}.${namespace}${bind}`;
  }
  return "";
}

function gatewayFilters(catalog: Catalog, workload: Workload): HttpFilterConfig[] {
  const root = catalog.settings.rootNamespace;
  const authorization = httpAuthorization(
    policiesFor(catalog.authorizationPolicies, workload, root),
    catalog.settings,
    catalog.hosts,
  );
  const jwt = jwtAuthnFor(catalog.requestAuthentications, workload, root);
  return [
    ...authorization.custom,
    ...(jwt ? [{ name: "jwtAuthn" as const, config: jwt }] : []),
    ...authorization.others,
    { name: "cors", config: {} },
    { name: "fault", config: {} },
  ];
}

function serverNames(server: GatewayServer): readonly string[] | undefined {
  const names = server.hosts.map((host) => host.slice(host.indexOf("/") + 1)).filter((host) => host !== "*");
  return names.length === server.hosts.length ? names.toSorted() : undefined;
}

function httpChain(
  server: GatewayServer,
  terminal: HttpConnectionManager,
  plaintext: boolean,
  proxy: ProxyIdentity,
): FilterChain {
  const names = plaintext ? undefined : serverNames(server);
  const tls = plaintext ? undefined : serverTls(server, proxy);
  return {
    name: terminal.routeConfig,
    match: names ? { serverNames: names } : {},
    ...(tls ? { tls } : {}),
    networkRbac: [],
    terminal,
    source: sourceOf(server.field),
  };
}

function serverTls(server: GatewayServer, proxy: ProxyIdentity): DownstreamTls | undefined {
  const mode = text(server.tls, "mode") ?? "PASSTHROUGH";
  if (mode === "ISTIO_MUTUAL") {
    return { certificate: proxy.certificate, requireClientCertificate: true, trustedRoots: [meshRoot] };
  }
  if (mode !== "SIMPLE" && mode !== "MUTUAL" && mode !== "OPTIONAL_MUTUAL") return undefined;
  const credential =
    text(server.tls, "credentialName") || texts(server.tls, "credentialNames")[0] || text(server.tls, "serverCertificate") || "";
  const subjectAltNames = texts(server.tls, "subjectAltNames");
  return {
    certificate: {
      ...proxy.certificate,
      identity: (server.hosts[0] ?? "*").replace(/^.*\//, ""),
      issuer: credential === "" ? "unknown" : `secret:${credential}`,
    },
    requireClientCertificate: mode === "MUTUAL",
    trustedRoots: mode === "SIMPLE" ? [] : [text(server.tls, "caCertificates") || `${credential}-cacert`],
    ...(subjectAltNames.length > 0 ? { subjectAltNames } : {}),
  };
}

/** Servers without HTTP: TLS that is passed on by its server name, or bytes. */
function streamChains(catalog: Catalog, server: GatewayServer, _workload: Workload, proxy: ProxyIdentity): FilterChain[] {
  const bound = boundServices(catalog, server, proxy).filter((one) =>
    server.hosts.some((written) => {
      const slash = written.indexOf("/");
      if (slash >= 0 && written.slice(0, slash) !== one.namespace) return false;
      return one.hosts.some((host) => hostsOverlap(written.slice(slash + 1), host));
    }),
  );
  const gateways = new Set([server.gateway]);
  if (isPassthrough(server)) {
    return bound.flatMap((one) => {
      const context = routeContextFor(catalog, server, proxy, one);
      return one.tls.flatMap((rule) =>
        rule.matches
          .filter((match) => streamApplies(match, server.port, proxy, gateways))
          .map((match) => {
            const limits = sessionLimits(catalog, proxy, firstService(rule, context));
            return tcpChain(streamClusters(rule, context), { serverNames: match.sniHosts }, rule.source, limits);
          }),
      );
    });
  }
  const names = server.tls ? serverNames(server) : undefined;
  const tls = server.tls ? serverTls(server, proxy) : undefined;
  for (const one of bound) {
    const rule = one.tcp.find(
      (entry) => entry.matches.length === 0 || entry.matches.some((match) => streamApplies(match, server.port, proxy, gateways)),
    );
    if (!rule) continue;
    const context = routeContextFor(catalog, server, proxy, one);
    const limits = sessionLimits(catalog, proxy, firstService(rule, context));
    const chain = tcpChain(streamClusters(rule, context), names ? { serverNames: names } : {}, rule.source, limits);
    return [tls ? { ...chain, tls } : chain];
  }
  return [];
}
