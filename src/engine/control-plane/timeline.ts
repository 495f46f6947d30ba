/** What happens to a running simulation: configuration pushes, scaling, faults of pods and links, outages of the control plane and the CA. */

import { addReplica } from "../create-sim.ts";
import { numbered, pushEvent } from "../kernel/event-queue.ts";
import { rowWidth } from "../kernel/table.ts";
import type { MeshConfig, ReplicaConfig, SimulationChange } from "../model/index.ts";
import { freeAttempt, localReply } from "../proxy/attempt-end.ts";
import { setHosts } from "../proxy/cluster-state.ts";
import { compileMesh, slotOfCluster } from "../proxy/compiled-mesh.ts";
import { closeConnection } from "../proxy/connection-pool.ts";
import { responseFlags } from "../proxy/response-flags.ts";
import { resolveTarget } from "../proxy/target.ts";
import { failAttempt } from "../proxy/upstream.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as connectionAt from "../rows/connection.ts";
import {
  attemptPhases,
  type ClusterState,
  eventKinds,
  type HostState,
  type InstanceState,
  internText,
  nowOf,
  type ReplicaState,
  type Sim,
  type WorkloadState,
} from "../sim.ts";
import { compileErrors } from "../workload/compiled-workload.ts";
import { openTraffic } from "../workload/traffic.ts";

export function applyTimelineEvent(sim: Sim, index: number): void {
  const event = sim.config.timeline[index];
  if (event !== undefined) applyChange(sim, event.change);
}

export function applyChange(sim: Sim, change: SimulationChange): void {
  switch (change.type) {
    case "config":
      pushConfig(sim, change.mesh);
      return;
    case "scale":
      scale(sim, change.workload, change.namespace, change.replicas);
      pushConfig(sim, change.mesh);
      return;
    case "crash":
      for (const index of replicasOf(sim, change)) crash(sim, index);
      if (change.mesh !== null) {
        sim.pendingMeshes.push(Object.freeze({ mesh: Object.freeze(change.mesh) }));
        pushEvent(
          sim.queue,
          nowOf(sim) + change.removedAfterMs,
          eventKinds.endpointsChanged,
          numbered(sim.pendingMeshes.length - 1),
          0,
        );
      }
      return;
    case "recover":
      for (const index of replicasOf(sim, change)) {
        const replica = sim.replicas[index] as ReplicaState;
        replica.up = true;
        replica.slowFactor = 1;
        replica.errors = undefined;
      }
      if (change.mesh !== null) pushConfig(sim, change.mesh);
      return;
    case "slow":
      for (const index of replicasOf(sim, change)) (sim.replicas[index] as ReplicaState).slowFactor = change.factor;
      return;
    case "errors":
      for (const index of replicasOf(sim, change)) (sim.replicas[index] as ReplicaState).errors = compileErrors(change.errors);
      return;
    case "partition":
      sim.partitions = sim.partitions.filter((other) => other.from !== change.from || other.to !== change.to);
      if (change.active) sim.partitions.push({ from: change.from, to: change.to });
      return;
    case "controlPlane":
      sim.control.controlPlaneUp = change.up;
      if (change.up && sim.heldMesh.mesh !== null) {
        const held = sim.heldMesh.mesh;
        sim.heldMesh.mesh = null;
        pushConfig(sim, held);
      }
      return;
    case "certificateAuthority":
      if (!change.up && sim.control.caUp) sim.control.caDownSinceMs = nowOf(sim);
      sim.control.caUp = change.up;
      if (change.up) for (const instance of sim.instances) instance.certificatesExpired = false;
      return;
    case "expireCertificates":
      for (const index of replicasOf(sim, { ...change, replica: null })) {
        const replica = sim.replicas[index] as ReplicaState;
        (sim.instances[replica.instance] as InstanceState).certificatesExpired = true;
        closeIdleConnections(sim, index);
      }
      return;
    case "traffic": {
      const index = sim.config.traffic.findIndex((traffic) => traffic.name === change.name);
      const state = sim.traffic[index];
      if (state === undefined) return;
      state.epoch++;
      state.load = Object.freeze({ ...change.load });
      openTraffic(sim, index);
      return;
    }
  }
}

export function onEndpointsChanged(sim: Sim, index: number): void {
  const pending = sim.pendingMeshes[index];
  if (pending !== undefined) pushConfig(sim, pending.mesh);
}

