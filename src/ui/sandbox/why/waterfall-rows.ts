/** The rows of a trace: hops as a tree, the tries of those that were tried more than once beneath them, times from the first start. */
import type { AttemptExplanation, RequestExplanation } from "#engine";
import { hopFailed, hopTree } from "./explanation-words.ts";

export interface WaterfallRow {
  key: string;
  kind: "hop" | "try";
  depth: number;
  name: string;
  /** Of a try, from 1. */
  number: number;
  /** From the start of the request, ms. */
  fromMs: number;
  /** null: still in flight. */
  tookMs: number | null;
  status: number;
  grpcStatus?: number | undefined;
  flags: string;
  failed: boolean;
}

export function waterfallRows(explanation: RequestExplanation): { rows: WaterfallRow[]; spanMs: number } {
  const start = explanation.hops[0]?.startMs ?? 0;
  const rows = hopTree(explanation).flatMap(({ hop, depth }): WaterfallRow[] => {
    const own: WaterfallRow = {
      key: `hop ${hop.spanId}`,
      kind: "hop",
      depth,
      name: `${hop.from} → ${hop.to}`,
      number: 0,
      fromMs: hop.startMs - start,
      tookMs: hop.endMs === null ? null : hop.endMs - hop.startMs,
      status: hop.status ?? 0,
      grpcStatus: hop.grpcStatus,
      flags: hop.flags.filter((flag) => flag !== "-" && flag !== "").join(","),
      failed: hopFailed(hop),
    };
    if (hop.attempts.length < 2) return [own];
    const tries = hop.attempts.map(
      (attempt, index): WaterfallRow => ({
        key: `try ${hop.spanId} ${index}`,
        kind: "try",
        depth: depth + 1,
        name: attempt.workload === "" ? attempt.address : `${attempt.workload} #${attempt.replica}`,
        number: index + 1,
        fromMs: attempt.startMs - start,
        tookMs: attempt.endMs === null ? null : attempt.endMs - attempt.startMs,
        status: attempt.status ?? 0,
        grpcStatus: attempt.grpcStatus,
        flags: attempt.flag,
        failed: attempt.endMs !== null && attemptFailed(attempt),
      }),
    );
    return [own, ...tries];
  });
  const spanMs = Math.max(0, ...rows.map((row) => row.fromMs + (row.tookMs ?? 0)));
  return { rows, spanMs };
}

function attemptFailed({ flag, status, grpcStatus }: AttemptExplanation): boolean {
  return flag !== "" || (status ?? 0) === 0 || (status ?? 0) >= 500 || grpcStatus !== undefined;
}
