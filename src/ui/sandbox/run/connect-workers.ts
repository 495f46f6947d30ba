/** Starts the real workers. The only place of the sandbox that knows there are threads. */
import {
  type Crashed,
  createWorkerClient,
  type MeshAnswers,
  type MeshRequest,
  type SimulationAnswers,
  type SimulationRequest,
  type WorkerClient,
  WorkerCrash,
  type WorkerResponse,
} from "#protocol";
import type { ConnectWorkers, WorkerLink } from "./worker-link.ts";

export const connectWorkers: ConnectWorkers = {
  mesh: () =>
    linkOf(
      createWorkerClient<MeshRequest, MeshAnswers>(
        () => new Worker(new URL("../../../worker/mesh-worker.ts", import.meta.url), { type: "module" }),
      ),
    ),
  simulation: () =>
    linkOf(
      createWorkerClient<SimulationRequest, SimulationAnswers>(
        () => new Worker(new URL("../../../worker/simulation-worker.ts", import.meta.url), { type: "module" }),
      ),
    ),
};

function linkOf<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>>(
  client: WorkerClient<Request, Answers>,
): WorkerLink<Request, Answers> {
  client.start();
  return {
    ask: (message) =>
      client.ask(message).catch(
        (failure: unknown): Crashed => ({
          type: "crashed",
          message: failure instanceof Error ? failure.message : String(failure),
          stack: failure instanceof WorkerCrash ? failure.workerStack : "",
        }),
      ),
    close: () => client.close(),
  };
}
