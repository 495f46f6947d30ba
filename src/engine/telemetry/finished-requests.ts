/** The newest root requests that ended: a ring, part of the run's state. */

import { formatFlags } from "../proxy/response-flags.ts";
import { grpcStatusIn, statusOf } from "../proxy/response-table.ts";
import type { Call } from "../rows/call.ts";
import { nowOf, type Sim } from "../sim.ts";
import type { FinishedRequest } from "./flight.ts";
import { keptLimits } from "./limits.ts";

const size = keptLimits.finishedRequests;

export interface FinishedRing {
  count: number;
  /** Columns: root, traffic, start, end, shape, status, flags. */
  rows: Float64Array;
}

const width = 7;

export function createFinishedRing(): FinishedRing {
  return { count: 0, rows: new Float64Array(size * width) };
}

/** Called while the call's row is still whole. */
export function rememberFinished(sim: Sim, call: Call, status: number): void {
  const { finishedRing: ring } = sim;
  const { rows } = ring;
  const at = (ring.count++ % size) * width;
  rows[at] = call.root;
  rows[at + 1] = call.traffic;
  rows[at + 2] = call.startMs;
  rows[at + 3] = nowOf(sim);
  rows[at + 4] = call.shape.id;
  rows[at + 5] = status;
  rows[at + 6] = call.flags;
}

/** Newest last. */
export function finishedRequests(sim: Sim, limit: number): FinishedRequest[] {
  const { count, rows } = sim.finishedRing;
  const result: FinishedRequest[] = [];
  for (let i = Math.max(0, count - Math.min(limit, size)); i < count; i++) result.push(requestOf(sim, rows, i));
  return result;
}

/** Of those that ended after the first `afterCount` of the run: the newest without an answer, with a status of 400 and more, or with a failure by the code of gRPC. */
export function failedRequests(sim: Sim, afterCount: number, limit: number): FinishedRequest[] {
  const { count, rows } = sim.finishedRing;
  const result: FinishedRequest[] = [];
  for (let i = count - 1; i >= Math.max(afterCount, count - size, 0) && result.length < limit; i--) {
    const status = rows[(i % size) * width + 5]!;
    if (status === 0 || status >= 400) result.push(requestOf(sim, rows, i));
  }
  return result.reverse();
}

function requestOf(sim: Sim, rows: Float64Array, i: number): FinishedRequest {
  const at = (i % size) * width;
  const shape = sim.shapes.list[rows[at + 4] as number];
  const outcome = rows[at + 5] as number;
  const grpcStatus = grpcStatusIn(sim.responses, outcome);
  return {
    requestId: rows[at] as number,
    traffic: sim.traffic[rows[at + 1] as number]?.compiled.config.name ?? "",
    startMs: rows[at + 2] as number,
    endMs: rows[at + 3] as number,
    method: shape?.method ?? "",
    url: shape === undefined ? "" : `${shape.scheme}://${shape.authority}${shape.path}`,
    status: statusOf(outcome),
    flags: formatFlags(rows[at + 6] as number),
    ...(grpcStatus > 0 ? { grpcStatus } : {}),
  };
}
