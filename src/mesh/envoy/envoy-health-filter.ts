/** envoy.filters.http.health_check of a bootstrap. */
import type { HealthCheckFilterConfig } from "#engine";
import { at, entries, type Field, flag, number, sourceOf, text } from "../translation/field.ts";
import { readHeaderMatchers } from "./envoy-matcher.ts";

export function readHealthFilter(field: Field): HealthCheckFilterConfig {
  const { resource } = field;
  return {
    passesThrough: flag(field, "pass_through_mode") ?? false,
    headers: readHeaderMatchers(field, "headers"),
    minHealthy: entries(field, "cluster_min_healthy_percentages").map(([cluster, percent]) => ({
      cluster,
      percent: number(percent, "value") ?? 0,
    })),
    ownCluster: text(at({ resource, path: [], value: resource.object }, "node"), "cluster") ?? "",
    source: sourceOf(field),
  };
}
