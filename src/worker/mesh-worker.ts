/** The entry of the worker that reads YAML: one question at a time, in their order. Everything it does is in answer-mesh.ts. */
import { createMeshAnswerer, prepareFor } from "./answer-mesh.ts";

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const answerer = createMeshAnswerer();
let turn: Promise<void> = Promise.resolve();

scope.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  turn = turn.then(async () => {
    answerer.believe(await prepareFor(data).catch(() => undefined));
    scope.postMessage(answerer.answer(data));
  });
});
