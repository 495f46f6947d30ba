/**
 * The application behind a replica's address: a place at work, a place in the queue or a refusal; own work; then its calls, steps in
 * order and the members of a step in parallel. A place is given back when the own work is done, before the calls.
 */

import { noteServing } from "../control-plane/stages.ts";
import { isTooDeep } from "../endless.ts";
import { pushEvent } from "../kernel/event-queue.ts";
import { nextUniform } from "../kernel/random.ts";
import { freeAttempt } from "../proxy/attempt-end.ts";
import { internForwarded, type RequestShape } from "../proxy/matching/request-shape.ts";
import { outboundPlan } from "../proxy/outbound-plan.ts";
import { beginCall, openCall } from "../proxy/router.ts";
import { respondToClient } from "../proxy/upstream.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { nowOf, type ReplicaState, type Sim } from "../sim.ts";
import { noteApplication, noteForwarding } from "../telemetry/recorder.ts";
import { appendArrival, recordArrival } from "../telemetry/store.ts";
import { countTrace } from "../telemetry/traces.ts";
import type { CallSite, CompiledErrors } from "./compiled-workload.ts";
import { isLimited, startCpuWork } from "./processor-sharing.ts";
import { drawServiceTimeMs } from "./service-time.ts";

export function arriveAtApplication(sim: Sim, attempt: Attempt, replica: ReplicaState, plaintext: 0 | 1): void {
  const index = replica.number;
  if (sim.rollout !== null) noteServing(sim, replica, attempt.id);
  const { traffic } = attempt;
  const shadow = attempt.shadow as 0 | 1;
  recordArrival(sim, index, replica, traffic, shadow, plaintext);
  if (replica.sequence >= 0 && shadow === 0) appendArrival(sim, replica.sequence, index, traffic);
  if (replica.active < replica.behaviour.concurrency) beginService(sim, attempt, replica);
  else if (replica.queued < replica.behaviour.queue) queueUp(sim, attempt, replica);
  else turnAway(sim, attempt, replica);
}

function queueUp(sim: Sim, attempt: Attempt, replica: ReplicaState): void {
  attempt.phase = attemptPhases.queued;
  attempt.next = null;
  if (replica.queueTail !== null) replica.queueTail.next = attempt;
  else replica.queueHead = attempt;
  replica.queueTail = attempt;
  replica.queued++;
  if (sim.recordRoot !== 0) noteApplication(sim, attempt, "application.queued", { waiting: replica.queued });
}

function turnAway(sim: Sim, attempt: Attempt, { behaviour }: ReplicaState): void {
  if (sim.recordRoot !== 0) noteApplication(sim, attempt, "application.full", { status: behaviour.whenFull });
  respondToClient(sim, attempt, behaviour.whenFull);
}

function beginService(sim: Sim, attempt: Attempt, replica: ReplicaState): void {
  replica.active++;
  attempt.phase = attemptPhases.serving;
  const { behaviour } = replica;
  const errors = replica.errors === undefined ? behaviour.errors : replica.errors;
  let outcome = behaviour.ok;
  let distribution = behaviour.serviceTime;
  if (errors !== null) {
    outcome = drawOutcome(sim, replica, errors);
    if (errors.serviceTime !== null && (outcome % 1000 >= 500 || outcome === 0)) distribution = errors.serviceTime;
  }
  attempt.outcome = outcome;
  const durationMs = drawServiceTimeMs(sim.random, replica.serviceStream, distribution) * replica.slowFactor;
  if (isLimited(replica.cpu)) startCpuWork(sim, replica.number, replica.cpu, attempt, durationMs);
  else pushEvent(sim.queue, nowOf(sim) + durationMs, eventKinds.serviceDone, attempt.id, attempt.generation);
}

