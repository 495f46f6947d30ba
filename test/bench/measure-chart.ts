/**
 * 10,000 points as a chart and as a bare line, on real canvases of a real browser, each drawn to the last pixel. Prints one line of JSON.
 */
import { join } from "node:path";
import { chromium } from "playwright";
import { rolldown } from "rolldown";
import { findChromium } from "../support/chromium.ts";

const source = join(import.meta.dirname, "../../src/ui/sandbox/charts/draw-chart.ts");
const bundle = await rolldown({ input: source });
const { output } = await bundle.generate({ format: "iife", name: "charts", minify: true });

/** Runs in the page; `charts` is the bundle. */
function measure(charts: typeof import("../../src/ui/sandbox/charts/draw-chart.ts")) {
  const count = 10_000;
  const times = Array.from({ length: count }, (_, i) => i * 10);
  const values = times.map((ms) => 50 + 40 * Math.sin(ms / 900));
  const [width, height, toMs] = [320, 64, count * 10];
  const paperOf = () => {
    const paper = new OffscreenCanvas(width, height).getContext("2d");
    if (!paper) throw new Error("this browser has no canvas");
    return paper;
  };
  const papers = { chart: paperOf(), raw: paperOf() };
  const picture = {
    width,
    height,
    fromMs: 0,
    toMs,
    times,
    lines: [values],
    top: 100,
    topLabel: "100",
    marks: [500],
    nowMs: toMs,
  };
  const colours = { line: ["#000"], grid: "#000", text: "#000", mark: "#000" };
  const draw = {
    chart: () => charts.drawChart(papers.chart, { ...picture, cursorMs: null }, colours),
    raw() {
      papers.raw.clearRect(0, 0, width, height);
      papers.raw.lineWidth = 1.5;
      papers.raw.beginPath();
      for (let i = 0; i < count; i++) papers.raw.lineTo((times[i]! / toMs) * width, height - (values[i]! / 100) * height);
      papers.raw.stroke();
    },
  };
  const spent = { chart: [] as number[], raw: [] as number[] };
  for (let round = 0; round < 40; round++) {
    for (const one of ["raw", "chart"] as const) {
      const began = performance.now();
      draw[one]();
      // Reading a pixel waits for all of them.
      papers[one].getImageData(0, 0, 1, 1);
      spent[one].push(performance.now() - began);
    }
  }
  const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length / 2] ?? Number.NaN;
  return { ratio: median(spent.chart) / median(spent.raw), chartMs: median(spent.chart) };
}

const browser = await chromium.launch({ executablePath: findChromium(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
const page = await browser.newPage();
const result = await page.evaluate(`${output[0].code};(${measure.toString()})(charts)`);
await browser.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
