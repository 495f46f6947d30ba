/** What a patch speaks of (core/envoyfilter of istiod: listenerMatch, filterChainMatch, routeConfigurationMatch, clusterMatch). */
import type { Cluster, FilterChain, Listener, Route, RouteConfiguration, VirtualHost } from "#engine";
import { parseClusterName } from "../translation/cluster-name.ts";
import { at, number, text } from "../translation/field.ts";
import { partialMatch } from "../translation/re2.ts";
import type { Context, Patch } from "./patch.ts";

/** The release that istiod's recorded answers come from; `match.proxy.proxyVersion` is held against it. */
const proxyVersion = "1.29.1";

export function matchesContext({ context, match }: Patch, wanted: Context): boolean {
  if (context !== "ANY" && context !== wanted) return false;
  const version = text(match, "proxy", "proxyVersion");
  // What a proxy says of itself beyond its version is not known here, and so matches nothing.
  if (Object.keys((at(match, "proxy", "metadata")?.value as object | undefined) ?? {}).length > 0) return false;
  return version === undefined || isVersion(version);
}

/** What is no expression, which the webhook refuses, istiod itself passes over. */
function isVersion(written: string): boolean {
  const { source, flags, isBroken } = partialMatch(written);
  return isBroken === true || new RegExp(source, flags).test(proxyVersion);
}

/** Old names of filters that istiod still takes. */
const currentNames: Readonly<Record<string, string>> = {
  "envoy.http_connection_manager": "envoy.filters.network.http_connection_manager",
  "envoy.tcp_proxy": "envoy.filters.network.tcp_proxy",
  "envoy.router": "envoy.filters.http.router",
  "envoy.cors": "envoy.filters.http.cors",
  "envoy.fault": "envoy.filters.http.fault",
  "envoy.ext_authz": "envoy.filters.http.ext_authz",
  "envoy.rate_limit": "envoy.filters.http.ratelimit",
};

function currentName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : (currentNames[name] ?? name);
}

export function networkFilterOf({ match }: Patch): string | undefined {
  return currentName(text(match, "listener", "filterChain", "filter", "name"));
}

export function subFilterOf({ match }: Patch): string | undefined {
  return currentName(text(match, "listener", "filterChain", "filter", "subFilter", "name"));
}

const redirected: ReadonlySet<string> = new Set(["virtualInbound", "virtualOutbound"]);

export function matchesChain({ match }: Patch, listener: Listener, chain: FilterChain): boolean {
  const wanted = at(match, "listener");
  const name = text(wanted, "name");
  if (name !== undefined && name !== listener.name) return false;
  const port = number(wanted, "portNumber") ?? 0;
  // Where redirected traffic arrives the port is a matter of the chain.
  const own = redirected.has(listener.name) ? chain.match.destinationPort : listener.port;
  if (port !== 0 && port !== own) return false;
  const asked = at(wanted, "filterChain");
  const chainName = text(asked, "name");
  if (chainName !== undefined && chainName !== chain.name) return false;
  const sni = text(asked, "sni");
  if (sni !== undefined && !chain.match.serverNames?.includes(sni)) return false;
  const transport = text(asked, "transportProtocol");
  if (transport !== undefined && transport !== chain.match.transportProtocol) return false;
  const protocols = text(asked, "applicationProtocols")?.split(",") ?? [];
  if (!protocols.every((one) => chain.match.applicationProtocols?.includes(one))) return false;
  const destination = number(asked, "destinationPort") ?? 0;
  return destination === 0 || destination === chain.match.destinationPort;
}

/** @param servicePorts of a gateway: ports of the Services in front of the listener that uses the table */
export function matchesTable(
  { match }: Patch,
  context: Context,
  table: RouteConfiguration,
  servicePorts: readonly number[],
): boolean {
  const wanted = at(match, "routeConfiguration");
  const name = text(wanted, "name");
  if (name !== undefined && name !== table.name) return false;
  const port = number(wanted, "portNumber") ?? 0;
  if (context !== "GATEWAY") return port === 0 || port === portOfTable(table.name);
  // "http.8080", or "https.443.https.public.istio-ingress" with port, port name, Gateway and its namespace.
  const [, , portName = "", gateway = "", namespace = ""] = table.name.split(".");
  if (port !== 0 && !servicePorts.includes(port)) return false;
  const wantedPort = text(wanted, "portName");
  if (wantedPort !== undefined && wantedPort !== portName) return false;
  const wantedGateway = text(wanted, "gateway");
  return wantedGateway === undefined || wantedGateway === `${namespace}/${gateway}`;
}

/** "9080", "inbound|9080||". */
function portOfTable(name: string): number {
  return parseClusterName(name)?.port ?? Number.parseInt(name, 10);
}

export function matchesHost({ match }: Patch, { name }: VirtualHost): boolean {
  const wanted = text(match, "routeConfiguration", "vhost", "name");
  return wanted === undefined || wanted === name;
}

export function hasRouteMatch({ match }: Patch): boolean {
  return at(match, "routeConfiguration", "vhost", "route") !== undefined;
}

const actions: Readonly<Record<string, Route["action"]["type"]>> = {
  ROUTE: "forward",
  REDIRECT: "redirect",
  DIRECT_RESPONSE: "directResponse",
};

export function matchesRoute({ match }: Patch, { name, action }: Route): boolean {
  const wanted = at(match, "routeConfiguration", "vhost", "route");
  const wantedName = text(wanted, "name");
  if (wantedName !== undefined && wantedName !== name) return false;
  const kind = text(wanted, "action") ?? "ANY";
  return kind === "ANY" || actions[kind] === action.type;
}

/** @param hosts of an inbound cluster: the services it stands for */
export function matchesCluster({ match }: Patch, { name, service }: Cluster, hosts: readonly string[]): boolean {
  const wanted = at(match, "cluster");
  const wantedName = text(wanted, "name");
  if (wantedName !== undefined) return wantedName === name;
  const parts = parseClusterName(name);
  const subset = text(wanted, "subset");
  if (subset !== undefined && subset !== (parts?.subset ?? "")) return false;
  const host = text(wanted, "service");
  const own = parts?.direction === "inbound" ? hosts : [parts?.host ?? service?.host ?? ""];
  if (host !== undefined && !own.includes(host)) return false;
  const port = number(wanted, "portNumber") ?? 0;
  return port === 0 || port === parts?.port;
}
