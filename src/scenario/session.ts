/**
 * A session is one experiment being run: YAML files in, a simulation that can be moved in time, answers as plain data out.
 * The worker, the CLI and the tests all use this one door.
 */
import type {
  AccessLogEntry,
  ArrivalStats,
  EdgeStats,
  EjectionRecord,
  FinishedRequest,
  Flight,
  KeptList,
  MeshConfig,
  OutlierEvent,
  OwnLines,
  ReplicaStatus,
  RequestExplanation,
  RolloutStatus,
  ServedRequest,
  SimulationChange,
} from "#engine";
import type { Diagnostic } from "#mesh";
import type { Plan } from "./build/plan.ts";
import type { DocumentsFrom } from "./build/run-plan.ts";
import type { ControlFrame } from "./control-frame.ts";
import type { SeriesPoint } from "./series/series-recorder.ts";

export interface Session {
  readonly nowMs: number;
  readonly durationMs: number;
  readonly finished: boolean;
  readonly eventCount: number;
  run(untilMs?: number, maxEvents?: number): void;
  step(): boolean;
  stepRequest(): boolean;
  /** @param atMs where between this event and the next; default: after all changes made between them */
  seek(eventIndex: number, atMs?: number): void;
  seekTime(atMs: number): void;
  /** To where the request before the last one ended. */
  seekPreviousRequest(): void;
  /** Changes the run now; made in the past, it drops the changes that were made later. */
  change(change: RunChange): void;
  /** The changes that were made by hand, as if no others had been: then seek. Those it shares with the present ones stay. */
  replaceChanges(changes: readonly KeptChange[]): void;
  frame(options: FrameOptions): Frame;
  movement(options: MovementOptions): Movement;
  /** The run's numbers over time; empty unless it was started to record them. */
  series(maxPoints: number): SeriesPoint[];
  explain(requestId: number): RequestExplanation | undefined;
  goal(): GoalResult;
  /** Why the run had to be ended before its requests ended by themselves; null: it had not. */
  endless(): Diagnostic | null;
  /** The lines that were kept (PlanOptions.accessLogLimit), oldest first. */
  accessLog(): readonly AccessLogEntry[];
  /** Of each of them what logs of the proxy's own have (`access_log` of a bootstrap); null: it has none. */
  ownLines(): readonly (OwnLines | null)[];
  /** What servers' sidecars report (as many as lines are kept). */
  served(): readonly ServedRequest[];
  /** What outlier detection found: who was put out, who came back. */
  outlierLog(): readonly OutlierEvent[];
  /** The same run once more, changes and all, up to this moment; it keeps the newest `accessLogLimit` lines. */
  rerun(accessLogLimit: number): Session;
  /** contracts.md 3. */
  report(options?: { accessLog?: number }): SimulationReport;
  traceHash(): string;
}

/** Other mesh documents from now on, judged and translated (planChange). */
export interface DocumentChange {
  mesh: MeshConfig;
  /** Only clusters of the documents that changed are sent (as `SimulationChange` says). */
  delta: boolean;
  /** The same by the stages of a rollout; none where the run has no rollout. */
  stages: readonly MeshConfig[];
  documents: readonly DocumentsFrom[];
  topology: Topology;
}

/** A change made by hand while it runs; `id` is the page's own. */
export interface RunChange {
  id: number;
  change: SimulationChange;
  /** The mesh documents from then on, where they change: what goals read. */
  documents?: readonly DocumentsFrom[];
}

/** A change that was made, with its moment. */
export interface KeptChange extends RunChange {
  afterEvents: number;
  atMs: number;
}

export interface FrameOptions {
  /** Flights after this id are sent. */
  afterFlightId: number;
  maxFlights: number;
  maxRequests: number;
}

export interface MovementOptions {
  afterFlightId: number;
  maxFlights: number;
  /** Of the root requests that ended, how many the asker knows. */
  afterRequests: number;
  maxRequests: number;
}

