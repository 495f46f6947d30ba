/** The Web Worker's entry: one simulation, one question at a time, in their order. Everything it does is in answer.ts. */
import { createAnswerer, tokensFor } from "./answer.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const answerer = createAnswerer(() => performance.now());
let turn: Promise<void> = Promise.resolve();

scope.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  turn = turn.then(async () => scope.postMessage(answerer.answer(data, await tokensFor(data).catch(() => undefined))));
});
