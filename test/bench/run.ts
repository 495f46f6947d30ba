/**
 * `npm run bench`: the real engine on MESHBENCH against its peers, interleaved on the same machine, as ratios with their goals. Who else
 * uses the machine can only slow a run: a ratio is of the best of equally many tries, and that of the medians stands beside it.
 * simjs always runs; SimPy, SSJ and the native program run when the tools and their sources are there (MESHWISE_BENCH: the folder
 * with `peers` and `native`; SSJ_CLASSPATH: SSJ's jar and the compiled peer), and a line says when one is left out. SimPy is as fast as
 * its Python: MESHWISE_PYTHON may name several of them, between colons, each of which has SimPy.
 * `npm run bench speed` stops after the engine's pace; `npm run bench instructions` counts machine instructions with valgrind instead,
 * a measure that a busy machine does not disturb.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

const rounds = Number(process.env.MESHBENCH_ROUNDS ?? 5);
const here = import.meta.dirname;
const sources = process.env.MESHWISE_BENCH ?? join(here, "../../../shared/bench");

interface Row {
  measured: string;
  value: string;
  ratio: string;
  goal: string;
  verdict: "ok" | "short" | "";
}

interface Peer {
  name: string;
  /** Least ratio of the engine's events per CPU second to the peer's. */
  goal: number;
  command: readonly [string, ...string[]];
  /** It does its work so many times and prints the pace of the best: it is compared with our best of as many. */
  repeats: number;
}

const rows: Row[] = [];

