/** The browser's worker and Node run the same experiment to the same trace hash, whatever the pace. */
import { readdirSync, readFileSync } from "node:fs";
import { openSession } from "#scenario";
import { expect, test } from "./watched-page.ts";

const scenarios = readdirSync("content/scenarios");

interface Answer {
  id: number;
  message: { type: string; traceHash?: string; frame?: { finished: boolean } };
}

for (const scenario of scenarios) {
  test(`${scenario} has one trace hash in Node and in the worker`, async ({ page }) => {
    const files = ["experiment.yaml", "solution.yaml"].map((name) => ({
      name,
      text: readFileSync(`content/scenarios/${scenario}/${name}`, "utf8"),
    }));
    const opened = openSession(files, { seed: 7 });
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    opened.session.run();

    const script = readdirSync("dist/_astro").find((name) => name.startsWith("simulation-worker"));
    await page.goto("/en/");
    const inBrowser = await page.evaluate(
      async ({ url, input }) => {
        const worker = new Worker(url, { type: "module" });
        let id = 0;
        const ask = (message: unknown) =>
          new Promise<Answer["message"]>((resolve, reject) => {
            id += 1;
            const own = id;
            worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => data.id === own && resolve(data.message));
            worker.addEventListener("error", (event) => reject(new Error(event.message)));
            worker.postMessage({ version: 1, id, message });
          });
        const frame = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };
        await ask({ type: "open", files: input, seed: 7 });
        for (let untilMs = 700; ; untilMs += 700) {
          const answer = await ask({ type: "advance", untilMs, budgetMs: 50, frame });
          if (answer.type !== "frame") throw new Error(JSON.stringify(answer));
          if (answer.frame?.finished) return answer.traceHash;
        }
      },
      { url: `/_astro/${script}`, input: files },
    );
    expect(inBrowser).toBe(opened.session.traceHash());
  });
}
