/**
 * One measurement in a process of its own, so that no other has shaped the compiled code: `node test/bench/measure.ts <kind> …`
 * prints one line of JSON. `speed` counts logical events per CPU second after a warm-up (of half as many events, where nothing is said), several
 * times in a row if asked; `events` only runs so many; `travel` times steps back; `hour` watches memory.
 */
import { createSimulation, type Simulation } from "../../src/engine/index.ts";
import { fixedBackOffMs, meshbench } from "./meshbench-config.ts";

const [kind, ...rest] = process.argv.slice(2);
const numbers = rest.map(Number);

function start(chains: number, hops: number, requests: number, spans: boolean, checkpointEvery: number): Simulation {
  const config = meshbench({ chains, hops, requests, failureRate: 0.1 });
  return createSimulation(config, { seed: 1, recordFlights: spans, checkpointEvery, backOffMs: fixedBackOffMs });
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * The first events fill the pools and compile the code. What they made is young for V8 until a collection of garbage finds it still in
 * use, and links to the young are written down one by one; a run allocates too little to be collected soon, so it is asked to.
 */
function warmUp(run: Simulation, events: number): void {
  runEvents(run, events);
  globalThis.gc?.();
}

/** By slices, as in the worker: what is called only once is never compiled to the end. */
function runEvents(run: Simulation, events: number): void {
  for (let left = events; left > 0; left -= sliceEvents) run.run(Number.POSITIVE_INFINITY, Math.min(left, sliceEvents));
}

const sliceEvents = 500;

/** The part of a run after its warm-up is measured. @returns events per CPU second of each repetition, and of the first by itself */
function speed(chains: number, requests: number, spans: boolean, mostEvents: number, before = mostEvents / 2, repeats = 1) {
  const run = start(chains, 3, requests, spans, 0);
  warmUp(run, before);
  const rates = Array.from({ length: repeats }, () => {
    const from = run.eventCount;
    const seconds = cpuSeconds(() => runEvents(run, mostEvents));
    return (run.eventCount - from) / seconds;
  });
  return { ev_s: rates[0], rates };
}

/** Slowest of `times` jumps of 1,000 events into the past, ms; every jump must restore the state of the way there. */
function travel(times: number) {
  const run = start(4, 3, 60_000, true, 10_000);
  runEvents(run, 200_000);
  let slowest = 0;
  for (let i = 0; i < times; i++) {
    const from = run.eventCount;
    const began = process.hrtime.bigint();
    run.seek(from - 1000);
    slowest = Math.max(slowest, Number(process.hrtime.bigint() - began) / 1e6);
    run.seek(from - 1777);
  }
  return { ms: slowest };
}

/** One simulated hour at 1,080 requests a second: most memory seen in its first and in its last tenth, bytes. */
function hour() {
  const run = start(6, 3, 1080 * 3600, true, 10_000);
  const used = () => {
    // Twice: what the first collection found of typed arrays is given back in another thread, and waited for by the second.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  // Checkpoints are thinned out now and then, so that one look says little.
  const most = (fromMs: number) => {
    let bytes = 0;
    for (let look = 1; look <= 20; look++) {
      run.run(fromMs + look * 18_000);
      bytes = Math.max(bytes, used());
    }
    return bytes;
  };
  const early = most(0);
  run.run(3_240_000);
  return { early, late: most(3_240_000), events: run.eventCount };
}

const results: Record<string, () => object> = {
  speed: () => speed(numbers[0] ?? 1, numbers[1] ?? 300_000, numbers[2] === 1, numbers[3] ?? 1_000_000, numbers[4], numbers[5]),
  events: () => {
    const run = start(1, 3, 1e8, false, 0);
    warmUp(run, 100_000);
    runEvents(run, (numbers[0] ?? 0) - run.eventCount);
    return {};
  },
  travel: () => travel(20),
  hour,
};
process.stdout.write(`${JSON.stringify(results[kind ?? "speed"]?.())}\n`);
