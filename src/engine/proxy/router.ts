/**
 * A downstream request's life at one proxy: filters, the choice of a destination, attempts, retries, timeouts, the answer. Envoy's
 * router filter with the connection manager around it; hosts and connections are `upstream.ts`.
 */

import { noteCrowd } from "../endless.ts";
import { pushTimer } from "../kernel/event-queue.ts";
import { nextUniform } from "../kernel/random.ts";
import { addRows, takeRow } from "../kernel/table.ts";
import { type Call, createCall } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type InstanceState, internText, nowOf, type Sim } from "../sim.ts";
import { noteCall, notePlan, noteSpanStart } from "../telemetry/recorder.ts";
import { recordDenied } from "../telemetry/store.ts";
import { cancelAttempts, localReply } from "./attempt-end.ts";
import { clusterStateOf } from "./cluster-state.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { deadlineExceeded } from "./grpc-status.ts";
import { isOutdated } from "./internal-redirect.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import type { Destination, Plan, Reply } from "./plan.ts";
import * as planAsks from "./plan-asks.ts";
import { clusterForRetry } from "./replace-cluster.ts";
import { isActiveSince } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { drawRequest, planFor } from "./route-fraction.ts";
import { refusesOverLimit } from "./tcp-session.ts";
import { startAttempt } from "./upstream.ts";

/**
 * A new downstream request of nobody: who waits for it, on which edge it counts, whether it is a copy and whether its errors count are
 * for the caller to set before it begins.
 */
export function openCall(
  sim: Sim,
  instance: InstanceState,
  shape: RequestShape,
  plan: Plan,
  downstream: number,
  root: number,
  traffic: number,
): Call {
  const call = takeRow(sim.calls) ?? addCalls(sim, instance, shape, plan);
  call.startMs = nowOf(sim);
  call.plan = plan;
  call.edge = -1;
  call.downstream = downstream;
  call.attempts = 0;
  call.depth = 0;
  call.flags = 0;
  call.mutualTls = -1;
  call.firstAttempt = null;
  call.parent = null;
  call.held = 0;
  call.previous = null;
  call.asker = null;
  call.onErrorIgnore = 0;
  call.alive = 1;
  call.retriesDone = 0;
  call.cluster = null;
  call.root = root;
  call.traffic = traffic;
  call.user = -1;
  call.instance = instance;
  call.shape = shape;
  call.destination = 0;
  call.details = 0;
  call.shadow = 0;
  call.upstreamHost = -1;
  call.failureReason = 0;
  return call;
}

/** By itself: a function that makes another one keeps its arguments in memory. */
function addCalls(sim: Sim, instance: InstanceState, shape: RequestShape, plan: Plan): Call {
  noteCrowd(sim);
  return addRows(sim.calls, (id) => createCall(id, instance, shape, plan));
}

/** An open call sets off. The answer may come at once, before this returns. @param timeoutMs after which the client gives up; 0 = never */
export function beginCall(sim: Sim, call: Call, timeoutMs: number, parentSpan: number): void {
  const draw = (call.plan.asks & planAsks.fraction) === 0 ? -1 : takeFraction(sim, call, parentSpan);
  const { plan } = call;
  call.retriesLeft = plan.retry === null ? 0 : plan.retry.numRetries;
  if (draw < 0 && sim.recordRoot === call.root) noteStart(sim, call, parentSpan);
  if (timeoutMs > 0) limitCall(sim, call, timeoutMs);
  if ((plan.asks & asksFirst) !== 0) beginAsked(sim, call, plan, draw);
  else route(sim, call, plan, plan.slot);
}

const asksFirst = planAsks.destination | planAsks.streamLimits | planAsks.filters;

function beginAsked(sim: Sim, call: Call, plan: Plan, draw: number): void {
  const { asks } = plan;
  if ((asks & planAsks.destination) !== 0) call.destination = drawDestination(sim, call, plan, draw);
  if ((asks & planAsks.streamLimits) !== 0) limitStream(sim, call, plan);
  if ((asks & planAsks.filters) !== 0) runFilters(sim, call, 0);
  else route(sim, call, plan, (plan.destinations[call.destination] as Destination).slot);
}

/** @returns the request's random number */
function takeFraction(sim: Sim, call: Call, parentSpan: number): number {
  const matched = call.plan;
  const draw = drawRequest(sim, call.instance);
  call.plan = planFor(sim, matched, draw);
  if (sim.recordRoot === call.root) {
    noteStart(sim, call, parentSpan);
    noteFraction(sim, call, matched);
  }
  return draw;
}

function noteStart(sim: Sim, call: Call, parentSpan: number): void {
  call.spanId = noteSpanStart(sim, call, parentSpan);
  notePlan(sim, call);
}

