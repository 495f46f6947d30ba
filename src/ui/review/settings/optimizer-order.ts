/** Talks to the optimizer's worker: histories in, parameters out. Ending the worker stops the training at once. */
import type { TrainingHistory } from "#cards";

export interface OptimizerOrder {
  histories: readonly TrainingHistory[];
  relearningSteps: number;
}

export type OptimizerAnswer = { ok: true; weights: number[] } | { ok: false; detail: string };

/** What the worker says: how much is done (0 … 1), and at last the answer. */
export type OptimizerMessage = { done: number } | OptimizerAnswer;

export interface Training {
  done: Promise<OptimizerAnswer>;
  stop(): void;
}

export function startTraining(order: OptimizerOrder, onProgress: (done: number) => void): Training {
  const worker = new Worker(new URL("./optimizer-worker.ts", import.meta.url), { type: "module" });
  const done = new Promise<OptimizerAnswer>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<OptimizerMessage>) => ("done" in data ? onProgress(data.done) : resolve(data));
    worker.onerror = ({ message }) => resolve({ ok: false, detail: message || "worker" });
    worker.postMessage(order);
  }).finally(() => worker.terminate());
  return { done, stop: () => worker.terminate() };
}
