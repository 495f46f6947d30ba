/** A request reaches a server: its proxy's inbound side if it has one, else the application. */

import { ipOf, serverInstanceOf } from "../network/handshake.ts";
import { attemptPhases, downstreamKinds, type Peer, type ReplicaState, type Sim, type Target } from "../sim.ts";
import { noteInbound } from "../telemetry/recorder.ts";
import { recordDenied } from "../telemetry/store.ts";
import { arriveAtApplication } from "../workload/application.ts";
import { inboundPlan } from "./inbound-plan.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import type { Plan } from "./plan.ts";
import { startPlannedCall } from "./router.ts";
import { freeAttempt, respondToClient } from "./upstream.ts";

export function arriveAtServer(sim: Sim, attempt: number): void {
  const { attempts, connections } = sim;
  if (attempts.orphan[attempt] === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const connection = attempts.connection[attempt] as number;
  const target = sim.targets[connections.target[connection] as number] as Target;
  if (target.replica >= 0) {
    const replica = sim.replicas[target.replica] as ReplicaState;
    attempts.replica[attempt] = target.replica;
    if (!replica.up) {
      respondToClient(sim, attempt, 0);
      return;
    }
  } else if (target.instance < 0) {
    respondToClient(sim, attempt, 0);
    return;
  }
  const cluster = sim.clusterStates[attempts.cluster[attempt] as number] as Sim["clusterStates"][number];
  const peer = sim.peers.list[connections.peer[connection] as number] as Peer;
  const server = cluster.compiled.local ? undefined : serverInstanceOf(sim, target);
  if (server === undefined) {
    arriveAtApplication(sim, attempt, cluster.compiled.local ? attempts.outcomeFlag[attempt] === 1 : !peer.tls);
    return;
  }
  if (target.replica >= 0 && !server.node.hasInbound) {
    arriveAtApplication(sim, attempt, !peer.tls);
    return;
  }
  const shape = sim.shapes.list[attempts.shape[attempt] as number] as RequestShape;
  const sidecar = target.replica >= 0;
  const node = server.node;
  const inbound = inboundPlan(sim, node, shape, peer, sidecar ? server.ip : ipOf(target.address), target.port, sidecar);
  if (sim.recordRoot !== 0) noteInbound(sim, attempt, node, server, shape, peer, target, sidecar);
  if (inbound.transparent) {
    attempts.inboundPlan[attempt] = inbound.plan.index;
    arriveAtApplication(sim, attempt, !peer.tls);
    return;
  }
  const { reply } = inbound.plan as Plan;
  if (reply !== null && inbound.plan.replyFilters.length === 0) {
    if (reply.denied && sidecar)
      recordDenied(sim, target.replica, attempts.traffic[attempt] as number, attempts.shadow[attempt] === 1);
    attempts.outcomeFlag[attempt] = 0;
    respondToClient(sim, attempt, reply.reset ? 0 : reply.status);
    return;
  }
  attempts.phase[attempt] = attemptPhases.atProxy;
  const index = sidecar ? (sim.replicas[target.replica] as ReplicaState).instance : target.instance;
  startPlannedCall(
    sim,
    index,
    shape,
    inbound.plan,
    downstreamKinds.proxy,
    attempt,
    attempts.root[attempt] as number,
    attempts.traffic[attempt] as number,
    -1,
    0,
    attempts.shadow[attempt] as number,
    0,
    attempts.spanId[attempt] as number,
  );
}