/** @param matched the route whose fraction was drawn */
function noteFraction(sim: Sim, call: Call, matched: Plan): void {
  const { plan } = call;
  const code = plan === matched ? "route.fractionTaken" : "route.fractionPassed";
  noteCall(sim, call, "route", code, {
    route: matched.routeName,
    percent: matched.fractionPercent,
    taken: plan.routeName,
  });
}

/** The client gives up after so long. */
function limitCall(sim: Sim, call: Call, timeoutMs: number): void {
  pushTimer(sim.queue, sim.clock, timeoutMs, eventKinds.clientTimeout, call.id, call.generation);
}

/** An independent draw by weight / sum of weights, or what a header pins. */
export function drawDestination(sim: Sim, call: Call, plan: Plan, draw: number): number {
  let point = plan.pinned;
  // Envoy asks one random number of a request for its route's fraction and for its cluster.
  if (point < 0 && draw >= 0) point = draw % plan.totalWeight;
  if (point < 0) point = nextUniform(sim.random, call.instance.routeStream) * plan.totalWeight;
  let sum = 0;
  let chosen = plan.destinations.length - 1;
  for (let i = 0; i < plan.destinations.length; i++) {
    sum += (plan.destinations[i] as Destination).weight;
    if (point < sum) {
      chosen = i;
      break;
    }
  }
  if (sim.recordRoot !== 0) {
    const destination = plan.destinations[chosen] as Destination;
    noteCall(sim, call, "cluster", plan.pinned >= 0 ? "cluster.pinned" : "cluster.drawn", {
      cluster: destination.clusterName,
      weight: destination.weight,
      totalWeight: plan.totalWeight,
      draw: Math.round(point * 1000) / 1000,
    });
  }
  return chosen;
}

/** Continues the chain at a filter; the router stands at its end. */
export function runFilters(sim: Sim, call: Call, from: number): void {
  const { plan } = call;
  const { reply } = plan;
  const filters = reply !== null ? plan.replyFilters : (plan.destinations[call.destination] as Destination).filters;
  if (from < filters.length && !passesFilters(sim, call, filters, from)) return;
  if (reply !== null) answer(sim, call, reply);
  else route(sim, call, plan, (plan.destinations[call.destination] as Destination).slot);
}

function passesFilters(sim: Sim, call: Call, filters: readonly CompiledFilter[], from: number): boolean {
  for (let i = from; i < filters.length; i++) {
    call.filter = i;
    const filter = filters[i] as CompiledFilter;
    if (filter.onRequest(sim, call, filter) !== 0) return false;
  }
  return true;
}

/** The proxy's own answer. */
function answer(sim: Sim, call: Call, reply: Reply): void {
  if (reply.denied) {
    const { replica } = call.instance;
    if (replica >= 0) recordDenied(sim, replica, call.traffic, call.shadow === 1);
  }
  localReply(sim, call, reply.reset ? 0 : reply.status, reply.flags, reply.details);
}

/** @param slot of the chosen destination's cluster */
function route(sim: Sim, call: Call, plan: Plan, slot: number): void {
  if (slot < 0) {
    replyWithoutCluster(sim, call, plan);
    return;
  }
  const cluster = clusterStateOf(sim, call.instance, slot);
  call.cluster = cluster;
  if (plan.timeoutMs > 0) pushTimer(sim.queue, sim.clock, plan.timeoutMs, eventKinds.routeTimeout, call.id, call.generation);
  if ((plan.asks & planAsks.startOtherwise) !== 0) startOtherwise(sim, call, plan, cluster);
  else startAttempt(sim, call, plan, cluster);
}

function startOtherwise(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): void {
  if (plan.tcp) {
    if (!refusesOverLimit(sim, call, plan, cluster)) startAttempt(sim, call, plan, cluster);
  } else if (!isDropped(sim, call, plan)) startAttemptWithMirrors(sim, call, plan, cluster);
}

/** drop_overloads of the cluster, before anything else is asked of it. */
function isDropped(sim: Sim, call: Call, plan: Plan): boolean {
  const { dropPercent } = plan.destinations[call.destination] as Destination;
  const isAll = dropPercent >= 100;
  if (dropPercent === 0 || (!isAll && nextUniform(sim.random, call.instance.routeStream) * 100 >= dropPercent)) return false;
  if (sim.recordRoot !== 0) noteCall(sim, call, "cluster", "cluster.dropped", { percent: dropPercent });
  const [flag, details] = isAll ? [responseFlags.UDO, "unconditional_drop_overload"] : [responseFlags.DO, "drop_overload"];
  localReply(sim, call, 503, flag, internText(sim, details));
  return true;
}

function replyWithoutCluster(sim: Sim, call: Call, plan: Plan): void {
  const destination = plan.destinations[call.destination] as Destination;
  if (sim.recordRoot !== 0) noteCall(sim, call, "cluster", "cluster.notFound", { cluster: destination.clusterName });
  localReply(sim, call, plan.tcp ? 0 : destination.notFoundStatus, responseFlags.NC, internText(sim, "cluster_not_found"));
}

