/** The formats a run can be taken away in, by the words of `simulate --format`. */

import type { RunPlan } from "../build/run-plan.ts";

export const exportFormats = [
  "json",
  "edges-csv",
  "workloads-csv",
  "series-csv",
  "access-log",
  "access-log-json",
  "outlier-log",
  "otlp",
  "jaeger",
  "prometheus",
] as const;

export type ExportFormat = (typeof exportFormats)[number];

export interface ExportedFile {
  text: string;
  /** Of what it is made: rows, lines, traces; of metrics, the requests they were counted from. */
  count: number;
}

/** Such a format needs a run that keeps every line. */
export function madeOfAccessLog(format: ExportFormat): boolean {
  return format === "access-log" || format === "access-log-json" || format === "prometheus";
}

/** The code that writes them, loaded when first asked for. @param plan of the run; absent: no proxy has logs of its own */
export async function loadExport(plan?: RunPlan): Promise<typeof import("./export-run.ts").exportRun> {
  return (await import("./export-run.ts")).exporterOf(plan);
}
