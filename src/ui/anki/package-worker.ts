/** Reads and writes the packages of a sync away from the page's thread. */
import wasmUrl from "sql.js/dist/sql-wasm-browser.wasm?url";
import { createPackageTool, createScheduler, defaultDeckOptions, localDayClock } from "#cards";
import type { ToolAnswer, ToolOrder } from "./package-tool.ts";

const scheduler = createScheduler(defaultDeckOptions, localDayClock());

addEventListener("message", async ({ data }: MessageEvent<ToolOrder>) => {
  let answer: ToolAnswer;
  try {
    const tool = await createPackageTool({ scheduler, nowMs: Date.now() }, new URL(wasmUrl, location.href).href);
    answer =
      data.kind === "read"
        ? { kind: "read", result: await tool.read(data.file) }
        : { kind: "written", file: await tool.write(data.request) };
  } catch (error) {
    answer = { kind: "failed", detail: String(error) };
  }
  postMessage(answer);
});
