/** How many traces one request becomes: 1 where every application forwards headers, one more at each place where one does not. */
import { type MetricDefinition, type Question, ratio } from "../metric.ts";

function measure({ telemetry, targets, counts, windowIndex }: Question): number | null {
  let traces = 0;
  let roots = 0;
  for (const edge of telemetry.edges(windowIndex)) {
    if (!edge.firstHop || !counts(edge.traffic)) continue;
    if (targets.traffic !== null && edge.traffic !== targets.traffic) continue;
    roots += edge.requests;
  }
  for (const traffic of telemetry.trafficNames().keys()) {
    if (!counts(traffic) || (targets.traffic !== null && traffic !== targets.traffic)) continue;
    const broken = telemetry.brokenTraces?.(traffic, windowIndex) ?? null;
    if (broken === null) return null;
    traces += broken;
  }
  return ratio(roots + traces, roots);
}

export const traceMetrics = {
  tracesPerRequest: { side: "application", ofOptional: true, needs: [], takes: [], measure },
} as const satisfies Record<string, MetricDefinition>;
