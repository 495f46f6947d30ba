/**
 * The layout for narrow windows: every card in one column, callers above callees, so that names and numbers keep their
 * size however many callers there are. An edge leaves its caller's card, passes its numbers and runs down a lane of its own
 * at the left. Depends on the graph's shape only.
 */
import type { GraphCard, GraphEdge, GraphModel } from "./graph-model.ts";
import type { CardBox, EdgePath, GraphLayout, Point } from "./layout.ts";

const card = { width: 190, header: 28, row: 48, foot: 6 } as const;
const margin = 12;
const gap = 14;
const label = { width: 134, height: 38, gap: 6 } as const;
const laneGap = 9;
/** Lanes that many edges share; more would leave no room for the cards. */
const mostLanes = 6;

export function layOutColumn(graph: GraphModel): GraphLayout {
  const order = fromCallersDown(graph);
  const place = new Map(order.map((item, index) => [item.id, index]));
  const lanes = lanesOf(graph.edges, place);
  const laneCount = Math.max(0, ...lanes.values()) + 1;
  const left = margin + laneCount * laneGap;
  const cards = new Map<string, CardBox>();
  const labels = new Map<string, Point>();
  let y = margin;
  for (const item of order) {
    const height = card.header + item.rows.length * card.row + card.foot;
    const rows = item.rows.map((row, index) => ({ id: row.id, y: y + card.header + index * card.row, height: card.row }));
    cards.set(item.id, { id: item.id, x: left, y, width: card.width, height, rows });
    y += height;
    for (const edge of graph.edges.filter((one) => one.from.card === item.id)) {
      y += label.gap;
      labels.set(edge.id, { x: left + 30 + label.width / 2, y: y + label.height / 2 });
      y += label.height;
    }
    y += gap;
  }
  const edges = new Map<string, EdgePath>();
  for (const edge of graph.edges) {
    const from = cards.get(edge.from.card);
    const to = cards.get(edge.to.card);
    const at = labels.get(edge.id);
    if (!from || !to || !at) continue;
    const lane = left - ((lanes.get(edge.id) ?? 0) + 1) * laneGap;
    const start = { x: left + 7, y: from.y + from.height };
    const entry = { x: to.x, y: to.y + 14 };
    const points = [start, { x: start.x, y: at.y }, { x: lane, y: at.y }, { x: lane, y: entry.y }, entry];
    edges.set(edge.id, { id: edge.id, points, label: at });
  }
  return { direction: "down", column: true, width: left + card.width + margin, height: y - gap + margin, cards, edges };
}

/** Callers before those they call where the graph allows it; a circle is cut where it is met. */
function fromCallersDown(graph: GraphModel): GraphCard[] {
  const placed: GraphCard[] = [];
  const rest = [...graph.cards];
  const waitsFor = (item: GraphCard) =>
    graph.edges.filter(
      (edge) => edge.to.card === item.id && edge.from.card !== item.id && rest.some((other) => other.id === edge.from.card),
    ).length;
  while (rest.length > 0) {
    const next = rest.reduce((best, item) => (waitsFor(item) < waitsFor(best) ? item : best));
    rest.splice(rest.indexOf(next), 1);
    placed.push(next);
  }
  return placed;
}

/** Edges to the same card share a lane, as they end at the same place; others get one each, the shortest way innermost. */
function lanesOf(edges: readonly GraphEdge[], place: ReadonlyMap<string, number>): Map<string, number> {
  const span = (edge: GraphEdge) => Math.abs((place.get(edge.to.card) ?? 0) - (place.get(edge.from.card) ?? 0));
  const targets: string[] = [];
  for (const edge of edges.toSorted((a, b) => span(a) - span(b))) {
    if (!targets.includes(edge.to.card)) targets.push(edge.to.card);
  }
  return new Map(edges.map((edge) => [edge.id, Math.min(targets.indexOf(edge.to.card), mostLanes - 1)]));
}
