/**
 * Roving focus in the graph: arrow keys follow edges (row or card → edge → card), up and down walk among equals.
 * Pure: where the focus goes next, never what the page does with it.
 */
import { type ControlNodeId, linksTo } from "./control-model.ts";
import type { GraphModel } from "./graph-model.ts";
import type { GraphLayout } from "./layout.ts";

export type GraphFocus =
  | { type: "card"; id: string }
  | { type: "row"; id: string; card: string }
  | { type: "edge"; id: string }
  | { type: "control"; id: ControlNodeId };

export type GraphKey = "ArrowRight" | "ArrowLeft" | "ArrowUp" | "ArrowDown" | "Home" | "End";

/** @returns the same focus when there is nowhere to go. With a layout that runs down, up/down and left/right swap. */
export function moveFocus(graph: GraphModel, layout: GraphLayout, focus: GraphFocus, key: GraphKey): GraphFocus {
  const stops = readingOrder(graph, layout);
  if (key === "Home") return stops[0] ?? focus;
  if (key === "End") return stops.at(-1) ?? focus;
  const along = key === "ArrowRight" || key === "ArrowLeft";
  if (along) return follow(graph, focus, key === "ArrowRight") ?? focus;
  return sibling(graph, layout, focus, key === "ArrowDown" ? 1 : -1) ?? focus;
}

/** Cards from the first callers on, each with its rows, then its outgoing edges. */
export function readingOrder(graph: GraphModel, layout: GraphLayout): GraphFocus[] {
  const stops: GraphFocus[] = [];
  for (const card of sortedCards(graph, layout)) {
    stops.push({ type: "card", id: card });
    const found = graph.cards.find((item) => item.id === card);
    for (const row of found?.rows ?? []) stops.push({ type: "row", id: row.id, card });
    for (const edge of graph.edges) if (edge.from.card === card) stops.push({ type: "edge", id: edge.id });
  }
  for (const { id } of graph.control?.nodes ?? []) stops.push({ type: "control", id });
  return stops;
}

export function sameFocus(a: GraphFocus | null, b: GraphFocus | null): boolean {
  return a !== null && b !== null && a.type === b.type && a.id === b.id;
}

function follow(graph: GraphModel, focus: GraphFocus, forward: boolean): GraphFocus | undefined {
  if (focus.type === "edge") {
    const edge = graph.edges.find((item) => item.id === focus.id);
    if (!edge) return undefined;
    if (forward) return { type: "card", id: edge.to.card };
    return edge.from.row ? { type: "row", id: edge.from.row, card: edge.from.card } : { type: "card", id: edge.from.card };
  }
  if (focus.type === "control") return forward ? firstServed(graph) : undefined;
  const card = focus.type === "row" ? focus.card : focus.id;
  const out = graph.edges.filter((edge) => edge.from.card === card);
  const own = focus.type === "row" ? out.filter((edge) => edge.from.row === focus.id) : out;
  const edge = forward ? (own[0] ?? out[0]) : graph.edges.find((item) => item.to.card === card);
  return edge && { type: "edge", id: edge.id };
}

/** From control plane and CA the way leads to the first card that is behind, else to the first one. */
function firstServed(graph: GraphModel): GraphFocus | undefined {
  const links = linksTo(graph, graph.control?.links ?? []);
  const link = links.find(({ config, certificates }) => config !== "current" || certificates === "expired") ?? links[0];
  return link && { type: "card", id: link.card };
}

function sibling(graph: GraphModel, layout: GraphLayout, focus: GraphFocus, step: 1 | -1): GraphFocus | undefined {
  if (focus.type === "edge") {
    const edge = graph.edges.find((item) => item.id === focus.id);
    const beside = graph.edges.filter((item) => item.from.card === edge?.from.card || item.to.card === edge?.to.card);
    const next = beside[beside.findIndex((item) => item.id === focus.id) + step];
    return next && { type: "edge", id: next.id };
  }
  const nodes = readingOrder(graph, layout).filter((stop) => stop.type !== "edge");
  return nodes[nodes.findIndex((stop) => sameFocus(stop, focus)) + step];
}

function sortedCards(graph: GraphModel, layout: GraphLayout): string[] {
  const place = (id: string) => layout.cards.get(id) ?? { x: 0, y: 0 };
  const main = layout.direction === "right" ? "x" : "y";
  const cross = layout.direction === "right" ? "y" : "x";
  return graph.cards.map((card) => card.id).sort((a, b) => place(a)[main] - place(b)[main] || place(a)[cross] - place(b)[cross]);
}
