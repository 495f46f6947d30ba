/** Every list a run keeps has a name and a bound, so that memory stays bounded; this says which of them had to drop something. */
import type { Sim } from "../sim.ts";

export interface KeptList {
  name: "flights" | "finishedRequests" | "accessLog" | "arrivalSequence" | "ejections" | "outlierLog" | "controlLog";
  limit: number;
  /** What would have gone beyond it: the oldest of a ring, the newest of a record. */
  dropped: number;
}

/** How many messages, requests, arrivals at a service, ejections and findings of outlier detection are kept. */
export const keptLimits = {
  flights: 4096,
  finishedRequests: 512,
  arrivalSequence: 65_536,
  ejections: 20_000,
  outlierLog: 20_000,
  /** Pushes, proxies' answers to them, outages. */
  controlLog: 5000,
  /** Renewals of certificates that are told, of those between two outages. */
  renewals: 1000,
} as const;

export function keptLists(sim: Sim): KeptList[] {
  const beyond = (count: number, limit: number) => Math.max(0, count - limit);
  let unordered = 0;
  for (const sequence of sim.sequences) unordered += sequence.dropped;
  return [
    { name: "flights", limit: keptLimits.flights, dropped: beyond((sim.flights?.next ?? 1) - 1, keptLimits.flights) },
    {
      name: "finishedRequests",
      limit: keptLimits.finishedRequests,
      dropped: beyond(sim.finishedRing.count, keptLimits.finishedRequests),
    },
    { name: "accessLog", limit: sim.accessLog.limit, dropped: beyond(sim.accessLog.count, sim.accessLog.limit) },
    { name: "arrivalSequence", limit: keptLimits.arrivalSequence, dropped: unordered },
    { name: "ejections", limit: keptLimits.ejections, dropped: sim.control.ejectionsDropped },
    { name: "controlLog", limit: keptLimits.controlLog, dropped: sim.control.controlEventsDropped },
    { name: "outlierLog", limit: keptLimits.outlierLog, dropped: sim.control.outlierEventsDropped },
  ];
}
