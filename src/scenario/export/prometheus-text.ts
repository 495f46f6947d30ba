/**
 * Istio's standard metrics as Prometheus would scrape them from the callers' proxies (reporter="source"): requests and durations with
 * Istio's labels. A projection of the access log; what a label would need and the log does not say is "unknown", as in Istio.
 */
import type { AccessLogEntry } from "#engine";
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

/** @param entries the run's whole access log */
export function prometheusText(plan: RunPlan, entries: readonly AccessLogEntry[]): string {
  const workloads = workloadsByAddress(plan);
  const series = new Map<string, Series>();
  for (const entry of entries) {
    if (entry.REPORTER !== "source") continue;
    const labels = labelsOf(plan, entry, workloads);
    let own = series.get(labels);
    if (own === undefined) {
      own = { labels, count: 0, sumMs: 0, within: buckets.map(() => 0) };
      series.set(labels, own);
    }
    own.count++;
    own.sumMs += entry.DURATION;
    for (const [i, bound] of buckets.entries()) if (entry.DURATION <= bound) own.within[i] = (own.within[i] ?? 0) + 1;
  }
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
  const values: Record<string, string | number> = {
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
    request_protocol: entry.PROTOCOL === "HTTP/2" ? "grpc" : entry.PROTOCOL === "-" ? "tcp" : "http",
    response_code: entry.RESPONSE_CODE,
    response_flags: entry.RESPONSE_FLAGS,
    // The caller's proxy does not report it; the server's does.
    connection_security_policy: "unknown",
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"]/g, "\\$&")}"`)
    .join(",");
}

function principalOf(workload: Place | undefined): string {
  return workload === undefined ? "unknown" : `spiffe://cluster.local/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}