/** From the first header on, so filters that wait count too. */
export function limitStream(sim: Sim, call: Call, { maxStreamDurationMs, streamIdleMs, timeoutMs }: Plan): void {
  const { id, generation } = call;
  // Where it is as long, the route's timeout is first.
  const behind = (ms: number) => (ms > 0 && ms === timeoutMs ? ms + 1e-6 : ms);
  const maxMs = behind(maxStreamDurationMs);
  if (maxMs > 0) pushTimer(sim.queue, sim.clock, maxMs, eventKinds.maxStreamDuration, id, generation);
  if (streamIdleMs > 0) pushTimer(sim.queue, sim.clock, behind(streamIdleMs), eventKinds.streamIdle, id, generation);
}

function startAttemptWithMirrors(sim: Sim, call: Call, plan: Plan, cluster: ClusterState): void {
  // The call may be over, and its row another's, when the attempt comes back.
  const { generation, instance, shape, root, traffic, spanId, depth } = call;
  const reached = startAttempt(sim, call, plan, cluster);
  const alive = call.alive === 1 && call.generation === generation;
  if (reached || alive) startMirrors(sim, { call: alive ? call : null, instance, shape, root, traffic, spanId, depth }, plan);
}

/** No edge counts a mirrored copy; −1 would leave it out of the messages too. */
const mirroredEdge = -2;

interface MirroredCall {
  /** Null: already answered. */
  call: Call | null;
  instance: InstanceState;
  shape: RequestShape;
  root: number;
  traffic: number;
  spanId: number;
  depth: number;
}

/** Fire and forget: once per downstream request, whatever becomes of the original, unless the proxy refused that at once. */
function startMirrors(sim: Sim, original: MirroredCall, plan: Plan): void {
  for (const mirror of plan.mirrors) {
    const drawn = mirror.percent >= 100 || nextUniform(sim.random, original.instance.routeStream) * 100 < mirror.percent;
    if (sim.recordRoot !== 0 && original.call !== null)
      noteCall(sim, original.call, "mirror", drawn ? "mirror.sent" : "mirror.notDrawn", { percent: mirror.percent });
    if (!drawn) continue;
    const { instance, shape, root, traffic, spanId, depth } = original;
    const copy = openCall(sim, instance, shape, sim.plans[mirror.plan] as Plan, downstreamKinds.mirror, root, traffic);
    copy.edge = mirroredEdge;
    copy.shadow = 1;
    copy.depth = depth;
    beginCall(sim, copy, 0, spanId);
  }
}

export function onRouteTimeout(sim: Sim, call: Call): void {
  const { plan } = call;
  if (sim.redirected.size > 0 && isOutdated(sim, call, plan.timeoutMs)) return;
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "timeout", "timeout.route", { timeoutMs: plan.timeoutMs }, plan.action?.sources?.timeout);
  cancelAttempts(sim, call, true);
  localReply(sim, call, plan.timeoutStatus, responseFlags.UT, internText(sim, "response_timeout"));
}

export function onMaxStreamDuration(sim: Sim, call: Call): void {
  const { plan } = call;
  if (sim.redirected.size > 0 && isOutdated(sim, call, plan.maxStreamDurationMs)) return;
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.maxStreamDuration", { timeoutMs: plan.maxStreamDurationMs });
  if (plan.tcp) localReply(sim, call, 0, responseFlags.DT, internText(sim, "max_duration_timeout"));
  else localReply(sim, call, 504, 0, internText(sim, "max_duration_timeout"), deadlineExceeded);
}

export function onStreamIdle(sim: Sim, call: Call): void {
  const { plan } = call;
  if (sim.redirected.size > 0 && isOutdated(sim, call, plan.streamIdleMs)) return;
  // Envoy 1.40 forgets the limit of a session whose first connection failed.
  if (plan.tcp && (call.flags & responseFlags.UF) !== 0) return;
  if (sim.started.size > 0 && isActiveSince(sim, call, plan.streamIdleMs)) return;
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.streamIdle", { timeoutMs: plan.streamIdleMs });
  if (plan.tcp) localReply(sim, call, 0, 0, internText(sim, "tcp_session_idle_timeout"));
  else localReply(sim, call, 504, responseFlags.SI, internText(sim, "stream_idle_timeout"));
}

/** The client closes its connection before the answer. */
export function onClientTimeout(sim: Sim, call: Call): void {
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.client", {});
  localReply(sim, call, 0, call.plan.tcp ? 0 : responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
}

export function onBackOffDone(sim: Sim, call: Call): void {
  const { plan } = call;
  startAttempt(sim, call, plan, clusterForRetry(sim, call, call.cluster as ClusterState));
}
