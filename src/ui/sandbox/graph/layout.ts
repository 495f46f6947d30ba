/**
 * Where everything stands: dagre places the cards, this file turns that into boxes and flattened paths that lines and
 * dots share. Depends on the graph's shape only (never on numbers), so a running graph does not move.
 */
import dagre from "@dagrejs/dagre";
import type { GraphModel } from "./graph-model.ts";

export interface Point {
  x: number;
  y: number;
}

export interface CardBox {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  rows: readonly { id: string; y: number; height: number }[];
}

export interface EdgePath {
  id: string;
  points: readonly Point[];
  label: Point;
}

export interface GraphLayout {
  direction: "right" | "down";
  /** One column: its lanes leave no room to move a card in. */
  column?: true;
  width: number;
  height: number;
  cards: ReadonlyMap<string, CardBox>;
  edges: ReadonlyMap<string, EdgePath>;
}

export const cardSizes = {
  right: { width: 178, header: 28, row: 48, foot: 6, labelWidth: 134, labelHeight: 84, gapRank: 48, gapNode: 26 },
  down: { width: 190, header: 28, row: 48, foot: 6, labelWidth: 134, labelHeight: 38, gapRank: 20, gapNode: 14 },
} as const;

/** What the layout depends on; equal keys mean equal layouts. */
export function layoutKey(graph: GraphModel, direction: GraphLayout["direction"]): string {
  const cards = graph.cards.map((card) => `${card.id}(${card.rows.map((row) => row.id).join()})`);
  return [direction, ...cards, ...graph.edges.map((edge) => edge.id)].join("|");
}

export function layOutGraph(graph: GraphModel, direction: GraphLayout["direction"]): GraphLayout {
  const size = cardSizes[direction];
  const sheet = new dagre.graphlib.Graph({ multigraph: true });
  sheet.setGraph({
    rankdir: direction === "right" ? "LR" : "TB",
    ranksep: size.gapRank,
    nodesep: size.gapNode,
    marginx: 12,
    marginy: 12,
  });
  sheet.setDefaultEdgeLabel(() => ({}));
  for (const card of graph.cards) {
    sheet.setNode(card.id, { width: size.width, height: cardHeight(card.rows.length, direction) });
  }
  for (const edge of graph.edges) {
    const label = { width: size.labelWidth, height: size.labelHeight, labelpos: "c" };
    sheet.setEdge(edge.from.card, edge.to.card, label, edge.id);
  }
  dagre.layout(sheet);

  const cards = new Map<string, CardBox>();
  for (const card of graph.cards) {
    const node = sheet.node(card.id);
    const x = node.x - node.width / 2;
    const y = node.y - node.height / 2;
    const rows = card.rows.map((row, index) => ({ id: row.id, y: y + size.header + index * size.row, height: size.row }));
    cards.set(card.id, { id: card.id, x, y, width: node.width, height: node.height, rows });
  }
  const edges = new Map<string, EdgePath>();
  for (const edge of graph.edges) {
    const from = cards.get(edge.from.card);
    const to = cards.get(edge.to.card);
    if (!from || !to) continue;
    const placed = sheet.edge(edge.from.card, edge.to.card, edge.id);
    const ends = edgeEnds(from, to, edge.from.row, direction);
    const label = { x: placed?.x ?? ends.start.x, y: placed?.y ?? ends.start.y };
    const inner = (placed?.points ?? []).slice(1, -1);
    // A short edge passes beside its label, so that dots do not run over the numbers; a long one follows dagre's bends.
    const bends = inner.length > 3 ? inner : besideLabel(label, ends, direction);
    const points = smooth(from === to ? loop(ends.start) : [ends.start, ...bends, ends.end]);
    const lift = direction === "right" ? plateLift : 0;
    edges.set(edge.id, { id: edge.id, points, label: { x: label.x, y: label.y - lift } });
  }
  const drawn = sheet.graph();
  return { direction, width: Math.ceil(drawn.width ?? 0), height: Math.ceil(drawn.height ?? 0), cards, edges };
}

/** Where a row's sign stands within its card and row, and the rail along which messages reach it. */
export const signX = 20;
export const signY = 15;
const railInset = 7;
/** From left to right the numbers stand above their line, inside the room dagre kept for both. */
const plateLift = 24;
const lineBelowCentre = 2;

function cardHeight(rowCount: number, direction: GraphLayout["direction"]): number {
  const size = cardSizes[direction];
  return size.header + Math.max(rowCount, 0) * size.row + size.foot;
}

/** The way of one message: along the edge, then inside the callee's card to the row it reached. */
export function messagePath(layout: GraphLayout, edgeId: string, toCard: string, toRow: string): readonly Point[] {
  const edge = layout.edges.get(edgeId);
  const row = layout.cards.get(toCard)?.rows.find((item) => item.id === toRow);
  const box = layout.cards.get(toCard);
  if (!edge) return [];
  if (!row || !box) return edge.points;
  const rail = box.x + railInset;
  const last = edge.points.at(-1);
  const entry = last && last.y <= box.y ? [{ x: rail, y: box.y }] : [];
  return [...edge.points, ...entry, { x: rail, y: row.y + signY }, { x: box.x + signX, y: row.y + signY }];
}

