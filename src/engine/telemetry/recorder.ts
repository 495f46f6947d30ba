/**
 * Decision records of one root request, written while a replay runs with the recorder on. Nothing here draws randomness or touches the
 * run's state; every function returns at once when the request is another one.
 */

import type { ConfigSource } from "../model/index.ts";
import { answerHeaders, hasAnswerHeaders } from "../proxy/answer-headers.ts";
import type { CompiledNode } from "../proxy/compiled-mesh.ts";
import { grpcStatusName, isGrpc } from "../proxy/grpc-status.ts";
import { draftInbound } from "../proxy/inbound-plan.ts";
import { betweenValues, type RequestShape } from "../proxy/matching/request-shape.ts";
import { draftOutbound } from "../proxy/outbound-plan.ts";
import type { Destination } from "../proxy/plan.ts";
import { flagNames, formatFlags } from "../proxy/response-flags.ts";
import { grpcStatusIn, statusOf } from "../proxy/response-table.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import { type InstanceState, nowOf, type Peer, type Sim, type Target, type WorkloadState } from "../sim.ts";
import type { DecisionDraft, DecisionParams } from "./draft.ts";
import type { AttemptExplanation, Decision, DecisionStage, HopExplanation } from "./explanation.ts";
import type { AccessLogEntry } from "./telemetry.ts";
import { b3Of, spanIdOf, traceIdOf, traceparentOf } from "./trace-context.ts";

