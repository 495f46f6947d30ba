/** Writes the .apkg away from the page's thread. Receives plain data, answers with the bytes or with what went wrong. */
import { exportApkg, localDayClock } from "#cards";
import type { ExportAnswer, ExportOrder } from "./export-order.ts";

addEventListener("message", async ({ data }: MessageEvent<ExportOrder>) => {
  let answer: ExportAnswer;
  try {
    const file = await exportApkg({ ...data, clock: localDayClock() });
    answer = { ok: true, value: file };
  } catch (error) {
    answer = { ok: false, error: String(error) };
  }
  postMessage(answer, answer.ok ? { transfer: [answer.value.bytes.buffer] } : undefined);
});
