/** Route tables of gateways: the VirtualServices bound to a server, and the hosts both have. */
import type { Route, RouteConfiguration, VirtualHost } from "#engine";
import type { Catalog } from "./catalog.ts";
import { flag, sourceOf } from "./field.ts";
import type { GatewayServer } from "./gateway.ts";
import { bySpecificity, hostWithin } from "./host-name.ts";
import { httpRoutesOf, type RouteContext } from "./http-route.ts";
import type { ProxyIdentity } from "./outbound-cluster.ts";
import { destinationHash, maxDirectResponseBodyBytes } from "./outbound-route.ts";
import { isCatchAll } from "./route-match.ts";
import type { Service } from "./service.ts";
import { orderedVirtualServices } from "./sidecar-scope.ts";
import type { VirtualService } from "./virtual-service.ts";
import { isVisible } from "./visibility.ts";

export function boundServices(catalog: Catalog, server: GatewayServer, proxy: ProxyIdentity): VirtualService[] {
  return orderedVirtualServices(catalog, proxy.namespace, server.gateway);
}

/** Hosts that both the server and the VirtualService mean; the narrower of two wildcards. */
function sharedHosts(server: GatewayServer, one: VirtualService): string[] {
  const shared: string[] = [];
  for (const written of server.hosts) {
    const slash = written.indexOf("/");
    if (slash >= 0 && written.slice(0, slash) !== one.namespace) continue;
    const host = written.slice(slash + 1);
    for (const own of one.hosts) {
      const common = hostWithin(host, own) ? host : hostWithin(own, host) ? own : undefined;
      if (common !== undefined && !shared.includes(common)) shared.push(common);
    }
  }
  return shared;
}

export function routeContextFor(
  catalog: Catalog,
  server: GatewayServer,
  proxy: ProxyIdentity,
  one: VirtualService,
): RouteContext {
  const visible = (service: Service): boolean =>
    isVisible(service.exportTo, catalog.settings.defaultExportTo.service, service.namespace, proxy.namespace);
  return {
    port: server.port,
    proxyLabels: proxy.labels,
    proxyNamespace: proxy.namespace,
    gateways: new Set([server.gateway]),
    tls: server.tls !== undefined,
    ...(catalog.settings.defaultRetries ? { defaultRetries: catalog.settings.defaultRetries } : {}),
    findService: (host) => {
      const named = catalog.services.filter((service) => service.hostname === host && visible(service));
      return named.find((service) => service.namespace === one.namespace) ?? named[0];
    },
    hashPolicyOf: (destination) => destinationHash(catalog, proxy, destination),
  };
}

export function gatewayTable(
  catalog: Catalog,
  name: string,
  servers: readonly GatewayServer[],
  proxy: ProxyIdentity,
): RouteConfiguration {
  const hosts = new Map<string, { name: string; routes: Route[]; requireTls: boolean; source?: VirtualHost["source"] }>();
  const known = new Map<string, Route[]>();
  for (const server of servers) {
    const redirect = flag(server.tls, "httpsRedirect") === true;
    for (const one of boundServices(catalog, server, proxy)) {
      const shared = sharedHosts(server, one);
      if (shared.length === 0) continue;
      const key = `${server.gateway} ${one.namespace}/${one.name}`;
      const routes = known.get(key) ?? httpRoutesOf(one, routeContextFor(catalog, server, proxy, one));
      known.set(key, routes);
      if (routes.length === 0) continue;
      for (const written of shared) {
        const host = written.toLowerCase();
        const entry = hosts.get(host);
        if (entry) {
          entry.routes.push(...routes);
          entry.requireTls ||= redirect;
        } else {
          hosts.set(host, {
            name: `${host}:${server.port}`,
            routes: [...routes],
            requireTls: redirect,
            source: sourceOf(server.field),
          });
        }
      }
    }
    if (!redirect) continue;
    for (const written of server.hosts) {
      const host = written.slice(written.indexOf("/") + 1).toLowerCase();
      const entry = hosts.get(host);
      if (entry) entry.requireTls = true;
      else hosts.set(host, { name: `${host}:${server.port}`, routes: [], requireTls: true, source: sourceOf(server.field) });
    }
  }
  return {
    name,
    virtualHosts: hosts.size === 0 ? [blackHole(servers[0]!)] : collapse(hosts),
    ignorePortInHostMatching: true,
    maxDirectResponseBodyBytes,
  };
}

/** Nothing is bound: everything is answered 404. */
function blackHole(server: GatewayServer): VirtualHost {
  return { name: `blackhole:${server.port}`, domains: ["*"], routes: [], source: sourceOf(server.field) };
}

/** Hosts with the very same routes share one virtual host; routes that match everything go last. */
function collapse(
  hosts: ReadonlyMap<string, { name: string; routes: Route[]; requireTls: boolean; source?: VirtualHost["source"] }>,
): VirtualHost[] {
  const merged: {
    domains: string[];
    entry: { name: string; routes: Route[]; requireTls: boolean; source?: VirtualHost["source"] };
  }[] = [];
  for (const host of [...hosts.keys()].sort(bySpecificity)) {
    const entry = hosts.get(host)!;
    const same = merged.find(
      (one) =>
        one.entry.requireTls === entry.requireTls &&
        one.entry.routes.length === entry.routes.length &&
        one.entry.routes.every((route, index) => route === entry.routes[index]),
    );
    if (same) same.domains.push(host);
    else merged.push({ domains: [host], entry });
  }
  return merged
    .map(({ domains, entry }) => ({
      name: entry.name,
      domains,
      routes: [
        ...entry.routes.filter((route) => !isCatchAll(route.match)),
        ...entry.routes.filter((route) => isCatchAll(route.match)),
      ],
      ...(entry.requireTls ? { requireTls: "ALL" as const } : {}),
      ...(entry.source ? { source: entry.source } : {}),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}
