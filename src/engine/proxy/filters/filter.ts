/**
 * What an HTTP filter is to the engine: compiled data and a module-level function that judges one request. A filter whose
 * verdict depends on the request's shape alone is judged when the plan is made and leaves nothing to run.
 */

import type { ConfigSource } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import type { Sim } from "../../sim.ts";
import type { RequestShape } from "../matching/request-shape.ts";
import type { Destination } from "../plan.ts";

/** continue: next filter. replied: the call is over. waiting: the filter resumes the chain itself. */
export type FilterVerdict = 0 | 1 | 2;
export const filterVerdicts = { continue: 0, replied: 1, waiting: 2 } as const;

/** @param format of values with command operators */
export type AnswerChange = (
  sim: Sim,
  call: Call,
  filter: CompiledFilter,
  headers: Record<string, string>,
  format: (value: string) => string,
) => void;

export interface CompiledFilter {
  readonly name: string;
  /** Unique number: key of the filter's run state in an instance. */
  readonly id: number;
  readonly source: ConfigSource | undefined;
  onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict;
  /** What a filter that asked a service makes of the answer (0 = none came). */
  onAnswer?(sim: Sim, call: Call, filter: CompiledFilter, status: number): FilterVerdict;
  /** What it adds to its own refusal as that is made, before anything else looks at it. */
  readonly changeRefusal?: AnswerChange;
  /** What it has to say in the answer, whoever gave that; asked for who looks at it. */
  readonly changeAnswer?: AnswerChange;
  /** Of one that changes the request: as it found and left it. It has its say in answers of filters before it too. */
  readonly requests?: Readonly<Record<"before" | "after", RequestShape>>;
  readonly data: unknown;
}

/** The filter at which a call stands. */
export function filterOf(call: Call): CompiledFilter {
  const { plan } = call;
  const filters = plan.reply !== null ? plan.replyFilters : (plan.destinations[call.destination] as Destination).filters;
  return filters[call.filter] as CompiledFilter;
}
