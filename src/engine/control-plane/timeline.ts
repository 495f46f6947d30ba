/** What happens to a running simulation: configuration pushes, scaling, faults of pods and links, outages of the control plane and the CA. */

import { addReplica } from "../create-sim.ts";
import { pushEvent } from "../kernel/event-queue.ts";
import type { ReplicaConfig, SimulationChange } from "../model/index.ts";
import { isInstant } from "../network/latency.ts";
import { freeAttempt, localReply } from "../proxy/attempt-end.ts";
import { failAttempt } from "../proxy/attempt-failure.ts";
import { closeIdleOf } from "../proxy/idle-connections.ts";
import { reconnect } from "../proxy/reconnect.ts";
import { responseFlags } from "../proxy/response-flags.ts";
import { resolveTarget } from "../proxy/target.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as attemptPhases from "../rows/attempt-phases.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import { internText, nowOf, type ReplicaState, type Sim, type WorkloadState } from "../sim.ts";
import { noteControl } from "../telemetry/control-log.ts";
import { compileErrors, unlimited } from "../workload/compiled-workload.ts";
import { dropCpuWork, limitCpu } from "../workload/processor-sharing.ts";
import { bringEntry, changeEntry, removeEntry } from "../workload/traffic-entries.ts";
import { pushConfig } from "./push.ts";
import { addStages } from "./stages.ts";

export function applyTimelineEvent(sim: Sim, index: number): void {
  const event = sim.config.timeline[index];
  if (event !== undefined) applyChange(sim, event.change);
}

export function applyChange(sim: Sim, change: SimulationChange): void {
  switch (change.type) {
    case "config":
      pushConfig(sim, change.mesh, change.delivery, change.delta);
      return;
    case "stages":
      addStages(sim, change.base, change.byStage);
      return;
    case "together":
      for (const one of change.changes) applyChange(sim, one);
      return;
    case "pushDelay":
      sim.push.delay = change.delay === null ? null : Object.freeze(change.delay);
      return;
    case "scale":
      scale(sim, change.workload, change.namespace, change.replicas);
      pushConfig(sim, change.mesh);
      return;
    case "crash":
      for (const index of replicasOf(sim, change)) crash(sim, index);
      if (change.mesh !== null) {
        sim.pendingMeshes.push(Object.freeze({ mesh: Object.freeze(change.mesh) }));
        pushEvent(sim.queue, nowOf(sim) + change.removedAfterMs, eventKinds.endpointsChanged, sim.pendingMeshes.length - 1, 0);
      }
      return;
    case "recover":
      for (const index of replicasOf(sim, change)) {
        const replica = sim.replicas[index] as ReplicaState;
        replica.up = true;
        replica.slowFactor = 1;
        replica.errors = undefined;
        limitCpu(sim, index, replica.behaviour.cpuCores);
      }
      if (change.mesh !== null) pushConfig(sim, change.mesh);
      return;
    case "slow":
      for (const index of replicasOf(sim, change)) (sim.replicas[index] as ReplicaState).slowFactor = change.factor;
      return;
    case "cpu":
      for (const index of replicasOf(sim, change)) throttle(sim, index, change.factor);
      return;
    case "errors":
      for (const index of replicasOf(sim, change)) {
        const replica = sim.replicas[index] as ReplicaState;
        replica.errors = compileErrors(sim, change.errors, replica.behaviour.ok);
      }
      return;
    case "partition":
      sim.partitions = sim.partitions.filter((other) => other.from !== change.from || other.to !== change.to);
      if (change.active) sim.partitions.push({ from: change.from, to: change.to });
      sim.instant = isInstant(sim.config.network, sim.partitions);
      if (!change.active) reconnect(sim);
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
      noteControl(sim, { type: "authority", up: change.up });
      if (!change.up && sim.control.caUp) sim.control.caDownSinceMs = nowOf(sim);
      sim.control.caUp = change.up;
      if (change.up) for (const instance of sim.instances) instance.certificatesExpired = false;
      return;
    case "expireCertificates":
      noteControl(sim, { type: "expiry", workload: change.workload, namespace: change.namespace });
      for (const index of replicasOf(sim, { ...change, replica: null })) {
        const replica = sim.replicas[index] as ReplicaState;
        replica.instance.certificatesExpired = true;
        closeIdleConnections(sim, replica);
        for (const cluster of sim.clusterStates) if (cluster.instance === replica.instance) closeIdleOf(sim, cluster, () => true);
      }
      return;
    case "traffic":
      changeEntry(sim, change.name, change);
      return;
    case "trafficAdded":
      bringEntry(sim, change.entry);
      return;
    case "trafficRemoved":
      removeEntry(sim, change.name);
      return;
  }
}

export function onEndpointsChanged(sim: Sim, index: number): void {
  const pending = sim.pendingMeshes[index];
  if (pending !== undefined) pushConfig(sim, pending.mesh);
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
  dropCpuWork(replica);
  replica.active = 0;
  replica.queued = 0;
  replica.queueHead = null;
  replica.queueTail = null;
  const { attempts, calls } = sim;
  // Clients first, so that they see a reset and not what the dying proxy would have said.
  for (const attempt of attempts.rows) {
    if (isAt(attempt, replica) && !attempt.cluster.traits.local) dropAttempt(sim, attempt);
  }
  for (const call of calls.rows) {
    if (call.alive === 1 && call.instance === replica.instance) {
      call.edge = -1;
      localReply(sim, call, 0, responseFlags.DC, internText(sim, "downstream_remote_disconnect"));
    }
  }
  for (const attempt of attempts.rows) if (isAt(attempt, replica)) dropAttempt(sim, attempt);
  closeIdleConnections(sim, replica);
}

function isAt(attempt: Attempt, replica: ReplicaState): boolean {
  const { phase } = attempt;
  return phase !== -1 && phase !== attemptPhases.toClient && attempt.replica === replica;
}

function dropAttempt(sim: Sim, attempt: Attempt): void {
  if (attempt.orphan === 1) freeAttempt(sim, attempt);
  else failAttempt(sim, attempt, "reset", 0);
}

function closeIdleConnections(sim: Sim, replica: ReplicaState): void {
  for (const cluster of sim.clusterStates) closeIdleOf(sim, cluster, ({ target }) => target.replica === replica);
}

/** A share of the cores it has; without a limit of its own, of one core for each request it may serve at once. */
function throttle(sim: Sim, index: number, factor: number): void {
  const { cpuCores, concurrency } = (sim.replicas[index] as ReplicaState).behaviour;
  if (cpuCores < Infinity) limitCpu(sim, index, cpuCores * factor);
  else if (factor >= 1) limitCpu(sim, index, Infinity);
  else if (concurrency < unlimited) limitCpu(sim, index, concurrency * factor);
  else limitCpu(sim, index, Infinity, factor);
}