/** Proxies keep what they have while the control plane is down; the newest configuration waits. */
function pushConfig(sim: Sim, mesh: MeshConfig): void {
  Object.freeze(mesh);
  if (!sim.control.controlPlaneUp) {
    sim.heldMesh.mesh = mesh;
    return;
  }
  sim.mesh = compileMesh(mesh, sim.caches);
  sim.control.lastConfigMs = nowOf(sim);
  for (const instance of sim.instances) {
    const before = instance.node;
    const name = before.config === null ? null : before.config.id;
    const node = name === null ? sim.mesh.directNode : (sim.mesh.nodes.get(name) ?? before);
    if (node === before) continue;
    instance.node = node;
    const clusters: number[] = [];
    for (const number of instance.clusters) {
      if (number === 0) continue;
      const cluster = sim.clusterStates[number - 1] as ClusterState;
      const slot = slotOfCluster(node, sim.caches, cluster.compiled.name, cluster.compiled.local);
      if (slot < 0) continue;
      while (clusters.length <= slot) clusters.push(0);
      clusters[slot] = number;
      const compiled = node.slots[slot];
      if (compiled !== undefined && compiled !== cluster.compiled) setHosts(sim, cluster, compiled, nowOf(sim));
    }
    instance.clusters = clusters;
  }
  for (const cluster of sim.clusterStates) {
    for (const host of cluster.hosts) if (!host.present) closeIdle(sim, cluster, host);
  }
}

function replicasOf(sim: Sim, change: { workload: string; namespace: string; replica: number | null }): readonly number[] {
  const workload = sim.workloads.find(
    (candidate) => candidate.name === change.workload && candidate.namespace === change.namespace,
  );
  if (workload === undefined) return [];
  return change.replica === null
    ? workload.replicas
    : workload.replicas.filter((index) => sim.replicas[index]?.index === change.replica);
}

/** Replicas of the same index and address stay; others drain (what they serve they finish) or join. */
function scale(sim: Sim, name: string, namespace: string, replicas: readonly ReplicaConfig[]): void {
  const index = sim.workloads.findIndex((candidate) => candidate.name === name && candidate.namespace === namespace);
  const workload = sim.workloads[index] as WorkloadState | undefined;
  if (workload === undefined) return;
  const before = workload.replicas.slice();
  workload.replicas = [];
  replicas.forEach((config, position) => {
    const kept = before.find((number) => (sim.replicas[number] as ReplicaState).addresses[0] === config.addresses[0]);
    if (kept === undefined) {
      addReplica(sim, index, config, position);
      return;
    }
    workload.replicas.push(kept);
    (sim.replicas[kept] as ReplicaState).index = position;
  });
  for (const number of before) if (!workload.replicas.includes(number)) (sim.replicas[number] as ReplicaState).gone = true;
  for (const target of sim.targets) resolveTarget(sim, target);
}

/** The port is closed, connections are reset, work in progress is lost. */
function crash(sim: Sim, index: number): void {
  const replica = sim.replicas[index] as ReplicaState;
  if (!replica.up) return;
  replica.up = false;
  replica.active = 0;
  replica.queued = 0;
  replica.queueHead = -1;
  replica.queueTail = -1;
  const { attempts, calls } = sim;
  // Clients first, so that they see a reset and not what the dying proxy would have said.
  for (let attempt = 0; attempt < attempts.end; attempt += rowWidth) {
    if (isAt(sim, attempt, index) && !isLocal(sim, attempt)) dropAttempt(sim, attempt);
  }
  for (let call = 0; call < calls.end; call += rowWidth) {
    if (calls.cells[call + callAt.alive]! === 1 && calls.cells[call + callAt.instance]! === replica.instance) {
      calls.cells[call + callAt.edge] = -1;
      localReply(sim, call, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
    }
  }
  for (let attempt = 0; attempt < attempts.end; attempt += rowWidth) if (isAt(sim, attempt, index)) dropAttempt(sim, attempt);
  closeIdleConnections(sim, index);
}

function isAt(sim: Sim, attempt: number, replica: number): boolean {
  const { attempts } = sim;
  const phase = attempts.cells[attempt + attemptAt.phase]!;
  return phase !== -1 && phase !== attemptPhases.toClient && attempts.cells[attempt + attemptAt.replica]! === replica;
}

function isLocal(sim: Sim, attempt: number): boolean {
  return (sim.clusterStates[sim.attempts.cells[attempt + attemptAt.cluster]!] as ClusterState).compiled.local;
}

function dropAttempt(sim: Sim, attempt: number): void {
  if (sim.attempts.cells[attempt + attemptAt.orphan]! === 1) freeAttempt(sim, attempt);
  else failAttempt(sim, attempt, "reset", 0);
}

function closeIdleConnections(sim: Sim, replica: number): void {
  for (const cluster of sim.clusterStates) {
    for (const host of cluster.hosts) {
      if (sim.targets[host.target]?.replica === replica) closeIdle(sim, cluster, host);
    }
  }
}

function closeIdle(sim: Sim, cluster: ClusterState, host: HostState): void {
  for (const pool of host.pools) {
    while (pool.idle >= 0) {
      const connection = pool.idle;
      pool.idle = sim.connections.cells[connection + connectionAt.next]!;
      closeConnection(sim, connection, cluster, pool);
    }
    const { shared } = pool;
    if (shared >= 0 && sim.connections.cells[shared + connectionAt.streams]! === 0) closeConnection(sim, shared, cluster, pool);
  }
}
