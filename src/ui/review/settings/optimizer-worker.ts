/** Trains FSRS parameters away from the page's thread, with fsrs-rs compiled to WebAssembly; loaded only when asked to. */
import init, { Fsrs } from "fsrs-browser";
import wasmUrl from "fsrs-browser/fsrs_browser_bg.wasm?url";
import { flattened, type TrainingItem } from "#cards";
import type { OptimizerAnswer } from "./optimizer-order.ts";

addEventListener("message", async ({ data }: MessageEvent<readonly TrainingItem[]>) => {
  let answer: OptimizerAnswer;
  try {
    await init({ module_or_path: new URL(wasmUrl, location.href) });
    const { ratings, deltas, lengths } = flattened(data);
    answer = { ok: true, weights: [...new Fsrs().computeParameters(ratings, deltas, lengths, undefined, true)] };
  } catch (error) {
    answer = { ok: false, detail: String(error) };
  }
  postMessage(answer);
});
