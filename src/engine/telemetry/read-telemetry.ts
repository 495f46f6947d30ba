/** The questions of `Telemetry`, answered from the run's counters. */
import { flagNames } from "../proxy/response-flags.ts";
import type { InstanceState, ReplicaState, Sim, WorkloadState } from "../sim.ts";
import { accessLogEntries } from "./access-log.ts";
import { countOf, createHistogram, type Histogram, mergeHistograms, quantile, totalsOf } from "./histogram.ts";
import { arrivalCells, type EdgeKey, type EdgeWindow, type EjectionRow, edgeCells, flagSlots } from "./store.ts";
import type { ArrivalStats, EdgeStats, EjectionRecord, LatencySummary, Milestone, Telemetry } from "./telemetry.ts";
import { brokenTraces, hasTracing } from "./traces.ts";

export function createTelemetry(sim: Sim): Telemetry {
  return {
    edges: (window = 0) => readEdges(sim, window),
    arrivals: (window = 0) => readArrivals(sim, window),
    ejections: () => sim.ejections.map((row) => readEjection(sim, row)),
    accessLog: () => accessLogEntries(sim),
    milestones: () => readMilestones(sim),
    arrivalSequence: (service, namespace) => readSequence(sim, service, namespace),
    brokenTraces: (traffic, window = 0) => (hasTracing(sim.mesh.config) ? brokenTraces(sim, traffic, window) : null),
    mergeLatency: (rows, window = 0) => {
      const wanted = new Set(rows.map(edgeName));
      return mergedLatency(sim, window, (edge) => wanted.has(edgeName(edge)));
    },
  };
}

type EdgeIdentity = Pick<EdgeStats, "traffic" | "firstHop" | "from" | "to">;

function edgeName({ traffic, firstHop, from, to }: EdgeIdentity): string {
  return [traffic, firstHop, from.namespace, from.name, to.namespace, to.name].join("\n");
}

/** Rows by number, whatever order they appeared in. */
function inOrder<Row>(rows: ReadonlyMap<number, Row>): [number, Row][] {
  return [...rows].sort(([a], [b]) => a - b);
}

function readEdges(sim: Sim, window: number): EdgeStats[] {
  const result: EdgeStats[] = [];
  inOrder(sim.edges).forEach(([index, row]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    const stats = row.windows[window];
    if (stats === undefined || (countOf(stats) === 0 && window > 0)) return;
    result.push({
      traffic: index % sim.traffics.count,
      firstHop: key.firstHop,
      from: key.from,
      to: key.to,
      requests: countOf(stats),
      ok: stats.cells[edgeCells.ok] ?? 0,
      attempts: stats.cells[edgeCells.attempts] ?? 0,
      statuses: statusCounts(stats),
      flags: flagCounts(stats),
      latency: summarise(stats),
      security: { mutual_tls: stats.cells[edgeCells.mutualTls] ?? 0, none: stats.cells[edgeCells.plaintext] ?? 0 },
    });
  });
  return result;
}

function statusCounts({ cells, moreStatuses }: EdgeWindow): Record<string, number> {
  const result: Record<string, number> = {};
  for (let at: number = edgeCells.statuses; at < edgeCells.flags; at += 2) {
    const n = cells[at + 1] ?? 0;
    if (n > 0) result[String(cells[at])] = n;
  }
  for (const [status, n] of moreStatuses ?? []) result[String(status)] = n;
  return result;
}

function flagCounts({ cells }: EdgeWindow): Record<string, number> {
  const result: Record<string, number> = {};
  for (let bit = 0; bit < flagSlots; bit++) {
    const n = cells[edgeCells.flags + bit] ?? 0;
    const [name] = flagNames(1 << bit);
    if (n > 0 && name !== undefined) result[name] = n;
  }
  return result;
}

function summarise(histogram: Histogram): LatencySummary {
  const count = countOf(histogram);
  const { sum, min, max } = totalsOf(histogram);
  if (count === 0) return { count: 0, mean: 0, min: 0, max: 0, p50: 0, p90: 0, p95: 0, p99: 0 };
  return {
    count,
    mean: sum / count,
    min,
    max,
    p50: quantile(histogram, 0.5),
    p90: quantile(histogram, 0.9),
    p95: quantile(histogram, 0.95),
    p99: quantile(histogram, 0.99),
  };
}

