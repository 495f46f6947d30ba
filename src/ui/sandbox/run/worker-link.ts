/**
 * What the sandbox needs from its two workers: one question, one answer. The page hands in the real workers' clients, a test
 * hands in fakes; the sandbox itself never starts a thread.
 */
import type { Crashed, MeshAnswers, MeshRequest, SimulationAnswers, SimulationRequest, WorkerResponse } from "#protocol";

export interface WorkerLink<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>> {
  /** Never rejects: a broken worker answers `crashed`. */
  ask<Type extends Request["type"]>(message: Extract<Request, { type: Type }>): Promise<Answers[Type] | Crashed>;
  /** Ends the worker at once, also in the middle of an endless answer. */
  close(): void;
}

export type MeshLink = WorkerLink<MeshRequest, MeshAnswers>;
export type SimulationLink = WorkerLink<SimulationRequest, SimulationAnswers>;

/** Starts either worker; each may be started again without the other. */
export interface ConnectWorkers {
  mesh(): MeshLink;
  simulation(): SimulationLink;
}
