/**
 * What the next events are about, looked at all together before the first of them is taken: in a run of thousands of services it lies in
 * no cache of the processor, and places that are asked for at once are waited for at once. Nothing follows from it but speed: a run of few
 * services has all its events in the chain and never comes here.
 */

import { chainRoom, codesInChain, kindOf, numberOf } from "./kernel/event-queue.ts";
import type { Attempt } from "./rows/attempt.ts";
import * as eventKinds from "./rows/event-kinds.ts";
import type { Sim } from "./sim.ts";

/** Scratch, filled anew each time; the links are let go of. */
const codes = new Int32Array(chainRoom);
const attempts: Attempt[] = [];

/** @returns a number that means nothing: a compiler would leave out what leads to none */
export function lookAhead(sim: Sim): number {
  const events = codesInChain(sim.queue, codes);
  const { rows } = sim.attempts;
  let seen = 0;
  for (let i = 0; i < events; i++) {
    const code = codes[i]!;
    if (kindOf(code) === eventKinds.serviceDone) attempts.push(rows[numberOf(code)] as Attempt);
  }
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
  if (replica !== null && replica.queueHead !== null) seen ^= replica.queueHead.generation;
  return seen;
}
