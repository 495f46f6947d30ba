/**
 * What one request gets from one proxy, and why: the rule that won, each one before it with the condition that failed, and
 * what the answer would be (contracts.md 2, `routes`). Uses the engine's own matching; runs nothing.
 */
import {
  acceptedClaims,
  type Cluster,
  createShapeTable,
  type FilterChain,
  type ForwardAction,
  findFilterChain,
  findOutboundListener,
  findServerListener,
  findVirtualHost,
  internTemplate,
  type Listener,
  type MeshConfig,
  mismatchOf,
  normalizeRequest,
  type ProxyNode,
  type RequestShape,
  type RequestTemplate,
  type Route,
  type RouteConfiguration,
  type ServiceEntryPoint,
  type ShapeTable,
  type VirtualHost,
} from "#engine";
import type { RouteAnswer, RouteQuery } from "../mesh-api.ts";
import { parseClusterName } from "../translation/cluster-name.ts";
import { alternativeHosts } from "../translation/host-name.ts";
import { authorizationAtEntry, authorizationAtServer } from "./authorization.ts";
import { describeRedirect, describeRewrite } from "./describe-action.ts";
import { forwardedShape } from "./forwarded-shape.ts";

const passthroughNames: ReadonlySet<string> = new Set(["PassthroughCluster", "BlackHoleCluster"]);

/** @returns the answer; a request that no listener takes is an answer too (`NO_ROUTE_CONFIG`). */
export function resolveRoute(config: MeshConfig, node: ProxyNode, query: RouteQuery): RouteAnswer {
  const shapes = createShapeTable();
  const sent = internTemplate(shapes, templateOf(query));
  const service = dialled(config, node, query.host);
  const chain = chainFor(node, service, query, sent);
  if (!chain) return { ...nothing, result: "NO_ROUTE_CONFIG" };
  if (chain.terminal.type === "tcp") return throughTcp(config, node, chain);
  const { shape, status } = normalizeRequest(shapes, chain.terminal.normalization, sent, query.port);
  if (status === 400) return { ...nothing, result: "DIRECT_RESPONSE", directResponse: { status } };
  if (status === 307) return { ...nothing, result: "REDIRECT", redirect: { status, location: shape.path } };
  const name = chain.terminal.routeConfig;
  const table = node.routes.find((one) => one.name === name);
  const host = table && findVirtualHost(table, shape.authority);
  if (!table || !host) return { ...nothing, result: "NO_VIRTUAL_HOST", routeConfig: name, responseFlag: "NR" };
  const answer: RouteAnswer = { ...nothing, routeConfig: name, virtualHost: host.name };
  return followRoutes({ config, node, chain, table, host, shapes, shape, port: query.port }, answer);
}

/** A request where a proxy looks for its route. */
interface Asking {
  config: MeshConfig;
  node: ProxyNode;
  chain: FilterChain;
  table: RouteConfiguration;
  host: VirtualHost;
  shapes: ShapeTable;
  shape: RequestShape;
  /** Where the client connected to. */
  port: number;
}

const nothing: RouteAnswer = {
  result: "NO_ROUTE",
  matched: null,
  candidates: [],
  destinations: [],
  timeoutMs: 0,
  retries: null,
  defaults: [],
  lines: {},
  mirror: [],
  fault: null,
  rewrite: null,
  redirect: null,
  directResponse: null,
  mtls: "none",
  authorization: null,
  responseFlag: "",
};

function templateOf(query: RouteQuery): RequestTemplate {
  return {
    method: query.method,
    scheme: query.scheme === "https" || query.scheme === "grpc" || query.scheme === "tcp" ? query.scheme : "http",
    host: query.host,
    port: query.port,
    path: query.path,
    headers: query.headers,
    ...(query.tokens === undefined ? {} : { tokens: query.tokens }),
  };
}

/** What DNS would make of the name in the caller's namespace. */
function dialled(config: MeshConfig, node: ProxyNode, host: string): ServiceEntryPoint | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  return config.services.find(
    (service) =>
      service.address === name ||
      service.hostnames.some((full) => full === name || alternativeHosts(full, node.namespace).includes(name)),
  );
}

