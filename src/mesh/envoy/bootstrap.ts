/** An Envoy v3 static bootstrap → one proxy of the model. What it has and the engine does not simulate is named, never dropped. */
import {
  bootstrapRefusals,
  type Cluster,
  type ClusterLoadAssignment,
  type ConfigSource,
  type ConnectionRateLimit,
  type FilterChain,
  type Listener,
  type ProxyNode,
  type RbacConfig,
  type RouteConfiguration,
} from "#engine";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnosticOf, place } from "../diagnostics/finding.ts";
import type { Resource } from "../resource/resource.ts";
import { at, durationMs, type Field, formatPath, items, number, type Path, sourceOf, text, texts } from "../translation/field.ts";
import { judgeBootstrapFields, judgeBootstrapFormats } from "./bootstrap-fields.ts";
import { readAccessLogs } from "./envoy-access-log.ts";
import { readClientAddress } from "./envoy-client-address.ts";
import { readCluster, readZone } from "./envoy-cluster.ts";
import { isKnownFilter, readHttpFilter } from "./envoy-filter.ts";
import { readLocalReplies } from "./envoy-local-replies.ts";
import { readNormalization } from "./envoy-normalization.ts";
import { readConnectionLimit } from "./envoy-rate-limits.ts";
import { readRbac } from "./envoy-rbac.ts";
import { readRouteConfiguration } from "./envoy-route.ts";
import { readRouter } from "./envoy-router.ts";
import { certificateNaming, type NameCertificate, readDownstreamTls } from "./envoy-tls.ts";
import { isHarmless } from "./harmless-fields.ts";
import { watchReads } from "./watched-value.ts";

export interface BootstrapResult {
  node: ProxyNode;
  diagnostics: Diagnostic[];
}

/** @param resource the document that holds `static_resources`. */
export function translateBootstrap(resource: Resource): BootstrapResult {
  const judged = judgeBootstrapFields(resource);
  const watched = watchReads(judged.value);
  const root: Field = { resource, path: [], value: watched.value };
  const nameCertificate = certificateNaming(acceptedNames(resource.object));
  const routes: RouteConfiguration[] = [];
  const unknown: Path[] = [];
  const listeners = items(root, "static_resources", "listeners").map((one) =>
    readListener(one, routes, unknown, nameCertificate),
  );
  const clusters: Cluster[] = [];
  const endpoints: ClusterLoadAssignment[] = [];
  const surroundings = {
    zone: readZone(at(root, "node", "locality")),
    localCluster: text(root, "cluster_manager", "local_cluster_name"),
  };
  for (const one of items(root, "static_resources", "clusters")) {
    const { cluster, assignment } = readCluster(one, nameCertificate, surroundings);
    clusters.push(cluster);
    endpoints.push(assignment);
  }
  const id = text(root, "node", "id") ?? "envoy";
  const node: ProxyNode = { id, type: "bootstrap", workload: id, namespace: "", listeners, routes, clusters, endpoints };
  const formats = judgeBootstrapFormats(judged.value);
  const findings = [...judged.findings, ...formats.findings];
  const refused = findings.map((finding) => place(finding, resource));
  const unreadFields = watched.unread().filter((path) => !isHarmless(path) && !isBelow(path, unknown));
  const unread = [...unknown, ...formats.notSimulated, ...unreadFields];
  return {
    node,
    diagnostics: [
      ...refused,
      // What was refused as it was read is not judged by what it would have meant.
      ...bootstrapRefusals(node)
        .map(({ reason, source }) => refusedAt(resource, reason, source))
        .filter((one) => !refused.some(({ path }) => isWithin(path, one.path))),
      ...unread
        .filter((path) => !findings.some((one) => isWithin(formatPath(path), formatPath(one.path))))
        .map((path) => notSimulated(path, resource)),
    ],
  };
}

/** A warning: of a bootstrap a run is expected to do all that is written. */
function notSimulated(path: Path, resource: Resource): Diagnostic {
  const field = formatPath(path);
  const range = resource.rangeOf(path, "key");
  return {
    ...diagnosticOf({ code: "MESH1901", params: { field } }, resource, resource.file, field, range),
    severity: "warning",
  };
}

/** What is not known as a whole is named once. */
function isBelow(path: Path, owners: readonly Path[]): boolean {
  return owners.some((owner) => isWithin(formatPath(path), formatPath(owner)));
}

function isWithin(path: string, owner: string): boolean {
  return path === owner || path.startsWith(`${owner}.`) || path.startsWith(`${owner}[`);
}

function refusedAt(resource: Resource, reason: string, source: ConfigSource | undefined): Diagnostic {
  const written = source?.path ?? "static_resources";
  const path = [...written.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
  return diagnosticOf({ code: "MESH1904", params: { reason } }, resource, resource.file, written, resource.rangeOf(path));
}

/** Every accepted subject name of the document, wherever it stands. */
function acceptedNames(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, below]): string[] =>
    key === "exact" && typeof below === "string" && below.includes("/") ? [below] : acceptedNames(below),
  );
}

