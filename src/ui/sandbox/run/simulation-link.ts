/**
 * What the sandbox needs from a worker: one question, one answer. The page hands in the real worker's client, a test
 * hands in a fake; the sandbox itself never starts a thread.
 */
import type { WorkerRequest, WorkerResponse } from "#protocol";

export interface SimulationLink {
  /** Never rejects: a broken worker answers `crashed`. */
  ask(message: WorkerRequest): Promise<WorkerResponse>;
  /** Ends the worker at once, also in the middle of an endless answer. */
  close(): void;
}

export type ConnectSimulation = () => SimulationLink;
