/** The service graph: an accessible SVG with roving focus and the canvas of dots above it. Shows the model, keeps only focus. */
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { ActionButton } from "../controls/ActionButton.tsx";
import type { RunController } from "../run/run-controller.ts";
import { useTexts } from "../texts.tsx";
import { ControlBadges, ControlLines, ControlNodes } from "./ControlParts.tsx";
import { layOutColumn } from "./column-layout.ts";
import { layOutControl } from "./control-band.ts";
import { DotsCanvas } from "./DotsCanvas.tsx";
import type { Dot } from "./dots.ts";
import { CardShape, EdgeShape, type PartProps } from "./GraphParts.tsx";
import type { GraphModel } from "./graph-model.ts";
import { cardSizes, type GraphLayout, layOutGraph, layoutKey, messagePath, moveCards, type Point } from "./layout.ts";
import { type GraphFocus, type GraphKey, moveFocus, readingOrder, sameFocus } from "./navigation.ts";
import { measureTrack, type Track } from "./track.ts";
import { useCardDrag } from "./use-card-drag.ts";
import { useMovedCards } from "./use-moved-cards.ts";

interface ServiceGraphProps {
  graph: GraphModel;
  controller: RunController | null;
  running: boolean;
  still: boolean;
  selected: GraphFocus | null;
  runKey: string;
  onSelect(focus: GraphFocus): void;
}

const graphKeys: readonly string[] = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"];
/** Below this a graph from left to right is turned to run from top to bottom, and one still too wide stands in one column. */
const readableScale = 0.85;
const smallestScale = 0.62;
const largestScale = 1.2;
/** Of the size that fits. */
const zoomStep = 1.25;
/** What Shift and an arrow key move a card by, px of the drawing. */
const moveSteps: Readonly<Record<string, Point>> = {
  ArrowRight: { x: 16, y: 0 },
  ArrowLeft: { x: -16, y: 0 },
  ArrowUp: { x: 0, y: -16 },
  ArrowDown: { x: 0, y: 16 },
};
const smallestZoom = zoomStep ** -3;
const largestZoom = zoomStep ** 4;

