/** Control plane and certificates as the page draws them: how they stand, and what they did as marks on the time line. */
import type { ControlStatus, Simulation } from "#engine";

/** Of a push, `version` 0: every proxy had it at once; `untilMs`: when the last proxy answered, null while some have not. */
export type ControlMark =
  | {
      atMs: number;
      type: "push";
      version: number;
      proxies: number;
      taken: number;
      refused: number;
      untilMs: number | null;
    }
  | { atMs: number; type: "rotated" | "expired"; workload: string };

export interface ControlFrame extends Pick<ControlStatus, "controlPlaneUp" | "authorityUp" | "version" | "proxies" | "expired"> {
  /** In order; the newest ones. */
  marks: readonly ControlMark[];
  /** Earlier marks, and events beyond the engine's limits. */
  dropped: number;
}

/** Marks of one frame: a chart has no room for more. */
const mostMarks = 200;

export function controlFrame(simulation: Simulation): ControlFrame {
  const { controlPlaneUp, authorityUp, version, proxies, expired, events, certificates, dropped } = simulation.control();
  const pushes = new Map<number, ControlMark & { type: "push" }>();
  const marks: ControlMark[] = [];
  const refusing = new Set<string>();
  for (const event of events) {
    if (event.type === "push") {
      const untilMs = event.version === 0 ? event.atMs : null;
      const taken = event.version === 0 ? event.proxies : 0;
      const { atMs, proxies: sent } = event;
      const mark = { atMs, type: "push", version: event.version, proxies: sent, taken, refused: 0, untilMs } as const;
      const own = { ...mark };
      pushes.set(event.version, own);
      marks.push(own);
    }
    const push = event.type === "answer" ? pushes.get(event.version) : undefined;
    if (event.type !== "answer" || !push) continue;
    // A proxy may refuse several types of one version.
    const proxy = `${event.version} ${event.proxy} ${event.replica}`;
    if (event.reason === "") push.taken++;
    else if (!refusing.has(proxy)) {
      refusing.add(proxy);
      push.refused++;
    }
    if (push.taken + push.refused >= push.proxies) push.untilMs = event.atMs;
  }
  for (const { atMs, type, workload } of certificates) if (type !== "issued") marks.push({ atMs, type, workload });
  marks.sort((a, b) => a.atMs - b.atMs);
  const shown = marks.slice(-mostMarks);
  return {
    ...{ controlPlaneUp, authorityUp, version, proxies, expired },
    marks: shown,
    dropped: dropped + marks.length - shown.length,
  };
}
