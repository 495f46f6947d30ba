/** Who calls: open loops by clock, closed loops by users who wait for their answer, bursts. */

import { pushEvent } from "../kernel/event-queue.ts";
import { nextExponential, nextUniform } from "../kernel/random.ts";
import type { RatePiece } from "../model/index.ts";
import type { RequestShape } from "../proxy/matching/request-shape.ts";
import { outboundPlan } from "../proxy/outbound-plan.ts";
import { beginCall, openCall } from "../proxy/router.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { type InstanceState, nowOf, type ReplicaState, type Sim } from "../sim.ts";
import type { CompiledTraffic, TrafficState } from "./compiled-workload.ts";
import { timeOfArea } from "./load-profile.ts";
import { userSpan } from "./root-done.ts";

/** An entry that counts its requests sends them all, however long that takes; others stop with the run. */
function endOf(sim: Sim, traffic: CompiledTraffic): number {
  const { startMs, durationMs, requests } = traffic.config;
  if (durationMs !== null)
    return requests === null ? Math.min(startMs + durationMs, sim.config.durationMs) : startMs + durationMs;
  return requests === null ? sim.config.durationMs : Infinity;
}

/** Schedules the first arrivals of an entry, at its start or now if that has passed. */
export function openTraffic(sim: Sim, index: number): void {
  const state = sim.traffic[index] as TrafficState;
  const traffic = state.compiled;
  const startMs = Math.max(traffic.config.startMs, nowOf(sim));
  state.originMs = startMs;
  state.sinceOrigin = 0;
  if (!state.open) sim.control.openSources++;
  state.open = true;
  const { load } = state;
  if (load.type === "rate") {
    scheduleArrival(sim, index);
  } else {
    const size = load.type === "users" ? load.users : load.size;
    state.users = size;
    if (size <= 0) closeTraffic(sim, state);
    else pushEvent(sim.queue, startMs, eventKinds.arrival, index, state.epoch);
  }
}

export function closeTraffic(sim: Sim, state: TrafficState): void {
  if (!state.open) return;
  state.open = false;
  sim.control.openSources--;
}

/** The next one after now, or after the entry's start if that is still to come. */
function scheduleArrival(sim: Sim, index: number): void {
  const state = sim.traffic[index] as TrafficState;
  const traffic = state.compiled;
  const fromMs = Math.max(nowOf(sim), state.originMs);
  const { load } = state;
  if (load.type !== "rate" || load.perSecond <= 0 || isSpent(traffic, state)) {
    closeTraffic(sim, state);
    return;
  }
  let at: number;
  if (load.profile !== undefined) at = nextOnProfile(sim, state, load.profile, load.arrivals, fromMs);
  else if (load.arrivals === "constant") at = state.originMs + (state.sinceOrigin++ * 1000) / load.perSecond;
  else at = fromMs + (nextExponential(sim.random, state.arrivalStream) * 1000) / load.perSecond;
  if (at >= endOf(sim, traffic)) closeTraffic(sim, state);
  else pushEvent(sim.queue, at, eventKinds.arrival, index, state.epoch);
}

function nextOnProfile(
  sim: Sim,
  state: TrafficState,
  profile: readonly RatePiece[],
  arrivals: "poisson" | "constant",
  fromMs: number,
): number {
  // The first of evenly spaced arrivals comes at the start, as without a profile.
  const area = arrivals === "poisson" ? nextExponential(sim.random, state.arrivalStream) : state.sinceOrigin++ === 0 ? 0 : 1;
  return state.originMs + timeOfArea(profile, fromMs - state.originMs, area);
}

function isSpent(traffic: CompiledTraffic, state: TrafficState): boolean {
  return traffic.config.requests !== null && state.started >= traffic.config.requests;
}

export function onArrival(sim: Sim, index: number, epoch: number): void {
  const state = sim.traffic[index] as TrafficState;
  const traffic = state.compiled;
  if (epoch !== state.epoch) return;
  const { load } = state;
  if (load.type === "rate") {
    startRoot(sim, index, traffic, state, -1);
    scheduleArrival(sim, index);
    return;
  }
  // Every user (or member of the burst) sets off at this instant, each by its own event.
  const isBurst = load.type === "burst";
  for (let user = 0; user < state.users; user++)
    pushEvent(sim.queue, nowOf(sim), eventKinds.userReady, index * userSpan + (isBurst ? 0 : user), state.epoch);
  if (load.type === "burst") state.burstLeft = state.users;
}

export function onUserReady(sim: Sim, subject: number, epoch: number): void {
  const index = Math.floor(subject / userSpan);
  const state = sim.traffic[index] as TrafficState;
  const traffic = state.compiled;
  if (epoch !== state.epoch) return;
  if (state.load.type === "burst") {
    startRoot(sim, index, traffic, state, -1);
    state.burstLeft--;
    if (state.burstLeft <= 0) closeTraffic(sim, state);
    return;
  }
  if (isSpent(traffic, state) || nowOf(sim) >= endOf(sim, traffic)) {
    state.users--;
    if (state.users <= 0) closeTraffic(sim, state);
    return;
  }
  startRoot(sim, index, traffic, state, subject % userSpan);
}

function startRoot(sim: Sim, index: number, traffic: CompiledTraffic, state: TrafficState, user: number): void {
  state.started++;
  const { clock } = sim;
  const root = clock.rootsStarted + 1;
  clock.rootsStarted = root;
  sim.control.liveRoots++;
  let shape = traffic.shapes[0] as RequestShape;
  if (traffic.shapes.length > 1) {
    const point = nextUniform(sim.random, state.variantStream) * traffic.totalWeight;
    let sum = 0;
    for (let i = 0; i < traffic.shapes.length; i++) {
      sum += traffic.weights[i] as number;
      if (point < sum) {
        shape = traffic.shapes[i] as RequestShape;
        break;
      }
    }
  }
  const instance = clientOf(sim, state);
  const call = openCall(sim, instance, shape, outboundPlan(sim, instance, shape), downstreamKinds.root, root, index);
  call.edge = traffic.edgeKey * sim.traffics.count + index;
  call.user = user;
  beginCall(sim, call, traffic.config.timeoutMs ?? 0, 0);
}

/** The caller's replicas take turns; those that are down are passed over. */
function clientOf(sim: Sim, state: TrafficState): InstanceState {
  const workload = state.clientWorkload < 0 ? undefined : sim.workloads[state.clientWorkload];
  if (workload === undefined || workload.replicas.length === 0) return state.clientInstance;
  const n = workload.replicas.length;
  for (let i = 0; i < n; i++) {
    const replica = sim.replicas[workload.replicas[state.turn++ % n] as number] as ReplicaState;
    if (replica.up) return replica.instance;
  }
  return (sim.replicas[workload.replicas[0] as number] as ReplicaState).instance;
}
