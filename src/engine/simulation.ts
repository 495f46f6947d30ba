/** The engine's public contract. One object per run; all state is in arrays the kernel owns. */
import type { CertificateEvent } from "./control-plane/certificate-events.ts";
import type { EndlessCalls } from "./endless.ts";
import type { RolloutStatus, SimulationChange } from "./model/index.ts";
import type { ControlEvent } from "./telemetry/control-log.ts";
import type { RequestExplanation } from "./telemetry/explanation.ts";
import type { FinishedRequest, Flight } from "./telemetry/flight.ts";
import type { KeptList } from "./telemetry/limits.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

export interface Simulation {
  /** Virtual time, ms. */
  readonly nowMs: number;
  /** Events popped so far. */
  readonly eventCount: number;
  /** Root requests that ended. */
  readonly requestsEnded: number;
  /** When the next event is due, ms; Infinity: none is. An event that was cancelled may still be named. */
  readonly nextEventMs: number;
  /** No more events: every request ended and no source will start another. */
  readonly finished: boolean;
  /** What would never have ended, and ended the run; null: nothing did. */
  readonly endless: EndlessCalls | null;
  /** Runs all events with time ≤ untilMs (default: to the end). Stops early after maxEvents. */
  run(untilMs?: number, maxEvents?: number): void;
  /** One event. @returns false when none is left. */
  step(): boolean;
  /** Runs until the next root request ended. */
  stepRequest(): boolean;
  /**
   * Goes to the state after `eventIndex` events and the changes made there, backwards from the nearest checkpoint.
   * @param atMs where between this event and the next; default: after all changes made between them
   */
  seek(eventIndex: number, atMs?: number): void;
  /** Goes to a moment of virtual time, with all that happened and was changed until then. */
  seekTime(atMs: number): void;
  /** Goes back to where the root request before the last one ended; to the start where there is none. */
  seekPreviousRequest(): void;
  /**
   * Applies a change now, as the timeline would. It belongs to the run from here on: seeking back and running on makes it again. Made in
   * the past, it begins another future: changes made later are dropped.
   */
  apply(change: SimulationChange): void;
  /** Made by hand, in order, past and (after a seek back) future. */
  readonly changes: readonly DatedChange[];
  /** How many of them hold now. */
  readonly changesMade: number;
  /** Keeps the first `kept` changes and goes on with others: a change taken back, or a dropped future brought back. Ends at or before
   * the moment it stood at, never beyond the first change that differs: seek from there. */
  replaceChanges(kept: number, more: readonly DatedChange[]): void;
  /** Hash over every event popped so far (kind, time, subject): equal runs have equal hashes. Hex. */
  traceHash(): string;
  readonly telemetry: Telemetry;
  /** Messages with id > afterId, oldest first, at most `limit`. */
  flights(afterId: number, limit: number): readonly Flight[];
  /** Of the messages with id > afterId the newest of each way they go, failures first, at most `limit`: what a picture can show. */
  sampleFlights(afterId: number, limit: number): readonly Flight[];
  /** Id of the newest message; 0 before the first. */
  readonly lastFlightId: number;
  /** The newest finished root requests, newest last, at most `limit`. */
  finishedRequests(limit: number): readonly FinishedRequest[];
  /** The newest root requests without an answer or with a status of 400 and more, of those that ended after the first `afterCount`. */
  failedRequests(afterCount: number, limit: number): readonly FinishedRequest[];
  /** Decision records of one root request (by replay); undefined when it is older than the first checkpoint kept. */
  explain(requestId: number): RequestExplanation | undefined;
  /** Live condition of every replica, for the graph. */
  replicas(): readonly ReplicaStatus[];
  /** What is kept of a run, how much of it, and what was dropped. */
  keptLists(): readonly KeptList[];
  /** What the control plane sent each proxy and what it took, as `istioctl proxy-status` shows it. */
  proxies(): readonly ProxyStatus[];
  /** Control plane and certificate authority: whether they answer, who has which configuration, and what they did. */
  control(): ControlStatus;
  /** What a rollout looked at and did; null where the run has none. */
  rollout(): RolloutStatus | null;
}

/** A change made by hand: after which event, and at which moment. */
export interface DatedChange {
  afterEvents: number;
  atMs: number;
  change: SimulationChange;
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

export interface ControlStatus {
  controlPlaneUp: boolean;
  authorityUp: boolean;
  /** Of the newest configuration that was pushed, from 1; 0 = none was, beyond what every proxy had at once. */
  version: number;
  proxies: readonly ProxyStatus[];
  /** Workloads ("namespace/name") whose certificates have run out; "" = those of every proxy. */
  expired: readonly string[];
  /** In order; the first ones, up to their limit. */
  events: readonly ControlEvent[];
  certificates: readonly CertificateEvent[];
  /** Events and renewals beyond the limits. */
  dropped: number;
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
