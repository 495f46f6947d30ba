/**
 * The built sandbox under 20,000 requests a second in a real browser, by its trace: CPU of the main thread, so that a busy machine does not
 * disturb it. Prints one line of JSON: ms of an animation frame (mean), ms of the longest task, dots on the canvas, share of real time, frames
 * a second as they are and with the page's CPU 4 × throttled.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { findChromium } from "../support/chromium.ts";
import { loadExperiment } from "./load-experiment.ts";

const dist = join(import.meta.dirname, "../../dist");
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const settleMs = 2000;
const measuredMs = 4000;

interface TraceEvent {
  ph: string;
  pid: number;
  tid: number;
  name: string;
  /** µs of CPU. */
  tdur?: number;
  args: { name?: string };
}

function serve() {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    try {
      const file = join(dist, path.endsWith("/") ? `${path}index.html` : path);
      const body = readFileSync(file);
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise<{ origin: string; close(): void }>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ origin: `http://127.0.0.1:${port}`, close: () => server.close() });
    });
  });
}

/** Runs in the page: virtual ms on the clock, and dots. */
function look() {
  const slider = document.querySelector<HTMLInputElement>(".time-track input");
  const dots = document.querySelector<HTMLElement>(".graph-dots")?.dataset.dots;
  return { nowMs: Number(slider?.value), dots: Number(dots ?? 0), atMs: performance.now() };
}

/** Runs in the page. */
function countFrames(spanMs: number): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    let frames = 0;
    requestAnimationFrame(function next() {
      frames++;
      const passed = performance.now() - began;
      if (passed < spanMs) requestAnimationFrame(next);
      else resolve((frames * 1000) / passed);
    });
  });
}

async function traced(browser: Browser, page: Page): Promise<TraceEvent[]> {
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.waitForTimeout(measuredMs);
  return JSON.parse((await browser.stopTracing()).toString()).traceEvents;
}

/** Tasks of the page's main thread: the renderer's thread with the most to do. */
function mainTasks(events: readonly TraceEvent[]): TraceEvent[][] {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const threads = mains.map(({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid));
  const main = threads.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const named = (...names: string[]) => main.filter(({ ph, name }) => ph === "X" && names.includes(name));
  return [named("RunTask"), named("Commit")];
}

const site = await serve();
const browser = await chromium.launch({ executablePath: findChromium(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const draft = { format: 1, revision: "bench:1", files: [{ name: "mesh.yaml", text: loadExperiment() }], seed: 1 };
await page.addInitScript((kept) => localStorage.setItem("meshwise.sandbox.free", kept), JSON.stringify(draft));
await page.goto(`${site.origin}/en/sandbox/`);
await page.waitForSelector(".cm-content");
await page.getByRole("button", { name: "Run", exact: true }).click();
await page.waitForTimeout(settleMs);
const before = await page.evaluate(look);
const [tasks = [], frames = []] = mainTasks(await traced(browser, page));
const after = await page.evaluate(look);
// Under a clock that is throttled indeed: as many frames as the page itself counts.
const session = await page.context().newCDPSession(page);
await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
const throttledFrames = await page.evaluate(countFrames, measuredMs);
await browser.close();
site.close();
const spent = tasks.map(({ tdur = 0 }) => tdur / 1000);
const result = {
  frameMs: spent.reduce((sum, ms) => sum + ms, 0) / frames.length,
  longestMs: Math.max(...spent),
  dots: after.dots,
  realTime: (after.nowMs - before.nowMs) / (after.atMs - before.atMs),
  framesPerSecond: (frames.length * 1000) / measuredMs,
  throttledFrames,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
