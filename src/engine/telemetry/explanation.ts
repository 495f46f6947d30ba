/**
 * Decision records: why one request went the way it did. They are not written during a run; `explain` replays from a
 * checkpoint with the recorder on. A record is data (a code and parameters), the words are in `src/i18n`.
 */
import type { ConfigSource } from "../model/index.ts";
import type { AccessLogEntry } from "./telemetry.ts";

export type DecisionStage =
  | "capture"
  | "listener"
  | "filterChain"
  | "tls"
  | "fault"
  | "rateLimit"
  | "authentication"
  | "authorization"
  | "virtualHost"
  | "route"
  | "cluster"
  | "circuitBreaker"
  | "host"
  | "attempt"
  | "retry"
  | "timeout"
  | "outlier"
  | "mirror"
  | "application"
  | "response";

export interface Decision {
  atMs: number;
  stage: DecisionStage;
  /** e.g. "route.matched", "retry.notMatched", "tls.refusedPlaintext": the key of a translated sentence. */
  code: string;
  params: Readonly<Record<string, string | number>>;
  /** Who decided: proxy node id, or "application". */
  by: string;
  side: "client" | "server" | "application";
  /** The rule that decided; absent = a default nobody wrote. */
  source?: ConfigSource;
  /** What was looked at before, and why each was passed over. */
  considered: readonly { code: string; params: Readonly<Record<string, string | number>>; source?: ConfigSource }[];
}

export interface RequestExplanation {
  requestId: number;
  /** In order of start; children follow the hop that caused them. */
  hops: readonly HopExplanation[];
  /** The line of each proxy on the way, in the order in which they were written; none where a run keeps no log. */
  log: readonly AccessLogEntry[];
}

export interface HopExplanation {
  /** Unique within the explanation; parent is the hop whose application made this call, or null. */
  spanId: number;
  parentSpanId: number | null;
  /** Of the span this hop's proxy writes; another trace than the parent's where an application did not forward headers. */
  trace: { traceId: string; spanId: string; traceparent: string; b3: string };
  from: string;
  to: string;
  method: string;
  url: string;
  startMs: number;
  /** null: still in flight. */
  endMs: number | null;
  status: number | null;
  /** The code of a gRPC request that failed by it. */
  grpcStatus?: number;
  flags: readonly string[];
  attempts: readonly AttemptExplanation[];
  decisions: readonly Decision[];
}

export interface AttemptExplanation {
  startMs: number;
  endMs: number | null;
  address: string;
  workload: string;
  replica: number;
  status: number | null;
  /** As in a hop. */
  grpcStatus?: number;
  flag: string;
}
