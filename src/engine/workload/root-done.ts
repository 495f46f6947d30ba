/** A root request is over: it is counted and remembered, and in a closed loop its user begins to think. */
import { numbered, pushEvent } from "../kernel/event-queue.ts";
import { clockIndex, eventKinds, nowOf, type Sim } from "../sim.ts";
import { rememberFinished } from "../telemetry/finished-requests.ts";
import type { TrafficState } from "./compiled-workload.ts";

/** Users per traffic entry that an event's subject can tell apart. */
export const userSpan = 16_384;

export function onRootDone(
  sim: Sim,
  index: number,
  root: number,
  user: number,
  startMs: number,
  shape: number,
  status: number,
  flags: number,
): void {
  sim.control.liveRoots--;
  sim.clock[clockIndex.rootsEnded] = (sim.clock[clockIndex.rootsEnded] as number) + 1;
  rememberFinished(sim, root, index, startMs, shape, status, flags);
  if (user < 0) return;
  const state = sim.traffic[index] as TrafficState;
  const { load } = state;
  if (load.type !== "users") return;
  pushEvent(sim.queue, nowOf(sim) + load.thinkTimeMs, eventKinds.userReady, numbered(index * userSpan + user), state.epoch);
}
