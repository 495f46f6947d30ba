/** Talks to the optimizer's worker: items in, parameters out. Ending the worker stops the training at once. */
import type { TrainingItem } from "#cards";

export type OptimizerAnswer = { ok: true; weights: number[] } | { ok: false; detail: string };

export interface Training {
  done: Promise<OptimizerAnswer>;
  stop(): void;
}

export function startTraining(items: readonly TrainingItem[]): Training {
  const worker = new Worker(new URL("./optimizer-worker.ts", import.meta.url), { type: "module" });
  const done = new Promise<OptimizerAnswer>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<OptimizerAnswer>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ ok: false, detail: message || "worker" });
    worker.postMessage(items);
  }).finally(() => worker.terminate());
  return { done, stop: () => worker.terminate() };
}
