/** Plans and runs of a level that is being made, in workers of their own: the run in sight goes on, and they can be stopped. */
import type { Diagnostic, MeshFile } from "#mesh";
import type { GoalResult, RunPlan } from "#scenario";
import type { ConnectWorkers, MeshLink, SimulationLink } from "../run/worker-link.ts";

export interface LevelRuns {
  /** @returns null when stopped, or the worker broke */
  plan(files: readonly MeshFile[]): Promise<{ plan: RunPlan | null; diagnostics: readonly Diagnostic[] } | null>;
  /** To the end of the run. */
  run(plan: RunPlan, seed: number): Promise<GoalResult | null>;
  countEdits(from: string, to: string): Promise<number | null>;
  stop(): void;
}

const nothing = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };
const budgetMs = 100;

export function createLevelRuns(connect: ConnectWorkers): LevelRuns {
  let mesh: MeshLink | null = null;
  let simulation: SimulationLink | null = null;
  let stopped = false;
  const reader = () => {
    mesh ??= connect.mesh();
    return mesh;
  };
  return {
    async plan(files) {
      const answer = stopped ? null : await reader().ask({ type: "plan", files: [...files] });
      return answer?.type === "planned" && !stopped ? answer : null;
    },
    async run(plan, seed) {
      if (stopped) return null;
      simulation ??= connect.simulation();
      const link = simulation;
      const opened = await link.ask({ type: "open", plan, seed });
      let events = -1;
      while (opened.type === "frame" && !stopped) {
        const answer = await link.ask({ type: "advance", untilMs: Infinity, budgetMs, frame: nothing });
        if (answer.type !== "frame" || stopped) return null;
        if (answer.frame.finished || answer.frame.eventCount === events) return answer.frame.goal;
        events = answer.frame.eventCount;
      }
      return null;
    },
    async countEdits(from, to) {
      const answer = stopped ? null : await reader().ask({ type: "countEdits", from, to });
      return answer?.type === "editsCounted" ? answer.edits : null;
    },
    stop() {
      stopped = true;
      mesh?.close();
      simulation?.close();
    },
  };
}