function drawOutcome(sim: Sim, replica: ReplicaState, { pattern, rate, outcome }: CompiledErrors): number {
  if (pattern !== null) return pattern[replica.patternPosition++ % pattern.length]!;
  return rate >= 1 || nextUniform(sim.random, replica.errorStream) < rate ? outcome : replica.behaviour.ok;
}

export function onServiceDone(sim: Sim, attempt: Attempt): void {
  const replica = attempt.replica as ReplicaState;
  replica.active--;
  const waiting = replica.queueHead;
  if (waiting !== null && replica.active < replica.behaviour.concurrency) {
    replica.queueHead = waiting.next;
    if (replica.queueHead === null) replica.queueTail = null;
    replica.queued--;
    beginService(sim, waiting, replica);
  }
  if (attempt.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const { outcome } = attempt;
  if (sim.recordRoot !== 0)
    noteApplication(sim, attempt, outcome === 0 ? "application.reset" : "application.served", { status: outcome % 1000 });
  const { ok, stepCount } = replica.behaviour;
  if (stepCount === 0 || (outcome !== ok && (outcome % 1000 >= 400 || outcome === 0))) {
    respondToClient(sim, attempt, outcome);
  } else {
    attempt.phase = attemptPhases.calling;
    startStep(sim, attempt, replica, 0);
  }
}

function startStep(sim: Sim, attempt: Attempt, replica: ReplicaState, step: number): void {
  const { onlyCall } = replica.behaviour;
  attempt.step = step;
  if (onlyCall !== null) {
    attempt.childrenLeft = 1;
    makeCall(sim, attempt, replica, onlyCall);
    return;
  }
  const sites = replica.behaviour.steps[step] as readonly CallSite[];
  attempt.childrenLeft = sites.length;
  const { generation } = attempt;
  for (let i = 0; i < sites.length; i++) {
    makeCall(sim, attempt, replica, sites[i] as CallSite);
    // A call that failed at once may have ended the request.
    if (attempt.generation !== generation) return;
  }
}

function makeCall(sim: Sim, attempt: Attempt, replica: ReplicaState, site: CallSite): void {
  if (isTooDeep(sim, attempt)) return;
  const { traffic } = attempt;
  const { forwardHeaders } = site;
  if (!forwardHeaders) countTrace(sim, traffic);
  if (sim.recordRoot !== 0) noteForwarding(sim, forwardHeaders);
  const { instance } = replica;
  const shape = forwardHeaders && sim.shapes.hasHeaders ? forwardedShape(sim, attempt, site.shape) : site.shape;
  const plan = outboundPlan(sim, instance, shape);
  // What the application of a mirrored copy calls is an ordinary request: only the copy's own host carries "-shadow".
  const call = openCall(sim, instance, shape, plan, downstreamKinds.application, attempt.root, traffic);
  call.parent = attempt;
  call.parentGeneration = attempt.generation;
  call.depth = attempt.call.depth + 1;
  call.edge = site.edgeKey * sim.traffics.count + traffic;
  if (site.ignoreErrors) call.onErrorIgnore = 1;
  beginCall(sim, call, site.timeoutMs, attempt.spanId);
}

function forwardedShape(sim: Sim, attempt: Attempt, child: RequestShape): RequestShape {
  return internForwarded(sim.shapes, child, attempt.shape);
}

/** One call of a step came back; `failed` already respects onError. */
export function onChildDone(sim: Sim, attempt: Attempt, failed: boolean): void {
  if (attempt.orphan === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  if (failed) {
    if (sim.recordRoot !== 0) noteApplication(sim, attempt, "application.callFailed", { status: 503 });
    respondToClient(sim, attempt, 503);
    return;
  }
  const left = attempt.childrenLeft - 1;
  attempt.childrenLeft = left;
  if (left > 0) return;
  const replica = attempt.replica as ReplicaState;
  const next = attempt.step + 1;
  if (next < replica.behaviour.steps.length) startStep(sim, attempt, replica, next);
  else respondToClient(sim, attempt, attempt.outcome);
}
