/** What stands on the time line: changes made by hand, those the experiment planned, and what the control plane and the CA did. */
import type { ControlMark } from "#scenario";
import type { RunState } from "../run/run-state.ts";
import type { EditLabel } from "../run/world.ts";

export interface TimeMark {
  key: string;
  atMs: number;
  label: EditLabel;
  by: "reader" | "timeline" | "mesh";
  /** How a chart tells it apart; "" = a line alone. */
  sign: "" | "▲" | "✕" | "↻" | "!";
}

export function timeMarks({ changes, planned, meshMarks }: Pick<RunState, "changes" | "planned" | "meshMarks">): TimeMark[] {
  const own = changes.map(({ id, atMs, label }) => ({ key: `own ${id}`, atMs, label, by: "reader", sign: "" }) as const);
  const others = planned.map(({ atMs, label }, i) => ({ key: `planned ${i}`, atMs, label, by: "timeline", sign: "" }) as const);
  const mesh = meshMarks.map(
    (mark, i) => ({ key: `mesh ${i}`, ...mark, label: markLabel(mark), by: "mesh", sign: signOf(mark) }) as const,
  );
  return [...own, ...others, ...mesh].sort((a, b) => a.atMs - b.atMs);
}

function markLabel(mark: ControlMark): EditLabel {
  if (mark.type !== "push") {
    return mark.workload === "" ? { code: `${mark.type}All`, params: {} } : { code: mark.type, params: { of: mark.workload } };
  }
  const { version, proxies, taken, refused, untilMs } = mark;
  const params = { version, proxies, taken, refused };
  if (version === 0) return { code: "pushedAtOnce", params };
  if (refused > 0) return { code: "pushRefused", params };
  return { code: untilMs === null ? "pushUnderWay" : "pushed", params };
}

function signOf(mark: ControlMark): TimeMark["sign"] {
  if (mark.type === "push") return mark.refused > 0 ? "✕" : "▲";
  return mark.type === "rotated" ? "↻" : "!";
}
