/** The grader of executable cards, backed by the simulation worker. The worker starts with the first prediction. */
import { type GradedRun, type GradedScenario, type Grader, traceLength } from "#cards";
import { createWorkerClient, type WorkerClient } from "#protocol";

/** Virtual time that no card's scenario reaches. */
const endMs = 3_600_000;
/** A scenario of a card runs in a moment; this only keeps the worker answering. */
const budgetMs = 5000;

export function createWorkerGrader(): Grader & { close(): void } {
  let client: WorkerClient | undefined;
  return {
    async run({ files, seed }: GradedScenario): Promise<GradedRun> {
      client ??= createWorkerClient(
        () => new Worker(new URL("../../worker/simulation-worker.ts", import.meta.url), { type: "module" }),
      );
      const opened = await client.ask({ type: "open", files, seed });
      if (opened.type === "refused") throw new Error(opened.diagnostics.map(({ code }) => code).join(", "));
      const frame = { afterFlightId: 0, maxFlights: 0, maxRequests: traceLength };
      let answer = await client.ask({ type: "advance", untilMs: endMs, budgetMs, frame });
      while (!answer.frame.finished) answer = await client.ask({ type: "advance", untilMs: endMs, budgetMs, frame });
      const value = answer.frame.goal.checks[0]?.value;
      if (typeof value !== "number") throw new Error("no value");
      const requests = answer.frame.requests.map(({ method, url, startMs, endMs: until, status, flags }) => ({
        method,
        url,
        startMs,
        endMs: until,
        status,
        flags,
      }));
      return { value, requests };
    },
    close: () => client?.close(),
  };
}