/** One summary over several rows, e.g. all callers of a service. */
function mergedLatency(sim: Sim, window: number, wanted: (edge: EdgeIdentity) => boolean): LatencySummary {
  const total = createHistogram();
  inOrder(sim.edges).forEach(([index, row]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    const stats = row.windows[window];
    if (
      stats !== undefined &&
      wanted({ traffic: index % sim.traffics.count, firstHop: key.firstHop, from: key.from, to: key.to })
    ) {
      mergeHistograms(total, stats);
    }
  });
  return summarise(total);
}

function readArrivals(sim: Sim, window: number): ArrivalStats[] {
  const result: ArrivalStats[] = [];
  inOrder(sim.arrivals).forEach(([index, row]) => {
    const replica = sim.replicas[Math.floor(index / sim.traffics.count)] as ReplicaState;
    const workload = sim.workloads[replica.workload] as WorkloadState;
    const at = window * arrivalCells.perWindow;
    result.push({
      workload: workload.name,
      namespace: workload.namespace,
      replica: replica.index,
      traffic: index % sim.traffics.count,
      requests: row[at + arrivalCells.requests] ?? 0,
      shadows: row[at + arrivalCells.shadows] ?? 0,
      denied: row[at + arrivalCells.denied] ?? 0,
      plaintext: row[at + arrivalCells.plaintext] ?? 0,
    });
  });
  return result;
}

function readEjection(sim: Sim, row: EjectionRow): EjectionRecord {
  const replica = row.replica < 0 ? undefined : (sim.replicas[row.replica] as ReplicaState);
  const workload = replica === undefined ? undefined : (sim.workloads[replica.workload] as WorkloadState);
  return {
    atMs: row.atMs,
    untilMs: row.untilMs < 0 ? null : row.untilMs,
    node: (sim.instances[row.instance] as InstanceState).name,
    cluster: row.cluster,
    address: row.address,
    workload: workload?.name ?? "",
    namespace: workload?.namespace ?? "",
    replica: replica?.index ?? -1,
  };
}

function readMilestones(sim: Sim): Milestone[] {
  const result: Milestone[] = [];
  const none = { workload: null, namespace: null, replica: null };
  inOrder(sim.edges).forEach(([index, row]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    if (!key.firstHop) return;
    const traffic = index % sim.traffics.count;
    const times = (row.windows[0] as EdgeWindow).cells;
    for (const event of ["firstRequest", "firstError", "lastError", "recovered"] as const) {
      const atMs = times[edgeCells[`${event}Ms`]] ?? -1;
      if (atMs >= 0) result.push({ event, atMs, traffic, ...none });
    }
  });
  inOrder(sim.arrivals).forEach(([index, row]) => {
    const atMs = row[arrivalCells.firstMs] ?? -1;
    if (atMs < 0) return;
    const replica = sim.replicas[Math.floor(index / sim.traffics.count)] as ReplicaState;
    const { name, namespace } = sim.workloads[replica.workload] as WorkloadState;
    const traffic = index % sim.traffics.count;
    result.push({ event: "firstRequest", atMs, traffic, workload: name, namespace, replica: replica.index });
  });
  for (const row of sim.ejections) {
    const { workload, namespace, replica, untilMs } = readEjection(sim, row);
    result.push({ event: "eject", atMs: row.atMs, traffic: null, workload, namespace, replica });
    if (untilMs !== null) result.push({ event: "uneject", atMs: untilMs, traffic: null, workload, namespace, replica });
  }
  return result.sort((a, b) => a.atMs - b.atMs);
}

function readSequence(sim: Sim, service: string, namespace: string): number[] {
  const workload = sim.workloads.find((candidate) => candidate.service === service && candidate.namespace === namespace);
  const sequence = workload === undefined ? undefined : sim.sequences[workload.sequence];
  return sequence === undefined ? [] : Array.from(sequence.workloads.subarray(0, sequence.count));
}
