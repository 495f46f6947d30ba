/** What stands on the time line: changes made by hand and those the experiment planned, in the order of their moments. */
import type { RunState } from "../run/run-state.ts";
import type { EditLabel } from "../run/world.ts";

export interface TimeMark {
  key: string;
  atMs: number;
  label: EditLabel;
  /** By the experiment's own timeline. */
  planned: boolean;
}

export function timeMarks({ changes, planned }: Pick<RunState, "changes" | "planned">): TimeMark[] {
  const own = changes.map(({ id, atMs, label }) => ({ key: `own ${id}`, atMs, label, planned: false }));
  const others = planned.map(({ atMs, label }, i) => ({ key: `planned ${i}`, atMs, label, planned: true }));
  return [...own, ...others].sort((a, b) => a.atMs - b.atMs);
}
