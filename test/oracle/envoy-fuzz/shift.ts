/**
 * Which requests of a world hang by a hair: those that come out otherwise in ours when one kind of its durations is a little longer or
 * shorter. Of them a real process, late by its neighbours, tells nothing.
 */
import { askOurs, type Facts } from "./ask.ts";
import type { Tree } from "./words.ts";
import type { World } from "./world.ts";

/** ms by which durations of each kind are off. */
interface Shift {
  /** What servers take. */
  service?: number;
  /** Limits of a try. Of two equal ones Envoy takes either: its timers stand in a heap. */
  tries?: number;
  idleTries?: number;
  /** Limits of a request. */
  limits?: number;
  idle?: number;
  streams?: number;
  /** The client's patience. */
  patience?: number;
  /** When requests are sent, counted from the proxy's start. */
  start?: number;
  /** When faults come. */
  faults?: number;
}

const marginMs = 120;
/** What a proxy's own timers are ahead of the first request. */
const startMs = 400;

const shifts: readonly Shift[] = (
  ["service", "tries", "idleTries", "limits", "idle", "streams", "patience", "faults"] as const
).flatMap((kind) => [{ [kind]: marginMs }, { [kind]: -marginMs }]);

/** The same world, each time with one kind of its durations off. */
export function shiftedWorlds(world: World): World[] {
  return [...shifts, { start: startMs / 2 }, { start: startMs }].map((shift) => shifted(world, shift));
}

/** The same world without these requests, and without those that random back-off decides. */
export async function withoutHairs(world: World): Promise<World> {
  const factsOf = async (one: World, seed = 1) => (await askOurs(one, seed)).facts;
  const plain = await factsOf(world);
  const asked = [...shiftedWorlds(world).map((one) => factsOf(one)), factsOf(world, 2), factsOf(world, 3)];
  const others = await Promise.all(asked);
  const same = (at: number) => others.every((facts) => outcomeOf(facts[at]) === outcomeOf(plain[at]));
  return { ...world, requests: world.requests.filter((_, at) => same(at)) };
}

function outcomeOf(facts: Facts | undefined): string {
  return JSON.stringify({ ...facts, ms: "" });
}

const kinds: Readonly<Record<string, keyof Shift>> = {
  per_try_timeout: "tries",
  per_try_idle_timeout: "idleTries",
  timeout: "limits",
  idle_timeout: "idle",
  stream_idle_timeout: "idle",
  max_stream_duration: "streams",
  grpc_timeout_header_max: "streams",
  max_grpc_timeout: "limits",
  "x-envoy-upstream-rq-timeout-ms": "limits",
  "x-envoy-expected-rq-timeout-ms": "limits",
  "x-envoy-upstream-rq-per-try-timeout-ms": "tries",
  "grpc-timeout": "limits",
  constant: "service",
  body: "service",
};

function shifted(world: World, shift: Shift): World {
  return {
    ...world,
    bootstrap: move(world.bootstrap, shift) as Tree,
    workloads: move(world.workloads, shift) as Tree[],
    ...(world.timeline === undefined
      ? {}
      : {
          timeline: world.timeline.map((one) => ({
            ...(move(one, shift) as Tree),
            at: moved(String(one.at), (shift.start ?? 0) + (shift.faults ?? 0), false),
          })),
        }),
    requests: world.requests.map((one) => ({
      ...one,
      headers: move(one.headers, shift) as typeof one.headers,
      ...(one.atMs === undefined ? {} : { atMs: one.atMs + (shift.start ?? 0) }),
      ...(one.giveUpMs === undefined ? {} : { giveUpMs: one.giveUpMs + (shift.patience ?? 0) }),
    })),
  };
}

function move(value: unknown, shift: Shift): unknown {
  if (Array.isArray(value)) return value.map((one) => move(one, shift));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const kind = kinds[name];
      const byMs = kind === undefined ? 0 : (shift[kind] ?? 0);
      return [name, typeof one === "string" && byMs !== 0 ? moved(one, byMs, kind === "service") : move(one, shift)];
    }),
  );
}

const unitsMs: Readonly<Record<string, number>> = { "": 1, ms: 1, m: 1, s: 1000, S: 1000, u: 0.001 };
/** What a header writes in whole numbers alone. */
const finer: Readonly<Record<string, string>> = { S: "m" };

/** Durations as Envoy, experiments and headers write them; a limit of 0 is none, and stays. */
function moved(text: string, byMs: number, zeroToo: boolean): string {
  const [, digits, written = ""] = /^([\d.]+)(ms|m|s|S|u|)$/.exec(text) ?? [];
  const ms = Number(digits) * (unitsMs[written] ?? 1);
  if (digits === undefined || (ms === 0 && !zeroToo)) return text;
  const unit = finer[written] ?? written;
  const movedMs = Math.max(zeroToo ? 0 : 1, ms + byMs);
  return `${Math.round((movedMs / (unitsMs[unit] ?? 1)) * 1000) / 1000}${unit}`;
}
