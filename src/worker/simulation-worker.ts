/** The entry of the worker that runs: one simulation, one question at a time. Everything it does is in answer-simulation.ts. */
import { createSimulationAnswerer } from "./answer-simulation.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const answerer = createSimulationAnswerer(() => performance.now());

scope.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  const prepared = answerer.prepare(data);
  // The page waits for each answer, so nothing can overtake a question that is being prepared.
  if (prepared) void prepared.then(() => scope.postMessage(answerer.answer(data)));
  else scope.postMessage(answerer.answer(data));
});
