/** What a run counted up to now, as sums that can be taken from each other: what a chart is made of. */
import { entriesOf } from "../kernel/int-map.ts";
import { flagBits } from "../proxy/response-flags.ts";
import type { ReplicaState, Sim, WorkloadState } from "../sim.ts";
import * as arrivalCells from "./arrival-cells.ts";
import * as edgeCells from "./edge-cells.ts";
import { addSlots, countOf, rowLength } from "./histogram.ts";
import type { EdgeKey } from "./store.ts";

export interface RunTotals {
  /** Downstream requests of the first hops, by their end. */
  requests: number;
  /** Those with status ≥ 500 or none at all. */
  errors: number;
  flags: Readonly<Record<string, number>>;
  /** Further tries, on every hop. */
  retries: number;
  ejections: number;
  /** Requests that reached the application, by workload ("namespace/name"). */
  arrivals: Readonly<Record<string, number>>;
  /** Latency of the first hops: how many requests fell into each slot (`slotMs` is its middle). */
  latency: ReadonlyMap<number, number>;
}

/** @param counts which traffic entries count, with all that descends from them */
export function readTotals(sim: Sim, counts: (traffic: number) => boolean): RunTotals {
  const latency = new Map<number, number>();
  const flags: Record<string, number> = {};
  const arrivals: Record<string, number> = {};
  let requests = 0;
  let errors = 0;
  let retries = 0;
  entriesOf(sim.edges.places).forEach(([index, place]) => {
    if (!counts(index % sim.traffics.count)) return;
    const { histograms } = sim.edges;
    const cell = (at: number) => histograms.rows[place * rowLength + at] as number;
    retries += cell(edgeCells.retries);
    if (!(sim.reports.edgeKeys[Math.floor(index / sim.traffics.count)] as EdgeKey).firstHop) return;
    requests += countOf(histograms, place);
    errors += cell(edgeCells.failed);
    for (const [name, bit] of flagBits) {
      const n = cell(edgeCells.flags + bit);
      if (n > 0) flags[name] = (flags[name] ?? 0) + n;
    }
    addSlots(histograms, place, latency);
  });
  entriesOf(sim.arrivals.places).forEach(([index, place]) => {
    if (!counts(index % sim.traffics.count)) return;
    const replica = sim.replicas[Math.floor(index / sim.traffics.count)] as ReplicaState;
    const { name, namespace } = sim.workloads[replica.workload] as WorkloadState;
    const key = `${namespace}/${name}`;
    arrivals[key] = (arrivals[key] ?? 0) + (sim.arrivals.cells[place + arrivalCells.requests] as number);
  });
  return { requests, errors, flags, retries, ejections: sim.ejections.length, arrivals, latency };
}
