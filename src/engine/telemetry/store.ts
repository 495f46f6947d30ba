/** Counters of a run: what callers' proxies saw (edges), what reached applications (arrivals), ejections. Rows appear when first used. */
import { type ClusterState, type HostState, nowOf, type ReplicaState, type Sim, type Target } from "../sim.ts";
import { createHistogram, type Histogram, observe, ownerAt } from "./histogram.ts";
import { keptLimits } from "./limits.ts";

/** Immutable directory of edge rows: row = key · number of traffic entries + entry. */
export interface Reports {
  edgeKeys: EdgeKey[];
  byText: Map<string, number>;
  /** Edge keys by gateway and cluster. */
  gatewayEdges: Map<string, number>;
}

export interface EdgeKey {
  readonly from: { readonly name: string; readonly namespace: string };
  readonly to: { readonly name: string; readonly namespace: string };
  readonly firstHop: boolean;
}

/** What callers saw on one edge: the whole run, then the windows. */
export interface EdgeRow {
  windows: EdgeWindow[];
}

/** Latencies with the counters of `edgeCells` beside them. */
export interface EdgeWindow extends Histogram {
  /** Counts of further statuses, beyond the `statusSlots` in the cells. */
  moreStatuses: Map<number, number> | null;
}

const statusSlots = 8;
/** Bits that response flags may take. */
export const flagSlots = 20;

/** Places of an edge's counters among its histogram's cells; the times (ms, −1 = never) are kept for the whole run only. */
export const edgeCells = {
  ok: ownerAt,
  attempts: ownerAt + 1,
  mutualTls: ownerAt + 2,
  plaintext: ownerAt + 3,
  firstRequestMs: ownerAt + 4,
  firstErrorMs: ownerAt + 5,
  lastErrorMs: ownerAt + 6,
  /** End of the first good request after the last error. */
  recoveredMs: ownerAt + 7,
  /** Pairs of a status and its count; an unused pair counts 0. */
  statuses: ownerAt + 8,
  flags: ownerAt + 8 + 2 * statusSlots,
} as const;

/** Numbers that an arrival row keeps for the run and for each window, after the time of the first arrival (ms, −1 = none). */
export const arrivalCells = { firstMs: 0, requests: 1, shadows: 2, denied: 3, plaintext: 4, perWindow: 4 } as const;

export interface EjectionRow {
  atMs: number;
  /** −1 while ejected. */
  untilMs: number;
  instance: number;
  cluster: string;
  address: string;
  replica: number;
}

export interface ArrivalSequence {
  workloads: Int32Array;
  count: number;
  /** Arrivals beyond the limit: their order is not kept. */
  dropped: number;
}

export function edgeKeyOf(
  sim: Sim,
  from: { name: string; namespace: string },
  to: { name: string; namespace: string },
  firstHop: boolean,
): number {
  const { byText, edgeKeys } = sim.reports;
  const text = JSON.stringify([from.name, from.namespace, to.name, to.namespace, firstHop]);
  const known = byText.get(text);
  if (known !== undefined) return known;
  byText.set(text, edgeKeys.length);
  edgeKeys.push({
    from: { name: from.name, namespace: from.namespace },
    to: { name: to.name, namespace: to.namespace },
    firstHop,
  });
  return edgeKeys.length - 1;
}

function createEdgeRow(windows: number): EdgeRow {
  return {
    windows: Array.from({ length: windows }, () => {
      const { cells } = createHistogram(8 + 2 * statusSlots + flagSlots);
      cells.fill(-1, edgeCells.firstRequestMs, edgeCells.statuses);
      return { cells, moreStatuses: null };
    }),
  };
}

/** @param mutualTls 1 mutual TLS, 0 none, −1 no server was reached */
export function recordEdge(
  sim: Sim,
  index: number,
  startMs: number,
  latencyMs: number,
  status: number,
  flags: number,
  attempts: number,
  mutualTls: number,
): void {
  const { edges } = sim;
  let row = edges.get(index);
  const { windows } = sim.config;
  if (row === undefined) {
    row = createEdgeRow(windows.length + 1);
    edges.set(index, row);
  }
  const failed = status >= 500 || status === 0;
  const all = row.windows[0] as EdgeWindow;
  const { cells } = all;
  const firstRequestMs = cells[edgeCells.firstRequestMs] as number;
  if (firstRequestMs < 0 || startMs < firstRequestMs) cells[edgeCells.firstRequestMs] = startMs;
  if (failed) {
    const now = nowOf(sim);
    if ((cells[edgeCells.firstErrorMs] as number) < 0) cells[edgeCells.firstErrorMs] = now;
    cells[edgeCells.lastErrorMs] = now;
    cells[edgeCells.recoveredMs] = -1;
  } else if ((cells[edgeCells.lastErrorMs] as number) >= 0 && (cells[edgeCells.recoveredMs] as number) < 0) {
    cells[edgeCells.recoveredMs] = nowOf(sim);
  }
  count(all, latencyMs, status, failed, flags, attempts, mutualTls);
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    if (startMs >= window.fromMs && startMs < window.toMs) {
      count(row.windows[i + 1] as EdgeWindow, latencyMs, status, failed, flags, attempts, mutualTls);
    }
  }
}

