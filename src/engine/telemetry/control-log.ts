/**
 * What the control plane and the certificate authority did: each configuration that was pushed, each proxy's answer to it, outages, and
 * certificates that were made to expire. Renewals are not written down: they follow from the time (see certificate-events.ts).
 */
import { nowOf, type Sim } from "../sim.ts";
import { keptLimits } from "./limits.ts";

/**
 * Of a push, `version` 0: every proxy had it at once. Of an answer, `reason`: why Envoy refused it; "" = it took all of it.
 */
export type ControlEvent =
  | { atMs: number; type: "push"; version: number; proxies: number }
  | { atMs: number; type: "answer"; version: number; proxy: string; replica: number; reason: string }
  | { atMs: number; type: "authority"; up: boolean }
  | { atMs: number; type: "expiry"; workload: string; namespace: string };

type Told = ControlEvent extends infer Event ? (Event extends ControlEvent ? Omit<Event, "atMs"> : never) : never;

export function noteControl(sim: Sim, told: Told): void {
  if (sim.controlLog.length >= keptLimits.controlLog) {
    sim.control.controlEventsDropped++;
    return;
  }
  // Frozen: checkpoints share it.
  sim.controlLog.push(Object.freeze({ atMs: nowOf(sim), ...told }) as ControlEvent);
}
