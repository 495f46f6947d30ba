/** The questions of `Telemetry`, answered from the run's counters. */

import { entriesOf } from "../kernel/int-map.ts";
import { flagBits } from "../proxy/response-flags.ts";
import { grpcStatusIn, statusOf } from "../proxy/response-table.ts";
import type { InstanceState, ReplicaState, Sim, WorkloadState } from "../sim.ts";
import { accessLogEntries, ownLines } from "./access-log.ts";
import * as arrivalCells from "./arrival-cells.ts";
import * as edgeCells from "./edge-cells.ts";
import { countOf, createHistogram, type Histograms, mergeHistogram, quantile, rowLength, totalsOf } from "./histogram.ts";
import { readTotals } from "./run-totals.ts";
import { servedRequests } from "./served-requests.ts";
import type { EdgeKey, EjectionRow } from "./store.ts";
import type {
  ArrivalRecord,
  ArrivalStats,
  EdgeStats,
  EjectionRecord,
  LatencySummary,
  Milestone,
  Telemetry,
} from "./telemetry.ts";
import { brokenTraces, hasTracing } from "./traces.ts";

export function createTelemetry(sim: Sim): Telemetry {
  return {
    totals: (counts) => readTotals(sim, counts),
    trafficNames: () => sim.traffic.map(({ compiled }) => compiled.config.name),
    edges: (window = 0) => readEdges(sim, window),
    arrivals: (window = 0) => readArrivals(sim, window),
    ejections: () => sim.ejections.map((row) => readEjection(sim, row)),
    outlierLog: () => sim.outlierLog,
    accessLog: () => accessLogEntries(sim),
    ownLines: () => ownLines(sim),
    served: () => servedRequests(sim),
    milestones: () => readMilestones(sim),
    arrivalOrder: (service, namespace) => readOrder(sim, service, namespace),
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

function readEdges(sim: Sim, window: number): EdgeStats[] {
  const result: EdgeStats[] = [];
  entriesOf(sim.edges.places).forEach(([index, place]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    const { histograms } = sim.edges;
    const number = place + window;
    if (window > sim.config.windows.length || (countOf(histograms, number) === 0 && window > 0)) return;
    const cell = (at: number) => histograms.rows[number * rowLength + at] ?? 0;
    const requests = countOf(histograms, number);
    const usual = edgeCells.usualOf(histograms.rows, number * rowLength, requests);
    const secured = (mutualTls: number) => (usual.mutualTls === mutualTls ? usual.count : 0);
    result.push({
      traffic: index % sim.traffics.count,
      firstHop: key.firstHop,
      from: key.from,
      to: key.to,
      requests,
      ok: requests - cell(edgeCells.failed),
      attempts: requests - cell(edgeCells.untried) + cell(edgeCells.retries),
      ...statusCounts(sim, number, usual),
      flags: flagCounts(histograms, number),
      latency: summarise(histograms, number),
      security: { mutual_tls: cell(edgeCells.mutualTls) + secured(1), none: cell(edgeCells.plaintext) + secured(0) },
    });
  });
  return result;
}

/** What was counted is an outcome where a gRPC request failed by its code. */
function statusCounts(
  sim: Sim,
  number: number,
  usual: { status: number; count: number },
): Pick<EdgeStats, "statuses" | "grpcStatuses"> {
  const { histograms, moreStatuses } = sim.edges;
  const statuses: Record<string, number> = {};
  const grpcStatuses: Record<string, number> = {};
  const add = (outcome: number, n: number) => {
    if (n === 0) return;
    const status = statusOf(outcome);
    statuses[status] = (statuses[status] ?? 0) + n;
    const code = grpcStatusIn(sim.responses, outcome);
    if (code > 0) grpcStatuses[code] = (grpcStatuses[code] ?? 0) + n;
  };
  const row = number * rowLength;
  const addPair = (at: number) => add(histograms.rows[row + at] ?? 0, histograms.rows[row + at + 1] ?? 0);
  add(usual.status, usual.count);
  for (let at: number = edgeCells.statuses; at < edgeCells.flags; at += 2) addPair(at);
  for (const [outcome, n] of moreStatuses.get(number) ?? []) add(outcome, n);
  return Object.keys(grpcStatuses).length === 0 ? { statuses } : { statuses, grpcStatuses };
}

function flagCounts({ rows }: Histograms, number: number): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, bit] of flagBits) {
    const n = rows[number * rowLength + edgeCells.flags + bit] ?? 0;
    if (n > 0) result[name] = n;
  }
  return result;
}

