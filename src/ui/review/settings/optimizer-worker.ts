/** Trains FSRS parameters away from the page's thread; loaded only when asked to. */
import { trainWeights } from "#cards";
import type { OptimizerMessage, OptimizerOrder } from "./optimizer-order.ts";

const tell = (message: OptimizerMessage) => postMessage(message);

addEventListener("message", ({ data: { histories, relearningSteps } }: MessageEvent<OptimizerOrder>) => {
  try {
    tell({ ok: true, weights: trainWeights(histories, { relearningSteps, onProgress: (done) => tell({ done }) }) });
  } catch (error) {
    tell({ ok: false, detail: String(error) });
  }
});
