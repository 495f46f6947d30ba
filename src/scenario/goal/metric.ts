/**
 * What a metric is: which selectors and extra fields it takes, and how it is read from Telemetry (contracts.md 1, "Metrics").
 * A metric only reads; null means that nothing was there to measure, which never passes a bound.
 */
import type { ArrivalStats, EdgeStats, Telemetry } from "#engine";
import type { MeasuredMetric, Selector } from "../experiment/experiment.ts";

/** Extra fields beside selectors and the bound. */
export type ExtraField = "status" | "flag" | "event" | "nth" | "cycle";

/**
 * Whose record is read: `application` = what arrived at `of`; `caller` = what the proxy of `from` saw; `either` = the
 * application when `of` is given, else the caller.
 */
export type MetricSide = "application" | "caller" | "either" | "ejections";

export interface MetricDefinition {
  side: MetricSide;
  /** False where `of` is not needed although the application's side is read. */
  ofOptional?: boolean;
  needs: readonly ExtraField[];
  takes: readonly ExtraField[];
  measure(question: Question): number | null;
}

/** One expectation with its names resolved, and the run it is asked of. */
export interface Question {
  expectation: MeasuredMetric;
  targets: ResolvedSelector;
  telemetry: Telemetry;
  /** Index for telemetry.edges / arrivals. */
  windowIndex: number;
  /** The measured span so far: a window, cut at the present. */
  fromMs: number;
  toMs: number;
  /** SimulationConfig.workloads, by name: what telemetry's indexes mean. */
  workloads: readonly WorkloadName[];
  /** Whether a traffic entry counts, by its index: probes never do. */
  counts(traffic: number): boolean;
}

export interface WorkloadName {
  name: string;
  namespace: string;
  /** Known of the run's own workloads: has a proxy, and in how many replicas. */
  meshed?: boolean;
  replicas?: number;
}

export interface ResolvedSelector {
  of: readonly WorkloadName[] | null;
  /** All workloads of the services of `of`: the denominator of a share. */
  siblings: readonly WorkloadName[];
  replica: number | null;
  traffic: number | null;
  /** The workloads named by `cycle`, in order. */
  cycle: readonly WorkloadName[];
  /** Service behind which the cycle's workloads stand. */
  cycleService: WorkloadName | null;
}

/** @returns whether this selector has no meaning for the metric. */
export function refusesSelector(definition: MetricDefinition, name: keyof Selector, selector: Selector): boolean {
  const callerSide = name === "from" || name === "to";
  switch (definition.side) {
    case "caller":
      return name === "of" || name === "replica";
    case "application":
      return callerSide;
    case "ejections":
      return name === "to" || name === "traffic";
    case "either":
      return callerSide && selector.of !== undefined;
  }
}

/** Rows of the application's side. */
export function arrivalsOf(
  question: Question,
  workloads: readonly WorkloadName[] | null,
  replica: number | null,
): ArrivalStats[] {
  return question.telemetry
    .arrivals(question.windowIndex)
    .filter(
      (row) =>
        question.counts(row.traffic) &&
        (question.targets.traffic === null || row.traffic === question.targets.traffic) &&
        (replica === null || row.replica === replica) &&
        (workloads === null || workloads.some((one) => one.name === row.workload && one.namespace === row.namespace)),
    );
}

/** Rows of the caller's side. `traffic` alone means the hop that entry itself made; with from/to, what descends from it. */
export function edgesOf(question: Question): EdgeStats[] {
  const { from, to } = question.expectation.selector;
  const { traffic } = question.targets;
  return question.telemetry
    .edges(question.windowIndex)
    .filter(
      (row) =>
        question.counts(row.traffic) &&
        (traffic === null || (row.traffic === traffic && (row.firstHop || from !== undefined || to !== undefined))) &&
        (from === undefined || isNamed(from, row.from)) &&
        (to === undefined || isNamed(to, row.to)),
    );
}

/** "payments", "shop/payments", "payments.shop", "payments.shop.svc.cluster.local" all name payments in shop; a port is ignored. */
export function isNamed(written: string, place: WorkloadName): boolean {
  const { name, namespace } = place;
  const selector = written.replace(/:\d+$/, "");
  if (selector === name || selector === `${namespace}/${name}`) return true;
  const rest = selector.startsWith(`${name}.${namespace}`) ? selector.slice(name.length + namespace.length + 1) : undefined;
  return rest === "" || rest === ".svc" || rest === ".svc.cluster.local";
}

export function sum<Row>(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((total, row) => total + count(row), 0);
}

/** null where nothing was counted. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
