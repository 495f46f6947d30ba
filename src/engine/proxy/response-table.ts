/**
 * Answers that carry more than a status: headers that a retry policy reads, a body that comes later than its headers. An outcome is
 * the status, plus a thousand for each place in this table, so that the usual answer costs one comparison.
 */
import type { ResponseConfig } from "../model/index.ts";

export interface ResponseTable {
  readonly byText: Map<string, number>;
  /** From place 1 on. */
  readonly list: ResponseConfig[];
}

/** An answer whose headers went downstream. */
export interface StartedResponse {
  status: number;
  /** When the headers (or the last activity) came, ms. */
  atMs: number;
}

const span = 1000;

export function createResponseTable(): ResponseTable {
  return { byText: new Map(), list: [{}] };
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
