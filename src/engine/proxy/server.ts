/** A request reaches a server: its proxy's inbound side if it has one, else the application. */

import { isTooDeep } from "../endless.ts";
import { ipOf } from "../network/handshake.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import type { Connection } from "../rows/connection.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import type { InstanceState, Peer, ReplicaState, Sim, Target } from "../sim.ts";
import { noteInbound } from "../telemetry/recorder.ts";
import { noteArrival } from "../telemetry/served-requests.ts";
import { recordDenied } from "../telemetry/store.ts";
import { arriveAtApplication } from "../workload/application.ts";
import { freeAttempt } from "./attempt-end.ts";
import { inboundPlan } from "./inbound-plan.ts";
import { refusalAnswer } from "./own-answer.ts";
import type { Plan, Reply } from "./plan.ts";
import { beginCall, openCall } from "./router.ts";
import { respondToClient } from "./upstream.ts";

/** After its way through the network: nobody may be waiting any more. */
export function arriveAtServer(sim: Sim, attempt: Attempt): void {
  if (attempt.orphan === 1) freeAttempt(sim, attempt);
  else reachServer(sim, attempt, attempt.connection as Connection, attempt.cluster.traits.local);
}

/** @param local the server is the application behind the same proxy */
export function reachServer(sim: Sim, attempt: Attempt, connection: Connection, local: boolean): void {
  const { target } = connection;
  const { replica } = target;
  if (replica === null) {
    arriveAtProxy(sim, attempt, connection.peer, target);
    return;
  }
  attempt.replica = replica;
  if (!replica.up) {
    respondToClient(sim, attempt, 0);
  } else if (local) {
    arriveAtApplication(sim, attempt, replica, attempt.outcomeFlag as 0 | 1);
  } else {
    if (replica.hasInbound) arriveAtInbound(sim, attempt, connection.peer, replica.instance, target, replica);
    else if (replica.isGateway) arriveAtInbound(sim, attempt, connection.peer, replica.instance, target, null);
    else arriveAtApplication(sim, attempt, replica, connection.plaintext);
  }
}

/** A proxy that listens at an address of its own, or a closed port. */
function arriveAtProxy(sim: Sim, attempt: Attempt, peer: Peer, target: Target): void {
  if (target.instance === null) respondToClient(sim, attempt, 0);
  else arriveAtInbound(sim, attempt, peer, target.instance, target, null);
}

/** @param replica the pod whose sidecar it is; null: a proxy of its own */
function arriveAtInbound(
  sim: Sim,
  attempt: Attempt,
  peer: Peer,
  server: InstanceState,
  target: Target,
  replica: ReplicaState | null,
): void {
  const { shape } = attempt;
  const { node } = server;
  const sidecar = replica !== null;
  const inbound = inboundPlan(sim, node, shape, peer, sidecar ? server.ip : ipOf(target.address), target.port, sidecar);
  if (sim.recordRoot !== 0) noteInbound(sim, attempt, node, server, shape, peer, target, sidecar);
  const { reply } = inbound.plan as Plan;
  // Bytes that were refused before they made a request are none.
  if (sim.served.limit > 0 && sidecar && reply?.reset !== true) noteArrival(sim, attempt, peer);
  if (inbound.transparent && replica !== null) {
    attempt.letThrough = 1;
    arriveAtApplication(sim, attempt, replica, peer.tls ? 0 : 1);
    return;
  }
  if (reply !== null && inbound.plan.replyFilters.length === 0 && isPlain(inbound.plan, reply)) {
    if (reply.denied && sidecar) recordDenied(sim, replica.number, attempt.traffic, attempt.shadow === 1);
    attempt.outcomeFlag = 0;
    respondToClient(sim, attempt, reply.reset ? 0 : refusalAnswer(attempt.shape, reply));
    return;
  }
  if (isTooDeep(sim, attempt)) return;
  attempt.phase = attemptPhases.atProxy;
  const call = openCall(sim, server, shape, inbound.plan, downstreamKinds.proxy, attempt.root, attempt.traffic);
  call.parent = attempt;
  call.parentGeneration = attempt.generation;
  call.shadow = attempt.shadow;
  call.depth = attempt.call.depth + 1;
  attempt.inbound = call;
  beginCall(sim, call, 0, attempt.spanId);
}

function isPlain({ answers, logging }: Plan, { headers }: Reply): boolean {
  return answers === null && headers === null && logging === null;
}
