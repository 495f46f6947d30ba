/** Moves a simulation onward, stopping at the end of each bucket of the charts: every way forward passes here. */
import type { Simulation } from "#engine";
import type { SeriesRecorder } from "./series-recorder.ts";

export interface RecordedRun {
  run(untilMs?: number, maxEvents?: number): void;
  step(): boolean;
  stepRequest(): boolean;
}

export function createRecordedRun(simulation: Simulation, series: SeriesRecorder): RecordedRun {
  function step(): boolean {
    // Buckets that end before the next event hold nothing more.
    while (series.nextMs < simulation.nextEventMs && !simulation.finished) {
      simulation.run(series.nextMs);
      series.take();
    }
    return simulation.step();
  }

  return {
    run(untilMs = Infinity, maxEvents = Infinity) {
      const limit = simulation.eventCount + maxEvents;
      while (!simulation.finished) {
        const targetMs = Math.min(untilMs, series.nextMs);
        simulation.run(targetMs, limit - simulation.eventCount);
        if (simulation.eventCount >= limit) return;
        if (targetMs < series.nextMs) return;
        series.take();
      }
      simulation.run(untilMs, limit - simulation.eventCount);
    },
    step,
    stepRequest() {
      const before = simulation.requestsEnded;
      while (step()) if (simulation.requestsEnded > before) return true;
      return false;
    },
  };
}