function count(
  window: EdgeWindow,
  latencyMs: number,
  status: number,
  failed: boolean,
  flags: number,
  attempts: number,
  mutualTls: number,
): void {
  const { cells } = window;
  if (!failed) cells[edgeCells.ok] = (cells[edgeCells.ok] as number) + 1;
  cells[edgeCells.attempts] = (cells[edgeCells.attempts] as number) + attempts;
  if (mutualTls === 1) cells[edgeCells.mutualTls] = (cells[edgeCells.mutualTls] as number) + 1;
  else if (mutualTls === 0) cells[edgeCells.plaintext] = (cells[edgeCells.plaintext] as number) + 1;
  countStatus(window, cells, status);
  for (let bits = flags; bits !== 0; bits &= bits - 1) {
    const at = edgeCells.flags + 31 - Math.clz32(bits & -bits);
    cells[at] = (cells[at] as number) + 1;
  }
  observe(window, latencyMs);
}

function countStatus(window: EdgeWindow, cells: Float64Array, status: number): void {
  for (let at: number = edgeCells.statuses; at < edgeCells.flags; at += 2) {
    const n = cells[at + 1] as number;
    if (n !== 0 && cells[at] !== status) continue;
    cells[at] = status;
    cells[at + 1] = n + 1;
    return;
  }
  window.moreStatuses ??= new Map();
  window.moreStatuses.set(status, (window.moreStatuses.get(status) ?? 0) + 1);
}

function arrivalRow(sim: Sim, replica: number, traffic: number): Float64Array {
  const { arrivals } = sim;
  const index = replica * sim.traffics.count + traffic;
  let row = arrivals.get(index);
  if (row === undefined) {
    row = new Float64Array(1 + arrivalCells.perWindow * (sim.config.windows.length + 1));
    row[arrivalCells.firstMs] = -1;
    arrivals.set(index, row);
  }
  return row;
}

function addArrival(sim: Sim, row: Float64Array, cell: number): void {
  row[cell] = (row[cell] as number) + 1;
  const { windows } = sim.config;
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    const now = nowOf(sim);
    const at = arrivalCells.perWindow * (i + 1) + cell;
    if (now >= window.fromMs && now < window.toMs) row[at] = (row[at] as number) + 1;
  }
}

export function recordArrival(sim: Sim, replica: number, traffic: number, shadow: boolean, plaintext: boolean): void {
  const row = arrivalRow(sim, replica, traffic);
  if (shadow) {
    addArrival(sim, row, arrivalCells.shadows);
    return;
  }
  if ((row[arrivalCells.firstMs] as number) < 0) row[arrivalCells.firstMs] = nowOf(sim);
  addArrival(sim, row, arrivalCells.requests);
  if (plaintext) addArrival(sim, row, arrivalCells.plaintext);
  const { workload, sequence: service } = sim.replicas[replica] as ReplicaState;
  const sequence = sim.sequences[service] as ArrivalSequence;
  if (sequence.count >= keptLimits.arrivalSequence) {
    sequence.dropped++;
    return;
  }
  if (sequence.count === sequence.workloads.length) {
    const larger = new Int32Array(sequence.count * 2);
    larger.set(sequence.workloads);
    sequence.workloads = larger;
  }
  sequence.workloads[sequence.count++] = workload;
}

export function recordDenied(sim: Sim, replica: number, traffic: number, shadow: boolean): void {
  if (!shadow) addArrival(sim, arrivalRow(sim, replica, traffic), arrivalCells.denied);
}

/** @returns the row, to be closed when the host comes back. */
export function recordEjection(sim: Sim, cluster: ClusterState, host: HostState): number {
  if (sim.ejections.length >= keptLimits.ejections) {
    sim.control.ejectionsDropped++;
    return -1;
  }
  sim.ejections.push({
    atMs: nowOf(sim),
    untilMs: -1,
    instance: cluster.instance,
    cluster: cluster.compiled.name,
    address: host.address,
    replica: (sim.targets[host.target] as Target).replica,
  });
  return sim.ejections.length - 1;
}

export function recordReturn(sim: Sim, host: HostState): void {
  const row = sim.ejections[host.ejectionRow];
  if (row !== undefined) row.untilMs = nowOf(sim);
  host.ejectionRow = -1;
}
