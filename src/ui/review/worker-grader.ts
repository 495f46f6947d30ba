/** The grader of executable cards, backed by the two workers. They start with the first prediction. */
import { type GradedRun, type GradedScenario, type Grader, traceLength } from "#cards";
import {
  createWorkerClient,
  type MeshAnswers,
  type MeshClient,
  type MeshRequest,
  type SimulationAnswers,
  type SimulationClient,
  type SimulationRequest,
} from "#protocol";

/** Virtual time that no card's scenario reaches. */
const endMs = 3_600_000;
/** A scenario of a card runs in a moment; this only keeps the worker answering. */
const budgetMs = 5000;

export function createWorkerGrader(): Grader & { close(): void } {
  let mesh: MeshClient | undefined;
  let client: SimulationClient | undefined;
  return {
    async run({ files, seed }: GradedScenario): Promise<GradedRun> {
      mesh ??= createWorkerClient<MeshRequest, MeshAnswers>(
        () => new Worker(new URL("../../worker/mesh-worker.ts", import.meta.url), { type: "module" }),
      );
      client ??= createWorkerClient<SimulationRequest, SimulationAnswers>(
        () => new Worker(new URL("../../worker/simulation-worker.ts", import.meta.url), { type: "module" }),
      );
      client.start();
      const { plan, diagnostics } = await mesh.ask({ type: "plan", files });
      if (!plan) throw new Error(diagnostics.map(({ code }) => code).join(", "));
      await client.ask({ type: "open", plan, seed });
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
    close() {
      mesh?.close();
      client?.close();
    },
  };
}
