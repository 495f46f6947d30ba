/**
 * One run: everything a module-level function of the engine needs. The first part is compiled from the configuration and
 * only grows (caches); the part listed in `stateOf` (state-keys.ts) is the run's mutable state, a graph of plain objects that a snapshot copies.
 */

import type { ProxySync } from "./control-plane/proxy-sync.ts";
import type { PushedVersion } from "./control-plane/push.ts";
import type { RolloutState } from "./control-plane/stages.ts";
import type { EndlessCalls } from "./endless.ts";
import type { EventQueue } from "./kernel/event-queue.ts";
import type { RandomStreams, Stream } from "./kernel/random.ts";
import type { Table } from "./kernel/table.ts";
import type { ControlPlaneConfig, Distribution, MeshConfig, SimulationConfig, SubsetMetadata } from "./model/index.ts";
import type { ClusterTraits, CompiledCluster, CompiledMesh, CompiledNode, MeshCaches } from "./proxy/compiled-mesh.ts";
import type { FollowedRedirects } from "./proxy/internal-redirect.ts";
import type { EdfState } from "./proxy/load-balancing/edf.ts";
import type { ReplyInHand } from "./proxy/local-reply.ts";
import type { RequestShape, ShapeTable } from "./proxy/matching/request-shape.ts";
import type { Plan } from "./proxy/plan.ts";
import type { PoolState, Resources } from "./proxy/resources.ts";
import type { ResponseTable, StartedResponse } from "./proxy/response-table.ts";
import type { Steps } from "./proxy/steps.ts";
import type { Attempt } from "./rows/attempt.ts";
import type { Call } from "./rows/call.ts";
import type { Clock } from "./rows/clock.ts";
import type { Connection } from "./rows/connection.ts";
import type { PreviousHost } from "./rows/previous-host.ts";
import type { AccessLogRing } from "./telemetry/access-log.ts";
import type { ControlEvent } from "./telemetry/control-log.ts";
import type { FinishedRing } from "./telemetry/finished-requests.ts";
import type { FlightRing } from "./telemetry/flight-ring.ts";
import type { OutlierEvent } from "./telemetry/outlier-log.ts";
import type { Recorder } from "./telemetry/recorder.ts";
import type { ServedRing } from "./telemetry/served-requests.ts";
import type { ArrivalSequence, ArrivalTable, EdgeTable, EjectionRow, Reports } from "./telemetry/store.ts";
import type { CompiledBehaviour, TrafficState } from "./workload/compiled-workload.ts";
import type { CpuState } from "./workload/processor-sharing.ts";

/** The condition of one replica of a workload. */
export interface ReplicaState {
  workload: number;
  /** Index into `sequences`: the service's; −1 when its arrivals are not kept in order. */
  sequence: number;
  /** Its place in `replicas`. */
  readonly number: number;
  index: number;
  behaviour: CompiledBehaviour;
  /** Its proxy has inbound listeners. */
  hasInbound: boolean;
  /** A gateway's pod: no application stands behind the listeners of its proxy. */
  readonly isGateway: boolean;
  /** Of the last arrival: its traffic entry (−1 before the first) and the place of its counters. */
  lastTraffic: number;
  lastArrivals: number;
  /** Compiled `errors` of a running fault; undefined = the behaviour's own, null = none. */
  errors: CompiledBehaviour["errors"] | undefined;
  instance: InstanceState;
  address: string;
  addresses: readonly string[];
  ip: string;
  locality: string;
  up: boolean;
  /** Scaled away for good. */
  gone: boolean;
  slowFactor: number;
  /** Null: never had a CPU limit. */
  cpu: CpuState | null;
  active: number;
  queued: number;
  queueHead: Attempt | null;
  queueTail: Attempt | null;
  patternPosition: number;
  serviceStream: Stream;
  errorStream: Stream;
}

/** A workload's current replicas, in order of their index. */
export interface WorkloadState {
  name: string;
  namespace: string;
  service: string;
  nodeId: string | null;
  /** Index into `sequences`. */
  sequence: number;
  replicas: number[];
}

/** One proxy process (or a client without a proxy). */
export interface InstanceState {
  /** Its place in `instances`. */
  readonly index: number;
  /** Of the outbound plan used last: its request's shape, null before the first. */
  lastShape: RequestShape | null;
  lastPlan: Plan;
  /** The cluster used last and its slot, −1 before the first. */
  lastSlot: number;
  lastCluster: ClusterState;
  node: CompiledNode;
  replica: number;
  name: string;
  ip: string;
  locality: string;
  /** By slot of the node; null = not used yet. */
  clusters: (ClusterState | null)[];
  routeStream: Stream;
  retryStream: Stream;
  activeFaults: number;
  /** Token buckets by filter id: [tokens, time of last refill]. Null: none yet. */
  buckets: Map<number, number[]> | null;
  certificatesExpired: boolean;
  /** What the control plane sent this proxy, and what it took; null: nothing yet. */
  sync: ProxySync | null;
}

