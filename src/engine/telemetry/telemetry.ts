import type { OutlierEvent } from "./outlier-log.ts";
import type { OwnLines } from "./own-lines.ts";
import type { RunTotals } from "./run-totals.ts";
import type { ServedRequest } from "./served-requests.ts";

/**
 * What a run measured, as questions a goal, a chart or the CLI may ask. Answers are plain data, computed from counters and
 * log-linear histograms; asking never changes the run. `window` is an index into SimulationConfig.windows + 1; 0 = whole run.
 */
export interface Telemetry {
  /** Sums over everything until now. @param counts which traffic entries count */
  totals(counts: (traffic: number) => boolean): RunTotals;
  /** Names of the traffic entries so far, by their index. */
  trafficNames(): readonly string[];
  /** One row per (root traffic entry, caller, callee): what the caller's proxy saw, one per downstream request. */
  edges(window?: number): readonly EdgeStats[];
  /** One row per (workload replica, root traffic entry): what reached the application and what its proxy refused. */
  arrivals(window?: number): readonly ArrivalStats[];
  /** Enforced ejections, in order. */
  ejections(): readonly EjectionRecord[];
  /** What outlier detection found, in order; the first ones, up to its limit. */
  outlierLog(): readonly OutlierEvent[];
  /** Ejected hosts at the end of a window, counted per caller proxy and replica. */
  accessLog(): readonly AccessLogEntry[];
  /** Of each entry of the access log what the proxy's own logs have of it; null: it has none. */
  ownLines(): readonly (OwnLines | null)[];
  /** What servers' sidecars report of their requests, tries one by one; as far as `servedLimit` reaches. */
  served(): readonly ServedRequest[];
  /** Times of single events, for `timeOf`. */
  milestones(): readonly Milestone[];
  /** Arrivals at the workloads behind one of the `orderedServices`, in order (bounded); none for other services. */
  arrivalOrder(service: string, namespace: string): readonly ArrivalRecord[];
  /** Traces that requests of a traffic entry became, beyond the one each starts with; null where no proxy writes spans. */
  brokenTraces?(traffic: number, window?: number): number | null;
  /** One summary over several rows of edges(window), as if their requests had been measured together. */
  mergeLatency?(rows: readonly EdgeStats[], window?: number): LatencySummary;
}

export interface EdgeStats {
  /** Index of the traffic entry this request descends from: of SimulationConfig.traffic, then of those that joined. */
  traffic: number;
  /** True on the hop the traffic entry itself made. */
  firstHop: boolean;
  /** Caller: workload name (or the entry's fromLabel), with its namespace ("" outside the mesh). */
  from: { name: string; namespace: string };
  /** Callee: the Service or host the caller asked for. */
  to: { name: string; namespace: string };
  requests: number;
  /** Status below 500 and not 0; of gRPC requests grpc-status 0. */
  ok: number;
  /** Upstream tries (%UPSTREAM_REQUEST_ATTEMPT_COUNT%). */
  attempts: number;
  statuses: Readonly<Record<string, number>>;
  /** Of gRPC requests that failed by their code; absent where none did. */
  grpcStatuses?: Readonly<Record<string, number>>;
  /** A request with "URX,UF" counts for both. */
  flags: Readonly<Record<string, number>>;
  latency: LatencySummary;
  /** connection_security_policy of the requests that reached a server. */
  security: { mutual_tls: number; none: number };
}

/** Milliseconds; from log-linear histograms with at most 1 % error, `mean`, `min` and `max` exact. */
export interface LatencySummary {
  count: number;
  mean: number;
  min: number;
  max: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
}

export interface ArrivalStats {
  workload: string;
  namespace: string;
  replica: number;
  traffic: number;
  /** Requests the application got, mirrored copies excluded. */
  requests: number;
  shadows: number;
  /** Refused by authorization at this replica's proxy. */
  denied: number;
  /** Requests that arrived without TLS. */
  plaintext: number;
}

/** One request that reached an application. */
export interface ArrivalRecord {
  atMs: number;
  workload: string;
  namespace: string;
  replica: number;
  traffic: number;
}

export interface EjectionRecord {
  atMs: number;
  /** null while still ejected. */
  untilMs: number | null;
  /** Proxy node that ejected, and its replica. */
  node: string;
  cluster: string;
  address: string;
  workload: string;
  namespace: string;
  replica: number;
}

export interface Milestone {
  event: "eject" | "uneject" | "firstRequest" | "firstError" | "lastError" | "recovered";
  atMs: number;
  traffic: number | null;
  workload: string | null;
  namespace: string | null;
  replica: number | null;
  /** Of events at the caller's side: whose requests they are. */
  edge?: Pick<EdgeStats, "from" | "to" | "firstHop">;
}

/** Envoy's command operators as field names (START_TIME in ms of virtual time). */
export interface AccessLogEntry {
  REQUEST_ID: string;
  START_TIME: number;
  REPORTER: "source" | "destination";
  NODE: string;
  METHOD: string;
  AUTHORITY: string;
  PATH: string;
  PROTOCOL: string;
  RESPONSE_CODE: number;
  RESPONSE_CODE_DETAILS: string;
  /** "-" where none; several in the order set, comma separated. */
  RESPONSE_FLAGS: string;
  /** "Unavailable"; "-" where the request was not gRPC or nobody answered. */
  GRPC_STATUS: string;
  GRPC_STATUS_NUMBER: number | "-";
  DURATION: number;
  UPSTREAM_CLUSTER: string;
  UPSTREAM_HOST: string;
  UPSTREAM_REQUEST_ATTEMPT_COUNT: number;
  UPSTREAM_TRANSPORT_FAILURE_REASON: string;
  ROUTE_NAME: string;
  DOWNSTREAM_PEER_URI_SAN: string;
  /** The server's identity where the connection to it is mutual TLS. */
  UPSTREAM_PEER_URI_SAN: string;
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: string;
  REQUESTED_SERVER_NAME: string;
  TRACE_ID: string;
  /** Headers of the answer, those that applications, routes and Envoy set: "RESP(LOCATION)". */
  [header: `RESP(${string})`]: string;
}
