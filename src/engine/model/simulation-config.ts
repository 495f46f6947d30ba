/** What createSimulation takes: the mesh's configuration, the applications behind it, who calls, and what happens when. */
import type { RequestTokens } from "./jwt-authn.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { RolloutConfig } from "./rollout.ts";

export interface SimulationConfig {
  name: string;
  mesh: MeshConfig;
  workloads: readonly WorkloadConfig[];
  traffic: readonly TrafficConfig[];
  network: NetworkConfig;
  /** Sorted by time. */
  timeline: readonly TimelineEvent[];
  /** New requests stop here; the run goes on until the last one ended. */
  durationMs: number;
  /** Extra measuring windows [fromMs, toMs) beside the whole run, which is window 0; telemetry answers for these only. */
  windows: readonly { fromMs: number; toMs: number }[];
  /** Services whose arrivals are kept in order, one by one; those of all others are only counted. */
  orderedServices?: readonly { name: string; namespace: string }[];
  /** How many access-log entries to keep (a ring; 0 = none). */
  accessLogLimit: number;
  /** How many requests of servers' sidecars to keep; absent: none. */
  servedLimit?: number;
  /** Absent: a configuration reaches every proxy at once. */
  controlPlane?: ControlPlaneConfig;
  /** Absent: a day, renewed at half of it, as istiod and istio-agent do. */
  certificates?: { lifetimeMs: number; renewAtShare: number };
  rollout?: RolloutConfig;
}

export type ResourceType = "CDS" | "EDS" | "LDS" | "RDS";

/** How changes travel from the control plane to the proxies. */
export interface ControlPlaneConfig {
  /** Changes are collected until none came for this long (PILOT_DEBOUNCE_AFTER), at most `debounceMaxMs`. */
  debounceMs: number;
  debounceMaxMs: number;
  /** From the push to a proxy, drawn for each. */
  pushDelay: Distribution;
  /** In which order the types arrive, and how long after one another. */
  order: readonly ResourceType[];
  typeDelayMs: number;
}

export interface WorkloadConfig {
  name: string;
  namespace: string;
  /** Service (by name) whose share it is part of. */
  service: string;
  serviceAccount: string;
  labels: Readonly<Record<string, string>>;
  /** A workload without a proxy neither offers nor checks mutual TLS. */
  nodeId: string | null;
  replicas: readonly ReplicaConfig[];
}

export interface ReplicaConfig {
  ip: string;
  /** "10.0.0.7:8080" for each port served; beside a bootstrap the given address. */
  addresses: readonly string[];
  locality: string;
  behaviour: BehaviourConfig;
}

/** What the application itself does with a request. */
export interface BehaviourConfig {
  serviceTime: Distribution;
  /** Requests served at once; null = unlimited. */
  concurrency: number | null;
  /** Cores it may use; requests at work share them. Absent: no limit. */
  cpuCores?: number;
  /** Waiting places beyond `concurrency`; null = unlimited. */
  queue: number | null;
  /** "refuse" closes the connection, a number answers that status. */
  whenFull: "refuse" | number;
  errors: ErrorBehaviour | null;
  /** What its good answers carry. */
  response?: ResponseConfig;
  /** Steps in order; the members of one step run in parallel. */
  calls: readonly (readonly CallConfig[])[];
}

/** `response` is what the failures carry. */
export type ErrorBehaviour = { serviceTime: Distribution | null; response?: ResponseConfig } & (
  | { type: "rate"; rate: number; outcome: number | "reset" }
  /** Repeating, per replica. */
  | { type: "pattern"; outcomes: readonly (number | "reset")[] }
);

/** What an answer carries beyond its status. */
export interface ResponseConfig {
  /** Lower-case names. */
  headers?: Readonly<Record<string, string>>;
  /** Time from the headers to the end of the body, ms; stall: it never ends; cut: the connection is closed in the middle. */
  body?: number | "stall" | "cut";
}

export type Distribution =
  | { type: "constant"; ms: number }
  | { type: "exponential"; meanMs: number }
  | { type: "uniform"; minMs: number; maxMs: number }
  | { type: "lognormal"; medianMs: number; sigma: number };

export interface CallConfig {
  request: RequestTemplate;
  /** null = the caller waits for ever. */
  timeoutMs: number | null;
  /** Whether trace and custom headers of the incoming request are copied. */
  forwardHeaders: boolean;
  onError: "fail" | "ignore";
}

/** Where a request goes and what it carries. */
export interface RequestTemplate {
  method: string;
  scheme: "http" | "https" | "grpc" | "tcp";
  /** Host header without port. */
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** The tokens it carries, wherever, by their text; absent: none. */
  tokens?: RequestTokens;
}