function chainFor(
  node: ProxyNode,
  service: ServiceEntryPoint | undefined,
  query: RouteQuery,
  shape: RequestShape,
): FilterChain | undefined {
  const tls = query.scheme === "https";
  let listener: Listener | undefined;
  if (node.type === "sidecar") {
    listener = findOutboundListener(node, service?.address ?? "", query.port);
    if (listener?.name === "virtualOutbound") return undefined;
  } else {
    listener = findServerListener(node, shape.host, query.port);
  }
  if (!listener) return undefined;
  const alpn = tls ? [] : ["http/1.1"];
  return findFilterChain(listener, { destinationPort: query.port, tls, sni: tls ? shape.host : "", alpn });
}

/** No HTTP rules apply: the bytes go to these clusters. */
function throughTcp(config: MeshConfig, node: ProxyNode, chain: FilterChain): RouteAnswer {
  const clusters = chain.terminal.type === "tcp" ? chain.terminal.clusters : [];
  const first = node.clusters.find((one) => one.name === clusters[0]?.cluster);
  return {
    ...nothing,
    result: "NO_ROUTE_CONFIG",
    destinations: clusters
      .filter((one) => !passthroughNames.has(one.cluster))
      .map((one) => destinationOf(one.cluster, one.weight)),
    mtls: first ? mtlsTo(config, node, first) : "none",
  };
}

function followRoutes(asking: Asking, answer: RouteAnswer): RouteAnswer {
  const { chain, host, shape } = asking;
  const claims = chain.terminal.type === "http" ? acceptedClaims(chain.terminal, shape) : {};
  const candidates: RouteAnswer["candidates"] = [];
  for (const [routeIndex, route] of host.routes.entries()) {
    const mismatch = mismatchOf(route, shape, claims);
    if (mismatch) {
      const place = matchedRule(route, host) ?? { resource: "", rule: route.name, file: "", line: 0 };
      candidates.push({ ...place, rejectedBecause: mismatch });
      continue;
    }
    const found = { ...answer, candidates, matched: matchedRule(route, host), routeIndex, routeName: route.name };
    return { ...found, ...outcomeOf(asking, route) };
  }
  return { ...answer, candidates, routeIndex: -1, result: "NO_ROUTE", responseFlag: "NR" };
}

/** A route that nobody wrote points at the service it was made for; what passes unknown hosts on points nowhere. */
function matchedRule(route: Route, host: VirtualHost): RouteAnswer["matched"] {
  const source = route.source ?? host.source;
  if (!source) return null;
  return {
    resource: `${source.kind} ${source.namespace}/${source.name}`,
    rule: route.source ? source.path : route.name,
    file: source.file,
    line: source.line,
  };
}

function outcomeOf(asking: Asking, route: Route): Partial<RouteAnswer> {
  const { shape } = asking;
  const { action } = route;
  const fault = route.perFilter?.fault ? describeFault(route.perFilter.fault) : null;
  if (action.type === "redirect")
    return { result: "REDIRECT", redirect: describeRedirect(action, shape, route.match.path), fault };
  if (action.type === "directResponse") {
    const body = action.body === undefined ? {} : { body: action.body };
    return { result: "DIRECT_RESPONSE", directResponse: { status: action.status, ...body }, fault };
  }
  return { ...forwarded(asking, route, action), fault };
}

function describeFault(fault: NonNullable<NonNullable<Route["perFilter"]>["fault"]>): unknown {
  const { source: _source, ...rest } = fault;
  return rest;
}

