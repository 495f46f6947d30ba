/**
 * A CPU limit: work in progress shares the cores a replica may use (processor sharing). With n requests at work each goes at
 * min(1, cores / n) of full speed. Kept in virtual time: a request is done when the virtual clock has moved by its demand, so an
 * arrival or a departure changes one number and not every request.
 */

import { pushEvent } from "../kernel/event-queue.ts";
import type { Attempt } from "../rows/attempt.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as taskTypes from "../rows/task-types.ts";
import { nowOf, type ReplicaState, type Sim } from "../sim.ts";

export interface CpuState {
  /** Infinity: no limit, what was begun under one is finished. */
  cores: number;
  /** The most of full speed that one request gets, however few there are. */
  speed: number;
  /** Work done for each request since the start, ms, and when that was so. */
  virtual: number;
  atMs: number;
  /** Rises with every change of the next completion: events of before are void. */
  epoch: number;
  /** By the virtual time of their end. */
  jobs: CpuJob[];
}

interface CpuJob {
  end: number;
  attempt: Attempt;
  generation: number;
}

/** @param speed of full speed, for each request: below 1 where a replica without a number of cores is slowed down */
export function limitCpu(sim: Sim, index: number, cores: number, speed = 1): void {
  const replica = sim.replicas[index] as ReplicaState;
  if (replica.cpu === null && cores === Infinity && speed === 1) return;
  replica.cpu ??= { cores, speed, virtual: 0, atMs: nowOf(sim), epoch: 0, jobs: [] };
  settle(sim, replica.cpu);
  replica.cpu.cores = cores;
  replica.cpu.speed = speed;
  scheduleNext(sim, index, replica.cpu);
}

/** The replica crashed: nothing of what it was doing is left. */
export function dropCpuWork(replica: ReplicaState): void {
  if (replica.cpu === null) return;
  replica.cpu.jobs = [];
  replica.cpu.epoch++;
}

export function isLimited(cpu: CpuState | null): cpu is CpuState {
  return cpu !== null && (cpu.cores < Infinity || cpu.speed < 1);
}

/** @param demandMs how long the request would take on a core of its own */
export function startCpuWork(sim: Sim, index: number, cpu: CpuState, attempt: Attempt, demandMs: number): void {
  settle(sim, cpu);
  const end = cpu.virtual + demandMs;
  let at = cpu.jobs.length;
  while (at > 0 && (cpu.jobs[at - 1] as CpuJob).end > end) at--;
  cpu.jobs.splice(at, 0, { end, attempt, generation: attempt.generation });
  scheduleNext(sim, index, cpu);
}

/** @returns the attempt whose work is done, or null when the event was void. */
export function takeCpuDone(sim: Sim, index: number, epoch: number): Attempt | null {
  const { cpu } = sim.replicas[index] as ReplicaState;
  if (cpu === null || cpu.epoch !== epoch) return null;
  settle(sim, cpu);
  const job = cpu.jobs.shift();
  if (job !== undefined) cpu.virtual = Math.max(cpu.virtual, job.end);
  scheduleNext(sim, index, cpu);
  return job === undefined || job.attempt.generation !== job.generation ? null : job.attempt;
}

function speedOf({ cores, speed, jobs }: CpuState): number {
  return jobs.length === 0 ? 0 : Math.min(speed, cores / jobs.length);
}

function settle(sim: Sim, cpu: CpuState): void {
  cpu.virtual += (nowOf(sim) - cpu.atMs) * speedOf(cpu);
  cpu.atMs = nowOf(sim);
}

function scheduleNext(sim: Sim, index: number, cpu: CpuState): void {
  cpu.epoch++;
  const [first] = cpu.jobs;
  if (first === undefined) return;
  const waitMs = Math.max(0, first.end - cpu.virtual) / speedOf(cpu);
  pushEvent(sim.queue, nowOf(sim) + waitMs, eventKinds.task, index * taskTypes.count + taskTypes.cpu, cpu.epoch);
}
