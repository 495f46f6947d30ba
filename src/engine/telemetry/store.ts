/** Counters of a run: what callers' proxies saw (edges), what reached applications (arrivals), ejections. Rows appear when first used. */

import { addKey, createIntMap, type IntMap, lookUp } from "../kernel/int-map.ts";
import type { Call } from "../rows/call.ts";
import { type ClusterState, type HostOutliers, type HostState, nowOf, type ReplicaState, type Sim } from "../sim.ts";
import * as arrivalCells from "./arrival-cells.ts";
import * as edgeCells from "./edge-cells.ts";
import { addHistogram, createHistograms, type Histograms, observe, rowLength } from "./histogram.ts";
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
  /** Number of an edge's first histogram by its row number: few of the possible pairs of callers and entries exist. */
  places: IntMap;
  /** For each edge the whole run, then the windows: latencies with the counters of `edgeCells` beside them. */
  histograms: Histograms;
  /** Counts of further statuses, beyond those in the rows, by number of the histogram. */
  moreStatuses: Map<number, Map<number, number>>;
  /** How many windows the run has. */
  windows: number;
}

export function createEdgeTable(windows: number): EdgeTable {
  return { places: createIntMap(), histograms: createHistograms(), moreStatuses: new Map(), windows };
}

/** What reached every replica, by root traffic entry. */
export interface ArrivalTable {
  /** Place of the first number by replica · number of traffic entries + entry. */
  places: IntMap;
  /** Numbers of `arrivalCells`. */
  cells: Float64Array;
  used: number;
  /** How many windows the run has. */
  windows: number;
}

export function createArrivalTable(windows: number): ArrivalTable {
  return { places: createIntMap(), cells: new Float64Array(64), used: 0, windows };
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

/** @returns the number of the edge's first histogram. */
function addEdge(sim: Sim, index: number): number {
  const { places, histograms, windows } = sim.edges;
  const place = histograms.count;
  for (let i = 0; i <= windows; i++) {
    const row = addHistogram(histograms) * rowLength;
    histograms.rows[row + edgeCells.usual] = -1;
    histograms.rows[row + edgeCells.firstRequestMs] = Infinity;
    histograms.rows.fill(-1, row + edgeCells.firstErrorMs, row + edgeCells.recoveredMs + 1);
  }
  addKey(places, index, place);
  return place;
}

/** Counts a call that ends on an edge, while its row is still whole. @param status above every status where gRPC's code says failure */
export function recordEdge(sim: Sim, index: number, call: Call, status: number): void {
  const { edges } = sim;
  let place = lookUp(edges.places, index);
  if (place < 0) place = addEdge(sim, index);
  count(sim, edges, place, call, status);
  if (edges.windows > 0) countInWindows(sim, edges, place, call, status);
}

function countInWindows(sim: Sim, edges: EdgeTable, place: number, call: Call, status: number): void {
  const { windows } = sim.config;
  const { startMs } = call;
  for (let i = 0; i < windows.length; i++) {
    const window = windows[i] as { fromMs: number; toMs: number };
    if (startMs >= window.fromMs && startMs < window.toMs) count(sim, edges, place + i + 1, call, status);
  }
}

/** @param number of the histogram */
function count(sim: Sim, edges: EdgeTable, number: number, call: Call, status: number): void {
  const { histograms } = edges;
  const { rows } = histograms;
  const row = Math.imul(number, rowLength);
  const { startMs } = call;
  if (startMs < rows[(row + edgeCells.firstRequestMs) | 0]!) rows[(row + edgeCells.firstRequestMs) | 0] = startMs;
  const isPlain = ((call.attempts ^ 1) | call.flags) === 0;
  if (!isPlain || edgeCells.endingOf(status, call.mutualTls) !== rows[(row + edgeCells.usual) | 0])
    countOther(sim, edges, number, call, status, isPlain);
  observe(histograms, number, nowOf(sim) - startMs);
}

/** What did not end as usual, or comes after what failed. @param isPlain it took one try and has no flag */
function countOther(sim: Sim, edges: EdgeTable, number: number, call: Call, status: number, isPlain: boolean): void {
  const { rows } = edges.histograms;
  const row = number * rowLength;
  const { attempts, mutualTls } = call;
  const usual = rows[row + edgeCells.usual]!;
  if (status >= 500 || status === 0) {
    rows[row + edgeCells.failed]!++;
    noteFailure(rows, row, nowOf(sim));
    if (usual >= 0) rows[row + edgeCells.usual] = -1 - usual;
  } else {
    if (rows[row + edgeCells.lastErrorMs]! >= 0 && rows[row + edgeCells.recoveredMs]! < 0)
      rows[row + edgeCells.recoveredMs] = nowOf(sim);
    const ending = edgeCells.endingOf(status, mutualTls);
    if (usual < -1) rows[row + edgeCells.usual] = -1 - usual;
    else if (usual === -1 && isPlain) rows[row + edgeCells.usual] = ending;
    if (isPlain && rows[row + edgeCells.usual] === ending) return;
  }
  rows[row + edgeCells.others]!++;
  if (attempts === 0) rows[row + edgeCells.untried]!++;
  else rows[row + edgeCells.retries]! += attempts - 1;
  if (mutualTls >= 0) rows[row + (mutualTls === 1 ? edgeCells.mutualTls : edgeCells.plaintext)]!++;
  countStatus(edges, number, row, status);
  for (let bits = call.flags; bits !== 0; bits &= bits - 1) rows[row + edgeCells.flags + 31 - Math.clz32(bits & -bits)]!++;
}

function noteFailure(rows: Float64Array, row: number, now: number): void {
  if (rows[row + edgeCells.firstErrorMs]! < 0) rows[row + edgeCells.firstErrorMs] = now;
  rows[row + edgeCells.lastErrorMs] = now;
  rows[row + edgeCells.recoveredMs] = -1;
}

function countStatus({ histograms, moreStatuses }: EdgeTable, number: number, row: number, status: number): void {
  for (let at: number = edgeCells.statuses; at < edgeCells.flags; at += 2) if (addTo(histograms.rows, row + at, status)) return;
  let more = moreStatuses.get(number);
  if (more === undefined) {
    more = new Map();
    moreStatuses.set(number, more);
  }
  more.set(status, (more.get(status) ?? 0) + 1);
}

/** @returns false when the pair counts another status */
function addTo(rows: Float64Array, at: number, status: number): boolean {
  const n = rows[at + 1] as number;
  if (n !== 0 && rows[at] !== status) return false;
  rows[at] = status;
  rows[at + 1] = n + 1;
  return true;
}

function placeOfArrivals(sim: Sim, replica: number, traffic: number): number {
  const index = replica * sim.traffics.count + traffic;
  const known = lookUp(sim.arrivals.places, index);
  return known >= 0 ? known : addArrivals(sim, index);
}

function addArrivals(sim: Sim, index: number): number {
  const { arrivals } = sim;
  const place = arrivals.used;
  arrivals.used += 1 + arrivalCells.perWindow * (arrivals.windows + 1);
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
  if (sim.arrivals.windows > 0) addInWindows(sim, place, cell);
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
  const earlier = cells[(place + arrivalCells.requests) | 0]!;
  if (earlier === 0) cells[place] = nowOf(sim);
  cells[(place + arrivalCells.requests) | 0] = earlier + 1;
  cells[(place + arrivalCells.plaintext) | 0]! += plaintext;
  if (arrivals.windows === 0) return;
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
