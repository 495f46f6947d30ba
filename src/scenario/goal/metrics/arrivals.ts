/** Metrics of the application's side: what reached the workloads behind a service, mirrored copies apart. */
import { arrivalsOf, edgesOf, type MetricDefinition, type Question, ratio, sum } from "../metric.ts";

/** Arrivals at `of`, or downstream requests of the caller where no `of` is given. */
function countRequests(question: Question): number {
  const { of, replica } = question.targets;
  return of === null
    ? sum(edgesOf(question), (row) => row.requests)
    : sum(arrivalsOf(question, of, replica), (row) => row.requests);
}

export const arrivalMetrics = {
  share: {
    side: "application",
    needs: [],
    takes: [],
    measure(question) {
      const { of, siblings, replica } = question.targets;
      return ratio(
        sum(arrivalsOf(question, of, replica), (row) => row.requests),
        sum(arrivalsOf(question, siblings, null), (row) => row.requests),
      );
    },
  },
  requests: { side: "either", needs: [], takes: [], measure: countRequests },
  rps: {
    side: "either",
    needs: [],
    takes: [],
    measure: (question) => ratio(countRequests(question) * 1000, question.toMs - question.fromMs),
  },
  replicasUsed: {
    side: "application",
    needs: [],
    takes: [],
    measure(question) {
      const used = arrivalsOf(question, question.targets.of, question.targets.replica).filter((row) => row.requests > 0);
      return new Set(used.map((row) => `${row.namespace}/${row.workload}/${row.replica}`)).size;
    },
  },
  deniedCount: {
    side: "application",
    needs: [],
    takes: [],
    measure: (question) => sum(arrivalsOf(question, question.targets.of, question.targets.replica), (row) => row.denied),
  },
  shadowRequests: {
    side: "application",
    needs: [],
    takes: [],
    measure: (question) => sum(arrivalsOf(question, question.targets.of, question.targets.replica), (row) => row.shadows),
  },
  plaintextShare: {
    side: "either",
    needs: [],
    takes: [],
    measure(question) {
      const { of, replica } = question.targets;
      if (of !== null) {
        const rows = arrivalsOf(question, of, replica);
        return ratio(
          sum(rows, (row) => row.plaintext),
          sum(rows, (row) => row.requests),
        );
      }
      const rows = edgesOf(question);
      const plain = sum(rows, (row) => row.security.none);
      return ratio(plain, plain + sum(rows, (row) => row.security.mutual_tls));
    },
  },
} as const satisfies Record<string, MetricDefinition>;
