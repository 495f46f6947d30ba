/** The entry of the worker that runs: one simulation, one question at a time. Everything it does is in answer-simulation.ts. */
import { createSimulationAnswerer } from "./answer-simulation.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const answerer = createSimulationAnswerer(() => performance.now());

scope.addEventListener("message", ({ data }: MessageEvent<unknown>) => scope.postMessage(answerer.answer(data)));