/** What every request meets comes first; what few clusters have is made when it is first needed: there are three hosts to a service of a large mesh, at each of its callers. */
export interface HostState extends PoolState {
  /** Its place among the cluster's hosts. */
  readonly index: number;
  target: Target;
  active: number;
  present: boolean;
  ejected: boolean;
  /** Of active health checks. */
  failedChecks: boolean;
  /** By the configuration: healthy, degraded, unhealthy, draining. */
  configured: 0 | 1 | 2 | 3;
  weight: number;
  priority: number;
  locality: number;
  address: string;
  metadata: Readonly<Record<string, string>>;
  subsetMetadata: SubsetMetadata;
  joinedMs: number;
  /** Of the high priority; null: not used yet. */
  highPool: PoolState | null;
  /** Null: never ejected nor counted. */
  outliers: HostOutliers | null;
  /** Null: no active health checks. */
  checks: HostChecks | null;
  /** Null: its latency was not learnt. */
  ewma: HostEwma | null;
}

/** What outlier detection knows of a host. */
export interface HostOutliers {
  ejections: number;
  ejectedMs: number;
  unejectedMs: number;
  ejectionRow: number;
  consecutive5xx: number;
  consecutiveGateway: number;
  consecutiveLocal: number;
  successes: number;
  total: number;
  localSuccesses: number;
  localTotal: number;
}

export interface HostChecks {
  streak: number;
  /** When the next check is due, ms; a timer of another moment is void. */
  nextMs: number;
}

/** Peak EWMA: estimate in ms and when it was made. */
export interface HostEwma {
  ms: number;
  atMs: number;
}

/** Hosts a load balancer chooses from, as they were applied last. */
export interface HostSet {
  all: readonly number[];
  /** How many of them the share of usable hosts is taken of: those that drain are chosen in a panic, and count for nothing else. */
  counted: number;
  healthy: readonly number[];
  degraded: readonly number[];
}

export interface LocalitySet {
  weight: number;
  hosts: HostSet;
}

/** The hosts of a cluster, or of a subset of it, as a load balancer sees them. */
export interface HostView {
  /** One priority, all load to healthy hosts: the usual case, without further questions. */
  onlyHosts: readonly number[] | null;
  priorities: HostSet[];
  localities: LocalitySet[][];
  healthyLoad: number[];
  degradedLoad: number[];
  panic: boolean[];
  /** Null: zones play no part. */
  zones: ZoneRouting | null;
  /** Added to the source of hosts, so that views of one cluster keep their turns apart. */
  firstSource: number;
}

/** How the requests of priority 0 are spread over zones. */
export interface ZoneRouting {
  /** The proxy's own first, where the cluster has hosts there. */
  names: string[];
  zones: HostSet[];
  /** Of ten thousand requests so many stay in the own zone. */
  localShare: number;
  /** What the others have room for, added up from the first on. */
  reach: number[];
  /** Too few of the proxies themselves are healthy to go by their zones. */
  localPanic: boolean;
}

export interface SubsetView extends HostView {
  /** single_host_per_subset: the one that is chosen, whatever its health. */
  single: number | null;
}

export interface ClusterState extends HostView, Resources {
  index: number;
  instance: InstanceState;
  /** The cluster the proxy itself is in, where zones count. */
  localCluster: ClusterState | null;
  /** Of such a cluster: those whose zones are judged by it. */
  zonedClusters: ClusterState[];
  /** Compiled; shared. */
  compiled: CompiledCluster;
  /** Of `compiled`. */
  traits: ClusterTraits;
  hosts: HostState[];
  /** By name, where the cluster is divided; one that has lost its hosts stays. */
  subsets: Map<string, SubsetView> | null;
  stream: Stream;
  /** By source of hosts: position (round robin) and schedulers (EDF). Null: none yet. */
  positions: Map<number, number> | null;
  schedulers: Map<number, EdfState> | null;
  /** Rises with every applied change of hosts. */
  version: number;
  /** Of the high priority; null: not used yet. */
  highResources: Resources | null;
  lastUpdateMs: number;
  /** When a change of health was last delivered, for the merge window. */
  lastHealthMs: number;
  mergeEpoch: number;
  updateScheduled: boolean;
  ejectedCount: number;
  outlierStream: Stream;
  sweepPending: boolean;
  /** Who its servers see where it speaks plaintext; null: nobody yet. */
  plainPeer: Peer | null;
  /** Had a connection: health checks come at their usual pace from then on. */
  used: boolean;
}

/** Where an address leads. */
export interface Target {
  /** Its place in `targets`. */
  readonly index: number;
  address: string;
  port: number;
  replica: ReplicaState | null;
  /** The proxy that listens at the address itself (gateway, bootstrap). */
  instance: InstanceState | null;
}

