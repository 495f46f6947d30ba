/**
 * A downstream request's life at one proxy: filters, the choice of a destination, attempts, retries, timeouts, the answer. Envoy's
 * router filter with the connection manager around it; hosts and connections are `upstream.ts`.
 */

import { pushTimer } from "../kernel/event-queue.ts";
import { nextUniform } from "../kernel/random.ts";
import { rowBits, takeRow } from "../kernel/table.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type ClusterState, type InstanceState, internText, nowOf, type Sim } from "../sim.ts";
import { noteCall, notePlan, noteSpanStart } from "../telemetry/recorder.ts";
import { recordDenied } from "../telemetry/store.ts";
import { cancelAttempts, localReply } from "./attempt-end.ts";
import { clusterStateOf } from "./cluster-state.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { outboundPlan } from "./outbound-plan.ts";
import type { Destination, Plan, Reply } from "./plan.ts";
import { isActiveSince } from "./response-body.ts";
import { responseFlags } from "./response-flags.ts";
import { drawRequest, planFor } from "./route-fraction.ts";
import { startAttempt } from "./upstream.ts";

/** A client's request: through its proxy's outbound side, or bare. */
export function startCall(
  sim: Sim,
  instance: number,
  shape: RequestShape,
  downstream: number,
  parent: number,
  root: number,
  traffic: number,
  edge: number,
  timeoutMs: number,
  shadow: number,
  ignoreErrors: number,
  parentSpan: number,
): number {
  const node = (sim.instances[instance] as InstanceState).node;
  const plan = outboundPlan(sim, node, shape);
  return startPlannedCall(
    sim,
    instance,
    shape,
    plan,
    downstream,
    parent,
    root,
    traffic,
    edge,
    timeoutMs,
    shadow,
    ignoreErrors,
    parentSpan,
  );
}

/** @returns the call's row, which may be free again when the answer came at once. */
export function startPlannedCall(
  sim: Sim,
  instance: number,
  shape: RequestShape,
  plan: Plan,
  downstream: number,
  parent: number,
  root: number,
  traffic: number,
  edge: number,
  timeoutMs: number,
  shadow: number,
  ignoreErrors: number,
  parentSpan: number,
): number {
  let draw = -1;
  const matched = plan;
  if (plan.otherwise >= 0) {
    draw = drawRequest(sim, instance);
    plan = planFor(sim, plan, draw);
  }
  const call = takeRow(sim.calls);
  const { cells } = sim.calls;
  cells[call | callAt.root] = root | 0;
  cells[call | callAt.traffic] = traffic | 0;
  cells[call | callAt.instance] = instance | 0;
  cells[call | callAt.shape] = shape.id;
  cells[call | callAt.plan] = plan.index;
  cells[call | callAt.destination] = 0;
  cells[call | callAt.edge] = edge | 0;
  cells[call | callAt.downstream] = downstream | 0;
  cells[call | callAt.parent] = parent | 0;
  cells[call | callAt.onErrorIgnore] = ignoreErrors | 0;
  cells[call | callAt.attempts] = 0;
  cells[call | callAt.retriesLeft] = plan.retry === null ? 0 : plan.retry.numRetries;
  cells[call | callAt.retriesDone] = 0;
  cells[call | callAt.cluster] = -1;
  cells[call | callAt.firstAttempt] = -1;
  cells[call | callAt.retryHeld] = 0;
  cells[call | callAt.flags] = 0;
  cells[call | callAt.details] = 0;
  cells[call | callAt.activeFault] = 0;
  cells[call | callAt.previous] = -1;
  cells[call | callAt.mutualTls] = -1;
  cells[call | callAt.shadow] = shadow | 0;
  cells[call | callAt.upstreamHost] = -1;
  cells[call | callAt.failureReason] = 0;
  cells[call | callAt.alive] = 1;
  sim.calls.times[call >> rowBits] = nowOf(sim);
  if (downstream !== downstreamKinds.root) tieToParent(sim, call, downstream, parent);
  if (sim.recordRoot === root) noteStart(sim, call, parentSpan, draw < 0 ? null : matched);
  if (timeoutMs > 0) limitCall(sim, call, timeoutMs);
  if (plan.destinations.length > 1) cells[call | callAt.destination] = drawDestination(sim, call, plan, draw);
  if (plan.forwardsPlainly) route(sim, call, plan, plan.slot);
  else runFilters(sim, call, 0);
  return call;
}