function readListener(field: Field, routes: RouteConfiguration[], unknown: Path[], nameCertificate: NameCertificate): Listener {
  const socket = at(field, "address", "socket_address");
  const address = text(socket, "address") ?? "0.0.0.0";
  const port = number(socket, "port_value") ?? 0;
  const name = text(field, "name") ?? `${address}_${port}`;
  const written = items(field, "filter_chains");
  const fallback = at(field, "default_filter_chain");
  // Inspectors only find out what the chains match on.
  for (const inspector of items(field, "listener_filters")) text(inspector, "typed_config", "@type");
  return {
    name,
    direction: "gateway",
    address,
    port,
    filterChains: [...written, ...(fallback ? [fallback] : [])].flatMap(
      (chain, index) => readFilterChain(chain, `${name}/${index}`, routes, unknown, nameCertificate) ?? [],
    ),
    source: sourceOf(field),
  };
}

function readFilterChain(
  field: Field,
  name: string,
  routes: RouteConfiguration[],
  unknown: Path[],
  nameCertificate: NameCertificate,
): FilterChain | undefined {
  const match = at(field, "filter_chain_match");
  const transport = text(match, "transport_protocol");
  const destinationPort = number(match, "destination_port");
  const serverNames = texts(match, "server_names");
  const applicationProtocols = texts(match, "application_protocols");
  const tls = readDownstreamTls(at(field, "transport_socket"), nameCertificate);
  const networkRbac: RbacConfig[] = [];
  const networkRateLimits: ConnectionRateLimit[] = [];
  const limits: Path[] = [];
  let terminal: FilterChain["terminal"] | undefined;
  for (const filter of items(field, "filters")) {
    const config = at(filter, "typed_config") ?? filter;
    const type = text(config, "@type") ?? text(filter, "name") ?? "";
    if (/HttpConnectionManager|http_connection_manager/.test(type)) terminal = readHttpManager(config, name, routes, unknown);
    else if (/TcpProxy|tcp_proxy/.test(type)) terminal = readTcpProxy(config);
    else if (/network\.local_?ratelimit/.test(type)) {
      limits.push(filter.path);
      networkRateLimits.push(...readConnectionLimit(config));
    } else if (type.includes("rbac")) {
      // What a connection is judged by does not change while it lasts.
      text(config, "enforcement_type");
      networkRbac.push(...readRbac(config));
    } else unknown.push(filter.path);
  }
  if (!terminal) return undefined;
  // Connections of HTTP clients are nobody's here.
  if (terminal.type === "http") unknown.push(...limits);
  return {
    name: text(field, "name") ?? name,
    match: {
      ...(destinationPort === undefined ? {} : { destinationPort }),
      ...(transport === "tls" || transport === "raw_buffer" ? { transportProtocol: transport } : {}),
      ...(serverNames.length > 0 ? { serverNames } : {}),
      ...(applicationProtocols.length > 0 ? { applicationProtocols } : {}),
    },
    ...(tls ? { tls } : {}),
    networkRbac,
    ...(networkRateLimits.length > 0 ? { networkRateLimits } : {}),
    terminal,
    source: sourceOf(field),
  };
}

function readHttpManager(config: Field, name: string, routes: RouteConfiguration[], unknown: Path[]): FilterChain["terminal"] {
  const table = readRouteConfiguration(at(config, "route_config"), name);
  // Tables of different listeners may carry the same name.
  const routeConfig = routes.some((one) => one.name === table.name) ? `${table.name}@${name}` : table.name;
  routes.push({ ...table, name: routeConfig });
  const filters = items(config, "http_filters");
  for (const filter of filters) if (!isKnownFilter(filter)) unknown.push(filter.path);
  const streamIdleTimeoutMs = durationMs(config, "stream_idle_timeout");
  const requestTimeoutMs = durationMs(config, "request_timeout");
  const maxStreamDurationMs = durationMs(config, "common_http_protocol_options", "max_stream_duration");
  return {
    type: "http",
    httpFilters: filters.flatMap(readHttpFilter),
    routeConfig,
    ...(streamIdleTimeoutMs === undefined ? {} : { streamIdleTimeoutMs }),
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    ...(maxStreamDurationMs === undefined ? {} : { maxStreamDurationMs }),
    client: readClientAddress(config),
    ...readNormalization(config),
    ...readLocalReplies(config),
    ...readAccessLogs(config, unknown),
    ...readRouter(filters),
  };
}

function readTcpProxy(config: Field): FilterChain["terminal"] {
  const single = text(config, "cluster");
  const maxConnectAttempts = number(config, "max_connect_attempts");
  const idleTimeoutMs = durationMs(config, "idle_timeout");
  const maxDurationMs = durationMs(config, "max_downstream_connection_duration");
  return {
    type: "tcp",
    ...(maxConnectAttempts === undefined ? {} : { maxConnectAttempts }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
    source: sourceOf(config),
    clusters:
      single === undefined
        ? items(config, "weighted_clusters", "clusters").map((one) => ({
            cluster: text(one, "name") ?? "",
            weight: number(one, "weight") ?? 0,
          }))
        : [{ cluster: single, weight: 100 }],
  };
}