/** Nearest to the edge of the sheet that a card may be moved, px of the drawing. */
export const sheetMargin = 12;

/**
 * The same graph with cards moved by hand: their edges follow them, all others stay.
 * @param offsets by card id, px of the drawing; cut where a card would leave the sheet to the left or above
 */
export function moveCards(graph: GraphModel, layout: GraphLayout, offsets: ReadonlyMap<string, Point>): GraphLayout {
  if (layout.column || offsets.size === 0) return layout;
  const cards = new Map([...layout.cards].map(([id, box]) => [id, movedBox(box, offsets.get(id))]));
  const shift = (id: string, axis: "x" | "y") => (cards.get(id)?.[axis] ?? 0) - (layout.cards.get(id)?.[axis] ?? 0);
  const edges = new Map(layout.edges);
  for (const { id, from, to } of graph.edges) {
    const [edge, start, end] = [layout.edges.get(id), cards.get(from.card), cards.get(to.card)];
    if (!edge || !start || !end || (!offsets.has(from.card) && !offsets.has(to.card))) continue;
    const middle = (axis: "x" | "y") => edge.label[axis] + (shift(from.card, axis) + shift(to.card, axis)) / 2;
    const label = { x: middle("x"), y: middle("y") };
    const ends = edgeEnds(start, end, from.row, layout.direction);
    const lift = layout.direction === "right" ? plateLift : 0;
    const bends = besideLabel({ x: label.x, y: label.y + lift }, ends, layout.direction);
    edges.set(id, { id, points: smooth(start === end ? loop(ends.start) : [ends.start, ...bends, ends.end]), label });
  }
  const boxes = [...cards.values()];
  const width = Math.max(layout.width, ...boxes.map((box) => Math.ceil(box.x + box.width + sheetMargin)));
  const height = Math.max(layout.height, ...boxes.map((box) => Math.ceil(box.y + box.height + sheetMargin)));
  return { ...layout, width, height, cards, edges };
}

function movedBox(box: CardBox, offset: Point | undefined): CardBox {
  if (!offset) return box;
  const x = Math.max(sheetMargin, box.x + offset.x);
  const y = Math.max(sheetMargin, box.y + offset.y);
  return { ...box, x, y, rows: box.rows.map((row) => ({ ...row, y: row.y + y - box.y })) };
}

function edgeEnds(from: CardBox, to: CardBox, rowId: string, direction: GraphLayout["direction"]): { start: Point; end: Point } {
  if (direction === "down") {
    return { start: { x: from.x + railInset, y: from.y + from.height }, end: { x: to.x + railInset, y: to.y } };
  }
  const row = from.rows.find((item) => item.id === rowId);
  return {
    start: { x: from.x + from.width, y: row ? row.y + signY : from.y + signY },
    end: { x: to.x, y: to.rows[0] ? to.rows[0].y + signY : to.y + signY },
  };
}

function besideLabel(label: Point, ends: { start: Point; end: Point }, direction: GraphLayout["direction"]): Point[] {
  const { labelWidth, labelHeight } = cardSizes[direction];
  if (direction === "down") {
    const x = label.x - labelWidth / 2 - 21;
    return [
      { x, y: label.y - labelHeight / 2 },
      { x, y: label.y + labelHeight / 2 },
    ];
  }
  const y = label.y + lineBelowCentre;
  const left = label.x - labelWidth / 2;
  const right = label.x + labelWidth / 2;
  return [
    { x: (ends.start.x + left) / 2, y: ends.start.y },
    { x: (ends.start.x + left) / 2, y },
    { x: left, y },
    { x: right, y },
    { x: (right + ends.end.x) / 2, y },
    { x: (right + ends.end.x) / 2, y: ends.end.y },
  ];
}

function loop(start: Point): Point[] {
  return [start, { x: start.x + 28, y: start.y - 22 }, { x: start.x + 28, y: start.y + 22 }, start];
}

/** Quadratic pieces between midpoints, flattened: one polyline that lines and dots both follow. */
function smooth(corners: readonly Point[]): Point[] {
  if (corners.length < 3) return [...corners];
  const points: Point[] = [corners[0]!];
  let from = corners[0]!;
  for (let index = 1; index < corners.length - 1; index++) {
    const corner = corners[index]!;
    const next = corners[index + 1]!;
    const to = index === corners.length - 2 ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 };
    for (let step = 1; step <= 10; step++) {
      const t = step / 10;
      const a = (1 - t) * (1 - t);
      const b = 2 * (1 - t) * t;
      const c = t * t;
      points.push({ x: a * from.x + b * corner.x + c * to.x, y: a * from.y + b * corner.y + c * to.y });
    }
    from = to;
  }
  return points;
}