/** Whoever waits may be gone, and its row another's, when the answer comes. */
function tieToParent(sim: Sim, call: number, downstream: number, parent: number): void {
  const { cells } = sim.calls;
  if (downstream === downstreamKinds.filter) {
    cells[call | callAt.parentGeneration] = sim.calls.generations[parent >> rowBits]!;
  } else if (downstream !== downstreamKinds.mirror) {
    cells[call | callAt.parentGeneration] = sim.attempts.generations[parent >> rowBits]!;
    if (downstream === downstreamKinds.proxy) sim.attempts.cells[parent | attemptAt.inbound] = call;
  }
}

/** @param matched the route whose fraction was drawn, if there is one */
function noteStart(sim: Sim, call: number, parentSpan: number, matched: Plan | null): void {
  sim.calls.cells[call | callAt.spanId] = noteSpanStart(sim, call, parentSpan);
  notePlan(sim, call);
  if (matched === null) return;
  const plan = sim.plans[sim.calls.cells[call | callAt.plan]!] as Plan;
  const code = plan === matched ? "route.fractionTaken" : "route.fractionPassed";
  noteCall(sim, call, "route", code, {
    route: matched.routeName,
    percent: matched.fractionPercent,
    taken: plan.routeName,
  });
}

/** The client gives up after so long. */
function limitCall(sim: Sim, call: number, timeoutMs: number): void {
  const generation = sim.calls.generations[call >> rowBits]!;
  pushTimer(sim.queue, sim.clock, timeoutMs, eventKinds.clientTimeout, call, generation);
}

