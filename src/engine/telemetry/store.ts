/** Counters of a run: what callers' proxies saw (edges), what reached applications (arrivals), ejections. Rows appear when first used. */
import {
  type ClusterState,
  type HostState,
  nowOf,
  type ReplicaState,
  type Sim,
  type Target,
  type WorkloadState,
} from "../sim.ts";
import { createHistogram, type Histogram, observe } from "./histogram.ts";

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

export interface EdgeRow {
  windows: EdgeWindow[];
  firstRequestMs: number;
  firstErrorMs: number;
  lastErrorMs: number;
  /** End of the first good request after the last error. */
  recoveredMs: number;
}

export interface EdgeWindow {
  ok: number;
  attempts: number;
  mutualTls: number;
  plaintext: number;
  statuses: number[];
  statusCounts: number[];
  flags: Int32Array;
  latency: Histogram;
}

export interface ArrivalRow {
  /** Four counters a window: requests, shadows, denied, plaintext. */
  counts: Float64Array;
  firstMs: number;
}

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
}

const sequenceLimit = 65_536;

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
    windows: Array.from({ length: windows }, () => ({
      ok: 0,
      attempts: 0,
      mutualTls: 0,
      plaintext: 0,
      statuses: [],
      statusCounts: [],
      flags: new Int32Array(20),
      latency: createHistogram(),
    })),
    firstRequestMs: -1,
    firstErrorMs: -1,
    lastErrorMs: -1,
    recoveredMs: -1,
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
  if (row.firstRequestMs < 0 || startMs < row.firstRequestMs) row.firstRequestMs = startMs;
  if (failed) {
    const now = nowOf(sim);
    if (row.firstErrorMs < 0) row.firstErrorMs = now;
    row.lastErrorMs = now;
    row.recoveredMs = -1;
  } else if (row.lastErrorMs >= 0 && row.recoveredMs < 0) {
    row.recoveredMs = nowOf(sim);
  }
  count(row.windows[0] as EdgeWindow, latencyMs, status, failed, flags, attempts, mutualTls);
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
  if (!failed) window.ok++;
  window.attempts += attempts;
  if (mutualTls === 1) window.mutualTls++;
  else if (mutualTls === 0) window.plaintext++;
  const { statuses } = window;
  let slot = 0;
  while (slot < statuses.length && statuses[slot] !== status) slot++;
  if (slot === statuses.length) {
    statuses.push(status);
    window.statusCounts.push(0);
  }
  window.statusCounts[slot] = (window.statusCounts[slot] as number) + 1;
  for (let bits = flags; bits !== 0; bits &= bits - 1) {
    const bit = 31 - Math.clz32(bits & -bits);
    window.flags[bit] = (window.flags[bit] as number) + 1;
  }
  observe(window.latency, latencyMs);
}

function arrivalRow(sim: Sim, replica: number, traffic: number): ArrivalRow {
  const { arrivals } = sim;
  const index = replica * sim.traffics.count + traffic;
  let row = arrivals.get(index);
  if (row === undefined) {
    row = { counts: new Float64Array(4 * (sim.config.windows.length + 1)), firstMs: -1 };
    arrivals.set(index, row);
  }
  return row;
}

function addArrival(sim: Sim, row: ArrivalRow, column: number): void {
  const { counts } = row;
  counts[column] = (counts[column] as number) + 1;
  const { windows } = sim.config;
  const now = nowOf(sim);
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    if (now >= window.fromMs && now < window.toMs) counts[4 * (i + 1) + column] = (counts[4 * (i + 1) + column] as number) + 1;
  }
}

export function recordArrival(sim: Sim, replica: number, traffic: number, shadow: boolean, plaintext: boolean): void {
  const row = arrivalRow(sim, replica, traffic);
  if (shadow) {
    addArrival(sim, row, 1);
    return;
  }
  if (row.firstMs < 0) row.firstMs = nowOf(sim);
  addArrival(sim, row, 0);
  if (plaintext) addArrival(sim, row, 3);
  const { workload } = sim.replicas[replica] as ReplicaState;
  const sequence = sim.sequences[(sim.workloads[workload] as WorkloadState).sequence] as ArrivalSequence;
  if (sequence.count >= sequenceLimit) return;
  if (sequence.count === sequence.workloads.length) {
    const larger = new Int32Array(sequence.count * 2);
    larger.set(sequence.workloads);
    sequence.workloads = larger;
  }
  sequence.workloads[sequence.count++] = workload;
}

export function recordDenied(sim: Sim, replica: number, traffic: number, shadow: boolean): void {
  if (!shadow) addArrival(sim, arrivalRow(sim, replica, traffic), 2);
}

/** @returns the row, to be closed when the host comes back. */
export function recordEjection(sim: Sim, cluster: ClusterState, host: HostState): number {
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
