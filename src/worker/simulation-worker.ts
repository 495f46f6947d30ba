/** The Web Worker's entry: one simulation, one question at a time. Everything it does is in answer.ts. */
import { createAnswerer } from "./answer.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const answerer = createAnswerer(() => performance.now());

scope.addEventListener("message", (event: MessageEvent<unknown>) => {
  scope.postMessage(answerer.answer(event.data));
});