/** What changes from one animation frame to the next; the numbers come at a calmer pace. */
export interface Movement {
  nowMs: number;
  eventCount: number;
  finished: boolean;
  /** The newest of each way messages go. */
  flights: readonly Flight[];
  lastFlightId: number;
  /** Those that failed: too rare to be found among the newest. */
  failed: readonly FinishedRequest[];
  requestsEnded: number;
}

/** What the page draws: everything at one moment of virtual time. */
export interface Frame {
  nowMs: number;
  durationMs: number;
  eventCount: number;
  finished: boolean;
  /** Of the changes made by hand, how many hold at this moment. */
  changesMade: number;
  edges: readonly EdgeStats[];
  replicas: readonly ReplicaStatus[];
  flights: readonly Flight[];
  /** Of all messages so far. */
  lastFlightId: number;
  requests: readonly FinishedRequest[];
  /** What reached each replica's application (telemetry.arrivals()): shares, plaintext, refusals. */
  arrivals?: readonly ArrivalStats[];
  ejections: readonly EjectionRecord[];
  /** What the rollout looked at so far; null where the run has none. */
  rollout?: RolloutStatus | null;
  /** Control plane and certificates: how they stand, what they did. */
  control?: ControlFrame;
  goal: GoalResult;
  /** What came of each question of `RunPlan.goal.predict`; empty until the run has ended. */
  predicted?: readonly PredictionOutcome[];
  /** Why the run had to be ended before its requests ended by themselves; null: it had not. */
  endless?: Diagnostic | null;
}

/** Fields repeat the selector; null: nothing was there to measure. */
export interface PredictionOutcome {
  metric: string;
  value: number | null;
  [selector: string]: unknown;
}

export interface GoalResult {
  passed: boolean;
  checks: readonly GoalCheck[];
}

/** One line of `expect` with what came out. Extra fields repeat the selector (metric, of, from, to, traffic, flag …). */
export interface GoalCheck {
  metric: string;
  value: number | string | null;
  passed: boolean;
  [selector: string]: unknown;
}

export interface SimulationReport {
  experiment: string;
  seed: number;
  durationMs: number;
  traceHash: string;
  events: number;
  goal: GoalResult;
  edges: readonly EdgeReport[];
  workloads: readonly WorkloadReport[];
  accessLog: readonly AccessLogEntry[];
  /** Lists that were full, and how much they dropped. */
  dropped: readonly KeptList[];
  /** Versions each proxy was sent and took; where the experiment models the control plane. */
  proxies?: readonly unknown[];
  /** Where the experiment has one: its phase and every check. */
  rollout?: RolloutStatus;
  diagnostics: readonly Diagnostic[];
}

/** What the caller's proxy saw: a row per first hop and traffic entry; later hops between the same two are one row. */
export interface EdgeReport
  extends Pick<EdgeStats, "requests" | "ok" | "attempts" | "statuses" | "grpcStatuses" | "flags" | "security"> {
  from: string;
  to: string;
  namespace: string;
  /** Of a first hop. */
  traffic?: string;
  latencyMs: Pick<EdgeStats["latency"], "mean" | "p50" | "p90" | "p95" | "p99" | "max"> | null;
}

/** What reached the application. */
export interface WorkloadReport {
  name: string;
  namespace: string;
  service: string;
  requests: number;
  share: number;
  shadow: number;
  denied: number;
  replicas: readonly {
    index: number;
    address: string;
    requests: number;
    ejections: readonly Pick<EjectionRecord, "atMs" | "untilMs">[];
  }[];
}

/** The graph before anything runs: who may call whom. */
export interface Topology {
  services: readonly { name: string; namespace: string; external: boolean }[];
  workloads: readonly {
    name: string;
    namespace: string;
    service: string;
    labels: Readonly<Record<string, string>>;
    replicas: number;
    meshed: boolean;
  }[];
  callers: readonly { name: string; namespace: string; traffic: readonly string[] }[];
  /** From behaviour and traffic: caller name → service name. */
  edges: readonly { from: string; to: string }[];
}

export type OpenSession =
  | { ok: true; session: Session; plan: Plan; topology: Topology; diagnostics: Diagnostic[] }
  | { ok: false; diagnostics: Diagnostic[] };
