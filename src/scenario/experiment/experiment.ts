/**
 * An Experiment as read from YAML: what a cluster would not say about itself (contracts.md 1). Durations are milliseconds,
 * defaults are filled in. It holds no mesh configuration; the reader in this folder is the only maker.
 */
import type {
  BehaviourConfig,
  Distribution,
  ErrorBehaviour,
  NetworkConfig,
  RequestTemplate,
  SimulationConfig,
  TrafficConfig,
} from "#engine";

export type DataPlane = "sidecar" | "ambient" | "per-node" | "ebpf" | "proxyless" | "none";

export interface Experiment {
  name: string;
  dataPlane: DataPlane;
  seed: number;
  durationMs: number;
  workloads: readonly ExperimentWorkload[];
  traffic: readonly ExperimentTraffic[];
  network: NetworkConfig;
  controlPlane?: SimulationConfig["controlPlane"];
  certificates?: SimulationConfig["certificates"];
  rollout?: RolloutPlan;
  timeline: readonly TimelineEntry[];
  expect: readonly Expectation[];
  predict: readonly PredictionQuestion[];
}

/** Absent fields come from the Deployment of the same name, or from defaults where there is none. */
export interface ExperimentWorkload {
  name: string;
  namespace: string;
  service?: string;
  labels?: Readonly<Record<string, string>>;
  replicas?: number;
  serviceAccount?: string;
  /** One for all replicas, or one per replica. */
  locality?: string | readonly string[];
  meshed?: boolean;
  behaviour: BehaviourConfig;
  /** By replica index: what differs from `behaviour`. */
  perReplica: Readonly<Record<number, Partial<BehaviourConfig>>>;
  addresses?: readonly string[];
  path: Path;
}

export interface ExperimentTraffic {
  name: string;
  /** A workload, "namespace/workload", or "internet". */
  from: string;
  variants: readonly { weight: number; request: RequestTemplate }[];
  load: TrafficConfig["load"];
  timeoutMs: number | null;
  startMs: number;
  durationMs: number | null;
  requests: number | null;
  path: Path;
  /** Where the timeline says it anew. */
  told?: Readonly<Partial<Record<"from" | "to" | "load", Path>>>;
}

/** A canary that is moved, promoted or rolled back by itself. */
export interface RolloutPlan {
  virtualService: string;
  /** Null: the canary's. */
  namespace: string | null;
  /** A workload. */
  canary: string;
  /** In the VirtualService; null: the canary's label "version". */
  subset: string | null;
  startMs: number;
  intervalMs: number;
  /** Percent, rising. */
  weights: readonly number[];
  threshold: number;
  /** 0–1. */
  minSuccessRate: number;
  maxP99Ms: number | null;
  path: Path;
}

export type TimelineEntry = { atMs: number; path: Path } & TimelineAction;

type TimelineAction =
  | { type: "apply"; text: string }
  | { type: "delete"; kind: string; name: string; namespace: string }
  | { type: "scale"; workload: string; replicas: number }
  | { type: "crash"; workload: string; replica: number | null; removedAfterMs: number }
  | { type: "recover"; workload: string; replica: number | null }
  | { type: "slow"; workload: string; replica: number | null; factor: number }
  /** The share of its CPU that is left. */
  | { type: "cpu"; workload: string; replica: number | null; factor: number }
  | { type: "errors"; workload: string; replica: number | null; errors: ErrorBehaviour | null }
  | { type: "partition"; from: string; to: string; active: boolean }
  | { type: "controlPlane"; up: boolean }
  /** From a push to a proxy; null ends it. */
  | { type: "pushDelay"; delay: Distribution | null }
  | ({ type: "traffic"; name: string } & TrafficEdit)
  | { type: "certificateAuthority"; up: boolean }
  | { type: "expireCertificates"; workload: string };

/** What changes of a traffic entry; with `from`, `to` and `load` also a client that was not there. */
export interface TrafficEdit {
  /** It sends nothing more. */
  removed?: true;
  load?: TrafficConfig["load"];
  from?: string;
  to?: Pick<RequestTemplate, "scheme" | "host" | "port" | "path">;
  method?: string;
  headers?: readonly { weight: number; headers: Readonly<Record<string, string>> }[];
  timeoutMs?: number;
}

export type Path = readonly (string | number)[];

/** Exactly one comparison; `tolerance` is absolute and widens it on both sides. */
export interface Bound {
  comparison: { type: "equals" | "atMost" | "atLeast"; value: number } | { type: "between"; low: number; high: number };
  tolerance: number;
}

export interface Selector {
  of?: string;
  replica?: number;
  from?: string;
  to?: string;
  traffic?: string;
  /** [fromMs, toMs); absent: the whole run. */
  window?: { fromMs: number; toMs: number };
}

export type Expectation = MetricExpectation | ProbeExpectation | ConfigExpectation | AnswerExpectation;

/** A number of a run: which, and of what. */
export interface MeasuredMetric {
  metric: string;
  selector: Selector;
  status?: number;
  flag?: string;
  event?: MilestoneEvent;
  nth?: number;
  cycle?: readonly string[];
  path: Path;
}

export interface MetricExpectation extends MeasuredMetric {
  type: "metric";
  bound: Bound;
}

/** What a learner is asked before the run. */
export interface PredictionQuestion extends MeasuredMetric {
  /** Answers to choose from; null: a number is asked for. */
  choices: readonly number[] | null;
  /** How far a right number may be off, absolute; null: a tenth of what is measured. */
  tolerance: number | null;
}

export type MilestoneEvent = "eject" | "uneject" | "firstRequest" | "firstError" | "lastError" | "recovered";

/** One request, after the run or at a time; both given fields must come out. */
export interface ProbeExpectation {
  type: "probe";
  from: string;
  request: RequestTemplate;
  /** As written, for the report. */
  text: string;
  atMs: number | null;
  status?: number;
  flag?: string;
  path: Path;
}

/** The learner's documents as they stand at the end. */
export interface ConfigExpectation {
  type: "config";
  kind: string;
  name: string;
  namespace?: string;
  fieldPath: string;
  equals: unknown;
  path: Path;
}

/** The learner's `kind: Answer` document of that name: its spec.value must be equal (lists: in order). */
export interface AnswerExpectation {
  type: "answer";
  name: string;
  equals: unknown;
  path: Path;
}

export const noDelay: Distribution = { type: "constant", ms: 0 };
