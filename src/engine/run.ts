/** The event loop: takes the next event, drops it when its subject moved on, mixes it into the trace hash, hands it to its function. */

import { onDelivered, onPushDue } from "./control-plane/push.ts";
import { onRolloutCheck } from "./control-plane/rollout.ts";
import { applyTimelineEvent, onEndpointsChanged } from "./control-plane/timeline.ts";
import {
  awaitLaneHead,
  codeAt,
  dropHead,
  gather,
  generationAt,
  headCode,
  headGeneration,
  isLaneCode,
  kindOf,
  type Lane,
  laneOf,
  nextTime,
  numberOf,
  peekTime,
  takeNext,
} from "./kernel/event-queue.ts";
import { mixNumber } from "./kernel/state-copy.ts";
import { lookAhead } from "./look-ahead.ts";
import { failAttempt, onPerTryIdle, onPerTryTimeout } from "./proxy/attempt-failure.ts";
import { onConnectionAged } from "./proxy/connection-age.ts";
import { onConnectionReady, onConnectTimeout } from "./proxy/connection-pool.ts";
import { afterDelay } from "./proxy/filters/fault.ts";
import { filterOf } from "./proxy/filters/filter.ts";
import { onHealthCheck } from "./proxy/health-check.ts";
import { onMergeWindow, onSweep } from "./proxy/outlier-detection.ts";
import { onBodyDone } from "./proxy/response-body.ts";
import { onBackOffDone, onClientTimeout, onMaxStreamDuration, onRouteTimeout, onStreamIdle, runFilters } from "./proxy/router.ts";
import { arriveAtServer } from "./proxy/server.ts";
import { onTryStreamDuration } from "./proxy/try-stream-limit.ts";
import { receiveResponse } from "./proxy/upstream.ts";
import type { Attempt } from "./rows/attempt.ts";
import type { Call } from "./rows/call.ts";
import type { Connection } from "./rows/connection.ts";
import * as eventKinds from "./rows/event-kinds.ts";
import * as taskTypes from "./rows/task-types.ts";
import type { Sim } from "./sim.ts";
import { onServiceDone } from "./workload/application.ts";
import { takeCpuDone } from "./workload/processor-sharing.ts";
import { onArrival, onUserReady } from "./workload/traffic.ts";

/**
 * Nothing more to come: no source open, no request under way, and only the proxies' own timers left after the planned end; or nothing at
 * all, where requests hang that nobody's timeout ends.
 */
export function isFinished(sim: Sim): boolean {
  if (sim.control.endless !== null) return true;
  const next = peekTime(sim.queue);
  if (sim.control.openSources > 0 || sim.calls.live > 0) return next === Infinity;
  return next > sim.config.durationMs;
}

/** Runs until the time, the number of events or the end is reached, whichever comes first. */
export function runEvents(sim: Sim, untilMs: number, untilEvents: number): void {
  const { clock, queue, control, calls, attempts } = sim;
  // What is due at Infinity never comes.
  const until = Math.min(untilMs, Number.MAX_VALUE);
  while (clock.events < untilEvents && control.endless === null) {
    if (calls.live === 0 && isFinished(sim)) return;
    if (queue.first < 0) {
      if (!gather(queue)) return;
      sim.lookedAt = lookAhead(sim);
    }
    const time = nextTime(queue);
    if (time > until) return;
    const slot = takeNext(queue);
    let code = codeAt(queue, slot);
    let generation = generationAt(queue, slot);
    if (isLaneCode(code)) {
      const number = numberOf(code);
      const lane = laneOf(queue, number);
      code = headCode(lane);
      generation = headGeneration(lane);
      if (dropExpired(sim, lane)) awaitLaneHead(queue, number);
    }
    // Most events are the end of service: its subject is looked up once.
    const served = kindOf(code) === eventKinds.serviceDone ? (attempts.rows[numberOf(code)] as Attempt) : null;
    // Its subject moved on: it is no event.
    if (served === null ? !isLive(sim, code, generation) : served.generation !== generation) continue;
    advance(sim, code, time);
    if (served !== null) onServiceDone(sim, served);
    else dispatch(sim, kindOf(code), numberOf(code), generation);
  }
}

function advance({ clock, violations }: Sim, code: number, time: number): void {
  if (time < clock.now) violations.push(`time went back from ${clock.now} to ${time}`);
  clock.now = time;
  clock.events++;
  clock.hash = mixNumber(clock.hash ^ code, time);
}

