/** The browser's workers and Node run the same experiment to the same trace hash, whatever the pace. */
import { readdirSync, readFileSync } from "node:fs";
import { loadEnvoyDialect } from "#mesh";
import { openSession, verifyTokens } from "#scenario";
import { expect, test } from "./watched-page.ts";

/** Levels solved and unsolved, experiments of the format, scenarios of the real Envoy. */
const named: readonly (readonly [string, readonly string[]])[] = [
  ...readdirSync("content/scenarios").flatMap((level) =>
    ["start", "solution"].map((part) => {
      const files = ["experiment", part].map((name) => `content/scenarios/${level}/${name}.yaml`);
      return [`${level} (${part})`, files] as const;
    }),
  ),
  ...["test/scenario/experiments", "test/oracle/envoy-live/scenarios"].flatMap((folder) =>
    readdirSync(folder).map((name) => [name.replace(/\.yaml$/, ""), [`${folder}/${name}`]] as const),
  ),
];
const read = (paths: readonly string[]) =>
  paths.map((path) => ({ name: path.split("/").at(-1) ?? path, text: readFileSync(path, "utf8") }));
await loadEnvoyDialect();
/** A level may begin with documents that are refused, which is a run of nothing. */
const runnable = named.filter(([, paths]) => openSession(read(paths)).ok);
/** Every second one where time is short. */
const scenarios = process.env.MESHWISE_SPEED === "verify" ? runnable : runnable.filter((_, index) => index % 2 === 0);

test("there are more than fifty different runs", () => {
  expect(scenarios.length).toBeGreaterThan(50);
});

interface Answer {
  id: number;
  message: { type: string; plan?: object; traceHash?: string; frame?: { finished: boolean } };
}

/** One page runs several, one after the other: opening it takes longer than most of them. */
const together = 10;

for (let from = 0; from < scenarios.length; from += together) {
  const batch = scenarios.slice(from, from + together);
  test(`${batch.map(([name]) => name).join(", ")}: one trace hash in Node and in the workers`, async ({ page }) => {
    const reading = batch.map(async ([name, paths]) => {
      const files = read(paths);
      const opened = openSession(files, { seed: 7, tokens: await verifyTokens(files) });
      if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
      opened.session.run();
      return { name, files, traceHash: opened.session.traceHash() };
    });
    const runs = await Promise.all(reading);
    const [mesh, simulation] = ["mesh-worker", "simulation-worker"].map(
      (entry) => `/_astro/${readdirSync("dist/_astro").find((name) => name.startsWith(entry))}`,
    );
    // A page on which nothing runs by itself.
    await page.goto("/en/how-true/");
    for (const { name, files, traceHash } of runs) {
      const inBrowser = await page.evaluate(runInWorkers, { mesh: mesh ?? "", simulation: simulation ?? "", input: files });
      expect(inBrowser, name).toBe(traceHash);
    }
  });
}

interface Scripts {
  mesh: string;
  simulation: string;
  input: { name: string; text: string }[];
}

/** Runs in the page: @returns the trace hash after a run in slices of 700 ms. */
async function runInWorkers({ mesh, simulation, input }: Scripts) {
  const start = (url: string) => {
    const worker = new Worker(url, { type: "module" });
    let id = 0;
    const ask = (message: unknown) =>
      new Promise<Answer["message"]>((resolve, reject) => {
        id += 1;
        const own = id;
        worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => data.id === own && resolve(data.message));
        worker.addEventListener("error", (event) => reject(new Error(event.message)));
        worker.postMessage({ version: 2, id, message });
      });
    return { worker, ask };
  };
  const reader = start(mesh);
  const runner = start(simulation);
  const { plan } = await reader.ask({ type: "plan", files: input });
  const frame = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };
  await runner.ask({ type: "open", plan, seed: 7 });
  for (let untilMs = 700; ; untilMs += 700) {
    const answer = await runner.ask({ type: "advance", untilMs, budgetMs: 50, frame });
    if (answer.type !== "frame") throw new Error(JSON.stringify(answer));
    if (!answer.frame?.finished) continue;
    reader.worker.terminate();
    runner.worker.terminate();
    return answer.traceHash;
  }
}
