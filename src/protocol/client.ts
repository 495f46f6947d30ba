/**
 * The page's side of the protocol: one promise per question, answers matched by id. When its worker crashes or cannot be
 * loaded, every open question fails with WorkerCrash and the next one starts a fresh worker. It decides no pace.
 */
import { isWorkerResponse } from "./guards.ts";
import {
  type Envelope,
  type MeshAnswers,
  type MeshRequest,
  protocolVersion,
  type SimulationAnswers,
  type SimulationRequest,
  type WorkerRequest,
  type WorkerResponse,
} from "./messages.ts";

/** What the client needs of a Worker; tests give their own. */
export interface WorkerPort {
  postMessage(message: Envelope<WorkerRequest>): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { message?: string }) => void): void;
  addEventListener(type: "messageerror", listener: () => void): void;
  terminate(): void;
}

/** Asks one worker: its questions, and what each is answered with; `crashed` becomes a rejection instead. */
export interface WorkerClient<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>> {
  ask<Type extends Request["type"]>(request: Extract<Request, { type: Type }>): Promise<Answers[Type]>;
  /** Loads the worker before the first question. */
  start(): void;
  /** Ends the worker; open questions fail. The client may be asked again and starts anew. */
  restart(): void;
  close(): void;
}

export type MeshClient = WorkerClient<MeshRequest, MeshAnswers>;
export type SimulationClient = WorkerClient<SimulationRequest, SimulationAnswers>;

/** Our bug: the worker threw, or was lost. The state of the session is gone. */
export class WorkerCrash extends Error {
  override readonly name = "WorkerCrash";
  readonly workerStack: string;

  constructor(message: string, workerStack = "") {
    super(message);
    this.workerStack = workerStack;
  }
}

interface Waiting {
  resolve(answer: WorkerResponse): void;
  reject(reason: WorkerCrash): void;
}

/** @param startWorker e.g. `() => new Worker(new URL("../../worker/mesh-worker.ts", import.meta.url), { type: "module" })`. */
export function createWorkerClient<Request extends WorkerRequest, Answers extends Record<Request["type"], WorkerResponse>>(
  startWorker: () => WorkerPort,
): WorkerClient<Request, Answers> {
  const waiting = new Map<number, Waiting>();
  let worker: WorkerPort | undefined;
  let lastId = 0;
  let closed = false;

  function fail(reason: WorkerCrash): void {
    worker?.terminate();
    worker = undefined;
    const open = [...waiting.values()];
    waiting.clear();
    for (const one of open) one.reject(reason);
  }

  function receive(data: unknown): void {
    if (!isWorkerResponse(data)) {
      fail(new WorkerCrash("the worker answered in another protocol version"));
    } else if (data.message.type === "crashed") {
      fail(new WorkerCrash(data.message.message, data.message.stack));
    } else {
      waiting.get(data.id)?.resolve(data.message);
      waiting.delete(data.id);
    }
  }

  function start(): WorkerPort {
    const started = startWorker();
    // A worker that was replaced may still deliver what it had queued: only the current one is heard.
    const whenCurrent = (act: () => void): void => {
      if (worker === started) act();
    };
    started.addEventListener("message", (event) => whenCurrent(() => receive(event.data)));
    started.addEventListener("error", (event) =>
      whenCurrent(() => fail(new WorkerCrash(event.message ?? "the worker could not be loaded"))),
    );
    started.addEventListener("messageerror", () =>
      whenCurrent(() => fail(new WorkerCrash("a message of the worker could not be read"))),
    );
    return started;
  }

  return {
    ask(request) {
      if (closed) return Promise.reject(new WorkerCrash("the client is closed"));
      worker ??= start();
      const id = ++lastId;
      const port = worker;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as unknown as Waiting["resolve"], reject });
        port.postMessage({ version: protocolVersion, id, message: request });
      });
    },
    start() {
      if (!closed) worker ??= start();
    },
    restart: () => fail(new WorkerCrash("the worker was restarted")),
    close() {
      closed = true;
      fail(new WorkerCrash("the client is closed"));
    },
  };
}
