/**
 * When certificates were issued, renewed and ran out. Every proxy's is renewed at its share of the lifetime while the authority answers,
 * at once when it answers again, and runs out during an outage: all of that follows from the moments at which the authority stopped and
 * answered, so a run needs no event for it.
 */
import { nowOf, type Sim } from "../sim.ts";
import { keptLimits } from "../telemetry/limits.ts";

export interface CertificateEvent {
  atMs: number;
  type: "issued" | "rotated" | "expired";
  /** "" = of every proxy. */
  workload: string;
  namespace: string;
}

export interface CertificateEvents {
  /** In order; of renewals the newest. */
  events: readonly CertificateEvent[];
  /** Older renewals that are not told. */
  dropped: number;
}

const dayMs = 86_400_000;

export function certificateEvents(sim: Sim): CertificateEvents {
  // The files of a bootstrap are nobody's to renew.
  const renewed = sim.instances.some(({ node }) => node.config !== null && node.config.type !== "bootstrap");
  if (!renewed) return { events: [], dropped: 0 };
  const { lifetimeMs, renewAtShare } = sim.config.certificates ?? { lifetimeMs: dayMs, renewAtShare: 0.5 };
  const everyMs = lifetimeMs * renewAtShare;
  const now = nowOf(sim);
  const all = { workload: "", namespace: "" };
  const events: CertificateEvent[] = [{ atMs: 0, type: "issued", ...all }];
  let dropped = 0;
  /** The authority answers from then on. */
  let sinceMs = 0;
  let up = true;
  const renewals = (untilMs: number): void => {
    const first = Math.floor(sinceMs / everyMs) + 1;
    const last = Math.floor(untilMs / everyMs);
    const told = Math.max(first, last - keptLimits.renewals + 1);
    dropped += Math.max(0, told - first);
    for (let turn = told; turn <= last; turn++) events.push({ atMs: turn * everyMs, type: "rotated", ...all });
  };
  /** During an outage that began at `sinceMs`: the last certificates, and that they were missed. */
  const outage = (untilMs: number): boolean => {
    const last = Math.floor(sinceMs / everyMs);
    const endMs = last * everyMs + lifetimeMs;
    if (endMs <= untilMs) events.push({ atMs: endMs, type: "expired", ...all });
    return (last + 1) * everyMs <= untilMs;
  };
  const forced: CertificateEvent[] = [];
  for (const event of sim.controlLog) {
    if (event.type === "expiry") {
      const { atMs, workload, namespace } = event;
      const expired: CertificateEvent = { atMs, type: "expired", workload, namespace };
      forced.push(expired);
      events.push(expired);
    }
    if (event.type !== "authority") continue;
    if (event.up) {
      if (!up && outage(event.atMs)) events.push({ atMs: event.atMs, type: "rotated", ...all });
      else for (const { workload, namespace } of forced) events.push({ atMs: event.atMs, type: "rotated", workload, namespace });
      forced.length = 0;
    } else if (up) renewals(event.atMs);
    if (event.up !== up) sinceMs = event.atMs;
    up = event.up;
  }
  if (up) renewals(now);
  else outage(now);
  return { events: events.sort((a, b) => a.atMs - b.atMs), dropped };
}