/** The last line a command prints, as JSON; undefined when it cannot run. */
function output(file: string, args: readonly string[], timeoutMs = 60_000): Record<string, number> | undefined {
  try {
    const text = execFileSync(file, [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: timeoutMs });
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** What is measured is what ships: one script as the site's bundler writes its workers. */
const measured = join(mkdtempSync(join(tmpdir(), "meshwise-bench-")), "measure.cjs");
const bundle = await rolldown({ input: join(here, "measure.ts"), platform: "node" });
await bundle.write({ file: measured, format: "iife", minify: true });

function measure(...args: readonly (string | number)[]): Record<string, number> {
  const result = output(process.execPath, ["--expose-gc", measured, ...args.map(String)], 240_000);
  if (result === undefined) throw new Error(`measure.ts ${args.join(" ")} did not finish`);
  return result;
}

interface Speed {
  /** Events per CPU second of the first repetition, and of each. */
  ev_s: number;
  rates: number[];
}

/** @param options as `measure.ts` takes them */
function speedOf(...options: readonly number[]): Speed {
  return measure("speed", ...options) as unknown as Speed;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function millions(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M/s`;
}

function leftOut(name: string, reason: string): void {
  rows.push({ measured: name, value: `left out: ${reason}`, ratio: "", goal: "", verdict: "" });
}

function findPeers(): Peer[] {
  const peers: Peer[] = [
    { name: "simjs", goal: 12, command: [process.execPath, join(here, "peers/simjs.cjs"), "n=20000"], repeats: 1 },
  ];
  const simpy = join(sources, "peers/simpy_bench.py");
  if (!existsSync(simpy)) leftOut("SimPy", "its source is not here");
  else for (const python of (process.env.MESHWISE_PYTHON ?? "python3").split(":")) peers.push(...findSimPy(python, simpy));
  const classpath = process.env.SSJ_CLASSPATH;
  if (classpath === undefined) leftOut("SSJ", "SSJ_CLASSPATH is not set");
  else peers.push({ name: "SSJ", goal: 1, command: ["java", "-cp", classpath, "MB"], repeats: 4 });
  const native = buildNative();
  if (native === undefined) leftOut("native", "no cargo, or its source is not here");
  else peers.push({ name: "native", goal: 1 / 3, command: [native, "n=500000", "reps=3"], repeats: 3 });
  return peers;
}

function findSimPy(python: string, source: string): Peer[] {
  const version = output(python, ["-c", "import simpy, json, sys; print(json.dumps(dict(minor=sys.version_info[1])))"]);
  if (version === undefined) {
    leftOut("SimPy", `${python} has no simpy`);
    return [];
  }
  return [{ name: `SimPy (Python 3.${version.minor})`, goal: 100, command: [python, source, "n=20000"], repeats: 1 }];
}

function buildNative(): string | undefined {
  const manifest = join(sources, "native/Cargo.toml");
  if (!existsSync(manifest)) return undefined;
  const target = join(tmpdir(), "meshwise-bench-native");
  try {
    const args = ["build", "--release", "--offline", "--locked", "--manifest-path", manifest, "--target-dir", target];
    execFileSync("cargo", args, { stdio: "ignore", timeout: 60_000 });
    return join(target, "release/ceiling");
  } catch {
    return undefined;
  }
}

function comparePeers(): void {
  const peers = findPeers();
  /** By round: one pace of each repetition. */
  const own: number[][] = [];
  const withSpans: number[] = [];
  const others = new Map<string, number[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    own.push(speedOf(1, 1_200_000, 0, 1_000_000, 500_000, 4).rates);
    for (const { name, command } of peers) {
      const [file, ...args] = command;
      const rate = output(file, args)?.ev_s;
      if (rate !== undefined) others.get(name)?.push(rate);
    }
    withSpans.push(speedOf(1, 600_000, 1).ev_s);
  }
  /** Of each round the best of so many repetitions. */
  const bestOf = (repeats: number) => own.map((rates) => Math.max(...rates.slice(0, repeats)));
  rows.push({ measured: "engine", value: millions(Math.max(...bestOf(1))), ratio: "1 ×", goal: "", verdict: "" });
  for (const { name, goal, repeats } of peers) {
    const rates = others.get(name) ?? [];
    if (rates.length === 0) {
      leftOut(name, "it did not run");
      continue;
    }
    const ratio = Math.max(...bestOf(repeats)) / Math.max(...rates);
    const usual = median(bestOf(repeats)) / median(rates);
    rows.push({
      measured: `engine against ${name}`,
      value: `${millions(Math.max(...rates))} (medians: ${usual.toFixed(2)} ×)`,
      ratio: `${ratio.toFixed(2)} ×`,
      goal: `≥ ${goal.toFixed(2)} ×`,
      verdict: ratio >= goal ? "ok" : "short",
    });
  }
  const best = Math.max(...withSpans);
  atMost("with spans of every request", millions(best), Math.max(...bestOf(1)) / best, 1.25, " ×");
}

/** Cost of an event from 3 to 9,999 services, each of the best of equally many tries. */
function compareSizes(): void {
  const tries = 3;
  const small = Math.max(...speedOf(1, 2_000_000, 0, 400_000, 200_000, tries).rates);
  for (const chains of [10, 100, 333, 3333]) {
    // 300 events for every service fill pools and tables: until then connections are opened, and memory is asked for and collected.
    const events = Math.max(400_000, chains * 150);
    const rate = Math.max(...speedOf(chains, 10_000_000, 0, events, Math.max(events / 2, chains * 900), tries).rates);
    atMost(`an event of ${(chains * 3).toLocaleString("en")} services against 3`, millions(rate), small / rate, 8, " ×");
  }
}

function atMost(measured: string, value: string, ratio: number, goal: number, unit: string): void {
  rows.push({
    measured,
    value,
    ratio: `${ratio.toFixed(2)}${unit}`,
    goal: `≤ ${Number(goal.toFixed(1))}${unit}`,
    verdict: ratio <= goal ? "ok" : "short",
  });
}

/** What a verdict costs beside the `yaml` package reading the same text. */
function compareLint(): void {
  for (const [kind, measured, goal] of [
    ["keystroke", "lint after a keystroke in 500 lines against parsing that document", 1.5],
    ["bulk", "lint of 1 MB of resources against parsing it", 3],
  ] as const) {
    const result = output(process.execPath, [join(here, "measure-lint.ts"), kind], 120_000) as {
      lintMs: number;
      parseMs: number;
    };
    atMost(measured, `${result.lintMs.toPrecision(3)} ms`, result.lintMs / result.parseMs, goal, " ×");
  }
}

if (process.argv[2] === "instructions") {
  countInstructions();
} else {
  if (!process.env.ONLY_SIZES) comparePeers();
  compareSizes();
  if (process.argv[2] !== "speed") compareRest();
}
console.table(rows);

/** Of an event on three services, when its code is compiled: what 100,000 more events take. */
function countInstructions(): void {
  const [shorter, longer] = [150_000, 250_000].map(instructionsOf);
  const value = shorter === undefined || longer === undefined ? "left out: no valgrind" : String((longer - shorter) / 100_000);
  rows.push({ measured: "machine instructions per event", value, ratio: "", goal: "", verdict: "" });
}

function instructionsOf(events: number): number | undefined {
  const valgrind = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "--smc-check=all-non-file"];
  const node = [process.execPath, "--single-threaded", "--expose-gc", measured, "events", String(events)];
  const { stderr } = spawnSync("valgrind", [...valgrind, ...node], { encoding: "utf8" });
  const count = /Collected : (\d+)/.exec(stderr ?? "")?.[1];
  return count === undefined ? undefined : Number(count);
}

function compareRest(): void {
  compareLint();
  const { ms } = measure("travel") as { ms: number };
  atMost("1,000 events back on 12 services, slowest of 20", `${ms.toFixed(1)} ms`, ms, 100, " ms");
  const { early, late } = measure("hour") as { early: number; late: number };
  atMost(
    "memory of an hour at 1,080 requests/s against its first tenth",
    `${(late / 1e6).toFixed(0)} MB`,
    late / early,
    1.5,
    " ×",
  );
  const frame = output(process.execPath, [join(here, "measure-frame.ts")], 120_000);
  if (frame === undefined) leftOut("an animation frame at 20,000 requests/s", "it did not finish");
  else
    atMost(
      "what the page is sent of 20,000 requests/s against running them",
      `${frame.usPerRequest?.toFixed(2)} µs a request`,
      frame.ratio ?? Number.NaN,
      0.5,
      " ×",
    );
  const page = output(process.execPath, [join(here, "measure-page.ts")], 120_000);
  if (page === undefined) leftOut("the page at 20,000 requests/s", "no Chromium, or the site is not built");
  else {
    const { frameMs = Number.NaN, longestMs = Number.NaN, dots, realTime = 0, framesPerSecond = 0 } = page;
    const seen = `${dots} dots, ${framesPerSecond.toFixed(0)} frames/s, ${realTime.toFixed(2)} of real time`;
    atMost("CPU of the page's longest task at 20,000 requests/s", seen, longestMs, 50, " ms");
    atMost("CPU of a frame on its main thread, 4 × throttled", `${frameMs.toFixed(1)} ms`, frameMs * 4, 1000 / 30, " ms");
    const slow = page.throttledFrames ?? Number.NaN;
    atMost("time of a frame with the page's CPU throttled 4 ×", `${slow.toFixed(0)} frames/s`, 1000 / slow, 1000 / 30, " ms");
  }
  const chart = output(process.execPath, [join(here, "measure-chart.ts")], 120_000);
  if (chart === undefined) leftOut("a chart of 10,000 points", "no Chromium");
  else
    atMost(
      "a chart of 10,000 points against a bare line on a canvas",
      `${chart.chartMs?.toFixed(1)} ms`,
      chart.ratio ?? Number.NaN,
      2,
      " ×",
    );
  const apkg = output(process.execPath, [join(here, "measure-apkg.ts")], 120_000);
  if (apkg === undefined) leftOut("package for Anki", "it did not finish");
  else
    atMost(
      "package of 5,000 notes, 15,000 reviews against bare inserts",
      `${apkg.wholeMs?.toFixed(0)} ms`,
      apkg.ratio ?? Number.NaN,
      1.5,
      " ×",
    );
}
