/**
 * Istio's standard metrics as Prometheus would scrape them from all proxies, with the labels and the order of Istio's stats filter
 * (istio_stats.cc): requests and their durations, connections of TCP. Callers' proxies and gateways report a request once
 * (reporter="source", from the access log), servers every try that reached them (reporter="destination"); what a label would need and
 * nobody knows is "unknown".
 */
import type { AccessLogEntry, ProxyNode, ServedRequest } from "#engine";
import type { RunPlan } from "../build/run-plan.ts";
import { type Peer, peersOf, principalOf } from "./prometheus-peers.ts";

/** Istio's buckets of istio_request_duration_milliseconds. */
const buckets = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

type Labels = Readonly<Record<string, string | number>>;

interface Series {
  labels: string;
  isTcp: boolean;
  count: number;
  sumMs: number;
  /** Cumulative, by bucket. */
  within: number[];
}

/**
 * @param entries the run's whole access log: what callers' proxies report
 * @param served what servers' proxies report
 */
export function prometheusText(plan: RunPlan, entries: readonly AccessLogEntry[], served: readonly ServedRequest[]): string {
  const series = new Map<string, Series>();
  const count = (values: Labels, durationMs: number) => {
    const labels = labelText(values);
    let own = series.get(labels);
    if (own === undefined) {
      const isTcp = values.request_protocol === "tcp";
      own = { labels, isTcp, count: 0, sumMs: 0, within: buckets.map(() => 0) };
      series.set(labels, own);
    }
    own.count++;
    own.sumMs += durationMs;
    for (const [i, bound] of buckets.entries()) if (durationMs <= bound) own.within[i] = (own.within[i] ?? 0) + 1;
  };
  const told = narrator(plan);
  for (const entry of entries) if (entry.REPORTER === "source") count(told.bySource(entry), entry.DURATION);
  for (const one of served) count(told.byDestination(one), one.durationMs);
  const rows = [...series.values()].sort((left, right) => (left.labels < right.labels ? -1 : 1));
  const requests = rows.filter(({ isTcp }) => !isTcp);
  const connections = rows.filter(({ isTcp }) => isTcp);
  const counter = (name: string, of: readonly Series[]) =>
    of.length === 0 ? [] : [`# TYPE ${name} counter`, ...of.map(({ labels, count }) => `${name}{${labels}} ${count}`)];
  return [
    ...counter("istio_requests_total", requests),
    ...(requests.length === 0 ? [] : ["# TYPE istio_request_duration_milliseconds histogram"]),
    ...requests.flatMap(({ labels, count, sumMs, within }) => [
      ...buckets.map((bound, i) => `istio_request_duration_milliseconds_bucket{${labels},le="${bound}"} ${within[i]}`),
      `istio_request_duration_milliseconds_bucket{${labels},le="+Inf"} ${count}`,
      `istio_request_duration_milliseconds_sum{${labels}} ${Number(sumMs.toFixed(6))}`,
      `istio_request_duration_milliseconds_count{${labels}} ${count}`,
    ]),
    ...counter("istio_tcp_connections_opened_total", connections),
    ...counter("istio_tcp_connections_closed_total", connections),
    "",
  ].join("\n");
}

type Service = RunPlan["config"]["mesh"]["services"][number];

/** Clusters that stand for no service. */
const nameless: ReadonlySet<string> = new Set(["PassthroughCluster", "BlackHoleCluster"]);