export function ServiceGraph({ graph, controller, running, still, selected, runKey, onSelect }: ServiceGraphProps) {
  const { t } = useTexts();
  const hint = useId();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const made = useLayout(graph, width);
  const moved = useMovedCards(made);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the graph only its shape, for which `made` stands
  const layout = useMemo(() => moveCards(graph, made, moved.offsets), [made, moved.offsets]);
  const [zoom, setZoom] = useState(1);
  const scale = zoom * Math.min(largestScale, Math.max(smallestScale, (width - 2) / Math.max(made.width, 1)));
  const drag = useCardDrag(scale, made.column ? null : moved.move);
  const [focus, setFocus] = useState<GraphFocus | null>(null);
  const elements = useRef(new Map<string, SVGGElement>());
  const stops = useMemo(() => readingOrder(graph, layout), [graph, layout]);
  const stop = stops.find((item) => sameFocus(item, focus)) ?? stops[0] ?? null;

  const onKeyDown = (event: KeyboardEvent) => {
    if (!stop || !graphKeys.includes(event.code) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = moveSteps[event.code];
    if (event.shiftKey) {
      const card = stop.type === "row" ? stop.card : stop.type === "card" ? stop.id : null;
      if (card && step && !made.column) moved.move(card, step);
      return;
    }
    const next = moveFocus(graph, layout, stop, event.code as GraphKey);
    setFocus(next);
    elements.current.get(`${next.type} ${next.id}`)?.focus();
  };
  const register = useCallback((item: GraphFocus, element: SVGGElement | null) => {
    if (element) elements.current.set(`${item.type} ${item.id}`, element);
    else elements.current.delete(`${item.type} ${item.id}`);
  }, []);
  const part: PartProps = {
    isStop: (item) => sameFocus(item, stop),
    isSelected: (item) => sameFocus(item, selected),
    register,
    onFocus: setFocus,
    onSelect: (item) => {
      if (!drag.hasJustMoved()) onSelect(item);
    },
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: whether it is shown, not what it says
  const band = useMemo(() => (graph.control ? layOutControl(layout) : null), [graph.control !== undefined, layout]);
  const height = band?.height ?? layout.height;
  const newest = useRef(graph);
  newest.current = graph;
  const findTrack = useMemo(() => {
    const tracks = new Map<string, Track | null>();
    return (dot: Dot) => {
      const known = tracks.get(dot.lane);
      if (known !== undefined) return known;
      const track = trackOf(newest.current, layout, dot);
      tracks.set(dot.lane, track);
      return track;
    };
  }, [layout]);

  return (
    <div ref={frame} className="graph-frame">
      <div className="graph-zoom">
        <ActionButton disabled={zoom <= smallestZoom} onPress={() => setZoom(zoom / zoomStep)}>
          <span aria-hidden="true">−</span>
          <span className="mw-visually-hidden">{t("faults:zoom.out")}</span>
        </ActionButton>
        <ActionButton disabled={zoom === 1} onPress={() => setZoom(1)}>
          {t("faults:zoom.fit")}
        </ActionButton>
        <ActionButton disabled={zoom >= largestZoom} onPress={() => setZoom(zoom * zoomStep)}>
          <span aria-hidden="true">+</span>
          <span className="mw-visually-hidden">{t("faults:zoom.in")}</span>
        </ActionButton>
        <ActionButton disabled={made.column === true || moved.offsets.size === 0} onPress={moved.reset}>
          {t("sandbox:graph.layOutAgain")}
        </ActionButton>
      </div>
      <p id={hint} className="mw-visually-hidden">
        {t("sandbox:graph.keys")}
      </p>
      <div
        className="graph-sheet"
        style={{
          width: layout.width * scale,
          height: height * scale,
          // By the layout as it is made: a card that widens the sheet does not move the others.
          marginInlineStart: Math.max(0, (width - made.width * scale) / 2),
        }}
      >
        <svg
          role="application"
          aria-label={t("sandbox:graph.label")}
          aria-describedby={hint}
          width={layout.width * scale}
          height={height * scale}
          viewBox={`0 0 ${layout.width} ${height}`}
          onKeyDown={onKeyDown}
        >
          {graph.control && band ? <ControlLines part={graph.control} drawn={graph} layout={layout} band={band} /> : null}
          {graph.edges.map((edge) => {
            const path = layout.edges.get(edge.id);
            const plate = cardSizes[layout.direction].labelWidth;
            return path ? <EdgeShape key={edge.id} {...part} edge={edge} path={path} width={plate} /> : null;
          })}
          {graph.cards.map((card) => {
            const box = layout.cards.get(card.id);
            return box ? (
              <g key={card.id} {...drag.handlers(card.id)}>
                <CardShape {...part} card={card} box={box} />
              </g>
            ) : null;
          })}
          {graph.control && band ? (
            <>
              <ControlBadges part={graph.control} drawn={graph} layout={layout} />
              <ControlNodes {...part} part={graph.control} band={band} />
            </>
          ) : null}
        </svg>
        {controller && !still ? (
          <DotsCanvas controller={controller} running={running} findTrack={findTrack} scale={scale} runKey={runKey} />
        ) : null}
      </div>
    </div>
  );
}

/** The layout of the shape: numbers may change every frame without moving a card. */
function useLayout(graph: GraphModel, width: number): GraphLayout {
  const key = layoutKey(graph, "right");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for everything the layout reads
  const right = useMemo(() => layOutGraph(graph, "right"), [key]);
  const fits = width === 0 || width >= right.width * readableScale;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for everything the layout reads
  const down = useMemo(() => (fits ? right : layOutGraph(graph, "down")), [key, fits]);
  const narrow = !fits && width < down.width * readableScale;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for everything the layout reads
  return useMemo(() => (narrow ? layOutColumn(graph) : down), [key, narrow, down]);
}

function useWidth(frame: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

function trackOf(graph: GraphModel, layout: GraphLayout, { flight }: Dot): Track | null {
  const isOwn = (ends: { from: string; to: string }) => ends.from === flight.from && ends.to === flight.to;
  const edge = graph.edges.find(({ covers, from, to }) =>
    covers ? covers.some(isOwn) : isOwn({ from: from.name, to: to.name }),
  );
  if (!edge) return null;
  const card = graph.cards.find((item) => item.id === edge.to.card);
  const row = card?.rows.find((item) => item.name === flight.toWorkload);
  return measureTrack(messagePath(layout, edge.id, edge.to.card, row?.id ?? ""));
}
