/** Results as tables for spreadsheets (RFC 4180): edges, workloads by replica, and the numbers over time. Numbers have a decimal point. */
import type { SeriesPoint } from "../series/series-recorder.ts";
import type { EdgeReport, SimulationReport, WorkloadReport } from "../session.ts";

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

export function edgesCsv({ edges }: Pick<SimulationReport, "edges">): string {
  const statuses = keysOf(edges.map((edge) => edge.statuses));
  const flags = keysOf(edges.map((edge) => edge.flags));
  return table(
    edges.map((edge: EdgeReport): Row => {
      const { from, to, namespace, traffic = "", requests, ok, attempts, latencyMs, security } = edge;
      return {
        ...{ from, to, namespace, traffic, requests, ok, attempts },
        ...Object.fromEntries(statuses.map((status) => [`status_${status}`, edge.statuses[status] ?? 0])),
        ...Object.fromEntries(flags.map((flag) => [`flag_${flag}`, edge.flags[flag] ?? 0])),
        ...Object.fromEntries(latencyFields.map((field) => [`${field}_ms`, latencyMs?.[field] ?? null])),
        mutual_tls: security.mutual_tls,
        plaintext: security.none,
      };
    }),
  );
}

const latencyFields = ["mean", "p50", "p90", "p95", "p99", "max"] as const;

/** A row for each replica; `share` is its workload's, of the service. */
export function workloadsCsv({ workloads }: Pick<SimulationReport, "workloads">): string {
  return table(
    workloads.flatMap(({ name, namespace, service, share, shadow, denied, replicas }: WorkloadReport) =>
      replicas.map(
        ({ index, address, requests, ejections }): Row => ({
          ...{ workload: name, namespace, service, replica: index, address, requests },
          ...{ workload_share: share, workload_shadow: shadow, workload_denied: denied, ejections: ejections.length },
        }),
      ),
    ),
  );
}

export function seriesCsv(points: readonly SeriesPoint[]): string {
  const flags = keysOf(points.map((point) => point.flags));
  const workloads = keysOf(points.map((point) => point.arrivals));
  return table(
    points.map((point): Row => {
      const { fromMs, toMs, requests, errors, retries, ejections, p50, p95, p99 } = point;
      return {
        ...{ from_ms: fromMs, to_ms: toMs, requests, errors, retries, ejections, p50_ms: p50, p95_ms: p95, p99_ms: p99 },
        ...Object.fromEntries(flags.map((flag) => [`flag_${flag}`, point.flags[flag] ?? 0])),
        ...Object.fromEntries(workloads.map((workload) => [`arrivals_${workload}`, point.arrivals[workload] ?? 0])),
      };
    }),
  );
}

function keysOf(counts: readonly Readonly<Record<string, number>>[]): string[] {
  return [...new Set(counts.flatMap((one) => Object.keys(one)))].sort();
}

/** All rows have the same columns. No rows: an empty text. */
function table(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return "";
  const columns = Object.keys(first);
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]
    .map((cells) => `${cells.map(cellText).join(",")}\r\n`)
    .join("");
}

function cellText(cell: Cell): string {
  const text = String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
