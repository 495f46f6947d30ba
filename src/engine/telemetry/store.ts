/** Counters of a run: what callers' proxies saw (edges), what reached applications (arrivals), ejections. Rows appear when first used. */

import { addKey, createIntMap, type IntMap, lookUp } from "../kernel/int-map.ts";
import type { Call } from "../rows/call.ts";
import { type ClusterState, type HostOutliers, type HostState, nowOf, type ReplicaState, type Sim } from "../sim.ts";
import * as arrivalCells from "./arrival-cells.ts";
import * as edgeCells from "./edge-cells.ts";
import { createHistogram, type Histogram, observe } from "./histogram.ts";
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

/** What callers saw on every edge that was used. */
export interface EdgeTable {
  /** Place of an edge's first window by its row number: few of the possible pairs of callers and entries exist. */
  places: IntMap;
  /** For each edge the whole run, then the windows. */
  windows: EdgeWindow[];
}

export function createEdgeTable(): EdgeTable {
  return { places: createIntMap(), windows: [] };
}

/** What reached every replica, by root traffic entry. */
export interface ArrivalTable {
  /** Place of the first number by replica · number of traffic entries + entry. */
  places: IntMap;
  /** Numbers of `arrivalCells`. */
  cells: Float64Array;
  used: number;
}

export function createArrivalTable(): ArrivalTable {
  return { places: createIntMap(), cells: new Float64Array(64), used: 0 };
}

/** Latencies with the counters of `edgeCells` beside them. */
export interface EdgeWindow extends Histogram {
  /** Counts of further statuses, beyond the `statusSlots` in the cells. */
  moreStatuses: Map<number, number> | null;
}

/** Bits that response flags may take. */
export const flagSlots = 20;

export interface EjectionRow {
  atMs: number;
  /** −1 while ejected. */
  untilMs: number;
  instance: number;
  cluster: string;
  address: string;
  replica: number;
}

/** Arrivals at the workloads behind one service, in order. */
export interface ArrivalSequence {
  /** Pairs of a replica and a root traffic entry. */
  places: Int32Array;
  times: Float64Array;
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

/** @returns the place of the edge's first window. */
function addEdge(sim: Sim, index: number): number {
  const { places, windows } = sim.edges;
  const place = windows.length;
  for (let i = 0; i <= sim.config.windows.length; i++) {
    const { cells } = createHistogram();
    cells.fill(-1, edgeCells.firstRequestMs, edgeCells.statuses);
    windows.push({ cells, moreStatuses: null });
  }
  addKey(places, index, place);
  return place;
}

/** Counts a call that ends on an edge, while its row is still whole. @param status above every status where gRPC's code says failure */
export function recordEdge(sim: Sim, index: number, call: Call, status: number): void {
  let place = lookUp(sim.edges.places, index);
  if (place < 0) place = addEdge(sim, index);
  const edge = sim.edges.windows[place] as EdgeWindow;
  const { cells } = edge;
  const { startMs } = call;
  const failed = status >= 500 || status === 0;
  const firstRequestMs = cells[edgeCells.firstRequestMs]!;
  if (firstRequestMs < 0 || startMs < firstRequestMs) cells[edgeCells.firstRequestMs] = startMs;
  if (failed) noteFailure(cells, nowOf(sim));
  else if (cells[edgeCells.lastErrorMs]! >= 0 && cells[edgeCells.recoveredMs]! < 0) cells[edgeCells.recoveredMs] = nowOf(sim);
  count(sim, edge, call, status, failed);
  if (sim.config.windows.length > 0) countInWindows(sim, place, call, status, failed);
}

function noteFailure(cells: Float64Array, now: number): void {
  if (cells[edgeCells.firstErrorMs]! < 0) cells[edgeCells.firstErrorMs] = now;
  cells[edgeCells.lastErrorMs] = now;
  cells[edgeCells.recoveredMs] = -1;
}

function countInWindows(sim: Sim, place: number, call: Call, status: number, failed: boolean): void {
  const { windows } = sim.config;
  const { startMs } = call;
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    if (startMs >= window.fromMs && startMs < window.toMs)
      count(sim, sim.edges.windows[place + i + 1] as EdgeWindow, call, status, failed);
  }
}

