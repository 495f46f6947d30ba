/** A run as a file, in each format there is: one place for the page and the command line. Apart from the run itself, so that it is loaded when asked for. */
import type { RequestExplanation } from "#engine";
import type { RunPlan } from "../build/run-plan.ts";
import type { Session } from "../session.ts";
import { accessLogJsonLines, accessLogText, type OwnLogWriter } from "./access-log-text.ts";
import { edgesCsv, seriesCsv, workloadsCsv } from "./csv-text.ts";
import type { ExportedFile, ExportFormat } from "./export-format.ts";
import { outlierLogText } from "./outlier-log-text.ts";
import { prometheusText } from "./prometheus-text.ts";
import { jaegerTraces, otlpTraces } from "./traces.ts";

/** More points than a run ever keeps: none are joined. */
const allPoints = 10_000;
/** Each is a replay of a stretch of the run. */
const mostTraces = 20;

/** With the writer of the proxies' own logs, where they have such. */
export async function exporterOf(plan: RunPlan | undefined): Promise<typeof exportRun> {
  const listeners = plan?.config.mesh.nodes.flatMap((node) => node.listeners) ?? [];
  const hasLogs = listeners.some(({ filterChains }) =>
    filterChains.some(({ terminal }) => terminal.type === "http" && terminal.accessLogs !== undefined),
  );
  if (!hasLogs) return exportRun;
  const { ownLogText } = await import("./own-log-text.ts");
  return (format, run, session, traces) => exportRun(format, run, session, traces, ownLogText);
}

/** @param session keeps its whole access log where the format is made of it (`madeOfAccessLog`) */
export function exportRun(
  format: ExportFormat,
  plan: RunPlan,
  session: Session,
  traces = mostTraces,
  write: OwnLogWriter | null = null,
): ExportedFile {
  switch (format) {
    case "json": {
      const report = session.report();
      return { text: `${JSON.stringify(report, null, 2)}\n`, count: report.edges.length };
    }
    case "edges-csv": {
      const report = session.report();
      return { text: edgesCsv(report), count: report.edges.length };
    }
    case "workloads-csv": {
      const report = session.report();
      return { text: workloadsCsv(report), count: report.workloads.length };
    }
    case "series-csv": {
      const points = session.series(allPoints);
      return { text: seriesCsv(points), count: points.length };
    }
    case "access-log":
      return { text: accessLogText(session.accessLog(), session.ownLines(), write), count: session.accessLog().length };
    case "access-log-json":
      return { text: accessLogJsonLines(session.accessLog()), count: session.accessLog().length };
    case "outlier-log":
      return { text: outlierLogText(session.outlierLog()), count: session.outlierLog().length };
    case "prometheus":
      return { text: prometheusText(plan, session.accessLog(), session.served()), count: session.accessLog().length };
    case "otlp":
    case "jaeger": {
      const requests = tracedRequests(session, traces);
      return { text: format === "otlp" ? otlpTraces(requests) : jaegerTraces(requests), count: requests.length };
    }
  }
}

/** The newest finished requests, half of them failed ones where there are such; oldest first. */
function tracedRequests(session: Session, most: number): RequestExplanation[] {
  const { requests } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 512 });
  const failed = requests
    .filter(({ status, grpcStatus }) => status === 0 || status >= 500 || grpcStatus !== undefined)
    .slice(-Math.floor(most / 2));
  const others = requests.filter((request) => !failed.includes(request)).slice(-(most - failed.length));
  return [...failed, ...others]
    .sort((a, b) => a.requestId - b.requestId)
    .flatMap(({ requestId }) => session.explain(requestId) ?? []);
}
