/** Several workloads as one row: the worst state, the sums, every fault. */
import { type GraphRow, worst } from "./graph-model.ts";

export function foldRows(rows: readonly GraphRow[], id: string, namespace: string): GraphRow {
  const sum = (pick: (row: GraphRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const requests = sum((row) => row.requests);
  return {
    id,
    name: "",
    folded: {
      workloads: sum(({ folded }) => folded?.workloads ?? 1),
      replicas: sum(({ folded, replicas }) => folded?.replicas ?? replicas.length),
    },
    namespace,
    meshed: rows.every(({ meshed }) => meshed),
    state: worst(rows.map(({ state }) => state)),
    replicas: [],
    share: null,
    shareNow: null,
    changed: rows.some(({ changed }) => changed),
    requests,
    denied: sum(({ denied }) => denied),
    plaintextShare: requests > 0 ? sum((one) => (one.plaintextShare ?? 0) * one.requests) / requests : null,
    faults: rows.flatMap(({ faults }) => faults),
  };
}
