/**
 * The run's numbers over time, in a chunk of their own: a canvas per question, one moment looked at in all of them (pointer or slider),
 * its values in words, and the points as a table. The points come from the simulation; nothing is sampled here.
 */
import "./charts.css";
import { useEffect, useMemo, useRef, useState } from "react";
import type { SeriesPoint } from "#scenario";
import { TableFrame } from "../numbers/NumberTables.tsx";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { type SandboxTexts, useTexts } from "../texts.tsx";
import { type TimeMark, timeMarks } from "../time/time-marks.ts";
import { type Chart, chartsOf, pointAt } from "./chart-model.ts";
import { dashes, drawChart } from "./draw-chart.ts";
import { EventTable } from "./EventTable.tsx";

const mostPoints = 240;
const paceMs = 250;
const height = 64;

export function ChartsPanel({ state, controller }: { state: RunState; controller: RunController }) {
  const texts = useTexts();
  const { t, duration } = texts;
  const points = useSeries(state, controller);
  const [cursorMs, setCursorMs] = useState<number | null>(null);
  const { topology, changes, planned, meshMarks } = state;
  const versions = useMemo(() => versionsOf(topology), [topology]);
  const charts = useMemo(() => chartsOf(points, versions), [points, versions]);
  const marks = useMemo(() => timeMarks({ changes, planned, meshMarks }), [changes, planned, meshMarks]);
  const [first, last] = [points[0], points.at(-1)];
  const nowMs = state.frame?.nowMs ?? 0;
  if (!first || !last) return <p className="muted">{t("sandbox:charts.none")}</p>;
  const at = pointAt(points, cursorMs ?? nowMs);
  const point = points[at];
  const span = point ? t("sandbox:charts.span", { from: duration(point.fromMs), to: duration(point.toMs) }) : "";
  return (
    <>
      <label className="charts-cursor">
        <span>{t("sandbox:charts.moment")}</span>
        <input
          type="range"
          min={0}
          max={points.length - 1}
          value={Math.max(0, at)}
          aria-valuetext={span}
          onChange={(event) => {
            const chosen = points[Number(event.target.value)];
            setCursorMs(chosen ? (chosen.fromMs + chosen.toMs) / 2 : null);
          }}
        />
        <output>{span}</output>
      </label>
      <EventTable marks={marks.filter(({ by }) => by === "mesh")} onGo={(ms) => void controller.seekTime(ms)} />
      {charts.map((chart) => (
        <ChartFigure
          key={chart.id}
          chart={chart}
          points={points}
          at={at}
          marks={marks}
          nowMs={nowMs}
          cursorMs={cursorMs}
          onLook={setCursorMs}
          onGo={(ms) => void controller.seekTime(ms)}
        />
      ))}
    </>
  );
}

interface FigureProps {
  chart: Chart;
  points: readonly SeriesPoint[];
  at: number;
  marks: readonly TimeMark[];
  nowMs: number;
  cursorMs: number | null;
  onLook(ms: number | null): void;
  onGo(ms: number): void;
}

