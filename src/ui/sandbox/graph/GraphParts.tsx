/** The drawn parts of the service graph: one card with its rows, one edge with its numbers. They draw what the model says. */
import type { ReactNode } from "react";
import { useTexts } from "../texts.tsx";
import type { GraphCard, GraphEdge, GraphRow } from "./graph-model.ts";
import { cardSentence, edgeErrors, edgeLatency, edgeRate, edgeSentence, rowName, rowSentence, shorten } from "./graph-words.ts";
import { type CardBox, type EdgePath, signX, signY } from "./layout.ts";
import type { GraphFocus } from "./navigation.ts";
import { StateSign } from "./StateSign.tsx";

export interface PartProps {
  isStop(focus: GraphFocus): boolean;
  isSelected(focus: GraphFocus): boolean;
  register(focus: GraphFocus, element: SVGGElement | null): void;
  onFocus(focus: GraphFocus): void;
  onSelect(focus: GraphFocus): void;
}

interface StopProps {
  focus: GraphFocus;
  label: string;
  className: string;
  /** What is written on it; the label says the same and more, so that it is not read twice. */
  words: ReactNode;
  children: ReactNode;
}

export const silent = { "aria-hidden": true } as const;

/** One focusable thing of the graph: a button inside the picture, its written words beside it. */
export function Stop(props: PartProps & StopProps) {
  const { focus, label, className, words, children } = props;
  const selected = props.isSelected(focus);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: an SVG has no button element */}
      <g
        ref={(element) => props.register(focus, element)}
        role="button"
        tabIndex={props.isStop(focus) ? 0 : -1}
        aria-label={label}
        aria-pressed={selected}
        className={`graph-stop ${className}${selected ? " is-selected" : ""}`}
        onFocus={() => props.onFocus(focus)}
        onClick={() => props.onSelect(focus)}
        onKeyDown={(event) => {
          if (event.code !== "Enter" && event.code !== "Space") return;
          event.preventDefault();
          props.onSelect(focus);
        }}
      >
        {children}
      </g>
      <g {...silent} className={`graph-words ${className}`}>
        {words}
      </g>
    </>
  );
}

export function CardShape({ card, box, ...part }: PartProps & { card: GraphCard; box: CardBox }) {
  const texts = useTexts();
  const longest = Math.floor((box.width - 24) / 7.4);
  const kind = card.external ? "external" : card.kind;
  const words = (
    <text className="card-title" x={box.x + 16} y={box.y + 19}>
      {shorten(card.title, longest)}
      {card.namespace && card.title.length + card.namespace.length + 1 <= longest ? (
        <tspan className="card-namespace">.{card.namespace}</tspan>
      ) : null}
    </text>
  );
  return (
    <g className={`graph-card graph-card-${kind}`}>
      <Stop {...part} focus={{ type: "card", id: card.id }} label={cardSentence(card, texts)} className="" words={words}>
        <title>{card.namespace ? `${card.title}.${card.namespace}` : card.title}</title>
        <rect className="card-body" x={box.x} y={box.y} width={box.width} height={box.height} rx={8} />
      </Stop>
      {card.rows.map((row, index) => {
        const place = box.rows[index];
        return place ? <RowShape key={row.id} {...part} card={card} row={row} box={box} y={place.y} /> : null;
      })}
    </g>
  );
}

