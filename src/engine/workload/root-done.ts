/** A root request is over: it is counted and remembered, and in a closed loop its user begins to think. */

import { pushEvent, subjectsEnd } from "../kernel/event-queue.ts";
import type { Call } from "../rows/call.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { nowOf, type Sim } from "../sim.ts";
import { rememberFinished } from "../telemetry/finished-requests.ts";
import type { TrafficState } from "./compiled-workload.ts";

/** Users per traffic entry that an event's subject can tell apart. */
export const userSpan = 16_384;
/** So many entries it can tell apart then. */
export const mostTraffics = subjectsEnd / userSpan;

/** What an answer in no time costs a user who asks again at once and without end: time has to go on. A real hop takes about as long. */
const instantAnswerMs = 1;

/** Called while the call's row is still whole. */
export function onRootDone(sim: Sim, call: Call, status: number): void {
  sim.control.liveRoots--;
  sim.clock.rootsEnded++;
  rememberFinished(sim, call, status);
  const { user } = call;
  if (user < 0) return;
  const index = call.traffic;
  const state = sim.traffic[index] as TrafficState;
  const { load } = state;
  if (load.type !== "users") return;
  const isEndless = load.thinkTimeMs === 0 && nowOf(sim) === call.startMs && state.compiled.config.requests === null;
  const pauseMs = isEndless ? instantAnswerMs : load.thinkTimeMs;
  pushEvent(sim.queue, nowOf(sim) + pauseMs, eventKinds.userReady, index * userSpan + user, state.epoch);
}