function ChartFigure({ chart, points, at, marks, nowMs, cursorMs, onLook, onGo }: FigureProps) {
  const texts = useTexts();
  const { t, duration } = texts;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [open, setOpen] = useState(false);
  const top = Math.max(0, ...chart.lines.flatMap(({ values }) => values.map((value) => value ?? 0))) || 1;
  const fromMs = points[0]?.fromMs ?? 0;
  const toMs = points.at(-1)?.toMs ?? 1;
  const name = t(`sandbox:charts.${chart.id}`);

  useEffect(() => {
    const element = canvas.current;
    const paper = element?.getContext("2d");
    if (!element || !paper) return;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const width = element.clientWidth;
    element.width = width * density;
    element.height = height * density;
    paper.setTransform(density, 0, 0, density, 0, 0);
    const times = points.map((point) => (point.fromMs + point.toMs) / 2);
    const lines = chart.lines.map(({ values }) => values);
    const topLabel = chartValue(chart, top, texts);
    const lineMarks = marks.map(({ atMs }) => atMs);
    const signs = marks.filter(({ sign }) => sign !== "");
    const picture = { width, height, fromMs, toMs, times, lines, top, topLabel, marks: lineMarks, signs, nowMs, cursorMs };
    drawChart(paper, picture, coloursOf(element));
  });

  const msAt = (event: { clientX: number; currentTarget: HTMLElement }): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return fromMs + ((event.clientX - box.left) / box.width) * (toMs - fromMs);
  };
  return (
    <figure className="chart">
      <figcaption>
        <b>{name}</b>
        {chart.lines.map((line, n) => (
          <span key={line.name} className="chart-value">
            {chart.lines.length > 1 ? <Sample n={n} /> : null}{" "}
            {line.name || (chart.lines.length > 1 ? t("sandbox:charts.all") : "")}{" "}
            <b>{chartValue(chart, line.values[at] ?? null, texts)}</b>
          </span>
        ))}
      </figcaption>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; the slider, the values and the table say the same */}
      <canvas
        ref={canvas}
        style={{ height }}
        aria-hidden="true"
        onPointerMove={(event) => onLook(msAt(event))}
        onPointerLeave={() => onLook(null)}
        onClick={(event) => onGo(msAt(event))}
      />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("sandbox:charts.table", { name })}</summary>
        {open ? (
          <TableFrame caption={name}>
            <thead>
              <tr>
                <th scope="col">{t("sandbox:charts.time")}</th>
                {chart.lines.map((line) => (
                  <th key={line.name} scope="col">
                    {line.name || t("sandbox:charts.all")}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map((point, i) => (
                <tr key={point.fromMs}>
                  <th scope="row">
                    {duration(point.fromMs)} – {duration(point.toMs)}
                  </th>
                  {chart.lines.map((line) => (
                    <td key={line.name}>{chartValue(chart, line.values[i] ?? null, texts)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </TableFrame>
        ) : null}
      </details>
    </figure>
  );
}

/** How the line is drawn, beside its name. */
function Sample({ n }: { n: number }) {
  return (
    <svg width="22" height="8" aria-hidden="true" className={`chart-line-${n}`}>
      <path d="M0 4h22" stroke="currentColor" strokeWidth="2" strokeDasharray={(dashes[n % dashes.length] ?? []).join(" ")} />
    </svg>
  );
}

function chartValue(chart: Pick<Chart, "unit">, value: number | null, texts: SandboxTexts): string {
  if (value === null) return "–";
  switch (chart.unit) {
    case "ms":
      return texts.duration(value);
    case "share":
      return texts.percent(value);
    case "perSecond":
      return texts.t("sandbox:unit.perSecond", { value: texts.number(value, value < 10 ? 1 : 0) });
    case "count":
      return texts.number(value, 0);
  }
}

function coloursOf(element: HTMLElement) {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim() || style.color;
  const line = [1, 2, 3, 4, 5, 6].map((n) => colour(`--chart-${n}`));
  return { line, grid: colour("--mw-border-strong"), text: style.color, mark: colour("--mw-control-plane") };
}

/** Services behind which several workloads stand. */
function versionsOf(topology: RunState["topology"]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { name, namespace, service } of topology?.workloads ?? []) {
    const key = `${namespace}/${service}`;
    if (service) groups.set(key, [...(groups.get(key) ?? []), `${namespace}/${name}`]);
  }
  return [...groups.values()].filter((members) => members.length > 1);
}

/** The recorded points: asked for again after the run moved, no more often than the pace, also while it keeps moving. */
function useSeries(state: RunState, controller: RunController): readonly SeriesPoint[] {
  const [points, setPoints] = useState<readonly SeriesPoint[]>([]);
  const { phase, changes, reached } = state;
  const moved = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these means that the run moved or became another
  useEffect(() => {
    if (phase !== "ready") return;
    moved.current = true;
    const askLater = () => {
      timer.current = setTimeout(async () => {
        moved.current = false;
        const series = await controller.series(mostPoints);
        if (series) setPoints(series);
        if (moved.current) askLater();
        else timer.current = undefined;
      }, paceMs);
    };
    if (timer.current === undefined) askLater();
  }, [controller, phase, changes, Math.floor(reached.nowMs / 100), state.running]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return points;
}