function RowShape({ card, row, box, y, ...part }: PartProps & { card: GraphCard; row: GraphRow; box: CardBox; y: number }) {
  const texts = useTexts();
  const shared = row.share !== null && card.rows.length > 1;
  const longest = Math.floor((box.width - (shared ? 95 : 45)) / 7);
  const shown = row.replicas.slice(0, box.width > 180 ? 8 : 5);
  const more = (row.folded?.replicas ?? row.replicas.length) - shown.length;
  const state = row.state === "healthy" ? "" : texts.t(`sandbox:state.${row.state}`);
  const broken = row.faults.map((fault) => `⚡ ${texts.t(`faults:kind.${fault.kind}`)}`);
  const notes = [
    ...broken,
    more > 0 ? (row.folded ? texts.t("sandbox:node.replicas", { count: more }) : `+${more}`) : "",
    row.meshed ? "" : texts.t("sandbox:node.noSidecarShort"),
    state,
  ];
  const right = box.x + box.width - 12;
  const words = (
    <>
      <text className="row-name" x={box.x + 33} y={y + 19}>
        {shorten(rowName(row, texts), longest)}
      </text>
      {shared ? (
        <text className="row-share" x={right} y={y + 19} textAnchor="end">
          {row.shareNow === null ? "–" : texts.percent(row.shareNow)}
        </text>
      ) : null}
      <text className="row-note" x={right} y={y + 37} textAnchor="end">
        {shorten(notes.filter(Boolean).join(" · "), Math.floor((box.width - 24 - shown.length * 12) / 5.5))}
      </text>
    </>
  );
  const focus: GraphFocus = { type: "row", id: row.id, card: card.id };
  return (
    <Stop {...part} focus={focus} label={rowSentence(row, texts)} className="" words={words}>
      <title>{rowName(row, texts)}</title>
      <rect className="row-body" x={box.x + 5} y={y + 1} width={box.width - 10} height={44} rx={5} />
      <StateSign state={row.state} x={box.x + signX} y={y + signY} />
      {shown.map((replica, index) => (
        <StateSign key={replica.index} state={replica.state} x={box.x + signX + index * 12} y={y + 34} size={9} />
      ))}
    </Stop>
  );
}

const lock = "M-4 -1 h8 v6 h-8 Z M-2.5 -1 v-2 a2.5 2.5 0 0 1 5 0 v2";
/** From this share of failing requests on, the numbers of an edge get a frame. */
const failingShare = 0.05;

export function EdgeShape({ edge, path, width, ...part }: PartProps & { edge: GraphEdge; path: EdgePath; width: number }) {
  const texts = useTexts();
  const d = path.points.map((point, index) => `${index === 0 ? "M" : "L"}${round(point.x)} ${round(point.y)}`).join("");
  const end = path.points.at(-1);
  const before = path.points.at(-2);
  const failing = isFailing(edge);
  const locked = edge.security === "mutualTls" || edge.security === "mixed";
  const { x, y } = path.label;
  return (
    <Stop
      {...part}
      focus={{ type: "edge", id: edge.id }}
      label={edgeSentence(edge, texts)}
      className={`graph-edge edge-${edge.security}${failing ? " edge-failing" : ""}`}
      words={<EdgeWords edge={edge} x={x} y={y} />}
    >
      <path d={d} className="edge-hit" />
      <path d={d} className="edge-line" />
      {end && before ? (
        <EdgeEnd at={end} angle={Math.atan2(end.y - before.y, end.x - before.x)} refused={edge.security === "refused"} />
      ) : null}
      <rect className="edge-plate" x={x - width / 2} y={y - 18} width={width} height={36} rx={5} />
      {locked ? (
        <g transform={`translate(${x - width / 2 - 2} ${y})`}>
          <circle r={9} className="edge-badge" />
          <path d={lock} className="edge-lock" transform="translate(0 -0.5)" />
        </g>
      ) : null}
    </Stop>
  );
}

function isFailing(edge: GraphEdge): boolean {
  return Math.max(edge.recentErrorShare ?? 0, edge.recentDeniedShare ?? 0) > failingShare;
}

function EdgeWords({ edge, x, y }: { edge: GraphEdge; x: number; y: number }) {
  const texts = useTexts();
  if (edge.requests === 0) {
    return (
      <text className="edge-text edge-text-small" x={x} y={y + 4} textAnchor="middle">
        {texts.t("sandbox:edge.none")}
      </text>
    );
  }
  const first = [edgeRate(edge, texts), edgeErrors(edge, texts)].filter((part) => part !== "");
  return (
    <>
      <text className="edge-text" x={x} y={y - 4} textAnchor="middle">
        {isFailing(edge) ? <tspan className="edge-cross">✗ </tspan> : null}
        {first.join(" · ")}
      </text>
      <text className="edge-text edge-text-small" x={x} y={y + 11} textAnchor="middle">
        p50 {edgeLatency(edge, texts, "p50")} · p99 {edgeLatency(edge, texts, "p99")}
      </text>
    </>
  );
}

function EdgeEnd({ at, angle, refused }: { at: { x: number; y: number }; angle: number; refused: boolean }) {
  const place = `translate(${round(at.x)} ${round(at.y)}) rotate(${round((angle * 180) / Math.PI)})`;
  return refused ? (
    <path d="M-9 -8 V8" className="edge-bar" transform={place} />
  ) : (
    <path d="M-8 -4.5 L0 0 L-8 4.5 Z" className="edge-arrow" transform={place} />
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
