/** Control plane and certificate authority as a graph shows them. */
import { nowOf, type Sim } from "../sim.ts";
import type { ControlStatus } from "../simulation.ts";
import { certificateEvents } from "./certificate-events.ts";
import { proxyStatuses } from "./proxy-status.ts";

export function controlStatus(sim: Sim): ControlStatus {
  const { events, dropped } = certificateEvents(sim);
  const now = nowOf(sim);
  const valid = new Map<string, boolean>();
  for (const { atMs, type, workload, namespace } of events) {
    if (atMs > now) break;
    if (workload === "") valid.clear();
    valid.set(`${namespace}/${workload}`, type !== "expired");
  }
  return {
    controlPlaneUp: sim.control.controlPlaneUp,
    authorityUp: sim.control.caUp,
    version: sim.push.version,
    proxies: proxyStatuses(sim),
    expired: [...valid].filter(([, isValid]) => !isValid).map(([name]) => (name === "/" ? "" : name)),
    events: sim.controlLog,
    certificates: events,
    dropped: sim.control.controlEventsDropped + dropped,
  };
}