export interface TrafficConfig {
  name: string;
  /** Workload "name" with its namespace, or null: the internet, or a plain client of a bootstrap. */
  from: { workload: string; namespace: string } | null;
  /** What telemetry calls the caller. */
  fromLabel: string;
  /** Set where requests enter at a gateway (or bootstrap) proxy. */
  entryNodeId: string | null;
  variants: readonly { weight: number; request: RequestTemplate }[];
  load: OpenLoop | ClosedLoop | Burst;
  /** The client gives up (DC); null = never. */
  timeoutMs: number | null;
  startMs: number;
  /** Null: until the run's duration. */
  durationMs: number | null;
  /** Stops after so many; null = no limit. */
  requests: number | null;
  /** Silent until a change of the timeline (`trafficAdded`) brings it. */
  isLater?: true;
}

/** What changes of a traffic entry, from now on; what is absent stays. */
export interface TrafficChange {
  /** Begins anew: users set off, a burst comes. */
  load?: TrafficConfig["load"];
  caller?: Pick<TrafficConfig, "from" | "fromLabel" | "entryNodeId">;
  target?: Partial<Omit<RequestTemplate, "headers">>;
  /** Variants by weight: their headers, and the tokens in them. */
  headers?: readonly ({ weight: number } & Pick<RequestTemplate, "headers" | "tokens">)[];
  timeoutMs?: number | null;
}

export interface OpenLoop {
  type: "rate";
  perSecond: number;
  arrivals: "poisson" | "constant";
  /** The rate by time instead of `perSecond`: pieces that follow one another, the last without an end. */
  profile?: readonly RatePiece[];
}

/** Requests per second between two times (ms from the entry's start), changing evenly. */
export interface RatePiece {
  fromMs: number;
  toMs: number;
  fromPerSecond: number;
  toPerSecond: number;
}

export interface ClosedLoop {
  type: "users";
  users: number;
  thinkTimeMs: number;
}

export interface Burst {
  type: "burst";
  size: number;
}

export interface NetworkConfig {
  /** One way, each hop between two pods. */
  latencyMs: number;
  /** 0–1, per message. */
  loss: number;
  /** What a TLS handshake adds to a new connection, ms; absent: nothing. */
  tlsHandshakeMs?: number;
  /** Patterns over localities ("eu/*"), first match wins; both directions. */
  links: readonly { from: string; to: string; latencyMs: number; loss: number }[];
}

export interface TimelineEvent {
  atMs: number;
  change: SimulationChange;
}

/** What can happen to a running simulation, from the timeline or live from the sandbox. */
export type SimulationChange =
  /**
   * `delivery` overrules how the control plane works in this run: every proxy at once, or as istiod does it. `delta`: of documents only such
   * changed with which istiod sends the clusters that they are about, and no others.
   */
  | { type: "config"; mesh: MeshConfig; delivery?: "atOnce" | "asCluster"; delta?: boolean }
  /** From a push to a proxy, from now on; null: as the run was configured. */
  | { type: "pushDelay"; delay: Distribution | null }
  /** Replaces the replicas of a workload; those that leave drain, new ones join with slow start. */
  | { type: "scale"; workload: string; namespace: string; replicas: readonly ReplicaConfig[]; mesh: MeshConfig }
  | {
      type: "crash";
      workload: string;
      namespace: string;
      replica: number | null;
      removedAfterMs: number;
      mesh: MeshConfig | null;
    }
  | { type: "recover"; workload: string; namespace: string; replica: number | null; mesh: MeshConfig | null }
  | { type: "slow"; workload: string; namespace: string; replica: number | null; factor: number }
  /** The share of its CPU that is left. */
  | { type: "cpu"; workload: string; namespace: string; replica: number | null; factor: number }
  | { type: "errors"; workload: string; namespace: string; replica: number | null; errors: ErrorBehaviour | null }
  | { type: "partition"; from: string; to: string; active: boolean }
  | { type: "controlPlane"; up: boolean }
  | { type: "certificateAuthority"; up: boolean }
  | { type: "expireCertificates"; workload: string; namespace: string }
  | ({ type: "traffic"; name: string } & TrafficChange)
  /** A client that was not there, or is there again; its counters go on where it was there before. */
  | { type: "trafficAdded"; entry: TrafficConfig }
  /** It sends nothing more; requests under way go on. */
  | { type: "trafficRemoved"; name: string }
  /** What a rollout pushes instead of a configuration, by stage: for one that was not planned. */
  | { type: "stages"; base: MeshConfig; byStage: readonly MeshConfig[] }
  /** Several at the same moment, in this order. */
  | { type: "together"; changes: readonly SimulationChange[] };
