/** Compares two plans seed by seed in a simulation worker of its own, so that the run in sight goes on and the comparison can be stopped. */
import type { ComparedRuns, RunPlan } from "#scenario";
import type { ConnectWorkers } from "../run/worker-link.ts";

export interface Comparison {
  /** The runs so far; told after each seed. @returns false when the worker broke or was stopped */
  run(seeds: readonly number[], tell: (runs: readonly ComparedRuns[]) => void): Promise<boolean>;
  stop(): void;
}

export function createComparison(connect: ConnectWorkers, a: RunPlan, b: RunPlan): Comparison {
  const link = connect.simulation();
  let stopped = false;
  return {
    async run(seeds, tell) {
      const runs: ComparedRuns[] = [];
      for (const seed of seeds) {
        const answer = stopped ? null : await link.ask({ type: "compare", a, b, seed });
        if (stopped || answer?.type !== "compared") break;
        runs.push(answer.runs);
        tell([...runs]);
      }
      link.close();
      return runs.length === seeds.length;
    },
    stop() {
      stopped = true;
      link.close();
    },
  };
}