export interface Recorder {
  hops: MutableHop[];
  /** The next call carries the headers of the request that its application serves. */
  forwarding: boolean;
  /** Traces so far. */
  traces: number;
  /** What proxies logged about the request. */
  log: AccessLogEntry[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableAttempt = Mutable<AttemptExplanation> & { row: number };
type MutableHop = Omit<Mutable<HopExplanation>, "attempts" | "decisions" | "flags"> & {
  attempts: MutableAttempt[];
  decisions: Decision[];
  flags: string[];
};

export function createRecorder(): Recorder {
  return { hops: [], forwarding: false, traces: 0, log: [] };
}

function hopOf(sim: Sim, span: number): MutableHop | undefined {
  return span <= 0 ? undefined : sim.recorder?.hops[span - 1];
}

/** Whether the application hands the headers of its request on to the call it is about to make. */
export function noteForwarding(sim: Sim, forwarding: boolean): void {
  if (sim.recorder !== null) sim.recorder.forwarding = forwarding;
}

/** Opens a hop. @returns its span id, from 1. */
export function noteSpanStart(sim: Sim, call: Call, parentSpan: number): number {
  const { recorder } = sim;
  if (recorder === null) return 0;
  const { shape, instance } = call;
  const { edge } = call;
  const key = edge < 0 ? undefined : sim.reports.edgeKeys[Math.floor(edge / sim.traffics.count)];
  const spanId = recorder.hops.length + 1;
  const { seed } = sim.options;
  const root = sim.recordRoot;
  const parent = hopOf(sim, parentSpan);
  // What a proxy itself sends on (to its application, to a filter's service, as a mirrored copy) carries the trace.
  const { downstream } = call;
  const carried = parent !== undefined && (downstream !== downstreamKinds.application || recorder.forwarding);
  const traceId = carried ? parent.trace.traceId : traceIdOf(seed, root, recorder.traces++);
  const ownId = spanIdOf(seed, root, spanId);
  const parentId = carried ? parent.trace.spanId : null;
  recorder.hops.push({
    spanId,
    trace: { traceId, spanId: ownId, traceparent: traceparentOf(traceId, ownId), b3: b3Of(traceId, ownId, parentId) },
    parentSpanId: parentSpan > 0 ? parentSpan : null,
    from: key?.from.name ?? instance.name,
    to: key?.to.name ?? shape.host,
    method: shape.method,
    url: `${shape.scheme}://${shape.authority}${shape.path}`,
    startMs: nowOf(sim),
    endMs: null,
    status: null,
    flags: [],
    attempts: [],
    decisions: [],
  });
  return spanId;
}

function push(sim: Sim, span: number, by: string, side: Decision["side"], draft: DecisionDraft): void {
  hopOf(sim, span)?.decisions.push({
    atMs: nowOf(sim),
    stage: draft.stage,
    code: draft.code,
    params: draft.params,
    by,
    side,
    ...(draft.source === undefined ? {} : { source: draft.source }),
    considered: draft.considered,
  });
}

/** Why the request's plan is what it is: compiled once more, with a log. */
export function notePlan(sim: Sim, call: Call): void {
  const span = call.spanId;
  const { downstream } = call;
  const { instance, shape } = call;
  if (downstream === downstreamKinds.root || downstream === downstreamKinds.application) {
    const { config } = instance.node;
    if (config !== null) {
      const code =
        config.type === "sidecar" ? "capture.sidecar" : config.type === "gateway" ? "capture.gateway" : "capture.bootstrap";
      push(sim, span, instance.name, "client", { stage: "capture", code, params: { proxy: instance.name }, considered: [] });
    }
    const log: DecisionDraft[] = [];
    draftOutbound(sim, instance.node, shape, log);
    for (const draft of log) push(sim, span, instance.name, "client", draft);
  }
  const { plan } = call;
  if (plan.reply === null && plan.destinations.length === 1) {
    const [destination] = plan.destinations as readonly [Destination];
    if (destination.slot >= 0) {
      push(sim, span, instance.name, sideOf(downstream), {
        stage: "cluster",
        code: "cluster.only",
        params: { cluster: destination.clusterName },
        source: plan.action?.clusters[0]?.source,
        considered: [],
      });
    }
  }
}

function sideOf(downstream: number): Decision["side"] {
  return downstream === downstreamKinds.proxy ? "server" : "client";
}

export function noteInbound(
  sim: Sim,
  attempt: Attempt,
  node: CompiledNode,
  server: InstanceState,
  shape: RequestShape,
  peer: Peer,
  target: Target,
  sidecar: boolean,
): void {
  if (attempt.root !== sim.recordRoot) return;
  const span = attempt.spanId;
  push(sim, span, server.name, "server", {
    stage: "tls",
    code: peer.tls ? (peer.identity === "" ? "tls.simple" : "tls.mutual") : "tls.plaintext",
    params: { identity: peer.identity },
    considered: [],
  });
  const log: DecisionDraft[] = [];
  draftInbound(sim, node, shape, peer, sidecar ? server.ip : target.address.replace(/:\d+$/, ""), target.port, sidecar, log);
  for (const draft of log) push(sim, span, server.name, "server", draft);
}

export function noteCall(
  sim: Sim,
  call: Call,
  stage: DecisionStage,
  code: string,
  params: DecisionParams,
  source?: ConfigSource,
): void {
  if (call.root !== sim.recordRoot) return;
  push(sim, call.spanId, call.instance.name, sideOf(call.downstream), {
    stage,
    code,
    params,
    source,
    considered: [],
  });
}

export function noteApplication(sim: Sim, attempt: Attempt, code: string, params: DecisionParams): void {
  if (attempt.root !== sim.recordRoot) return;
  push(sim, attempt.spanId, "application", "application", {
    stage: "application",
    code,
    params,
    considered: [],
  });
}

export function noteAttemptStart(sim: Sim, call: Call, attempt: Attempt): void {
  if (call.root !== sim.recordRoot) return;
  const span = call.spanId;
  const { cluster, host } = attempt;
  const { replica } = host.target;
  const workload = replica === null ? undefined : (sim.workloads[replica.workload] as WorkloadState);
  hopOf(sim, span)?.attempts.push({
    row: attempt.id,
    startMs: nowOf(sim),
    endMs: null,
    address: host.address,
    workload: workload?.name ?? "",
    replica: replica?.index ?? -1,
    status: null,
    flag: "",
  });
  const { instance } = cluster;
  const side = sideOf(call.downstream);
  if (cluster.zones !== null && host.priority === 0) {
    const [zone = ""] = cluster.zones.names;
    const to = cluster.compiled.assignment?.localities[host.locality]?.locality ?? "";
    const params = { zone, percent: cluster.zones.localShare / 100, to };
    push(sim, span, instance.name, side, { stage: "host", code: "host.zone", params, considered: [] });
  }
  const ejected = cluster.hosts.filter((other) => other.present && other.ejected);
  const source = cluster.compiled.config.sources?.loadBalancer;
  push(sim, span, instance.name, side, {
    stage: "host",
    code: cluster.traits.local ? "host.local" : "host.picked",
    params: {
      policy: cluster.traits.policy.name,
      address: host.address,
      workload: workload?.name ?? "",
      replica: replica?.index ?? -1,
      hosts: cluster.hosts.filter((other) => other.present).length,
    },
    source,
    considered: ejected.map((other) => ({ code: "host.ejected", params: { address: other.address } })),
  });
}

export function noteAttemptEnd(sim: Sim, attempt: Attempt, status: number, flag: number): void {
  if (attempt.root !== sim.recordRoot) return;
  const hop = hopOf(sim, attempt.spanId);
  if (hop === undefined) return;
  for (let i = hop.attempts.length - 1; i >= 0; i--) {
    const record = hop.attempts[i] as MutableAttempt;
    if (record.row !== attempt.id || record.endMs !== null) continue;
    record.endMs = nowOf(sim);
    record.status = statusOf(status);
    const grpcStatus = failingGrpcStatus(sim, attempt.shape, status);
    if (grpcStatus > 0) record.grpcStatus = grpcStatus;
    record.flag = flag === 0 ? "" : formatFlags(flag);
    return;
  }
}

/** Headers that routes or Envoy made, and what the application said. */
function noteAnswerHeaders(sim: Sim, call: Call, outcome: number): void {
  if (!hasAnswerHeaders(call, outcome)) return;
  const lines = Object.entries(answerHeaders(sim, call, outcome)).flatMap(([name, value]) =>
    value.split(betweenValues).map((line) => `${name}: ${line}`),
  );
  if (lines.length > 0) noteCall(sim, call, "response", "response.headers", { headers: lines.join("; ") });
}

/** The code by which a gRPC request failed; 0 or less: none. */
function failingGrpcStatus(sim: Sim, shape: RequestShape, outcome: number): number {
  return isGrpc(shape) ? grpcStatusIn(sim.responses, outcome) : -1;
}

export function noteCallEnd(sim: Sim, call: Call, status: number): void {
  if (call.root !== sim.recordRoot) return;
  const hop = hopOf(sim, call.spanId);
  if (hop === undefined) return;
  const { flags } = call;
  hop.endMs = nowOf(sim);
  hop.status = statusOf(status);
  const grpcStatus = failingGrpcStatus(sim, call.shape, status);
  if (grpcStatus > 0) hop.grpcStatus = grpcStatus;
  hop.flags = flagNames(flags);
  const { details } = call;
  noteAnswerHeaders(sim, call, status);
  const plain = flags === 0 ? "response.sent" : "response.flagged";
  const coded = flags === 0 ? "response.sentGrpc" : "response.flaggedGrpc";
  noteCall(sim, call, "response", grpcStatus > 0 ? coded : plain, {
    status: statusOf(status),
    ...(grpcStatus > 0 ? { grpcStatus, grpcName: grpcStatusName(grpcStatus) } : {}),
    flags: formatFlags(flags),
    details: details === 0 ? "via_upstream" : (sim.texts.list[details] as string),
  });
}
