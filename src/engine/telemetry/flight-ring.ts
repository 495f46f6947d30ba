/** Messages for the graph: a bounded ring beside the run's state. Writing to it changes nothing a run depends on. */

import { formatFlags } from "../proxy/response-flags.ts";
import { grpcStatusIn, statusOf } from "../proxy/response-table.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import { nowOf, type Sim, type Target, type WorkloadState } from "../sim.ts";
import type { Flight } from "./flight.ts";
import { keptLimits } from "./limits.ts";
import type { EdgeKey } from "./store.ts";

const size = keptLimits.flights;
const width = 10;
const kinds = ["request", "response", "retry", "mirror", "refused"] as const;

export interface FlightRing {
  /** Written so far; the id of the next. */
  next: number;
  /** Columns: root, kind and try (kind + 8 × try), edge key (−1 none), target, at, status, flags, mutual TLS, instance, shape. */
  rows: Float64Array;
}

export function createFlightRing(): FlightRing {
  return { next: 1, rows: new Float64Array(size * width) };
}

export function flyRequest(sim: Sim, call: Call, attempt: Attempt): void {
  const tries = call.attempts;
  const kind = call.downstream === downstreamKinds.mirror ? 3 : tries > 1 ? 2 : 0;
  write(sim, call, kind + 8 * tries, attempt.host.target.index, 0);
}

export function flyResponse(sim: Sim, call: Call, attempt: Attempt, status: number): void {
  write(sim, call, 1, attempt.host.target.index, status);
}

/** Nothing left: the host took no connection, or the caller's own proxy stopped the request (target −1). */
export function flyRefused(sim: Sim, call: Call, target: number, status: number): void {
  write(sim, call, 4 + 8 * call.attempts, target, status);
}

function write(sim: Sim, call: Call, kind: number, target: number, status: number): void {
  const ring = sim.flights;
  if (ring === null) return;
  const { rows } = ring;
  const at = (ring.next++ % size) * width;
  rows[at] = call.root;
  rows[at + 1] = kind;
  rows[at + 2] = Math.floor(call.edge / sim.traffics.count);
  rows[at + 3] = target;
  rows[at + 4] = nowOf(sim);
  rows[at + 5] = status;
  rows[at + 6] = call.flags;
  rows[at + 7] = call.mutualTls;
  rows[at + 8] = call.instance.index;
  rows[at + 9] = call.shape.id;
}

export function readFlights(sim: Sim, afterId: number, limit: number): Flight[] {
  const ring = sim.flights;
  if (ring === null) return [];
  const { next } = ring;
  const result: Flight[] = [];
  for (let id = Math.max(afterId + 1, next - size, 1); id < next && result.length < limit; id++)
    result.push(flightOf(sim, ring, id));
  return result;
}

/** Of the newest messages one for each way they go (caller, host, kind, outcome); failures first where there is not room for all. */
export function sampleFlights(sim: Sim, afterId: number, limit: number): Flight[] {
  const ring = sim.flights;
  if (ring === null) return [];
  const { rows, next } = ring;
  const newest = new Map<number, number>();
  for (let id = Math.max(afterId + 1, next - size, 1); id < next; id++) {
    const at = (id % size) * width;
    const edge = rows[at + 2] as number;
    const caller = edge < 0 ? rows[at + 8]! : sim.instances.length + edge;
    const outcome = ((rows[at + 1]! & 7) << 1) | (isFailure(rows, at) ? 1 : 0);
    newest.set((caller * (sim.targets.length + 1) + rows[at + 3]! + 1) * 16 + outcome, id);
  }
  const ids = [...newest.values()].sort((a, b) => a - b);
  const failures = ids.filter((id) => isFailure(rows, (id % size) * width)).slice(-limit);
  const rest = limit - failures.length;
  const others = ids.filter((id) => !isFailure(rows, (id % size) * width));
  const thinned =
    others.length <= rest
      ? others
      : others.filter((_, i) => Math.floor(((i + 1) * rest) / others.length) > Math.floor((i * rest) / others.length));
  return [...failures, ...thinned].sort((a, b) => a - b).map((id) => flightOf(sim, ring, id));
}

/** A response without a status had none; a request has none yet. */
function isFailure(rows: Float64Array, at: number): boolean {
  const status = rows[at + 5]!;
  const kind = rows[at + 1]! & 7;
  return status >= 400 || kind === 4 || (kind === 1 && status === 0);
}

function flightOf(sim: Sim, { rows }: FlightRing, id: number): Flight {
  const at = (id % size) * width;
  const edge = rows[at + 2] as number;
  const kind = rows[at + 1] as number;
  const key = edge < 0 ? undefined : (sim.reports.edgeKeys[edge] as EdgeKey);
  const shape = sim.shapes.list[rows[at + 9] as number];
  const caller = sim.instances[rows[at + 8] as number];
  const target = sim.targets[rows[at + 3] as number] as Target | undefined;
  const replica = target?.replica ?? undefined;
  const workload = replica === undefined ? undefined : (sim.workloads[replica.workload] as WorkloadState);
  const grpcStatus = grpcStatusIn(sim.responses, rows[at + 5] as number);
  return {
    id,
    requestId: rows[at] as number,
    kind: kinds[kind & 7] ?? "request",
    attempt: kind >> 3,
    from: key?.from.name ?? caller?.node.config?.workload ?? caller?.name ?? "",
    to: key?.to.name ?? workload?.service ?? shape?.host ?? "",
    toWorkload: workload?.name ?? "",
    toReplica: replica?.index ?? -1,
    atMs: rows[at + 4] as number,
    status: statusOf(rows[at + 5] as number),
    ...(grpcStatus > 0 ? { grpcStatus } : {}),
    flags: formatFlags(rows[at + 6] as number),
    mutualTls: rows[at + 7] === 1,
  };
}
