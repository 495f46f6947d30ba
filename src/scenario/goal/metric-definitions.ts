/** Every metric a goal may name. A new one is its family's file and, for a new family, one line here. */
import type { MetricDefinition } from "./metric.ts";
import { arrivalMetrics } from "./metrics/arrivals.ts";
import { costMetrics } from "./metrics/cost.ts";
import { ejectionMetrics } from "./metrics/ejections.ts";
import { latencyMetrics } from "./metrics/latency.ts";
import { momentMetrics } from "./metrics/moments.ts";
import { outcomeMetrics } from "./metrics/outcomes.ts";
import { traceMetrics } from "./metrics/traces.ts";

export const metricDefinitions: Readonly<Record<string, MetricDefinition>> = {
  ...arrivalMetrics,
  ...costMetrics,
  ...traceMetrics,
  ...outcomeMetrics,
  ...latencyMetrics,
  ...ejectionMetrics,
  ...momentMetrics,
};