function summarise(histograms: Histograms, number: number): LatencySummary {
  const count = countOf(histograms, number);
  const { sum, min, max } = totalsOf(histograms, number);
  if (count === 0) return { count: 0, mean: 0, min: 0, max: 0, p50: 0, p90: 0, p95: 0, p99: 0 };
  return {
    count,
    mean: sum / count,
    min,
    max,
    p50: quantile(histograms, number, 0.5),
    p90: quantile(histograms, number, 0.9),
    p95: quantile(histograms, number, 0.95),
    p99: quantile(histograms, number, 0.99),
  };
}

/** One summary over several rows, e.g. all callers of a service. */
function mergedLatency(sim: Sim, window: number, wanted: (edge: EdgeIdentity) => boolean): LatencySummary {
  const total = createHistogram();
  entriesOf(sim.edges.places).forEach(([index, place]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    if (
      window <= sim.config.windows.length &&
      wanted({ traffic: index % sim.traffics.count, firstHop: key.firstHop, from: key.from, to: key.to })
    ) {
      mergeHistogram(total, sim.edges.histograms, place + window);
    }
  });
  return summarise(total, 0);
}

function readArrivals(sim: Sim, window: number): ArrivalStats[] {
  const result: ArrivalStats[] = [];
  const { cells } = sim.arrivals;
  entriesOf(sim.arrivals.places).forEach(([index, place]) => {
    const replica = sim.replicas[Math.floor(index / sim.traffics.count)] as ReplicaState;
    const workload = sim.workloads[replica.workload] as WorkloadState;
    const at = place + window * arrivalCells.perWindow;
    result.push({
      workload: workload.name,
      namespace: workload.namespace,
      replica: replica.index,
      traffic: index % sim.traffics.count,
      requests: cells[at + arrivalCells.requests] ?? 0,
      shadows: cells[at + arrivalCells.shadows] ?? 0,
      denied: cells[at + arrivalCells.denied] ?? 0,
      plaintext: cells[at + arrivalCells.plaintext] ?? 0,
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

const milestones = [
  ["firstRequest", edgeCells.firstRequestMs],
  ["firstError", edgeCells.firstErrorMs],
  ["lastError", edgeCells.lastErrorMs],
  ["recovered", edgeCells.recoveredMs],
] as const;

function readMilestones(sim: Sim): Milestone[] {
  const result: Milestone[] = [];
  const none = { workload: null, namespace: null, replica: null };
  entriesOf(sim.edges.places).forEach(([index, place]) => {
    const key = sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey;
    const traffic = index % sim.traffics.count;
    for (const [event, cell] of milestones) {
      const atMs = sim.edges.histograms.rows[place * rowLength + cell] ?? -1;
      if (atMs >= 0 && atMs < Infinity) result.push({ event, atMs, traffic, ...none, edge: key });
    }
  });
  entriesOf(sim.arrivals.places).forEach(([index, place]) => {
    const atMs = sim.arrivals.cells[place + arrivalCells.firstMs] ?? -1;
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

function readOrder(sim: Sim, service: string, namespace: string): ArrivalRecord[] {
  const place = (sim.config.orderedServices ?? []).findIndex((one) => one.name === service && one.namespace === namespace);
  const sequence = sim.sequences[place];
  if (sequence === undefined) return [];
  return Array.from(sequence.times.subarray(0, sequence.count), (atMs, i) => {
    const replica = sim.replicas[sequence.places[i * 2]!] as ReplicaState;
    const { name, namespace } = sim.workloads[replica.workload] as WorkloadState;
    return { atMs, workload: name, namespace, replica: replica.index, traffic: sequence.places[i * 2 + 1]! };
  });
}
