/**
 * Where control plane and CA stand: in a band of their own below the graph, so that showing them moves no card. A line from each node to
 * the foot of every card whose proxies it serves. Depends on the layout only.
 */
import type { ControlNodeId } from "./control-model.ts";
import type { CardBox, GraphLayout } from "./layout.ts";

export interface ControlBand {
  /** Of the drawing with the band, px. */
  height: number;
  nodes: ReadonlyMap<ControlNodeId, { x: number; y: number; width: number; height: number }>;
}

const size = { width: 206, height: 46 } as const;
const margin = 12;
const gapAbove = 30;
const ids: readonly ControlNodeId[] = ["controlPlane", "authority"];

/** Side by side where there is room, else one below the other. */
export function layOutControl({ width, height }: GraphLayout): ControlBand {
  const beside = width >= 2 * size.width + 3 * margin;
  const place = (index: number) =>
    beside
      ? { x: (width * (2 * index + 1)) / 4 - size.width / 2, y: height + gapAbove }
      : { x: Math.max(0, (width - size.width) / 2), y: height + gapAbove + index * (size.height + margin) };
  const nodes = new Map(ids.map((id, index) => [id, { ...place(index), ...size }]));
  return { height: (beside ? place(0) : place(1)).y + size.height + margin, nodes };
}

export function controlLine(band: ControlBand, id: ControlNodeId, card: CardBox): string {
  const node = band.nodes.get(id);
  if (!node) return "";
  const share = id === "controlPlane" ? 0.55 : 0.75;
  const [x, y] = [node.x + node.width / 2, node.y];
  const [toX, toY] = [card.x + card.width * share, card.y + card.height];
  const bend = Math.min(40, (y - toY) / 2);
  return `M${x} ${y}C${x} ${y - bend} ${toX} ${toY + bend} ${toX} ${toY}`;
}
