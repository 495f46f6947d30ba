/**
 * A rollout's state: which stage it is at, which configuration belongs to it, and what its canary served in the interval under way.
 * Moves nothing by itself (rollout.ts does).
 */
import { pushEvent } from "../kernel/event-queue.ts";
import type { MeshConfig, RolloutCheck, RolloutStatus } from "../model/index.ts";
import { isFailure } from "../proxy/response-table.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as taskTypes from "../rows/task-types.ts";
import { nowOf, type ReplicaState, type Sim } from "../sim.ts";
import { createHistogram, type Histograms, observe } from "../telemetry/histogram.ts";

export interface RolloutState {
  /** Index of the canary's workload. */
  readonly workload: number;
  phase: RolloutStatus["phase"];
  /** Index into `weights`; 0 = none of the traffic. */
  stage: number;
  failedChecks: number;
  /** Of the interval under way. */
  errors: number;
  latency: Histograms;
  /** When each request that is being served came in, by attempt. */
  started: Map<number, number>;
  /** The configuration the control plane would push without a rollout. Frozen. */
  base: { readonly mesh: MeshConfig };
  /** Configurations by stage, for each configuration without a rollout. Frozen. */
  meshes: StagedMesh[];
  checks: RolloutCheck[];
}

export interface StagedMesh {
  readonly base: MeshConfig;
  readonly byStage: readonly MeshConfig[];
}

export function startRollout(sim: Sim): void {
  const { rollout, mesh } = sim.config;
  if (rollout === undefined) return;
  const { workload, namespace } = rollout.canary;
  sim.rollout = {
    workload: sim.workloads.findIndex((one) => one.name === workload && one.namespace === namespace),
    phase: "waiting",
    stage: 0,
    failedChecks: 0,
    errors: 0,
    latency: createHistogram(),
    started: new Map(),
    base: Object.freeze({ mesh }),
    meshes: rollout.meshes.map((one) => Object.freeze({ ...one })),
    checks: [],
  };
  scheduleCheck(sim, rollout.startMs);
}

export function scheduleCheck(sim: Sim, atMs: number): void {
  if (atMs <= sim.config.durationMs) pushEvent(sim.queue, atMs, eventKinds.task, taskTypes.rollout, 0);
}

/** What the control plane pushes now: the same documents with the canary's weight as it stands. */
export function atStage(sim: Sim, mesh: MeshConfig): MeshConfig {
  const state = sim.rollout;
  if (state === null) return mesh;
  state.base = Object.freeze({ mesh });
  return staged(state, mesh);
}

function staged({ meshes, stage }: RolloutState, mesh: MeshConfig): MeshConfig {
  return meshes.findLast(({ base }) => base === mesh)?.byStage[stage] ?? mesh;
}

/** A configuration that nobody planned comes with its stages. */
export function addStages(sim: Sim, base: MeshConfig, byStage: readonly MeshConfig[]): void {
  sim.rollout?.meshes.push(Object.freeze({ base, byStage }));
}

export function noteServing(sim: Sim, replica: ReplicaState, attempt: number): void {
  const state = sim.rollout;
  if (state !== null && replica.workload === state.workload) state.started.set(attempt, nowOf(sim));
}

/** @param outcome 0 = the connection was closed */
export function noteServed(sim: Sim, attempt: number, outcome: number): void {
  const state = sim.rollout;
  const since = state?.started.get(attempt);
  if (state == null || since === undefined) return;
  state.started.delete(attempt);
  observe(state.latency, 0, nowOf(sim) - since);
  if (isFailure(sim.responses, outcome)) state.errors++;
}

export function rolloutStatus(sim: Sim): RolloutStatus | null {
  const { rollout } = sim.config;
  const state = sim.rollout;
  if (rollout === undefined || state === null) return null;
  const { phase, stage, failedChecks, checks } = state;
  return { phase, weight: rollout.weights[stage] ?? 0, failedChecks, threshold: rollout.threshold, checks: [...checks] };
}