/** Who a server sees at the other end of a connection; interned. */
export interface Peer {
  id: number;
  tls: boolean;
  /** SPIFFE identity or "" without a client certificate. */
  identity: string;
  sni: string;
  alpn: string;
  ip: string;
}

export interface EngineOptions {
  seed: number;
  /** Keeps a ring of messages for `flights`. Default true. */
  recordFlights?: boolean;
  /** Events between checkpoints; 0 keeps only the start. Default 10,000. */
  checkpointEvery?: number;
  /** Replaces the jitter of the back-off: given the number of the retry (from 1) and the policy's interval, ms. */
  backOffMs?: (retry: number, intervalMs: number) => number;
}

export interface Sim {
  readonly config: SimulationConfig;
  readonly options: EngineOptions;
  readonly steps: Steps;
  readonly shapes: ShapeTable;
  readonly caches: MeshCaches;
  readonly plans: Plan[];
  /** Behaviours and their parts by what they are compiled from. */
  readonly compiled: Map<string, object>;
  /** Answers that carry more than a status. */
  readonly responses: ResponseTable;
  readonly peers: Map<string, Peer>;
  readonly texts: { byText: Map<string, number>; list: string[] };
  readonly reports: Reports;
  /** Null: nobody looks. */
  flights: FlightRing | null;
  recorder: Recorder | null;
  /** Root request whose decisions are recorded; 0 = none. */
  recordRoot: number;
  violations: string[];
  /** Null: no answer of a proxy's own is being written down. */
  replying: ReplyInHand | null;
  /** See `lookAhead`. */
  lookedAt: number;

  // Mutable state.
  clock: Clock;
  queue: EventQueue;
  random: RandomStreams;
  calls: Table<Call>;
  attempts: Table<Attempt>;
  connections: Table<Connection>;
  previousHosts: Table<PreviousHost>;
  /** By call: answers whose headers went downstream before their bodies ended. */
  started: Map<number, StartedResponse>;
  /** By call: redirects that its proxy followed. */
  redirected: Map<number, FollowedRedirects>;
  mesh: CompiledMesh;
  heldMesh: { mesh: MeshConfig | null };
  /** Configurations that take effect when endpoints have been noticed missing; frozen. */
  pendingMeshes: { readonly mesh: MeshConfig }[];
  instances: InstanceState[];
  replicas: ReplicaState[];
  workloads: WorkloadState[];
  clusterStates: ClusterState[];
  /** By count: the list of so many hosts that clusters share. */
  firstHosts: Map<number, readonly number[]>;
  targets: Target[];
  targetOf: Map<string, Target>;
  /** Newest replica by address; replicas that left stay until another takes the address. */
  replicaOf: Map<string, ReplicaState>;
  traffic: TrafficState[];
  /** `count`: how many entries the numbers of edges and arrivals have room for; see `widenTraffic`. */
  traffics: { count: number };
  edges: EdgeTable;
  arrivals: ArrivalTable;
  ejections: EjectionRow[];
  outlierLog: OutlierEvent[];
  controlLog: ControlEvent[];
  control: {
    controlPlaneUp: boolean;
    caUp: boolean;
    caDownSinceMs: number;
    liveRoots: number;
    openSources: number;
    lastConfigMs: number;
    ejectionsDropped: number;
    outlierEventsDropped: number;
    controlEventsDropped: number;
    /** Not null: the run ended here. */
    endless: EndlessCalls | null;
  };
  push: {
    version: number;
    epoch: number;
    firstChangeMs: number;
    waiting: { readonly mesh: MeshConfig; readonly settings: ControlPlaneConfig; readonly delta: boolean } | null;
    /** Instead of the configured delay; null: none. Frozen. */
    delay: Distribution | null;
    deliveries: PushedVersion[];
    stream: Stream;
    /** In which order a proxy's watches see a response. */
    watchStream: Stream;
  };
  /** Null: no rollout in this run. */
  rollout: RolloutState | null;
  partitions: { from: string; to: string }[];
  /** Every message arrives at once: nothing to compute and nothing to draw. */
  instant: boolean;
  networkStream: { stream: Stream };
  /** By traffic entry and window: see traces.ts. */
  traces: Float64Array;
  finishedRing: FinishedRing;
  accessLog: AccessLogRing;
  served: ServedRing;
  /** One for each of the `orderedServices`. */
  sequences: ArrivalSequence[];
}

export function nowOf(sim: Sim): number {
  return sim.clock.now;
}

/** A number for a text (response code details, failure reasons); 0 is the empty text. */
export function internText(sim: Sim, text: string): number {
  const known = sim.texts.byText.get(text);
  if (known !== undefined) return known;
  const id = sim.texts.list.length;
  sim.texts.byText.set(text, id);
  sim.texts.list.push(text);
  return id;
}
