import { expect, test } from "vitest";
import type { SeriesPoint } from "#scenario";
import { chartsOf, pointAt } from "../../../../src/ui/sandbox/charts/chart-model.ts";
import { type ChartPaper, drawChart } from "../../../../src/ui/sandbox/charts/draw-chart.ts";
import { createTexts } from "../../../../src/ui/sandbox/texts.tsx";
import { timeMarks } from "../../../../src/ui/sandbox/time/time-marks.ts";
import { editName } from "../../../../src/ui/sandbox/time/UndoButtons.tsx";

const point = (fromMs: number, over: Partial<SeriesPoint> = {}): SeriesPoint => ({
  fromMs,
  toMs: fromMs + 200,
  requests: 20,
  errors: 0,
  flags: {},
  retries: 0,
  ejections: 0,
  arrivals: {},
  p50: 5,
  p95: 9,
  p99: 12,
  ...over,
});

test("counts become rates, arrivals become shares, and nothing measured stays a gap", () => {
  const points = [
    point(0, { arrivals: { "shop/v1": 9, "shop/v2": 1 }, flags: { UF: 2 }, errors: 2, retries: 1 }),
    point(200, { requests: 0, p50: null, p95: null, p99: null }),
  ];
  const charts = chartsOf(points, [["shop/v1", "shop/v2"]]);
  const lines = (id: string) => charts.find((chart) => chart.id === id)?.lines;
  expect(lines("rate")?.[0]?.values).toEqual([100, 0]);
  expect(lines("errors")).toEqual([
    { name: "", values: [10, 0] },
    { name: "UF", values: [10, 0] },
  ]);
  expect(lines("share")).toEqual([
    { name: "v1", values: [0.9, null] },
    { name: "v2", values: [0.1, null] },
  ]);
  expect(lines("latency")?.[0]?.values).toEqual([5, null]);
  expect(lines("retries")?.[0]?.values).toEqual([5, 0]);
});

test("a moment belongs to the point that covers it; beyond the last one, to the last", () => {
  const points = [point(0), point(200)];
  expect([0, 199, 200, 399, 5000].map((ms) => pointAt(points, ms))).toEqual([0, 0, 1, 1, 1]);
  expect(pointAt([], 10)).toBe(-1);
});

test("a gap lifts the pen, values above the scale stay at its end, marks and moments are drawn at their place", () => {
  const drawn: string[] = [];
  const note = (name: string) => (x: number, y: number) => void drawn.push(`${name} ${Math.round(x)} ${Math.round(y)}`);
  const paper: ChartPaper = {
    strokeStyle: "",
    fillStyle: "",
    lineWidth: 1,
    font: "",
    beginPath: () => undefined,
    stroke: () => drawn.push("stroke"),
    moveTo: note("move"),
    lineTo: note("line"),
    setLineDash: () => undefined,
    clearRect: () => undefined,
    fillText: (text) => void drawn.push(text),
  };
  drawChart(
    paper,
    {
      width: 100,
      height: 50,
      fromMs: 0,
      toMs: 100,
      times: [10, 30, 50, 70],
      lines: [[0, 5, null, 99]],
      top: 10,
      topLabel: "10/s",
      marks: [20],
      signs: [{ atMs: 20, sign: "▲" }],
      nowMs: 80,
      cursorMs: 40,
    },
    { line: ["red"], grid: "grey", text: "black", mark: "blue" },
  );
  const text = drawn.join(", ");
  expect(text).toContain("move 20 0, line 20 50, stroke");
  expect(text).toContain("move 10 49, line 30 25, move 70 1, stroke");
  expect(text).toContain("move 80 0, line 80 50, stroke, move 40 0, line 40 50, stroke, 10/s, ▲");
});

test("of many points on few pixels the lowest, the highest and the gaps are drawn, and no more than a line can show", () => {
  const count = 10_000;
  const values: (number | null)[] = Array.from({ length: count }, (_, i) => (i === 7777 ? 9 : i === 3333 ? 1 : 5));
  values[5000] = null;
  const acts: string[] = [];
  let top = Number.POSITIVE_INFINITY;
  let bottom = 0;
  const draw = (name: string) => (_x: number, y: number) => {
    acts.push(name);
    if (y > 0 && y < 99) [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  };
  const ignore = () => undefined;
  const paper: ChartPaper = {
    ...{ strokeStyle: "", fillStyle: "", lineWidth: 1, font: "" },
    ...{ beginPath: ignore, stroke: ignore, setLineDash: ignore, clearRect: ignore, fillText: ignore },
    moveTo: draw("move"),
    lineTo: draw("line"),
  };
  const times = values.map((_, i) => i);
  const frame = { width: 100, height: 100, fromMs: 0, toMs: count, top: 10, topLabel: "", marks: [], nowMs: 0, cursorMs: null };
  drawChart(paper, { ...frame, times, lines: [values] }, { line: ["red"], grid: "grey", text: "black", mark: "blue" });
  expect(acts.length).toBeLessThan(4 * 100 + 10);
  expect([Math.round(top), Math.round(bottom)]).toEqual([11, 89]);
  // Two axes, the moment, and a line in two parts.
  expect(acts.filter((name) => name === "move")).toHaveLength(3 + 2);
});

test("the time line tells pushes, refusals and certificates from the reader's changes, each in words of both languages", () => {
  const push = { type: "push", version: 3, proxies: 4, taken: 4, refused: 0, untilMs: 9 } as const;
  const meshMarks = [
    { atMs: 7, ...push },
    { atMs: 8, ...push, version: 0 },
    { atMs: 9, ...push, taken: 3, refused: 1 },
    { atMs: 10, ...push, taken: 1, untilMs: null },
    { atMs: 11, type: "rotated", workload: "" },
    { atMs: 12, type: "expired", workload: "payments" },
  ] as const;
  const label = { code: "apply", params: {} };
  const marks = timeMarks({ changes: [], planned: [{ atMs: 8.5, label }], meshMarks });
  expect(marks.map(({ by, sign }) => `${by}${sign}`)).toEqual([
    ...["mesh▲", "mesh▲", "timeline", "mesh✕", "mesh▲", "mesh↻", "mesh!"],
  ]);
  for (const language of ["en", "ru"] as const) {
    const texts = createTexts(language);
    const words = marks.map((mark) => editName(mark.label, texts));
    expect(new Set(words).size).toBe(marks.length);
    for (const [i, word] of words.entries()) expect(word).not.toBe(marks[i]?.label.code);
    expect(words[3]).toMatch(/3.*NACK.*1.*ACK.*3.*4/);
    expect(words[6]).toContain("payments");
  }
});
