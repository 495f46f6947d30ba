/**
 * What would never end, ends the run: calls that go round in a circle behind a route, and requests that pile up without bound. Whether a
 * circle is certain depends on weights and matches, so that it is found while the run goes on.
 */
import type { Attempt } from "./rows/attempt.ts";
import * as downstreamKinds from "./rows/downstream-kinds.ts";
import type { Sim } from "./sim.ts";

export interface EndlessCalls {
  /** `circle`: a request came so deep into calls within calls; `crowd`: so many were under way at once. */
  reason: "circle" | "crowd";
  limit: number;
  atMs: number;
  /** Of a circle, workloads ("namespace/name") or proxies, in order of their calls, its two ends the same; of a crowd none. */
  circle: readonly string[];
}

/** Beside one for each replica, so that a chain through all of them is none. Proxies that call each other without delay do so on one stack. */
const deepest = 256;

/** Open requests, hops counted apart: about two gigabytes. */
const mostCalls = 2 ** 21;

/** @returns whether what serves this try must not pass it on: it is too deep in calls within calls, and the run ends here */
export function isTooDeep(sim: Sim, attempt: Attempt): boolean {
  const { depth } = attempt.call;
  if (depth < deepest) return false;
  const limit = deepest + sim.replicas.length;
  if (depth < limit) return false;
  sim.control.endless ??= { reason: "circle", limit, atMs: sim.clock.now, circle: circleOf(sim, attempt) };
  return true;
}

/** Asked when the table of calls grows. */
export function noteCrowd(sim: Sim): void {
  if (sim.calls.rows.length < mostCalls) return;
  sim.control.endless ??= { reason: "crowd", limit: mostCalls, atMs: sim.clock.now, circle: [] };
}

/** Who called whom, from the newest back to where its name stood before. */
function circleOf(sim: Sim, newest: Attempt): string[] {
  const way: string[] = [];
  for (let attempt: Attempt | null = newest; attempt !== null; attempt = callerOf(attempt)) {
    // A pod is passed twice: at its proxy and at its application.
    if (attempt.call.downstream === downstreamKinds.proxy && attempt.call.instance.replica >= 0) continue;
    const name = serverOf(sim, attempt);
    way.unshift(name);
    if (way.length > 1 && name === way.at(-1)) return way;
  }
  return way;
}

/** @returns null: a client, or one that no longer waits */
function callerOf({ call }: Attempt): Attempt | null {
  return call.parent !== null && call.parent.generation === call.parentGeneration ? call.parent : null;
}

function serverOf(sim: Sim, { replica, connection }: Attempt): string {
  if (replica === null) return connection?.target.instance?.name ?? "";
  const { namespace, name } = sim.workloads[replica.workload] as Sim["workloads"][number];
  return `${namespace}/${name}`;
}
