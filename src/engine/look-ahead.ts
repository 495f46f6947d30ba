/**
 * What the next events are about, looked at all together before the first of them is taken: in a run of thousands of services it lies in
 * no cache of the processor, and places that are asked for at once are waited for at once. Nothing follows from it but speed: a run of few
 * services has all its events in the chain and never comes here.
 */

import { chainRoom, codesInChain, kindOf, numberOf } from "./kernel/event-queue.ts";
import type { Attempt } from "./rows/attempt.ts";
import * as eventKinds from "./rows/event-kinds.ts";
import type { HostState, InstanceState, Sim } from "./sim.ts";
import type { TrafficState } from "./workload/compiled-workload.ts";

/** Scratch, filled anew each time; the links are let go of. */
const codes = new Int32Array(chainRoom);
const attempts: Attempt[] = [];
const arrivals: TrafficState[] = [];

/** @returns a number that means nothing: a compiler would leave out what leads to none */
export function lookAhead(sim: Sim): number {
  const events = codesInChain(sim.queue, codes);
  const { rows } = sim.attempts;
  let seen = 0;
  for (let i = 0; i < events; i++) {
    const code = codes[i]!;
    const kind = kindOf(code);
    if (kind === eventKinds.serviceDone) attempts.push(rows[numberOf(code)] as Attempt);
    else if (kind === eventKinds.arrival) arrivals.push(sim.traffic[numberOf(code)] as TrafficState);
  }
  for (let i = 0; i < arrivals.length; i++) seen ^= (arrivals[i] as TrafficState).epoch;
  for (let i = 0; i < arrivals.length; i++) seen ^= lookAtClient((arrivals[i] as TrafficState).clientInstance);
  arrivals.length = 0;
  for (let i = 0; i < attempts.length; i++) seen ^= (attempts[i] as Attempt).generation;
  for (let i = 0; i < attempts.length; i++) seen ^= lookAtLinks(attempts[i] as Attempt);
  for (let i = 0; i < attempts.length; i++) seen ^= lookFurther(attempts[i] as Attempt);
  attempts.length = 0;
  return seen;
}

function lookAtLinks({ call, host, cluster, replica, connection }: Attempt): number {
  let seen = call.generation ^ call.upstreamHost ^ host.active ^ cluster.requests;
  if (replica !== null) seen ^= replica.active ^ replica.patternPosition;
  if (connection !== null) seen ^= connection.streams;
  return seen;
}

function lookFurther({ call, replica }: Attempt): number {
  let seen = call.plan.asks;
  if (call.parent !== null) seen ^= call.parent.generation;
  if (replica !== null) {
    seen ^= lookAtClient(replica.instance);
    if (replica.queueHead !== null) seen ^= replica.queueHead.generation;
  }
  return seen;
}

/** Where the next request of a proxy will most likely go: where its last one went. */
function lookAtClient({ lastSlot, lastPlan, lastCluster }: InstanceState): number {
  if (lastSlot < 0) return 0;
  const { hosts } = lastCluster;
  let seen = lastPlan.asks ^ lastCluster.requests;
  for (let i = 0; i < hosts.length && i < fewHosts; i++) seen ^= (hosts[i] as HostState).active;
  return seen;
}

/** Of more hosts most would be looked at in vain. */
const fewHosts = 3;
