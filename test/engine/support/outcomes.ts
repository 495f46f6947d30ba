/** What came out of a run, in the words of the measured checks. */
import { createSimulation, type EdgeStats, invariantViolations, type SimulationConfig } from "#engine";

/** Runs to the end and makes sure that the engine's own checkers found nothing. */
export function finish(config: SimulationConfig, seed = 1) {
  const run = createSimulation(config, { seed, recordFlights: false, checkpointEvery: 0 });
  run.run();
  const violations = invariantViolations(run);
  if (violations.length > 0) throw new Error(violations.join("\n"));
  return run;
}

export function edgeOf(config: SimulationConfig, traffic = 0, seed = 1): EdgeStats {
  const edge = finish(config, seed)
    .telemetry.edges()
    .find((row) => row.traffic === traffic && row.firstHop);
  if (edge === undefined) throw new Error("no request was made");
  return edge;
}

/** Arrivals at a workload over all of its replicas, by replica. */
export function arrivalsOf(run: ReturnType<typeof finish>, workload: string): number[] {
  const counts: number[] = [];
  for (const row of run.telemetry.arrivals()) {
    if (row.workload === workload) counts[row.replica] = (counts[row.replica] ?? 0) + row.requests;
  }
  return Array.from(counts, (count) => count ?? 0);
}