/** Drops a lane's head and the dead ones behind it, which vanish without an event. @returns whether there is another head to wait for */
function dropExpired(sim: Sim, lane: Lane): boolean {
  let more = dropHead(lane);
  while (more && !isLive(sim, headCode(lane), headGeneration(lane))) more = dropHead(lane);
  return more;
}

function isLive(sim: Sim, code: number, generation: number): boolean {
  const kind = kindOf(code);
  if (kind < 8) return true;
  if (kind < 16) return (sim.calls.rows[numberOf(code)] as Call).generation === generation;
  if (kind < 24) return (sim.attempts.rows[numberOf(code)] as Attempt).generation === generation;
  return (sim.connections.rows[numberOf(code)] as Connection).generation === generation;
}

function runTask(sim: Sim, task: number, generation: number): void {
  const number = Math.floor(task / taskTypes.count);
  switch (task % taskTypes.count) {
    case taskTypes.cpu: {
      const attempt = takeCpuDone(sim, number, generation);
      if (attempt !== null) onServiceDone(sim, attempt);
      return;
    }
    case taskTypes.push:
      onPushDue(sim, generation);
      return;
    case taskTypes.rollout:
      onRolloutCheck(sim);
      return;
    case taskTypes.deliver:
      onDelivered(sim, number, generation);
      return;
  }
}

function onFilterDelayDone(sim: Sim, call: Call): void {
  if (afterDelay(sim, call, filterOf(call)) === 0) runFilters(sim, call, call.filter + 1);
}

function dispatch(sim: Sim, kind: number, number: number, generation: number): void {
  if (kind < 8) dispatchOther(sim, kind, number, generation);
  else if (kind < 16) dispatchCall(sim, kind, sim.calls.rows[number] as Call);
  else if (kind < 24) dispatchAttempt(sim, kind, sim.attempts.rows[number] as Attempt);
  else dispatchConnection(sim, kind, sim.connections.rows[number] as Connection);
}

function dispatchOther(sim: Sim, kind: number, number: number, generation: number): void {
  switch (kind) {
    case eventKinds.arrival:
      onArrival(sim, number, generation);
      return;
    case eventKinds.userReady:
      onUserReady(sim, number, generation);
      return;
    case eventKinds.task:
      runTask(sim, number, generation);
      return;
    case eventKinds.timeline:
      applyTimelineEvent(sim, number);
      return;
    case eventKinds.outlierSweep:
      onSweep(sim, number);
      return;
    case eventKinds.mergeWindow:
      onMergeWindow(sim, number);
      return;
    case eventKinds.healthCheck:
      onHealthCheck(sim, number, generation);
      return;
    case eventKinds.endpointsChanged:
      onEndpointsChanged(sim, number);
      return;
  }
}

function dispatchCall(sim: Sim, kind: number, call: Call): void {
  switch (kind) {
    case eventKinds.backOffDone:
      onBackOffDone(sim, call);
      return;
    case eventKinds.routeTimeout:
      onRouteTimeout(sim, call);
      return;
    case eventKinds.clientTimeout:
      onClientTimeout(sim, call);
      return;
    case eventKinds.filterDelayDone:
      onFilterDelayDone(sim, call);
      return;
    case eventKinds.maxStreamDuration:
      onMaxStreamDuration(sim, call);
      return;
    case eventKinds.streamIdle:
      onStreamIdle(sim, call);
      return;
  }
}

function dispatchAttempt(sim: Sim, kind: number, attempt: Attempt): void {
  switch (kind) {
    case eventKinds.requestArrives:
      arriveAtServer(sim, attempt);
      return;
    case eventKinds.responseArrives:
      receiveResponse(sim, attempt);
      return;
    case eventKinds.perTryTimeout:
      onPerTryTimeout(sim, attempt);
      return;
    case eventKinds.connectionLost:
      failAttempt(sim, attempt, "reset", 0);
      return;
    case eventKinds.bodyDone:
      onBodyDone(sim, attempt);
      return;
    case eventKinds.perTryIdle:
      onPerTryIdle(sim, attempt);
      return;
    case eventKinds.tryStreamDuration:
      onTryStreamDuration(sim, attempt);
      return;
  }
}

function dispatchConnection(sim: Sim, kind: number, connection: Connection): void {
  switch (kind) {
    case eventKinds.connectionReady:
      onConnectionReady(sim, connection);
      return;
    case eventKinds.connectTimeout:
      onConnectTimeout(sim, connection);
      return;
    case eventKinds.connectionAged:
      onConnectionAged(sim, connection);
      return;
  }
}
