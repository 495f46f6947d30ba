/**
 * Istio's standard metrics as Prometheus would scrape them from all proxies: requests and durations with Istio's labels
 * (istio.io/latest/docs/reference/config/metrics). Callers report a request once (reporter="source", from the access log), servers every
 * try that reached them (reporter="destination"); what a label would need and nobody knows is "unknown", as in Istio.
 */
import type { AccessLogEntry, ServedRequest } from "#engine";
import type { RunPlan } from "../build/run-plan.ts";

/** Istio's buckets of istio_request_duration_milliseconds. */
const buckets = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

interface Series {
  labels: string;
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
  const workloads = workloadsByAddress(plan);
  const series = new Map<string, Series>();
  const count = (labels: string, durationMs: number) => {
    let own = series.get(labels);
    if (own === undefined) {
      own = { labels, count: 0, sumMs: 0, within: buckets.map(() => 0) };
      series.set(labels, own);
    }
    own.count++;
    own.sumMs += durationMs;
    for (const [i, bound] of buckets.entries()) if (durationMs <= bound) own.within[i] = (own.within[i] ?? 0) + 1;
  };
  for (const entry of entries) if (entry.REPORTER === "source") count(labelsOf(plan, entry, workloads), entry.DURATION);
  const services = servicesByAddress(plan);
  for (const one of served) count(servedLabels(plan, one, services.get(one.address)), one.durationMs);
  const rows = [...series.values()].sort((left, right) => (left.labels < right.labels ? -1 : 1));
  return [
    "# TYPE istio_requests_total counter",
    ...rows.map(({ labels, count }) => `istio_requests_total{${labels}} ${count}`),
    "# TYPE istio_request_duration_milliseconds histogram",
    ...rows.flatMap(({ labels, count, sumMs, within }) => [
      ...buckets.map((bound, i) => `istio_request_duration_milliseconds_bucket{${labels},le="${bound}"} ${within[i]}`),
      `istio_request_duration_milliseconds_bucket{${labels},le="+Inf"} ${count}`,
      `istio_request_duration_milliseconds_sum{${labels}} ${Number(sumMs.toFixed(6))}`,
      `istio_request_duration_milliseconds_count{${labels}} ${count}`,
    ]),
    "",
  ].join("\n");
}

type Place = RunPlan["config"]["workloads"][number];

function workloadsByAddress(plan: RunPlan): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const workload of plan.config.workloads)
    for (const { addresses } of workload.replicas) for (const address of addresses) found.set(address, workload);
  return found;
}

function labelsOf(plan: RunPlan, entry: AccessLogEntry, workloads: ReadonlyMap<string, Place>): string {
  const source = plan.config.workloads.find((one) => one.nodeId === entry.NODE);
  const destination = workloads.get(entry.UPSTREAM_HOST);
  const host = entry.UPSTREAM_CLUSTER.split("|").at(-1) ?? "";
  const service = plan.config.mesh.services.find((one) => one.hostnames.includes(host));
  return labelText({
    reporter: "source",
    source_workload: source?.name ?? "unknown",
    source_workload_namespace: source?.namespace ?? "unknown",
    source_principal: entry.UPSTREAM_PEER_URI_SAN === "-" ? "unknown" : principalOf(source),
    destination_workload: destination?.name ?? "unknown",
    destination_workload_namespace: destination?.namespace ?? "unknown",
    destination_principal: entry.UPSTREAM_PEER_URI_SAN === "-" ? "unknown" : entry.UPSTREAM_PEER_URI_SAN,
    destination_service: host === "" || host === "-" ? "unknown" : host,
    destination_service_name: service?.name ?? (host === "-" ? "unknown" : host),
    destination_service_namespace: service?.namespace ?? "unknown",
    request_protocol: protocolOf(entry),
    response_code: entry.RESPONSE_CODE,
    ...(entry.GRPC_STATUS_NUMBER === "-" ? {} : { grpc_response_status: entry.GRPC_STATUS_NUMBER }),
    response_flags: entry.RESPONSE_FLAGS,
    // The caller's proxy does not report it; the server's does.
    connection_security_policy: "unknown",
  });
}

function protocolOf({ PROTOCOL, GRPC_STATUS_NUMBER }: AccessLogEntry): string {
  if (PROTOCOL === "HTTP/2" || GRPC_STATUS_NUMBER !== "-") return "grpc";
  return PROTOCOL === "-" ? "tcp" : "http";
}

type Service = RunPlan["config"]["mesh"]["services"][number];

function servicesByAddress(plan: RunPlan): Map<string, Service> {
  const found = new Map<string, Service>();
  for (const service of plan.config.mesh.services)
    for (const address of service.endpoints) if (!found.has(address)) found.set(address, service);
  return found;
}

/** As the server's proxy knows the caller by the peer metadata, and its identity by mutual TLS. */
function servedLabels(plan: RunPlan, served: ServedRequest, service: Service | undefined): string {
  const { client, mutualTls } = served;
  const find = (name: string, namespace: string) =>
    plan.config.workloads.find((one) => one.name === name && one.namespace === namespace);
  const source = client === null ? undefined : find(client.workload, client.namespace);
  const host = service?.hostnames.find((name) => name.includes(".svc.")) ?? service?.hostnames[0];
  return labelText({
    reporter: "destination",
    source_workload: client?.workload ?? "unknown",
    source_workload_namespace: client?.namespace ?? "unknown",
    source_principal: mutualTls ? principalOf(source) : "unknown",
    destination_workload: served.workload,
    destination_workload_namespace: served.namespace,
    destination_principal: mutualTls ? principalOf(find(served.workload, served.namespace)) : "unknown",
    destination_service: host ?? "unknown",
    destination_service_name: service?.name ?? "unknown",
    destination_service_namespace: service?.namespace ?? "unknown",
    request_protocol: served.protocol,
    response_code: served.status,
    ...(served.grpcStatus === undefined ? {} : { grpc_response_status: served.grpcStatus }),
    response_flags: served.flags,
    connection_security_policy: mutualTls ? "mutual_tls" : "none",
  });
}

function labelText(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"]/g, "\\$&")}"`)
    .join(",");
}

function principalOf(workload: Place | undefined): string {
  return workload === undefined ? "unknown" : `spiffe://cluster.local/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}
