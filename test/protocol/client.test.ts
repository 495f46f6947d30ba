import { expect, test } from "vitest";
import {
  createWorkerClient,
  type Envelope,
  type MeshAnswers,
  protocolVersion,
  type SimulationAnswers,
  type WorkerPort,
  type WorkerRequest,
  type WorkerResponse,
} from "#protocol";

/** A worker that remembers what it was asked and answers when told. */
function fakeWorker() {
  const asked: Envelope<WorkerRequest>[] = [];
  const listeners: Record<string, ((event: { data: unknown; message?: string }) => void)[]> = {};
  const worker = {
    asked,
    terminated: false,
    port: {
      postMessage: (message: Envelope<WorkerRequest>) => void asked.push(message),
      addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
        listeners[type] = [...(listeners[type] ?? []), listener];
      },
      terminate: () => {
        worker.terminated = true;
      },
    } as WorkerPort,
    send(data: unknown) {
      for (const listener of listeners.message ?? []) listener({ data });
    },
    answer(id: number, message: WorkerResponse) {
      worker.send({ version: protocolVersion, id, message });
    },
    fail(message: string) {
      for (const listener of listeners.error ?? []) listener({ data: undefined, message });
    },
  };
  return worker;
}

function clientWithWorkers() {
  const workers: ReturnType<typeof fakeWorker>[] = [];
  const client = createWorkerClient<WorkerRequest, MeshAnswers & SimulationAnswers>(() => {
    const worker = fakeWorker();
    workers.push(worker);
    return worker.port;
  });
  return { client, workers };
}

const linted: WorkerResponse = { type: "linted", diagnostics: [] };

test("answers find their question by id, in any order", async () => {
  const { client, workers } = clientWithWorkers();
  const first = client.ask({ type: "explain", requestId: 1 });
  const second = client.ask({ type: "lint", files: [] });
  workers[0]?.answer(2, linted);
  workers[0]?.answer(1, { type: "explained", explanation: null });
  await expect(second).resolves.toEqual(linted);
  await expect(first).resolves.toEqual({ type: "explained", explanation: null });
  expect(workers).toHaveLength(1);
});

test("a crash fails every open question; the next one gets a fresh worker", async () => {
  const { client, workers } = clientWithWorkers();
  const first = client.ask({ type: "report" });
  const second = client.ask({ type: "lint", files: [] });
  workers[0]?.answer(1, { type: "crashed", message: "invariant broken", stack: "at kernel" });
  await expect(first).rejects.toMatchObject({ name: "WorkerCrash", message: "invariant broken", workerStack: "at kernel" });
  await expect(second).rejects.toThrow("invariant broken");
  expect(workers[0]?.terminated).toBe(true);

  const third = client.ask({ type: "lint", files: [] });
  // What the dead worker still had under way must not answer the new one's question.
  workers[0]?.answer(3, { type: "explained", explanation: null });
  workers[1]?.answer(3, linted);
  await expect(third).resolves.toEqual(linted);
});

test.each([
  ["an error event", (worker: ReturnType<typeof fakeWorker>) => worker.fail("cannot load"), "cannot load"],
  ["another version", (worker: ReturnType<typeof fakeWorker>) => worker.send({ version: 99, id: 1, message: linted }), "version"],
  ["no envelope", (worker: ReturnType<typeof fakeWorker>) => worker.send("hello"), "version"],
])("%s fails the open question", async (_what, act, message) => {
  const { client, workers } = clientWithWorkers();
  const open = client.ask({ type: "report" });
  const worker = workers[0];
  if (!worker) throw new Error("no worker was started");
  act(worker);
  await expect(open).rejects.toThrow(message);
});

test("a worker started early is the one that is asked", async () => {
  const { client, workers } = clientWithWorkers();
  client.start();
  expect(workers).toHaveLength(1);
  const first = client.ask({ type: "lint", files: [] });
  workers[0]?.answer(1, linted);
  await expect(first).resolves.toEqual(linted);
  expect(workers).toHaveLength(1);
});

test("a closed client asks nobody", async () => {
  const { client, workers } = clientWithWorkers();
  client.close();
  await expect(client.ask({ type: "report" })).rejects.toThrow("closed");
  expect(workers).toHaveLength(0);
});
