/** Latency of every downstream request of the caller's proxy, whatever its status, in milliseconds. */
import type { EdgeStats, LatencySummary, Telemetry } from "#engine";
import { edgesOf, type MetricDefinition } from "../metric.ts";

/** One summary over several rows; null when they hold no request (or the run cannot merge what it measured). */
export function mergedLatency(telemetry: Telemetry, rows: readonly EdgeStats[], windowIndex: number): LatencySummary | null {
  const filled = rows.filter((row) => row.latency.count > 0);
  if (filled.length <= 1) return filled[0]?.latency ?? null;
  return telemetry.mergeLatency?.(filled, windowIndex) ?? null;
}

function latencyMetric(field: "mean" | "p50" | "p90" | "p95" | "p99"): MetricDefinition {
  return {
    side: "caller",
    needs: [],
    takes: [],
    measure: (question) => mergedLatency(question.telemetry, edgesOf(question), question.windowIndex)?.[field] ?? null,
  };
}

export const latencyMetrics = {
  p50Ms: latencyMetric("p50"),
  p90Ms: latencyMetric("p90"),
  p95Ms: latencyMetric("p95"),
  p99Ms: latencyMetric("p99"),
  meanMs: latencyMetric("mean"),
} as const satisfies Record<string, MetricDefinition>;
