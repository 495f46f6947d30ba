/**
 * The outlier detection event log as Envoy writes it to event_log_path (data.cluster.v3.OutlierDetectionEvent, compared with Envoy
 * 1.40): one JSON object a line, the fields in its order.
 */
import type { OutlierEvent } from "#engine";
import { epochSeconds } from "../epoch.ts";

export function outlierLogText(events: readonly OutlierEvent[]): string {
  return events.map((event) => `${JSON.stringify(lineOf(event))}\n`).join("");
}

function lineOf(event: OutlierEvent): Record<string, unknown> {
  const { action, kind, sinceLastMs, ejections, enforced } = event;
  return {
    type: kind,
    timestamp: new Date(epochSeconds * 1000 + Math.floor(event.atMs)).toISOString(),
    ...(sinceLastMs === null ? {} : { secs_since_last_action: String(Math.floor(sinceLastMs / 1000)) }),
    cluster_name: event.cluster,
    upstream_url: event.address,
    action,
    num_ejections: ejections,
    enforced,
    ...(action === "EJECT" ? detailsOf(event) : {}),
  };
}

/** Rates as whole percents, cut off. */
function detailsOf({ kind, rates }: OutlierEvent): Record<string, unknown> {
  if (rates === null) return { eject_consecutive_event: {} };
  const host_success_rate = Math.trunc(rates.host);
  if (kind.startsWith("FAILURE_PERCENTAGE")) return { eject_failure_percentage_event: { host_success_rate } };
  return {
    eject_success_rate_event: {
      host_success_rate,
      cluster_average_success_rate: Math.trunc(rates.average ?? 0),
      cluster_success_rate_ejection_threshold: Math.trunc(rates.threshold ?? 0),
    },
  };
}
