/** Files → a session, in one thread: what the CLI, cards and tests use. The page's workers do the two halves apart. */
import type { MeshFile } from "#mesh";
import { type PlanOptions, planRun } from "./build/plan.ts";
import type { OpenSession } from "./session.ts";
import { startSession } from "./start-session.ts";

export interface SessionOptions extends PlanOptions {
  /** Default: the experiment's own seed. */
  seed?: number;
  /** Records the run's numbers over time. Default: no. */
  series?: boolean;
}

/**
 * Reads, judges and translates the files, then starts a simulation at time 0. Without an Experiment document the workloads
 * come from Deployments, Services and subsets, and a gentle traffic is made up (see build/default-experiment.ts).
 */
export function openSession(files: readonly MeshFile[], options: SessionOptions = {}): OpenSession {
  const planned = planRun(files, options);
  if (!planned.ok) return planned;
  const { plan } = planned;
  return {
    ok: true,
    session: startSession(plan, options.seed ?? plan.experiment.seed, { series: options.series ?? false }),
    plan,
    topology: plan.topology,
    diagnostics: plan.diagnostics,
  };
}