/** What both sides would say of a request in a run of this plan. */
function narrator(plan: RunPlan) {
  const { mesh } = plan.config;
  const peers = peersOf(plan);
  const nodes = new Map(mesh.nodes.map((node) => [node.id, node]));
  const serviceAt = new Map<string, Service>();
  for (const service of mesh.services)
    for (const address of service.endpoints) if (!serviceAt.has(address)) serviceAt.set(address, service);

  const bySource = (entry: AccessLogEntry): Labels => {
    const node = nodes.get(entry.NODE);
    const cluster = entry.UPSTREAM_CLUSTER;
    const destination = nameless.has(cluster) ? undefined : peers.at(entry.UPSTREAM_HOST);
    const isMutual = entry.UPSTREAM_PEER_URI_SAN !== "-";
    const host = nameless.has(cluster) || cluster === "-" ? writtenHost(node, entry) : (cluster.split("|").at(-1) ?? "");
    const service = mesh.services.find((one) => one.hostnames.includes(host));
    return {
      reporter: "source",
      ...sourceLabels(node && peers.of(node), isMutual ? principalOf(node) : "unknown"),
      ...destinationLabels(
        destination,
        isMutual ? entry.UPSTREAM_PEER_URI_SAN : "unknown",
        host === "" ? "unknown" : host,
        nameless.has(cluster) ? cluster : (service?.name ?? (host === "" ? "unknown" : host)),
        service?.namespace ?? destination?.namespace ?? "unknown",
      ),
      ...outcomeLabels(protocolOf(entry), entry.RESPONSE_CODE, entry.GRPC_STATUS_NUMBER, entry.RESPONSE_FLAGS),
      // The caller's proxy does not report it; the server's does.
      connection_security_policy: "unknown",
    };
  };

  /** As the server's proxy knows the caller by the peer metadata, and its identity by mutual TLS. */
  const byDestination = (served: ServedRequest): Labels => {
    const { client, principal, grpcStatus } = served;
    const own = nodes.get(`${served.workload}.${served.namespace}`);
    const destination = own && peers.of(own);
    const caller = client === null ? undefined : nodes.get(`${client.workload}.${client.namespace}`);
    const service = serviceAt.get(served.address);
    const host = service?.hostnames.find((name) => name.includes(".svc.")) ?? service?.hostnames[0];
    const canonical = destination?.canonicalName ?? "unknown";
    return {
      reporter: "destination",
      ...sourceLabels(caller && peers.of(caller), principal === "" ? "unknown" : principal),
      ...destinationLabels(
        destination,
        principal === "" ? "unknown" : principalOf(own),
        host ?? canonical,
        service?.name ?? canonical,
        served.namespace,
      ),
      ...outcomeLabels(served.protocol, served.status, grpcStatus ?? "-", served.flags),
      connection_security_policy: principal === "" ? "none" : "mutual_tls",
    };
  };
  return { bySource, byDestination };
}

/** What stands in for a service nobody knows: at sidecars the request's host header, at gateways nothing (disable_host_header_fallback). */
function writtenHost(node: ProxyNode | undefined, { AUTHORITY, PROTOCOL }: AccessLogEntry): string {
  return node?.type === "sidecar" && PROTOCOL !== "-" ? AUTHORITY : "";
}

function sourceLabels(peer: Peer | undefined, principal: string): Labels {
  return {
    source_workload: peer?.workload ?? "unknown",
    source_canonical_service: peer?.canonicalName ?? "unknown",
    source_canonical_revision: peer?.canonicalRevision ?? "latest",
    source_workload_namespace: peer?.namespace ?? "unknown",
    source_principal: principal,
    source_app: peer?.app ?? "unknown",
    source_version: peer?.version ?? "unknown",
    source_cluster: peer?.cluster ?? "unknown",
  };
}

function destinationLabels(peer: Peer | undefined, principal: string, host: string, name: string, namespace: string): Labels {
  return {
    destination_workload: peer?.workload ?? "unknown",
    destination_workload_namespace: peer?.namespace ?? "unknown",
    destination_principal: principal,
    destination_app: peer?.app ?? "unknown",
    destination_version: peer?.version ?? "unknown",
    destination_service: host,
    destination_canonical_service: peer?.canonicalName ?? "unknown",
    destination_canonical_revision: peer?.canonicalRevision ?? "latest",
    destination_service_name: name,
    destination_service_namespace: namespace,
    destination_cluster: peer?.cluster ?? "unknown",
  };
}

/** A connection of TCP has neither code nor status. */
function outcomeLabels(protocol: string, code: number, grpcStatus: number | string, flags: string): Labels {
  const answer: Labels = protocol === "tcp" ? {} : { response_code: code };
  return {
    request_protocol: protocol,
    ...answer,
    ...(grpcStatus === "-" ? {} : { grpc_response_status: grpcStatus }),
    response_flags: flags,
  };
}

function protocolOf({ PROTOCOL, GRPC_STATUS_NUMBER }: AccessLogEntry): string {
  if (PROTOCOL === "HTTP/2" || GRPC_STATUS_NUMBER !== "-") return "grpc";
  return PROTOCOL === "-" ? "tcp" : "http";
}

/** Backslash, quote and line break are escaped (Prometheus, "Text-based format"). */
function labelText(values: Labels): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`)
    .join(",");
}
