/** The engine's public contract. One object per run; all state is in arrays the kernel owns. */
import type { SimulationChange } from "./model/index.ts";
import type { RequestExplanation } from "./telemetry/explanation.ts";
import type { FinishedRequest, Flight } from "./telemetry/flight.ts";
import type { KeptList } from "./telemetry/limits.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

export interface Simulation {
  /** Virtual time, ms. */
  readonly nowMs: number;
  /** Events popped so far. */
  readonly eventCount: number;
  /** No more events: every request ended and no source will start another. */
  readonly finished: boolean;
  /** Runs all events with time ≤ untilMs (default: to the end). Stops early after maxEvents. */
  run(untilMs?: number, maxEvents?: number): void;
  /** One event. @returns false when none is left. */
  step(): boolean;
  /** Runs until the next root request ended. */
  stepRequest(): boolean;
  /** Goes to the state after `eventIndex` events, backwards from the nearest checkpoint. */
  seek(eventIndex: number): void;
  /** Applies a change now, as the timeline would. Later seeks replay it. */
  apply(change: SimulationChange): void;
  /** Hash over every event popped so far (kind, time, subject): equal runs have equal hashes. Hex. */
  traceHash(): string;
  /** Hash of the mutable state, for comparing seek(k) with a forward run to k. */
  stateHash(): string;
  readonly telemetry: Telemetry;
  /** Messages with id > afterId, oldest first, at most `limit`. */
  flights(afterId: number, limit: number): readonly Flight[];
  /** The newest finished root requests, newest last, at most `limit`. */
  finishedRequests(limit: number): readonly FinishedRequest[];
  /** Decision records of one root request (by replay); undefined when it is older than the first checkpoint kept. */
  explain(requestId: number): RequestExplanation | undefined;
  /** Live condition of every replica, for the graph. */
  replicas(): readonly ReplicaStatus[];
  /** What is kept of a run, how much of it, and what was dropped. */
  keptLists(): readonly KeptList[];
  /** What the control plane sent each proxy and what it took, as `istioctl proxy-status` shows it. */
  proxies(): readonly ProxyStatus[];
  /** Messages from the checkers that run inside: empty unless the engine is wrong. */
  invariantViolations(): readonly string[];
}

export interface ProxyStatus {
  node: string;
  /** −1: not a workload's. */
  replica: number;
  /** Versions of the configuration, from 1; 0 = what it started with. */
  sent: number;
  acked: number;
  /** By type, CDS to RDS. */
  versions: Readonly<Record<"CDS" | "EDS" | "LDS" | "RDS", number>>;
  state: "SYNCED" | "STALE" | "NACK";
  /** Why Envoy refused the last update; "" = it did not. */
  rejected: string;
}

export interface ReplicaStatus {
  workload: string;
  namespace: string;
  service: string;
  replica: number;
  address: string;
  state: "healthy" | "slow" | "failing" | "ejected" | "crashed" | "draining";
  active: number;
  queued: number;
}