function count(sim: Sim, window: EdgeWindow, call: Call, status: number, failed: boolean): void {
  const { cells } = window;
  if (!failed) cells[edgeCells.ok]!++;
  const { attempts } = call;
  cells[edgeCells.attempts]! += attempts;
  if (attempts > 1) cells[edgeCells.retries]! += attempts - 1;
  const { mutualTls } = call;
  if (mutualTls >= 0) cells[mutualTls === 1 ? edgeCells.mutualTls : edgeCells.plaintext]!++;
  // Nearly every answer has the status that was met first.
  if (cells[edgeCells.statuses] === status) cells[edgeCells.statuses + 1]!++;
  else countStatus(window, cells, status);
  for (let bits = call.flags; bits !== 0; bits &= bits - 1) cells[edgeCells.flags + 31 - Math.clz32(bits & -bits)]!++;
  observe(window, nowOf(sim) - call.startMs);
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

function placeOfArrivals(sim: Sim, replica: number, traffic: number): number {
  const index = replica * sim.traffics.count + traffic;
  const known = lookUp(sim.arrivals.places, index);
  return known >= 0 ? known : addArrivals(sim, index);
}

function addArrivals(sim: Sim, index: number): number {
  const { arrivals } = sim;
  const place = arrivals.used;
  arrivals.used += 1 + arrivalCells.perWindow * (sim.config.windows.length + 1);
  if (arrivals.used > arrivals.cells.length) {
    const larger = new Float64Array(arrivals.used * 2);
    larger.set(arrivals.cells);
    arrivals.cells = larger;
  }
  arrivals.cells[place + arrivalCells.firstMs] = -1;
  addKey(arrivals.places, index, place);
  return place;
}

function addArrival(sim: Sim, place: number, cell: number): void {
  sim.arrivals.cells[place + cell]!++;
  if (sim.config.windows.length > 0) addInWindows(sim, place, cell);
}

function addInWindows(sim: Sim, place: number, cell: number): void {
  const { cells } = sim.arrivals;
  const { windows } = sim.config;
  const now = nowOf(sim);
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    if (now >= window.fromMs && now < window.toMs) cells[place + arrivalCells.perWindow * (i + 1) + cell]!++;
  }
}

/** @param shadow 1 for a mirrored copy @param plaintext 1 when it did not come by TLS */
export function recordArrival(
  sim: Sim,
  index: number,
  replica: ReplicaState,
  traffic: number,
  shadow: 0 | 1,
  plaintext: 0 | 1,
): void {
  const { arrivals } = sim;
  // Most of a replica's requests descend from one entry.
  if (replica.lastTraffic !== traffic) {
    replica.lastTraffic = traffic;
    replica.lastArrivals = placeOfArrivals(sim, index, traffic);
  }
  const place = replica.lastArrivals;
  if (shadow === 1) {
    addArrival(sim, place, arrivalCells.shadows);
    return;
  }
  const { cells } = arrivals;
  if (cells[place]! < 0) cells[place] = nowOf(sim);
  cells[(place + arrivalCells.requests) | 0]!++;
  cells[(place + arrivalCells.plaintext) | 0]! += plaintext;
  if (sim.config.windows.length === 0) return;
  addInWindows(sim, place, arrivalCells.requests);
  if (plaintext === 1) addInWindows(sim, place, arrivalCells.plaintext);
}

export function createArrivalSequence(): ArrivalSequence {
  return { places: new Int32Array(32), times: new Float64Array(16), count: 0, dropped: 0 };
}

/** Keeps an arrival in its place among those at the service. @param index of the service's sequence */
export function appendArrival(sim: Sim, index: number, replica: number, traffic: number): void {
  const sequence = sim.sequences[index] as ArrivalSequence;
  const { count } = sequence;
  if (count === keptLimits.arrivalSequence) {
    sequence.dropped++;
    return;
  }
  if (count === sequence.times.length) {
    const places = new Int32Array(count * 4);
    places.set(sequence.places);
    sequence.places = places;
    const times = new Float64Array(count * 2);
    times.set(sequence.times);
    sequence.times = times;
  }
  sequence.places[count * 2] = replica;
  sequence.places[count * 2 + 1] = traffic;
  sequence.times[count] = nowOf(sim);
  sequence.count = count + 1;
}

export function recordDenied(sim: Sim, replica: number, traffic: number, shadow: boolean): void {
  if (!shadow) addArrival(sim, placeOfArrivals(sim, replica, traffic), arrivalCells.denied);
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
    instance: cluster.instance.index,
    cluster: cluster.compiled.name,
    address: host.address,
    replica: host.target.replica?.number ?? -1,
  });
  return sim.ejections.length - 1;
}

export function recordReturn(sim: Sim, outliers: HostOutliers): void {
  const row = sim.ejections[outliers.ejectionRow];
  if (row !== undefined) row.untilMs = nowOf(sim);
  outliers.ejectionRow = -1;
}
