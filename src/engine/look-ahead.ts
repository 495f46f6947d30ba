/**
 * What the next events are about, looked at all together before the first of them is taken: in a run of thousands of services it lies in
 * no cache of the processor, and places that are asked for at once are waited for at once. So each loop asks for what the one before it
 * has brought. Nothing follows from it but speed: a run of few services has all its events in the chain and never comes here.
 */

import { chainRoom, codesInChain, kindOf, numberOf } from "./kernel/event-queue.ts";
import { peekBelow } from "./kernel/random.ts";
import type { Attempt } from "./rows/attempt.ts";
import type { Call } from "./rows/call.ts";
import * as eventKinds from "./rows/event-kinds.ts";
import type { ClusterState, HostState, InstanceState, ReplicaState, Sim } from "./sim.ts";
import type { TrafficState } from "./workload/compiled-workload.ts";

/** Scratch: codes of the next events, and numbers of rows. Links would cost barriers, and have to be let go of. */
const codes = new Int32Array(chainRoom);
/** Attempts whose service ends. */
const served = new Int32Array(chainRoom);
/** Attempts that are answered then, or because another is. */
const answered = new Int32Array(chainRoom);
/** Calls that are tried again. */
const retried = new Int32Array(chainRoom);
/** Proxies that send a request. */
const senders = new Int32Array(chainRoom);

/** @returns a number that means nothing: a compiler would leave out what leads to none */
export function lookAhead(sim: Sim): number {
  const { traffic, instances } = sim;
  const attempts = sim.attempts.rows;
  const calls = sim.calls.rows;
  const events = codesInChain(sim.queue, codes);
  let services = 0;
  let answers = 0;
  let retries = 0;
  let clients = 0;
  for (let i = 0; i < events; i++) {
    const code = codes[i]!;
    const kind = kindOf(code);
    if (kind === eventKinds.serviceDone) served[services++] = numberOf(code);
    else if (kind === eventKinds.arrival) senders[clients++] = (traffic[numberOf(code)] as TrafficState).clientInstance.index;
    else if (kind === eventKinds.backOffDone) retried[retries++] = numberOf(code);
  }
  let seen = 0;
  for (let i = 0; i < retries; i++) seen ^= lookAtCall(calls[retried[i]!] as Call);
  for (let i = 0; i < retries; i++) senders[clients++] = (calls[retried[i]!] as Call).instance.index;
  for (let i = 0; i < services; i++) seen ^= lookAtAttempt(attempts[served[i]!] as Attempt);
  for (let i = 0; i < services; i++) seen ^= lookAtReplica(sim, (attempts[served[i]!] as Attempt).replica);
  for (let i = 0; i < services; i++) {
    const attempt = attempts[served[i]!] as Attempt;
    const { replica } = attempt;
    // Its server crashed, and the row is another's.
    if (replica === null) continue;
    const { behaviour, instance, queueHead } = replica;
    if (behaviour.stepCount === 0 || attempt.outcome !== behaviour.ok) answered[answers++] = attempt.id;
    else senders[clients++] = instance.index;
    if (queueHead !== null) seen ^= lookAtAttempt(queueHead);
  }
  for (let level = 0; level < levels && answers > 0; level++) {
    for (let i = 0; i < answers; i++) seen ^= lookAtLinks(attempts[answered[i]!] as Attempt);
    let parents = 0;
    for (let i = 0; i < answers; i++) {
      const { parent } = (attempts[answered[i]!] as Attempt).call;
      if (parent === null) continue;
      seen ^= lookAtAttempt(parent);
      answered[parents++] = parent.id;
    }
    answers = parents;
  }
  for (let i = 0; i < clients; i++) seen ^= lookAtClient(sim, instances[senders[i]!] as InstanceState);
  for (let i = 0; i < clients; i++) seen ^= lookAtHosts(sim, instances[senders[i]!] as InstanceState);
  for (let i = 0; i < clients; i++) seen ^= lookBehindHosts(sim, instances[senders[i]!] as InstanceState);
  return seen;
}

/** How far an answer is followed on its way back. */
const levels = 3;

// Of each row one field of every eighth, which are a line of the cache.

function lookAtAttempt({ generation, priority, spanId, timedOut }: Attempt): number {
  return generation ^ priority ^ spanId ^ timedOut;
}

function lookAtCall({ generation, mutualTls, onErrorIgnore, startMs, plan }: Call): number {
  return generation ^ mutualTls ^ onErrorIgnore ^ startMs ^ plan.asks;
}

function lookAtReplica(sim: Sim, replica: ReplicaState | null): number {
  return replica === null ? 0 : replica.active ^ sim.random.words[replica.serviceStream]! ^ replica.lastArrivals;
}

/** What an answer comes back to. */
function lookAtLinks({ call, host, cluster, connection }: Attempt): number {
  const ofConnection = connection === null ? 0 : connection.streams ^ connection.mutualTls;
  return lookAtCall(call) ^ host.active ^ cluster.requests ^ ofConnection;
}

/** Where the next request of a proxy will most likely go: where its last one went. */
function lookAtClient(sim: Sim, { lastSlot, lastPlan, lastCluster }: InstanceState): number {
  return lastSlot < 0 ? 0 : lastPlan.asks ^ lastCluster.requests ^ sim.random.words[lastCluster.stream]!;
}

function lookAtHosts(sim: Sim, { lastSlot, lastCluster }: InstanceState): number {
  if (lastSlot < 0) return 0;
  const { hosts } = lastCluster;
  const likely = likelyHost(sim, lastCluster);
  if (likely >= 0) return (hosts[likely] as HostState).active;
  let seen = 0;
  for (let i = 0; i < hosts.length && i < fewHosts; i++) seen ^= (hosts[i] as HostState).active;
  return seen;
}

function lookBehindHosts(sim: Sim, { lastSlot, lastCluster }: InstanceState): number {
  if (lastSlot < 0) return 0;
  const { hosts } = lastCluster;
  const likely = likelyHost(sim, lastCluster);
  if (likely >= 0) return lookBehindHost(sim, hosts[likely] as HostState);
  let seen = 0;
  for (let i = 0; i < hosts.length && i < fewHosts; i++) seen ^= lookBehindHost(sim, hosts[i] as HostState);
  return seen;
}

function lookBehindHost(sim: Sim, { ready, target }: HostState): number {
  return (ready === null ? 0 : ready.streams ^ ready.mutualTls) ^ lookAtReplica(sim, target.replica);
}

/** Of a policy that draws its hosts: the next that is drawn. −1: nobody knows. */
function likelyHost(sim: Sim, { onlyHosts, traits, stream }: ClusterState): number {
  if (onlyHosts === null || traits.policy.drawn === undefined || onlyHosts.length === 0) return -1;
  return onlyHosts[peekBelow(sim.random, stream, onlyHosts.length)]!;
}

/** Of more hosts most would be looked at in vain. */
const fewHosts = 3;
