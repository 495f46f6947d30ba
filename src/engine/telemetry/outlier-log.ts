/**
 * The outlier detection event log, Envoy's data.cluster.v3.OutlierDetectionEvent: every host that was found at fault, put out or only
 * noted, and every one that came back.
 */
import type { ClusterState, HostState, Sim } from "../sim.ts";
import { nowOf } from "../sim.ts";
import { keptLimits } from "./limits.ts";

export type OutlierKind =
  | "CONSECUTIVE_5XX"
  | "CONSECUTIVE_GATEWAY_FAILURE"
  | "CONSECUTIVE_LOCAL_ORIGIN_FAILURE"
  | "SUCCESS_RATE"
  | "SUCCESS_RATE_LOCAL_ORIGIN"
  | "FAILURE_PERCENTAGE"
  | "FAILURE_PERCENTAGE_LOCAL_ORIGIN";

/** What a sweep found; percent. The average and the threshold belong to the success rate alone. */
export interface OutlierRates {
  host: number;
  average?: number;
  threshold?: number;
}

export interface OutlierEvent {
  atMs: number;
  /** The proxy that found it. */
  proxy: string;
  cluster: string;
  /** "10.0.0.7:8080" */
  address: string;
  action: "EJECT" | "UNEJECT";
  /** As in Envoy, CONSECUTIVE_5XX stands with every UNEJECT. */
  kind: OutlierKind;
  /** How often it has been put out, this time counted. */
  ejections: number;
  /** false: the share that is enforced let it stay. */
  enforced: boolean;
  /** Since it was put back (EJECT) or put out (UNEJECT), ms; null where it never was. */
  sinceLastMs: number | null;
  rates: OutlierRates | null;
}

export function noteEjection(
  sim: Sim,
  cluster: ClusterState,
  host: HostState,
  kind: OutlierKind,
  enforced: boolean,
  rates: OutlierRates | null,
): void {
  note(sim, cluster, host, { action: "EJECT", kind, enforced, rates, sinceMs: host.outliers?.unejectedMs ?? -1 });
}

export function noteReturn(sim: Sim, cluster: ClusterState, host: HostState): void {
  const sinceMs = host.outliers?.ejectedMs ?? -1;
  note(sim, cluster, host, { action: "UNEJECT", kind: "CONSECUTIVE_5XX", enforced: false, rates: null, sinceMs });
}

interface Finding extends Pick<OutlierEvent, "action" | "kind" | "enforced" | "rates"> {
  /** −1: never. */
  sinceMs: number;
}

function note(sim: Sim, cluster: ClusterState, host: HostState, { sinceMs, ...finding }: Finding): void {
  if (sim.outlierLog.length >= keptLimits.outlierLog) {
    sim.control.outlierEventsDropped++;
    return;
  }
  const event: OutlierEvent = {
    atMs: nowOf(sim),
    proxy: cluster.instance.name,
    cluster: cluster.compiled.name,
    address: host.address,
    ...finding,
    ejections: host.outliers?.ejections ?? 0,
    sinceLastMs: sinceMs < 0 ? null : nowOf(sim) - sinceMs,
  };
  // Frozen: checkpoints share it.
  sim.outlierLog.push(Object.freeze(event));
}