function forwarded(asking: Asking, route: Route, action: ForwardAction): Partial<RouteAnswer> {
  const { config, node } = asking;
  const retry = action.retryPolicy;
  const first = action.clusters[0];
  const cluster = first && node.clusters.find((one) => one.name === first.cluster);
  return {
    result: "ROUTE",
    destinations: action.clusters.map((one) => destinationOf(one.cluster, one.weight)),
    timeoutMs: action.timeoutMs,
    retries: retry
      ? {
          attempts: retry.numRetries,
          perTryTimeoutMs: retry.perTryTimeoutMs,
          retryOn: retry.retryOn.join(","),
          retriableStatusCodes: [...retry.retriableStatusCodes],
        }
      : null,
    ...originOf(action, cluster),
    mirror: action.mirrors.map((one) => ({ cluster: one.cluster, percent: one.percent })),
    rewrite: action.rewrite ? describeRewrite(action.rewrite) : null,
    mtls: cluster ? mtlsTo(config, node, cluster) : "none",
    authorization: authorizationOf(asking, route, action, cluster),
    responseFlag: responseFlag(node, action, cluster),
  };
}

/** Of the proxy that takes it from outside, then of the server's, which sees the request as it was sent on. */
function authorizationOf(
  { config, node, chain, table, host, shapes, shape, port }: Asking,
  route: Route,
  action: ForwardAction,
  cluster: Cluster | undefined,
): RouteAnswer["authorization"] {
  const entry = node.type === "sidecar" ? null : authorizationAtEntry(node, chain, shape, port);
  if (entry?.decision === "deny" || !cluster) return entry;
  const sent = forwardedShape(shapes, shape, { node, table, host, route, action });
  const server = authorizationAtServer(config, node, cluster, sent);
  return server === null || (server.decision === "allow" && entry?.decision === "unknown") ? entry : server;
}

/** What was written, and where; what was not, and is there all the same. */
function originOf(action: ForwardAction, cluster: Cluster | undefined): Pick<RouteAnswer, "defaults" | "lines"> {
  const sources = { ...action.sources, loadBalancer: cluster?.sources?.loadBalancer };
  const lines: RouteAnswer["lines"] = {};
  for (const name of ["timeout", "retries", "loadBalancer", "mirror", "rewrite"] as const) {
    const source = sources[name];
    if (source) lines[name] = { file: source.file, line: source.line };
  }
  const known = cluster ? (["timeout", "retries", "loadBalancer"] as const) : (["timeout", "retries"] as const);
  return { defaults: known.filter((name) => sources[name] === undefined), lines };
}

function destinationOf(cluster: string, weight: number): RouteAnswer["destinations"][number] {
  const parts = parseClusterName(cluster);
  return { cluster, service: parts?.host ?? "", subset: parts?.subset ?? "", port: parts?.port ?? 0, weight };
}

/** Istio's and Envoy's words: the cluster is missing (NC) or has nobody healthy behind it (UH). */
function responseFlag(node: ProxyNode, action: ForwardAction, cluster: Cluster | undefined): string {
  if (action.clusters.length === 0) return "NC";
  if (!cluster) return "NC";
  if (cluster.type === "ORIGINAL_DST" || passthroughNames.has(cluster.name)) return "";
  const assignment = node.endpoints.find((one) => one.cluster === cluster.name);
  const usable = assignment?.localities.some((locality) =>
    locality.endpoints.some((endpoint) => endpoint.health !== "UNHEALTHY"),
  );
  return usable ? "" : "UH";
}

/** How the connection to the upstream is secured; "mixed" where endpoints differ. */
function mtlsTo(_config: MeshConfig, node: ProxyNode, cluster: Cluster): string {
  if (cluster.transportSocketMatches.length === 0) {
    return cluster.tls ? (cluster.tls.mode === "simple" ? "tls" : "mutual_tls") : "none";
  }
  const endpoints = node.endpoints.find((one) => one.cluster === cluster.name)?.localities.flatMap((one) => one.endpoints) ?? [];
  const modes = new Set(
    endpoints.map((endpoint) => {
      const match = cluster.transportSocketMatches.find((one) =>
        Object.entries(one.match).every(([key, value]) => endpoint.metadata[key] === value),
      );
      return match?.tls ? "mutual_tls" : "none";
    }),
  );
  // Nobody is there to ask: a proxy that comes up will be talked to with mutual TLS.
  if (modes.size === 0) return cluster.transportSocketMatches.some((one) => one.tls) ? "mutual_tls" : "none";
  return modes.size > 1 ? "mixed" : [...modes][0]!;
}
