/** The faults that hold now; the same list as long as nothing began or ended. */
import { useMemo, useRef } from "react";
import type { TimelineEntry } from "#scenario";
import type { AppliedChange } from "../run/world.ts";
import { type RunningFault, runningFaults } from "./running-faults.ts";

const nothing: readonly TimelineEntry[] = [];

export function useFaults(
  timeline: readonly TimelineEntry[] | undefined,
  changes: readonly AppliedChange[],
  nowMs: number,
): readonly RunningFault[] {
  const before = useRef<readonly RunningFault[]>([]);
  return useMemo(() => {
    const now = runningFaults(timeline ?? nothing, changes, nowMs);
    const isSame =
      now.length === before.current.length &&
      now.every(({ id, strength }, index) => {
        const old = before.current[index];
        return old?.id === id && old.strength === strength;
      });
    if (!isSame) before.current = now;
    return before.current;
  }, [timeline, changes, nowMs]);
}