/** An independent draw by weight / sum of weights, or what a header pins. */
function drawDestination(sim: Sim, call: number, plan: Plan, draw: number): number {
  const instance = sim.instances[sim.calls.cells[call | callAt.instance]!] as InstanceState;
  let point = plan.pinned;
  // Envoy asks one random number of a request for its route's fraction and for its cluster.
  if (point < 0 && draw >= 0) point = draw % plan.totalWeight;
  if (point < 0) point = nextUniform(sim.random, instance.routeStream) * plan.totalWeight;
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
export function runFilters(sim: Sim, call: number, from: number): void {
  const { cells } = sim.calls;
  const plan = sim.plans[cells[call | callAt.plan]!] as Plan;
  const { reply } = plan;
  const filters =
    reply !== null ? plan.replyFilters : (plan.destinations[cells[call | callAt.destination]!] as Destination).filters;
  if (from < filters.length && !passesFilters(sim, call, filters, from)) return;
  if (reply !== null) answer(sim, call, reply);
  else route(sim, call, plan, (plan.destinations[cells[call | callAt.destination]!] as Destination).slot);
}

function passesFilters(sim: Sim, call: number, filters: readonly CompiledFilter[], from: number): boolean {
  for (let i = from; i < filters.length; i++) {
    sim.calls.cells[call | callAt.filter] = i;
    const filter = filters[i] as CompiledFilter;
    if (filter.onRequest(sim, call, filter) !== 0) return false;
  }
  return true;
}

/** The proxy's own answer. */
function answer(sim: Sim, call: number, reply: Reply): void {
  const { cells } = sim.calls;
  if (reply.denied) {
    const { replica } = sim.instances[cells[call | callAt.instance]!] as InstanceState;
    if (replica >= 0) recordDenied(sim, replica, cells[call | callAt.traffic]!, cells[call | callAt.shadow] === 1);
  }
  localReply(sim, call, reply.reset ? 0 : reply.status, reply.flags, reply.details);
}

/** @param slot of the chosen destination's cluster */
function route(sim: Sim, call: number, plan: Plan, slot: number): void {
  if (slot < 0) {
    replyWithoutCluster(sim, call, plan);
    return;
  }
  const { cells } = sim.calls;
  const cluster = clusterStateOf(sim, cells[call | callAt.instance]!, slot);
  cells[call | callAt.cluster] = cluster.index | 0;
  if (plan.timeoutMs > 0) {
    const generation = sim.calls.generations[call >> rowBits]!;
    pushTimer(sim.queue, sim.clock, plan.timeoutMs, eventKinds.routeTimeout, call, generation);
  }
  if (plan.limitsStream) limitStream(sim, call, plan);
  if (plan.mirrors.length === 0) startAttempt(sim, call, plan, cluster);
  else startAttemptWithMirrors(sim, call, plan, cluster);
}

function replyWithoutCluster(sim: Sim, call: number, plan: Plan): void {
  const destination = plan.destinations[sim.calls.cells[call | callAt.destination]!] as Destination;
  if (sim.recordRoot !== 0) noteCall(sim, call, "cluster", "cluster.notFound", { cluster: destination.clusterName });
  localReply(sim, call, plan.tcp ? 0 : destination.notFoundStatus, responseFlags.NC, internText(sim, "cluster_not_found"));
}

function limitStream(sim: Sim, call: number, { maxStreamDurationMs, streamIdleMs }: Plan): void {
  const generation = sim.calls.generations[call >> rowBits]!;
  if (maxStreamDurationMs > 0)
    pushTimer(sim.queue, sim.clock, maxStreamDurationMs, eventKinds.maxStreamDuration, call, generation);
  if (streamIdleMs > 0) pushTimer(sim.queue, sim.clock, streamIdleMs, eventKinds.streamIdle, call, generation);
}

function startAttemptWithMirrors(sim: Sim, call: number, plan: Plan, cluster: ClusterState): void {
  const { calls } = sim;
  const generation = calls.generations[call >> rowBits]!;
  // The call may be over, and its row another's, when the attempt comes back.
  const instance = calls.cells[call | callAt.instance]!;
  const shape = calls.cells[call | callAt.shape]!;
  const root = calls.cells[call | callAt.root]!;
  const traffic = calls.cells[call | callAt.traffic]!;
  const spanId = calls.cells[call | callAt.spanId]!;
  const reached = startAttempt(sim, call, plan, cluster);
  const alive = calls.cells[call | callAt.alive] === 1 && calls.generations[call >> rowBits] === generation;
  if (reached || alive) startMirrors(sim, { call: alive ? call : -1, instance, shape, root, traffic, spanId }, plan);
}

interface MirroredCall {
  /** −1: already answered. */
  call: number;
  instance: number;
  shape: number;
  root: number;
  traffic: number;
  spanId: number;
}

/** Fire and forget: once per downstream request, whatever becomes of the original, unless the proxy refused that at once. */
function startMirrors(sim: Sim, original: MirroredCall, plan: Plan): void {
  const instance = sim.instances[original.instance] as InstanceState;
  for (const mirror of plan.mirrors) {
    const drawn = mirror.percent >= 100 || nextUniform(sim.random, instance.routeStream) * 100 < mirror.percent;
    if (sim.recordRoot !== 0 && original.call >= 0)
      noteCall(sim, original.call, "mirror", drawn ? "mirror.sent" : "mirror.notDrawn", { percent: mirror.percent });
    if (!drawn) continue;
    const shadowPlan = sim.plans[mirror.plan] as Plan;
    const shape = sim.shapes.list[original.shape] as RequestShape;
    startPlannedCall(
      sim,
      original.instance,
      shape,
      shadowPlan,
      downstreamKinds.mirror,
      -1,
      original.root,
      original.traffic,
      -1,
      0,
      1,
      0,
      original.spanId,
    );
  }
}

export function onRouteTimeout(sim: Sim, call: number): void {
  const plan = sim.plans[sim.calls.cells[call | callAt.plan]!] as Plan;
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "timeout", "timeout.route", { timeoutMs: plan.timeoutMs }, plan.action?.sources?.timeout);
  cancelAttempts(sim, call, true);
  localReply(sim, call, 504, responseFlags.UT, internText(sim, "response_timeout"));
}

export function onMaxStreamDuration(sim: Sim, call: number): void {
  const plan = sim.plans[sim.calls.cells[call | callAt.plan]!] as Plan;
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.maxStreamDuration", { timeoutMs: plan.maxStreamDurationMs });
  localReply(sim, call, 504, 0, internText(sim, "max_duration_timeout"));
}

export function onStreamIdle(sim: Sim, call: number): void {
  const plan = sim.plans[sim.calls.cells[call | callAt.plan]!] as Plan;
  if (sim.started.size > 0 && isActiveSince(sim, call, plan.streamIdleMs)) return;
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.streamIdle", { timeoutMs: plan.streamIdleMs });
  localReply(sim, call, 504, responseFlags.SI, internText(sim, "stream_idle_timeout"));
}

/** The client closes its connection before the answer. */
export function onClientTimeout(sim: Sim, call: number): void {
  if (sim.recordRoot !== 0) noteCall(sim, call, "timeout", "timeout.client", {});
  localReply(sim, call, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
}

export function onBackOffDone(sim: Sim, call: number): void {
  const { cells } = sim.calls;
  const plan = sim.plans[cells[call | callAt.plan]!] as Plan;
  startAttempt(sim, call, plan, sim.clusterStates[cells[call | callAt.cluster]!] as ClusterState);
}
