/**
 * Judges a drill's text with the tools of the site: the linter, or a request sent through the routes. Which line is wrong is nowhere
 * written down for the page: it is what these find, and what the repair changes.
 */
import { type Diagnostic, findNode, type MeshFile, parseResources, type RouteAnswer, resolveRoute, translate } from "#mesh";
import { isBlocking, knownWorkloads, lintFiles, parseRequestLine } from "#scenario";
import type { Drill } from "./drills.ts";
import { repairedLines } from "./repair.ts";

/** A place at which a judge points: the linter's finding, or (`route`) the rule that took a request it was not meant to get. */
export type DrillFinding = { line: number; endLine: number } & (
  | { type: "lint"; diagnostic: Diagnostic }
  | { type: "route"; request: string; rule: string; goesTo: string; shouldGoTo: string }
);

export interface DrillVerdict {
  /** By line; one for each verdict. */
  findings: readonly DrillFinding[];
  /**
   * 1-based lines of the faulty text that are right to mark: where a judge points, and what the repair changes or takes out; where it
   * only adds something, the line above.
   */
  right: readonly number[];
}

/** Istio's analyzer repeats the webhook's verdicts, and what we do not simulate is no fault of the text. */
const repetitions = new Set(["IST0106", "IST0133", "MESH1901"]);
/** A finding about more lines than this is about the document; then its first line counts. */
const longestPlace = 6;

export function judgeDrill(drill: Pick<Drill, "faulty" | "fixed" | "cluster" | "asks">): DrillVerdict {
  const findings = [...lintFindings(drill.faulty, drill.cluster), ...routeFindings(drill)].sort((a, b) => a.line - b.line);
  const pointed = findings.flatMap(({ line, endLine }) =>
    endLine - line < longestPlace ? Array.from({ length: endLine - line + 1 }, (_, index) => line + index) : [line],
  );
  return {
    findings,
    right: [...new Set([...pointed, ...repairedLines(drill.faulty, drill.fixed)])].sort((a, b) => a - b),
  };
}

/** What the linter says about a text of the drill, with the cluster's pods. */
export function lintFindings(text: string, cluster: string): DrillFinding[] {
  return lintFiles(filesOf(text, cluster))
    .filter(({ file, code }) => file === drillFile && !repetitions.has(code))
    .map((diagnostic) => ({ type: "lint", ...linesOf(diagnostic), diagnostic }));
}

/** The rule that takes the request in the faulty text, where the fixed one sends it elsewhere; the line is the rule's. */
function routeFindings({ faulty, fixed, cluster, asks }: Parameters<typeof judgeDrill>[0]): DrillFinding[] {
  if (!asks) return [];
  const [now, then] = [routeOf(faulty, cluster, asks), routeOf(fixed, cluster, asks)];
  const goesTo = clustersOf(now);
  const shouldGoTo = clustersOf(then);
  if (!now.matched || goesTo === shouldGoTo) return [];
  const { line, rule } = now.matched;
  return [{ type: "route", line, endLine: line, request: asks.request, rule, goesTo, shouldGoTo }];
}

function routeOf(text: string, cluster: string, { from, request }: NonNullable<Drill["asks"]>): RouteAnswer {
  const files = filesOf(text, cluster);
  const blocking = lintFiles(files).filter(isBlocking);
  const { resources } = parseResources(files);
  const workloads = knownWorkloads(resources);
  const workload = workloads.find(({ name }) => name === from);
  const query = parseRequestLine(request);
  if (blocking.length > 0 || !workload || !query) throw new Error(`${request} from ${from} cannot be asked of this text`);
  const { config } = translate(resources, workloads);
  const { namespace, labels } = workload;
  const asker = { type: "sidecar" as const, workload: from, namespace, labels };
  const node = findNode(config, asker);
  if (!node) throw new Error(`${from} has no proxy`);
  return resolveRoute(config, node, { ...query, from: asker });
}

function clustersOf({ result, destinations }: RouteAnswer): string {
  return destinations.length === 0 ? result : destinations.map(({ cluster }) => cluster).join(", ");
}

const drillFile = "drill.yaml";

function filesOf(text: string, cluster: string): MeshFile[] {
  return [
    { name: drillFile, text },
    { name: "cluster.yaml", text: cluster },
  ];
}

/** The last line that has a part of the place: an end at the first column belongs to the line before. */
function linesOf({ line, endLine, endColumn }: Diagnostic): { line: number; endLine: number } {
  return { line, endLine: Math.max(line, endColumn === 1 ? endLine - 1 : endLine) };
}
