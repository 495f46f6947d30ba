/** A request reaches a server: its proxy's inbound side if it has one, else the application. */

import { ipOf, serverInstanceOf } from "../network/handshake.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as connectionAt from "../rows/connection.ts";
import { attemptPhases, downstreamKinds, type Peer, type ReplicaState, type Sim, type Target } from "../sim.ts";
import { noteInbound } from "../telemetry/recorder.ts";
import { recordDenied } from "../telemetry/store.ts";
import { arriveAtApplication } from "../workload/application.ts";
import { freeAttempt } from "./attempt-end.ts";
import { inboundPlan } from "./inbound-plan.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import type { Plan } from "./plan.ts";
import { startPlannedCall } from "./router.ts";
import { respondToClient } from "./upstream.ts";

export function arriveAtServer(sim: Sim, attempt: number): void {
  const { connections } = sim;
  if (sim.attempts.cells[attempt + attemptAt.orphan]! === 1) {
    freeAttempt(sim, attempt);
    return;
  }
  const connection = sim.attempts.cells[attempt + attemptAt.connection]!;
  const target = sim.targets[connections.cells[connection + connectionAt.target]!] as Target;
  if (target.replica >= 0) {
    const replica = sim.replicas[target.replica] as ReplicaState;
    sim.attempts.cells[attempt + attemptAt.replica] = target.replica;
    if (!replica.up) {
      respondToClient(sim, attempt, 0);
      return;
    }
  } else if (target.instance < 0) {
    respondToClient(sim, attempt, 0);
    return;
  }
  const cluster = sim.clusterStates[sim.attempts.cells[attempt + attemptAt.cluster]!] as Sim["clusterStates"][number];
  const peer = sim.peers.list[connections.cells[connection + connectionAt.peer]!] as Peer;
  const server = cluster.compiled.local ? undefined : serverInstanceOf(sim, target);
  if (server === undefined) {
    arriveAtApplication(
      sim,
      attempt,
      cluster.compiled.local ? sim.attempts.cells[attempt + attemptAt.outcomeFlag]! === 1 : !peer.tls,
    );
    return;
  }
  if (target.replica >= 0 && !server.node.hasInbound) {
    arriveAtApplication(sim, attempt, !peer.tls);
    return;
  }
  const shape = sim.shapes.list[sim.attempts.cells[attempt + attemptAt.shape]!] as RequestShape;
  const sidecar = target.replica >= 0;
  const node = server.node;
  const inbound = inboundPlan(sim, node, shape, peer, sidecar ? server.ip : ipOf(target.address), target.port, sidecar);
  if (sim.recordRoot !== 0) noteInbound(sim, attempt, node, server, shape, peer, target, sidecar);
  if (inbound.transparent) {
    sim.attempts.cells[attempt + attemptAt.inboundPlan] = inbound.plan.index;
    arriveAtApplication(sim, attempt, !peer.tls);
    return;
  }
  const { reply } = inbound.plan as Plan;
  if (reply !== null && inbound.plan.replyFilters.length === 0) {
    if (reply.denied && sidecar)
      recordDenied(
        sim,
        target.replica,
        sim.attempts.cells[attempt + attemptAt.traffic]!,
        sim.attempts.cells[attempt + attemptAt.shadow]! === 1,
      );
    sim.attempts.cells[attempt + attemptAt.outcomeFlag] = 0;
    respondToClient(sim, attempt, reply.reset ? 0 : reply.status);
    return;
  }
  sim.attempts.cells[attempt + attemptAt.phase] = attemptPhases.atProxy;
  const index = sidecar ? (sim.replicas[target.replica] as ReplicaState).instance : target.instance;
  startPlannedCall(
    sim,
    index,
    shape,
    inbound.plan,
    downstreamKinds.proxy,
    attempt,
    sim.attempts.cells[attempt + attemptAt.root]!,
    sim.attempts.cells[attempt + attemptAt.traffic]!,
    -1,
    0,
    sim.attempts.cells[attempt + attemptAt.shadow]!,
    0,
    sim.attempts.cells[attempt + attemptAt.spanId]!,
  );
}
