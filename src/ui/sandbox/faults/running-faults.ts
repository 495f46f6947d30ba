/** Which faults hold at a moment: what the experiment's timeline and the reader did so far, without what has ended. Pure. */
import type { ActionText, TimelineEntry } from "#scenario";
import type { AppliedChange } from "../run/world.ts";

export interface RunningFault {
  /** One of its kind and place holds at a time. */
  id: string;
  kind: FaultKind;
  /** Workload, or the two ends of a partition; "" for outages. */
  place: string;
  replica: number | null;
  /** Factor, share or what else there is to say of its strength; "" = nothing. */
  strength: string;
  sinceMs: number;
  /** What ends it; null where only time or a restart does. */
  end: ActionText | null;
  /** How it is written in a timeline; null where it stands there already. */
  written: ActionText | null;
}

export type FaultKind =
  | "crash"
  | "slow"
  | "cpu"
  | "errors"
  | "partition"
  | "controlPlaneDown"
  | "caDown"
  | "expireCertificates"
  | "pushDelay";

interface Dated {
  entry: TimelineEntry;
  atMs: number;
  written: ActionText | null;
}

export function runningFaults(
  timeline: readonly TimelineEntry[],
  changes: readonly AppliedChange[],
  nowMs: number,
): RunningFault[] {
  const planned = timeline.map((entry): Dated => ({ entry, atMs: entry.atMs, written: null }));
  const byHand = changes.flatMap(({ entry, action, atMs }): Dated[] => (entry ? [{ entry, atMs, written: action ?? null }] : []));
  const running = new Map<string, RunningFault>();
  for (const one of [...planned, ...byHand].filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs))
    take(running, one);
  return [...running.values()];
}

function take(running: Map<string, RunningFault>, { entry, atMs, written }: Dated): void {
  const put = (fault: Omit<RunningFault, "id" | "sinceMs" | "written">, holds: boolean): void => {
    const id = `${fault.kind} ${fault.place} ${fault.replica ?? ""}`;
    running.delete(id);
    if (holds) running.set(id, { ...fault, id, sinceMs: atMs, written });
  };
  switch (entry.type) {
    case "crash": {
      const { workload: place, replica } = entry;
      put({ kind: "crash", place, replica, strength: "", end: { fault: { recover: place, ...at(replica) } } }, true);
      return;
    }
    case "recover":
      for (const [id, fault] of running) if (fault.place === entry.workload && healed(fault, entry.replica)) running.delete(id);
      return;
    case "slow":
    case "cpu": {
      const { type: kind, workload: place, replica, factor } = entry;
      const end = { fault: { [kind]: { workload: place, ...at(replica), factor: 1 } } };
      put({ kind, place, replica, strength: `×${factor}`, end }, factor !== 1);
      return;
    }
    case "errors": {
      const { workload: place, replica, errors } = entry;
      const strength = errors?.type === "rate" ? `${Math.round(errors.rate * 1000) / 10}% ${errors.outcome}` : "";
      put(
        { kind: "errors", place, replica, strength, end: { fault: { errors: { workload: place, ...at(replica), rate: 0 } } } },
        errors !== null,
      );
      return;
    }
    case "partition": {
      const { from, to, active } = entry;
      put(
        {
          kind: "partition",
          place: `${from} → ${to}`,
          replica: null,
          strength: "",
          end: { fault: { partition: { from, to, active: false } } },
        },
        active,
      );
      return;
    }
    case "controlPlane":
    case "certificateAuthority": {
      const kind = entry.type === "controlPlane" ? "controlPlaneDown" : "caDown";
      put({ kind, place: "", replica: null, strength: "", end: { fault: { [kind]: false } } }, !entry.up);
      // A certificate authority that answers again renews what had expired.
      if (entry.type === "certificateAuthority" && entry.up) {
        for (const [id, { kind: other }] of running) if (other === "expireCertificates") running.delete(id);
      }
      return;
    }
    case "expireCertificates":
      put(
        { kind: "expireCertificates", place: entry.workload, replica: null, strength: "", end: { fault: { caDown: false } } },
        true,
      );
      return;
    case "pushDelay": {
      const { delay } = entry;
      const strength = delay?.type === "constant" ? `${delay.ms / 1000} s` : "";
      put({ kind: "pushDelay", place: "", replica: null, strength, end: { fault: { pushDelay: "0s" } } }, delay !== null);
    }
  }
}

/** Recovery of a replica, or of all of them, ends everything that ails it. */
function healed(fault: RunningFault, replica: number | null): boolean {
  const ails = fault.kind === "crash" || fault.kind === "slow" || fault.kind === "cpu" || fault.kind === "errors";
  return ails && (replica === null || fault.replica === replica);
}

function at(replica: number | null): { replica: number } | Record<string, never> {
  return replica === null ? {} : { replica };
}
