/** What a proxy's own access logs (`access_log` of a bootstrap) ask about a request besides its line: kept with it, written when the log is taken away. */
import { askedShape, isHealthCheck } from "../proxy/answer-headers.ts";
import type { RequestShape } from "../proxy/matching/request-shape.ts";
import type { Logging } from "../proxy/plan.ts";
import type { Call } from "../rows/call.ts";

export interface OwnLines {
  readonly logging: Logging;
  /** The request as it was in the end. */
  readonly shape: RequestShape;
  /** Headers of its answer. */
  readonly answer: Readonly<Record<string, string>>;
  readonly isHealthCheck: boolean;
}

export function ownLinesOf(call: Call, logging: Logging, answer: OwnLines["answer"]): OwnLines {
  return Object.freeze({ logging, shape: askedShape(call), answer, isHealthCheck: isHealthCheck(call) });
}
