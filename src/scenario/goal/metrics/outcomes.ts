/** Metrics of the caller's proxy: how its requests ended and how many upstream tries they took. */
import { edgesOf, type MetricDefinition, type Question, ratio, sum } from "../metric.ts";

function countRequests(question: Question): number {
  return sum(edgesOf(question), (row) => row.requests);
}

function countFlag(question: Question): number {
  const flag = question.expectation.flag ?? "";
  return sum(edgesOf(question), (row) => row.flags[flag] ?? 0);
}

function countAttempts(question: Question): number {
  return sum(edgesOf(question), (row) => row.attempts);
}

export const outcomeMetrics = {
  errorRate: {
    side: "caller",
    needs: [],
    takes: [],
    /** Status ≥ 500 or 0 (no HTTP response at all); a 4xx is no error; of gRPC a code other than 0. */
    measure(question) {
      const rows = edgesOf(question);
      const requests = sum(rows, (row) => row.requests);
      return ratio(requests - sum(rows, (row) => row.ok), requests);
    },
  },
  statusCount: {
    side: "caller",
    needs: ["status"],
    takes: [],
    measure: (question) => sum(edgesOf(question), (row) => row.statuses[String(question.expectation.status)] ?? 0),
  },
  flagCount: { side: "caller", needs: ["flag"], takes: [], measure: countFlag },
  flagShare: {
    side: "caller",
    needs: ["flag"],
    takes: [],
    measure: (question) => ratio(countFlag(question), countRequests(question)),
  },
  attempts: { side: "caller", needs: [], takes: [], measure: countAttempts },
  attemptsPerRequest: {
    side: "caller",
    needs: [],
    takes: [],
    measure: (question) => ratio(countAttempts(question), countRequests(question)),
  },
} as const satisfies Record<string, MetricDefinition>;
