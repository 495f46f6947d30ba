/**
 * Speed of the real engine against its peers on the same work, interleaved on the same machine: `node test/bench/meshbench.bench.ts`.
 * Only ratios mean anything. simjs always runs; SimPy and a native binary when they are there (MESHBENCH_SIMPY, MESHBENCH_NATIVE:
 * commands that print one line of JSON with `ev_s`).
 */
import { execFileSync } from "node:child_process";
import { createSimulation } from "../../src/engine/index.ts";
import { fixedBackOffMs, meshbench } from "./meshbench-config.ts";

const requests = Number(process.env.MESHBENCH_REQUESTS ?? 100_000);
const rounds = Number(process.env.MESHBENCH_ROUNDS ?? 3);

interface Peer {
  name: string;
  goal: number;
  run: () => number | undefined;
}

/** Logical events per CPU second: arrivals, service completions, back-offs, timers that fired. */
function engineRate(chains: number, hops: number, count: number, recordFlights: boolean): number {
  const config = meshbench({ chains, hops, requests: count, failureRate: 0.1 });
  const run = createSimulation(config, { seed: 1, recordFlights, checkpointEvery: 0, backOffMs: fixedBackOffMs });
  const before = process.cpuUsage();
  run.run();
  const used = process.cpuUsage(before);
  return run.eventCount / ((used.user + used.system) / 1e6);
}

function command(line: string | undefined): number | undefined {
  if (line === undefined || line === "") return undefined;
  const [file = "", ...args] = line.split(" ");
  try {
    return JSON.parse(
      execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
        .trim()
        .split("\n")
        .at(-1) ?? "{}",
    ).ev_s;
  } catch {
    return undefined;
  }
}

const peerScript = new URL("./peers/simjs.cjs", import.meta.url).pathname;
const peers: Peer[] = [
  { name: "simjs", goal: 12, run: () => command(`${process.execPath} ${peerScript} n=20000`) },
  { name: "SimPy", goal: 100, run: () => command(process.env.MESHBENCH_SIMPY) },
  { name: "SSJ", goal: 1, run: () => command(process.env.MESHBENCH_SSJ) },
  { name: "native", goal: 1 / 3, run: () => command(process.env.MESHBENCH_NATIVE) },
];

engineRate(1, 3, 20_000, false);
const own: number[] = [];
const others = new Map<string, number[]>();
for (let round = 0; round < rounds; round++) {
  own.push(engineRate(1, 3, requests, false));
  for (const peer of peers) {
    const rate = peer.run();
    if (rate !== undefined) others.set(peer.name, [...(others.get(peer.name) ?? []), rate]);
  }
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rate = median(own);
const rows = [{ compared: "engine", "M events/s": (rate / 1e6).toFixed(2), ratio: "", goal: "", verdict: "" }];
for (const peer of peers) {
  const measured = others.get(peer.name);
  if (measured === undefined) {
    rows.push({ compared: peer.name, "M events/s": "absent", ratio: "", goal: `${peer.goal.toFixed(2)} ×`, verdict: "" });
    continue;
  }
  const ratio = rate / median(measured);
  const verdict = ratio >= peer.goal ? "ok" : "short";
  rows.push({
    compared: peer.name,
    "M events/s": (median(measured) / 1e6).toFixed(3),
    ratio: `${ratio.toFixed(1)} ×`,
    goal: `${peer.goal.toFixed(2)} ×`,
    verdict,
  });
}
const spans = median(Array.from({ length: rounds }, () => engineRate(1, 3, requests, true)));
rows.push(cost("with messages recorded", rate / spans, 1.25));
const large = engineRate(3333, 3, 200_000, false);
rows.push(cost("cost per event, 9,999 services against 3", rate / large, 8));
console.table(rows);

function cost(compared: string, ratio: number, goal: number) {
  const verdict = ratio <= goal ? "ok" : "short";
  return {
    compared,
    "M events/s": (rate / ratio / 1e6).toFixed(2),
    ratio: `${ratio.toFixed(2)} ×`,
    goal: `≤ ${goal} ×`,
    verdict,
  };
}
