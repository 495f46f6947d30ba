/** Services and namespaces folded to one row each, for those who look at the whole: the worst state and the sums stay in sight. */
import { collapseNamespaces } from "./collapse-namespaces.ts";
import { foldRows } from "./fold-rows.ts";
import type { GraphCard, GraphModel } from "./graph-model.ts";

/** @param collapsed ids of cards and of namespaces (`namespaceId`); a card without several workloads or replicas has nothing to fold */
export function collapseCards(graph: GraphModel, collapsed: ReadonlySet<string>): GraphModel {
  return collapseNamespaces(collapseServices(graph, collapsed), collapsed);
}

function collapseServices(graph: GraphModel, collapsed: ReadonlySet<string>): GraphModel {
  const folded = new Map(
    graph.cards.filter((card) => collapsed.has(card.id) && canFold(card)).map((card) => [card.id, fold(card)]),
  );
  if (folded.size === 0) return graph;
  return {
    ...graph,
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
  return { ...card, rows: [foldRows(card.rows, `all of ${card.id}`, card.namespace)] };
}
