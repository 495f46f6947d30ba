/**
 * Status codes of gRPC: which requests carry them, and how Envoy turns them into HTTP's and back (source/common/grpc/status.cc, common.cc,
 * as measured on 1.40). Pure.
 */
import type { RequestShape } from "./matching/request-shape.ts";

/** As %GRPC_STATUS% prints them, by code. */
const names = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
] as const;

/** Codes there are: 0 to 16. */
export const grpcStatusCount = names.length;
export const deadlineExceeded = 4;
export const resourceExhausted = 8;

export function grpcStatusName(code: number): string {
  return names[code] ?? String(code);
}

/** By the content type alone, whatever the protocol below; application/grpc-web is another thing. */
export function isGrpc({ scheme, headers }: RequestShape): boolean {
  if (scheme === "grpc") return true;
  const type = headers["content-type"];
  return type !== undefined && /^application\/grpc(?:\+|$)/.test(type);
}

/** Even 200 is Unknown: an answer of gRPC says its code. */
export function grpcStatusOfHttp(status: number): number {
  if (status === 400) return 13;
  if (status === 401) return 16;
  if (status === 403) return 7;
  if (status === 404) return 12;
  return status === 429 || (status >= 502 && status <= 504) ? 14 : 2;
}

const httpStatuses = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401] as const;

/** What outlier detection takes a code for. */
export function httpStatusOfGrpc(code: number): number {
  return httpStatuses[code] ?? 500;
}
