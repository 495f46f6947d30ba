/** include_request_attempt_count: which try of its request this is, for who gets it. */
import type { Sim } from "../sim.ts";
import { fieldsOf, internShape, type RequestShape } from "./matching/request-shape.ts";

export function withAttemptCount(sim: Sim, shape: RequestShape, tries: number): RequestShape {
  const headers = { ...shape.headers, "x-envoy-attempt-count": String(tries) };
  return internShape(sim.shapes, { ...fieldsOf(shape), headers });
}
