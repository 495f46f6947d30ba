/** Fault injection of an http entry: delay and abort. */
import { at, child, type Field, isSet, text } from "../../resource/field.ts";
import { validateDuration, validateFractionalPercent, validateHttpStatus } from "./numbers.ts";
import { reject, type Verdict, warn } from "./verdict.ts";

const grpcStatuses = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "UNAUTHENTICATED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
];

export function validateFault(verdict: Verdict, fault: Field): void {
  if (!isSet(fault)) return;
  const abort = child(fault, "abort");
  const delay = child(fault, "delay");
  if (!isSet(abort) && !isSet(delay)) reject(verdict, "MESH1245", fault, { fields: "abort, delay" });
  if (isSet(abort)) validateAbort(verdict, abort);
  if (!isSet(delay)) return;
  validateFractionalPercent(verdict, child(delay, "percentage"), at(delay, "percentage", "value"));
  validateDuration(verdict, child(delay, "fixedDelay"));
  const exponential = child(delay, "exponentialDelay");
  validateDuration(verdict, exponential);
  if (isSet(exponential)) reject(verdict, "MESH1259", exponential, { field: "exponentialDelay" });
}

function validateAbort(verdict: Verdict, abort: Field): void {
  validateFractionalPercent(verdict, child(abort, "percentage"), at(abort, "percentage", "value"));
  const kinds = ["grpcStatus", "http2Error", "httpStatus"].map((name) => child(abort, name)).filter(isSet);
  const [kind] = kinds;
  if (!kind) {
    warn(verdict, "MESH1342", abort);
    return;
  }
  if (kind.key === "grpcStatus" || kind.key === "grpc_status") {
    if (!grpcStatuses.includes(text(kind)))
      reject(verdict, "MESH1246", kind, { value: text(kind), allowed: grpcStatuses.join(", ") });
  } else if (kind.key === "http2Error" || kind.key === "http2_error") {
    reject(verdict, "MESH1259", kind, { field: "http2Error" });
  } else validateHttpStatus(verdict, kind);
}
