/** Starts the real simulation worker. The only place of the sandbox that knows there is a thread. */
import { createWorkerClient, WorkerCrash } from "#protocol";
import type { SimulationLink } from "./simulation-link.ts";

export function connectWorker(): SimulationLink {
  const client = createWorkerClient(
    () => new Worker(new URL("../../../worker/simulation-worker.ts", import.meta.url), { type: "module" }),
  );
  return {
    ask: (message) =>
      client.ask(message).catch((failure: unknown) => ({
        type: "crashed",
        message: failure instanceof Error ? failure.message : String(failure),
        stack: failure instanceof WorkerCrash ? failure.workerStack : "",
      })),
    close: () => client.close(),
  };
}
