/** The recorded points of a run as charts: which lines, in which unit. Computes rates and shares, nothing else. */
import type { SeriesPoint } from "#scenario";

export type ChartId = "rate" | "errors" | "latency" | "share" | "retries" | "ejections";

export interface ChartLine {
  /** A flag, a percentile or a workload; "" = the chart's own name says it. */
  name: string;
  values: readonly (number | null)[];
}

export interface Chart {
  id: ChartId;
  unit: "perSecond" | "ms" | "share" | "count";
  lines: readonly ChartLine[];
}

/** Lines that a small chart can still tell apart. */
const mostLines = 6;

/** @param versions for each service with several workloads: their keys in `arrivals` */
export function chartsOf(points: readonly SeriesPoint[], versions: readonly (readonly string[])[]): Chart[] {
  const rate = (count: (point: SeriesPoint) => number) =>
    points.map((point) => (count(point) * 1000) / (point.toMs - point.fromMs));
  const flags = [...new Set(points.flatMap((point) => Object.keys(point.flags)))].sort();
  const shown = flags.slice(0, mostLines - 1);
  const errors: ChartLine[] = [
    { name: "", values: rate((point) => point.errors) },
    ...shown.map((flag) => ({ name: flag, values: rate((point) => point.flags[flag] ?? 0) })),
  ];
  const latency = (["p50", "p95", "p99"] as const).map((name) => ({ name, values: points.map((point) => point[name]) }));
  const share = versions
    .flatMap((members) =>
      members.map((key) => ({ name: nameOf(key), values: points.map((point) => shareOf(point, key, members)) })),
    )
    .slice(0, mostLines);
  return [
    { id: "rate", unit: "perSecond", lines: [{ name: "", values: rate((point) => point.requests) }] },
    { id: "errors", unit: "perSecond", lines: errors },
    { id: "latency", unit: "ms", lines: latency },
    ...(share.length > 0 ? [{ id: "share", unit: "share", lines: share } as const] : []),
    { id: "retries", unit: "perSecond", lines: [{ name: "", values: rate((point) => point.retries) }] },
    { id: "ejections", unit: "count", lines: [{ name: "", values: points.map((point) => point.ejections) }] },
  ];
}

function shareOf(point: SeriesPoint, key: string, members: readonly string[]): number | null {
  const all = members.reduce((sum, member) => sum + (point.arrivals[member] ?? 0), 0);
  return all === 0 ? null : (point.arrivals[key] ?? 0) / all;
}

function nameOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

/** The point that covers a moment; the last one before it where it lies beyond. −1 where there is none. */
export function pointAt(points: readonly SeriesPoint[], atMs: number): number {
  const index = points.findIndex((point) => atMs < point.toMs);
  return index < 0 ? points.length - 1 : index;
}
