/**
 * Answers that carry more than a status: headers that a retry policy reads, a body that comes later than its headers. An outcome is
 * the status, plus a thousand for each place in this table, so that the usual answer costs one comparison.
 */
import type { ResponseConfig } from "../model/index.ts";
import { grpcStatusCount } from "./grpc-status.ts";

export interface ResponseTable {
  readonly byText: Map<string, number>;
  /** From place 1 on. */
  readonly list: ResponseConfig[];
}

/** An answer whose headers went downstream. */
export interface StartedResponse {
  status: number;
  /** With all that it carries. */
  outcome: number;
  /** When the headers (or the last activity) came, ms. */
  atMs: number;
}

const span = 1000;

/** The codes of gRPC have the first places, whatever a run meets first: an outcome is part of its state. */
export function createResponseTable(): ResponseTable {
  const table: ResponseTable = { byText: new Map(), list: [{}] };
  for (let code = 0; code < grpcStatusCount; code++) outcomeOf(table, 200, { headers: { "grpc-status": String(code) } });
  return table;
}

/** The outcome of an answer that says nothing but a code of gRPC. */
export function grpcOutcome(code: number): number {
  return (code + 1) * span + 200;
}

/** grpc-status among an answer's headers; −1 where it has none. */
export function grpcStatusIn(table: ResponseTable, outcome: number): number {
  if (outcome < span) return -1;
  const code = responseOf(table, outcome).headers?.["grpc-status"];
  return code === undefined ? -1 : Number(code);
}

/** A status of 500 and more, no answer at all, or a failure by the code of gRPC. */
export function isFailure(table: ResponseTable, outcome: number): boolean {
  return outcome === 0 || statusOf(outcome) >= 500 || grpcStatusIn(table, outcome) > 0;
}

/** The outcome for a status with what its answer carries. */
export function outcomeOf(table: ResponseTable, status: number, response: ResponseConfig | undefined): number {
  if (response === undefined) return status;
  const text = JSON.stringify([Object.entries(response.headers ?? {}).sort(), response.body ?? null]);
  let place = table.byText.get(text);
  if (place === undefined) {
    place = table.list.length;
    table.byText.set(text, place);
    table.list.push(Object.freeze({ ...response }));
  }
  return place * span + status;
}

/** Whether an outcome is more than a status. */
export function isSpecial(outcome: number): boolean {
  return outcome >= span;
}

export function statusOf(outcome: number): number {
  return outcome % span;
}

export function responseOf(table: ResponseTable, outcome: number): ResponseConfig {
  return table.list[Math.floor(outcome / span)] as ResponseConfig;
}
