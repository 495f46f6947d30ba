/** When something happened (`timeOf`, ms) and in which order arrivals came (`sequence`). */
import type { Milestone } from "#engine";
import { isNamed, type MetricDefinition, type Question, type WorkloadName } from "../metric.ts";

export const momentMetrics = {
  timeOf: {
    side: "either",
    needs: ["event"],
    takes: ["nth"],
    measure(question) {
      const { of, replica, traffic } = question.targets;
      const { event, nth = 1 } = question.expectation;
      const times = question.telemetry
        .milestones()
        .filter(
          (one) =>
            one.event === event &&
            (one.traffic === null || question.counts(one.traffic)) &&
            isOfEdge(question, one) &&
            (of === null || of.some((name) => name.name === one.workload && name.namespace === one.namespace)) &&
            (replica === null || one.replica === replica) &&
            (traffic === null || one.traffic === traffic) &&
            isInside(question, one.atMs),
        )
        .map((one) => one.atMs)
        .sort((a, b) => a - b);
      return times[nth - 1] ?? null;
    },
  },
  sequence: {
    side: "application",
    ofOptional: true,
    needs: ["cycle"],
    takes: [],
    measure(question) {
      const { cycle, cycleService } = question.targets;
      const arrivals = cycleService && arrivalsBehind(question, cycleService);
      return (
        arrivals &&
        outOfStep(
          arrivals,
          cycle.map((one) => `${one.namespace}/${one.name}`),
        )
      );
    },
  },
} as const satisfies Record<string, MetricDefinition>;

/** Names in order of arrival. */
function arrivalsBehind(question: Question, service: WorkloadName): string[] {
  const { telemetry, targets, counts } = question;
  return telemetry
    .arrivalOrder(service.name, service.namespace)
    .filter((one) => counts(one.traffic) && (targets.traffic === null || one.traffic === targets.traffic))
    .filter((one) => isInside(question, one.atMs))
    .map((one) => `${one.namespace}/${one.workload}`);
}

/** As of any number of the caller's side: `traffic` alone means the hop that entry itself made, with from/to what descends from it. */
function isOfEdge({ expectation }: Question, { edge }: Milestone): boolean {
  const { from, to } = expectation.selector;
  if (from === undefined && to === undefined) return edge === undefined || edge.firstHop;
  return edge !== undefined && (from === undefined || isNamed(from, edge.from)) && (to === undefined || isNamed(to, edge.to));
}

function isInside(question: Question, atMs: number): boolean {
  const { window } = question.expectation.selector;
  return window === undefined || (atMs >= window.fromMs && atMs < window.toMs);
}

/** Arrivals that differ from the endlessly repeated cycle, at the rotation where fewest do. */
function outOfStep(arrivals: readonly string[], cycle: readonly string[]): number | null {
  if (arrivals.length === 0 || cycle.length === 0) return null;
  let fewest = arrivals.length;
  for (let start = 0; start < cycle.length; start++) {
    const wrong = arrivals.filter((name, index) => name !== cycle[(start + index) % cycle.length]).length;
    fewest = Math.min(fewest, wrong);
  }
  return fewest;
}
