/** Services folded to one row each, for those who look at the whole: the worst state and the sums stay in sight. Numbers are not touched. */
import { type GraphCard, type GraphModel, type GraphRow, worst } from "./graph-model.ts";

/** @param collapsed ids of cards; one without several workloads or replicas has nothing to fold */
export function collapseCards(graph: GraphModel, collapsed: ReadonlySet<string>): GraphModel {
  const folded = new Map(
    graph.cards.filter((card) => collapsed.has(card.id) && canFold(card)).map((card) => [card.id, fold(card)]),
  );
  if (folded.size === 0) return graph;
  return {
    cards: graph.cards.map((card) => folded.get(card.id) ?? card),
    edges: graph.edges.map((edge) => {
      const row = folded.get(edge.from.card)?.rows[0]?.id;
      return row === undefined ? edge : { ...edge, from: { ...edge.from, row } };
    }),
  };
}

export function canFold({ rows }: Pick<GraphCard, "rows">): boolean {
  return rows.length > 1 || rows.some(({ replicas }) => replicas.length > 1);
}

function fold(card: GraphCard): GraphCard {
  const sum = (pick: (row: GraphRow) => number) => card.rows.reduce((total, row) => total + pick(row), 0);
  const requests = sum((row) => row.requests);
  const row: GraphRow = {
    id: `all of ${card.id}`,
    name: "",
    folded: { workloads: card.rows.length, replicas: sum(({ replicas }) => replicas.length) },
    namespace: card.namespace,
    meshed: card.rows.every(({ meshed }) => meshed),
    state: worst(card.rows.map(({ state }) => state)),
    replicas: [],
    share: null,
    shareNow: null,
    changed: card.rows.some(({ changed }) => changed),
    requests,
    denied: sum(({ denied }) => denied),
    plaintextShare: requests > 0 ? sum((one) => (one.plaintextShare ?? 0) * one.requests) / requests : null,
    faults: card.rows.flatMap(({ faults }) => faults),
  };
  return { ...card, rows: [row] };
}
