/** The worker threads of a sweep: each answers one question at a time. Knows nothing of what is asked in which order. */
import { Worker } from "node:worker_threads";
import type { Answer, Question, ThreadData } from "./worker.ts";

/** Beside this file while it is TypeScript; the command line's bundle has it beside `meshwise.mjs` (src/cli/build.mjs). */
const entry = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./sweep-worker.mjs";

export interface Threads {
  /**
   * Lets every thread ask `next` for questions until there is none; `next` is told what the thread asked last.
   * Rejects with the first fault of a thread.
   */
  work(next: (last?: Question) => Question | undefined, take: (question: Question, answer: Answer) => void): Promise<void>;
  stop(): Promise<void>;
}

export function startThreads(count: number, data: ThreadData): Threads {
  const workers = Array.from({ length: count }, () => new Worker(new URL(entry, import.meta.url), { workerData: data }));
  return {
    work: async (next, take) => {
      await Promise.all(
        workers.map(async (worker) => {
          for (let question = next(); question; question = next(question)) take(question, await ask(worker, question));
        }),
      );
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off("message", answered).off("error", failed);
      end();
    };
    const answered = (answer: Answer): void => settle(() => resolve(answer));
    const failed = (fault: unknown): void => settle(() => reject(fault));
    worker.on("message", answered).on("error", failed).postMessage(question);
  });
}
