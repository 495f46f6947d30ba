/** Outlier ejections that were enforced, per caller's proxy and host. */
import type { EjectionRecord } from "#engine";
import type { MetricDefinition, Question, WorkloadName } from "../metric.ts";

function ejectionsOf(question: Question): EjectionRecord[] {
  const { of, replica } = question.targets;
  const { from } = question.expectation.selector;
  return question.telemetry
    .ejections()
    .filter(
      (record) =>
        (of === null || of.some((one) => one.name === record.workload && one.namespace === record.namespace)) &&
        (replica === null || record.replica === replica) &&
        (from === undefined || isNodeOf(from, record.node)),
    );
}

/** "client" and "shop/client" name the proxies "client.shop…". */
function isNodeOf(selector: string, node: string): boolean {
  const [first = "", second] = selector.split("/");
  const id: WorkloadName = second === undefined ? { name: first, namespace: "" } : { name: second, namespace: first };
  return node === selector || node.startsWith(`${id.name}.${id.namespace}`);
}

export const ejectionMetrics = {
  ejections: {
    side: "ejections",
    ofOptional: true,
    needs: [],
    takes: [],
    measure: (question) =>
      ejectionsOf(question).filter(({ atMs }) => atMs >= question.fromMs && (atMs < question.toMs || isOpenEnd(question))).length,
  },
  ejectedNow: {
    side: "ejections",
    ofOptional: true,
    needs: [],
    takes: [],
    measure: (question) =>
      ejectionsOf(question).filter(({ atMs, untilMs }) => atMs <= question.toMs && (untilMs === null || untilMs > question.toMs))
        .length,
  },
} as const satisfies Record<string, MetricDefinition>;

/** The whole run also holds what happened at its very end. */
function isOpenEnd(question: Question): boolean {
  return question.expectation.selector.window === undefined;
}
